"""会员中心: everything one page shows a person of themselves, whatever their state (UI-2, APP-12, CERT-1, Table E)."""

from dataclasses import dataclass
from datetime import date, datetime

from membership import phone_numbers
from membership.domain import (
    enrolment,
    members,
    own_records,
    own_rows,
    progress,
    quick_actions,
    timeline,
    todo,
    transitions,
    withdrawals,
    wording,
)
from membership.domain.own_records import Records
from membership.domain.own_rows import Refusal, Round, RowLine
from membership.domain.progress import Turn
from membership.domain.quick_actions import QuickAction
from membership.domain.timeline import Step
from membership.domain.todo import Todo
from membership.domain.wording import Action, Status, day
from membership.enums import ApplicationState, EndKind, EndorsementState, MembershipStatus, RowState, Standing
from membership.models import Application, Member, User
from membership.models import settings as society
from membership.periods import same_day_next, shanghai_date


@dataclass(frozen=True)
class Identity:
    """Who the page is about. ``portrait``: id of an attachment. Empty texts are left out of the page."""

    name: str
    phone: str
    member_type: str = ""
    work_unit: str = ""
    portrait: int | None = None
    joined_on: date | None = None
    number: str = ""
    status: Status | None = None


@dataclass(frozen=True)
class Notice:
    """
    Something about the membership itself that has to be said first: frozen, expired, ended. ``kind``: info, attention or error;
    ``action``: the way on, where there is one.
    """

    kind: str
    title: str
    text: str = ""
    action: Action | None = None


@dataclass(frozen=True)
class CertificateLine:
    """
    The live edition. ``days_left`` counts to ``valid_to`` inclusive and is negative after it; None while frozen. ``kept_file``: id of the
    file that was downloaded before, the only one a lapsed member may still open.
    """

    number: str
    edition: int
    issued_on: date
    state: Status
    valid_from: date | None
    valid_to: date | None
    days_left: int | None
    was_downloaded: bool
    may_download: bool
    kept_file: int | None = None


@dataclass(frozen=True)
class EndorsementLine:
    """What the applicant reads of the referrer's answer (E-3, E-12); ``since``: asked, or answered."""

    name: str
    committee: str
    status: Status
    since: date
    due: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Offer:
    """Something that may be done beside the page's own action."""

    title: str
    text: str
    action: Action | None = None


@dataclass(frozen=True)
class Overview:
    """The page. What does not apply is None or empty. ``may_join``: further institutions may be applied to (Table E)."""

    identity: Identity
    notice: Notice | None
    turn: Turn | None
    steps: tuple[Step, ...]
    refusal: Refusal | None
    endorsement: EndorsementLine | None
    certificate: CertificateLine | None
    rows: tuple[RowLine, ...]
    rounds: tuple[Round, ...]
    actions: tuple[QuickAction, ...]
    tasks: tuple[Todo, ...]
    offers: tuple[Offer, ...]
    application: int | None
    refers: bool
    may_join: bool


def overview(user: User, *, at: datetime) -> Overview:
    """Return the member centre of the person behind an account."""
    records = own_records.records_of(user, at=at)
    tasks = todo.tasks(records)
    application = records.first_enrolment
    turn = progress.turn_of(application, records, tasks) if application else _first_turn(records, at=at)
    under_way = application if application and application.is_open else None
    return Overview(
        identity=_identity(records),
        notice=_notice(records, at=at),
        turn=turn,
        steps=timeline.timeline_of(application, records) if turn and (under_way or application is None) else (),
        refusal=own_rows.refusal(under_way) if under_way else None,
        endorsement=_endorsement(under_way) if under_way else None,
        certificate=_certificate(records),
        rows=own_rows.row_lines(records),
        rounds=own_rows.rounds(under_way) if under_way and under_way.submitted_at else (),
        actions=quick_actions.quick_actions(records),
        tasks=tasks,
        offers=_offers(under_way) if under_way else (),
        application=application.pk if application and application.submitted_at else None,
        refers=records.holds_seat,
        may_join=records.status == MembershipStatus.ACTIVE,
    )


def _identity(records: Records) -> Identity:
    phone = phone_numbers.masked(records.user.get_username())
    dossier, member = records.dossier, records.member
    if member is None or dossier is None:
        return Identity(name=member.name if member else "", phone=phone)
    return Identity(
        name=member.name or dossier.name,
        phone=phone,
        member_type=dossier.get_member_type_display() if dossier.member_type else "",
        work_unit=dossier.work_unit_name,
        portrait=dossier.portrait_id,
        joined_on=member.joined_on,
        number=member.number or "",
        status=None if records.status == MembershipStatus.ACTIVE else wording.of_membership(records.status),
    )


