"""What 申请撤销 would do, told before it is done (A-6, A-12, M-13, B1)."""

from dataclasses import dataclass
from datetime import date

from membership.domain import affiliations, members, progress, transitions
from membership.enums import ApplicationKind, ApplicationState, RowState
from membership.models import Affiliation, Application, ApplicationInstitution, Member


@dataclass(frozen=True)
class Prospect:
    """Whether it may be withdrawn now, and what follows in one sentence."""

    is_possible: bool
    consequence: str


def of_row(row: ApplicationInstitution) -> Prospect:
    """Return what withdrawing one row means: the others go on, but the last open one takes the file along."""
    others = [one for one in progress.shown_rows(row.application) if one.pk != row.pk]
    if any(one.is_open for one in others):
        consequence = "其他机构的审核照常进行。以后可以重新申请这个机构。"
    elif any(one.state == RowState.APPROVED for one in others):
        consequence = "其他机构的结果不变，这次申请随之结束。"
    elif any(one.state == RowState.REFUSED for one in others):
        returns = row.application.kind != ApplicationKind.FURTHER_ENROLMENT
        consequence = f"其他机构都已答复且没有通过，撤销后{'申请会退回，可以修改后重新提交' if returns else '这次申请随之结束'}。"
    else:
        consequence = "这是最后一个机构，撤销后整份申请随之结束；需要时可以重新申请。"
    return Prospect(transitions.is_possible(row, "withdraw"), consequence)


@dataclass(frozen=True)
class Giving:
    """
    What giving up an affiliation means: a sentence a line. ``ends_membership``: it is the last one, which is asked once more (M-13).
    """

    is_possible: bool
    consequences: tuple[str, ...]
    ends_membership: bool = False


def of_affiliation(affiliation: Affiliation, *, today: date) -> Giving:
    """Return what giving up an affiliation means; its member is at hand."""
    member = affiliation.member
    held = members.affiliation_status(affiliation, today) in affiliations.HELD and not members.is_frozen(member)
    name = affiliation.institution.name
    if not affiliations.is_last(affiliation, member, today=today):
        lines = (
            f"{name}的会员资格今天结束，不能恢复，也不能续会。",
            "您在其他机构的会员资格、会员编号和会员证书不受影响。",
            f"以后想再加入{name}，可以重新申请。",
        )
        return Giving(held, lines)
    return Giving(held, (*_of_leaving(member, name), "会员编号为您保留；以后可以重新申请入会。"), ends_membership=True)


def _of_leaving(member: Member, name: str) -> list[str]:
    lines = [f"{name}是您最后一个机构。撤销后您的会员资格今天结束（退会），不能恢复。", "会员证书随之失效，扫码显示「会员资格已终止」。"]
    waiting = [row.institution.name for row in member.rows.open().select_related("institution").order_by("pk")]
    if waiting:
        lines.append(f"还在审核的申请一并撤销：{'、'.join(waiting)}。想保留会员资格，请等机构答复以后再撤销。")
    elif member.applications.open().exists():
        lines.append("还没有办完的申请一并撤销。")
    return lines


def of_file(application: Application) -> Prospect:
    """Return what withdrawing the whole application means."""
    if application.kind == ApplicationKind.FURTHER_ENROLMENT and application.state == ApplicationState.DECIDING:
        answered = any(not row.is_open for row in progress.shown_rows(application))
        text = "还没有答复的机构不再审核。" + ("已答复的结果不变。" if answered else "您现有的会员资格不受影响。")
        return Prospect(transitions.is_possible(application, "withdraw all"), text)
    if application.state != ApplicationState.DECIDING:
        text = "撤销后申请结束，已上传的盖章文件不再使用；需要时可以重新申请。"
        return Prospect(transitions.is_possible(application, "withdraw"), text)
    decided = [row for row in progress.shown_rows(application) if not row.is_open]
    kept = "已通过的会员资格不受影响，" if any(row.state == RowState.APPROVED for row in decided) else ""
    return Prospect(transitions.is_possible(application, "withdraw all"), f"{kept}还没有答复的机构不再审核。")
