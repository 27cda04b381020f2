"""What 申请撤销 would do, told before it is done (A-6, A-12, B1)."""

from dataclasses import dataclass

from membership.domain import progress, transitions
from membership.enums import ApplicationState, RowState
from membership.models import Application, ApplicationInstitution


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
        consequence = "其他机构都已答复且没有通过，撤销后申请会退回，可以修改后重新提交。"
    else:
        consequence = "这是最后一个机构，撤销后整份申请随之结束；需要时可以重新申请。"
    return Prospect(transitions.is_possible(row, "withdraw"), consequence)


def of_file(application: Application) -> Prospect:
    """Return what withdrawing the whole application means."""
    if application.state != ApplicationState.DECIDING:
        text = "撤销后申请结束，已上传的盖章文件不再使用；需要时可以重新申请。"
        return Prospect(transitions.is_possible(application, "withdraw"), text)
    decided = [row for row in progress.shown_rows(application) if not row.is_open]
    kept = "已通过的会员资格不受影响，" if any(row.state == RowState.APPROVED for row in decided) else ""
    return Prospect(transitions.is_possible(application, "withdraw all"), f"{kept}还没有答复的机构不再审核。")