def _notice(records: Records, *, at: datetime) -> Notice | None:
    if records.status == MembershipStatus.FROZEN:
        text = f"原因：{records.frozen_because}。冻结期间不能办理业务，已提交的申请暂停审核。请联系会员部说明情况。"
        return Notice("error", "会员资格已冻结", text)
    member = records.member
    last = member.last_valid_to if member else None
    if records.status == MembershipStatus.GRACE and last is not None:
        until = members.grace_ends_on(last)
        text = f"有效期已于 {day(last)} 结束，{day(until)} 前仍可续会。在线续会还没有开放，请联系会员部办理。"
        return Notice("attention", "待续会", text)
    if records.status == MembershipStatus.LAPSED:
        ended = f"有效期已于 {day(last)} 结束。" if last else ""
        return Notice("attention", "会员资格已过期", f"{ended}在线续会还没有开放，请联系会员部办理。")
    if member is not None and member.standing == Standing.ENDED:
        return _ended(member, action=_new_beginning(records, at=at))
    return None


def _new_beginning(records: Records, *, at: datetime) -> Action | None:
    """Return the way to a new application, where none is under way and nothing stands against it."""
    application = records.first_enrolment
    if (application and application.is_open) or enrolment.why_not_start(records.user, at=at):
        return None
    return Action("申请会员", "member_apply")


def _ended(member: Member, *, action: Action | None) -> Notice:
    if member.end_kind == EndKind.EXPELLED and member.ended_on:
        again = same_day_next(member.ended_on, 12 * society.current().expulsion_block_years)
        return Notice("error", "会员资格已撤销", f"{day(member.ended_on)} 起生效。{day(again)} 起可以重新申请。", action)
    return Notice("info", "已退会", f"您已于 {day(member.ended_on)} 退会，可以重新申请，会员编号不变。", action)


def _first_turn(records: Records, *, at: datetime) -> Turn | None:
    if records.is_member or records.is_frozen:
        return None
    reason = enrolment.why_not_start(records.user, at=at)
    if reason:
        return Turn(reason, "需要帮助请联系会员部。")
    text = "在线填写申请表，打印签字盖章后上传；协会与您选择的机构依次审核，通过后即可下载会员证书。"
    return Turn("申请会员，从填写申请表开始", text, actions=(Action("申请会员", "member_apply"),))


def _endorsement(application: Application) -> EndorsementLine | None:
    last = todo.last_endorsement(application) if application.submitted_at else None
    if last is None:
        return None
    since = shanghai_date(last.answered_at or (last.asked_at if last.state == EndorsementState.ASKED else last.state_since))
    if last.state == EndorsementState.VOID:
        return EndorsementLine("", "", Status("推荐人已变更", wording.WITHDRAWN), since, reason="请重新选择")
    return EndorsementLine(
        name=last.name or last.seat.member.name,
        committee=last.committee_name or last.seat.committee.full_name,
        status=wording.of_endorsement(last.state),
        since=since,
        due=last.due_on if last.state == EndorsementState.ASKED else None,
        reason=last.reason_public,
    )


def _certificate(records: Records) -> CertificateLine | None:
    certificate, member = records.certificate, records.member
    if certificate is None or member is None or not records.is_member:
        return None
    counted = [one for one in records.affiliations if one.ended_on is None]
    return CertificateLine(
        number=certificate.number,
        edition=certificate.edition,
        issued_on=shanghai_date(certificate.issued_at),
        state=wording.of_member(records.status),
        valid_from=min((one.valid_from for one in counted), default=None),
        valid_to=member.last_valid_to,
        days_left=(member.last_valid_to - records.today).days if member.last_valid_to and not records.is_frozen else None,
        was_downloaded=certificate.first_downloaded_at is not None,
        may_download=records.status in todo.MAY_DOWNLOAD,
        kept_file=certificate.document_id,
    )


def _offers(application: Application) -> tuple[Offer, ...]:
    """Return what the applicant may do beside the page's own action, each only while it is possible."""
    found = []
    if transitions.is_possible(application, "recall"):
        text = "上传盖章文件之前可以撤回修改；已打印的申请表随之作废"
        found.append(Offer("发现资料填错了？", text, Action("撤回修改", "member_recall", application.pk)))
    if application.state == ApplicationState.AWAITING_FORM and application.referrer_seat_id is not None:
        found.append(Offer("换一位推荐人", "原来的推荐人会收到通知", Action("更换推荐人", "member_referrer", application.pk)))
    if transitions.is_possible(application, "replace scan") and application.first_opened_at is None:
        text = "审核员打开之前，可以换一份更清楚的，免得被退回"
        found.append(Offer("盖章文件不够清楚？", text, Action("更换盖章文件", "member_stamped_form", application.pk)))
    if _may_be_reopened(application):
        found.append(Offer("发现资料填错了？", "审核期间资料不能修改。请致电会员部，可以为您开放修改"))
    if application.submitted_at and any(transitions.is_possible(application, action) for action in ("withdraw", "withdraw all")):
        found.append(
            Offer("不想申请了？", withdrawals.of_file(application).consequence, Action("申请撤销", "member_withdraw", application.pk))
        )
    return tuple(found)


def _may_be_reopened(application: Application) -> bool:
    """Whether the association could open the file for correction: with it, or with the institutions while none approved (A-16)."""
    if application.state == ApplicationState.DECIDING:
        return all(row.state != RowState.APPROVED for row in progress.shown_rows(application))
    return application.state in (ApplicationState.CHECKING, ApplicationState.ENDORSING)
