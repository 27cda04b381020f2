"""已申请的专委会/省市抗癌协会: one line an institution, as the applicant or member reads it (APP-12, A-4, A-12, S-5)."""

from dataclasses import dataclass, replace
from datetime import date

from membership.domain import affiliations, answers, deadlines, members, progress, refusals, transitions, withdrawals, wording
from membership.domain.own_records import Records
from membership.domain.wording import Status, day
from membership.enums import AffiliationEnd, ApplicationState, Hold, MembershipStatus, Outcome, RowState, Verdict
from membership.models import Affiliation, Application, ApplicationInstitution, Decision
from membership.periods import shanghai_date

_OVER = (ApplicationState.WITHDRAWN, ApplicationState.EXPIRED)
_ENDED = {
    AffiliationEnd.GIVEN_UP: Status("已撤销", wording.WITHDRAWN),
    AffiliationEnd.REPLACED: Status("已更换", "replaced"),
}


@dataclass(frozen=True)
class RowLine:
    """
    One institution: its state in a word, and what else there is to say.

    ``valid_from`` and ``valid_to`` are both inclusive. ``pk``: of the row, for the two acts; None where there is no row; ``withdrawing``:
    what follows from the first. ``application``: where all that was said stands. ``affiliation``: of one that may be given up now;
    ``is_last``: the membership ends with it (M-13).
    """

    institution: str
    status: Status
    pk: int | None = None
    lines: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    may_withdraw: bool = False
    withdrawing: str = ""
    may_resubmit: bool = False
    application: int | None = None
    affiliation: int | None = None
    is_last: bool = False


@dataclass(frozen=True)
class Round:
    """A decision as the applicant reads it: never the person who made it (S-5). ``version``: of the dossier that was judged."""

    number: int
    decider: str
    on: date
    status: Status
    reason: str = ""
    fields: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True)
class Refusal:
    """Why a file came back: one reason of the association, or one of each institution; ``fields`` are labels of the form."""

    reasons: tuple[Round, ...]


def row_lines(records: Records) -> tuple[RowLine, ...]:
    """
    Return a line for every institution applied to, the latest row of each; and for every affiliation that no such row made.

    Rows of a file that is over stay only while no newer one took its place. What is still held is never hidden by a later row.
    """
    by_row = {one.decision.row_id: one for one in records.affiliations if one.decision is not None and one.decision.row_id}
    seen: set[int] = set()
    shown: set[int] = set()
    found = []
    for position, application in enumerate(one for one in records.enrolments if one.submitted_at is not None):
        if position and application.state in _OVER:
            continue
        for row in progress.shown_rows(application):
            if row.institution_id not in seen:
                affiliation = by_row.get(row.pk)
                seen.add(row.institution_id)
                shown |= {affiliation.pk} if affiliation else set()
                found.append(_line(row, application, affiliation, records))
    held = {one.pk for one in _held(records)}
    others = [one for one in records.affiliations if one.pk not in shown and (one.pk in held or one.institution_id not in seen)]
    return (*found, *(_affiliation_line(one, records) for one in others))


def _held(records: Records) -> list[Affiliation]:
    return [one for one in records.affiliations if members.affiliation_status(one, records.today) in affiliations.HELD]


def lines_of(application: Application, *, today: date) -> tuple[RowLine, ...]:
    """Return a line for every institution of one application, as its own page shows them: how it stands, and what was said."""
    return tuple(_plain_line(row, application, today) for row in progress.shown_rows(application))


def rounds(application: Application) -> tuple[Round, ...]:
    """Return every counted decision at hand, the latest first."""
    decided = sorted(application.decisions.all(), key=lambda one: (one.decided_at, one.pk), reverse=True)
    return tuple(_round(decision) for decision in decided)


def refusal(application: Application) -> Refusal | None:
    """Return why a returned file came back, or None if it did not."""
    if application.state != ApplicationState.RETURNED:
        return None
    decision = progress.association_refusal(application)
    if decision is not None:
        return Refusal((_round(decision),))
    rows = {row.pk: row.round for row in progress.shown_rows(application) if row.state == RowState.REFUSED}
    refused = [one for one in application.decisions.all() if one.row_id in rows and one.round == rows[one.row_id]]
    return Refusal(tuple(_round(one) for one in refused))


def last_round_of(row: ApplicationInstitution) -> Round | None:
    """Return an institution's latest decision on its row, among those at hand of the application."""
    decided = [one for one in row.application.decisions.all() if one.row_id == row.pk]
    return _round(max(decided, key=lambda one: (one.decided_at, one.pk))) if decided else None


def decider_of(decision: Decision) -> str:
    """Return who decided: 协会会员部 or the institution, marked where the association decided in its place (S-5, K-6)."""
    if decision.institution is None:
        return refusals.ASSOCIATION
    return f"{decision.institution.name}（协会代审）" if decision.on_behalf else decision.institution.name


def _round(decision: Decision) -> Round:
    word = "不予受理" if decision.verdict == Verdict.NOT_ACCEPTED else Verdict(decision.verdict).label
    kind = "approved" if decision.verdict == Verdict.APPROVED else "rejected"
    return Round(
        number=decision.round,
        decider=decider_of(decision),
        on=shanghai_date(decision.decided_at),
        status=Status(word, kind),
        reason=decision.reason,
        fields=tuple(answers.LABELS[field] for field in decision.fields if field in answers.LABELS),
        version=decision.dossier_version,  # type: ignore[attr-defined]  # annotated by own_records and verdicts
    )


def _line(row: ApplicationInstitution, application: Application, affiliation: Affiliation | None, records: Records) -> RowLine:
    if row.state == RowState.APPROVED and affiliation is not None:
        return replace(_affiliation_line(affiliation, records), application=application.pk)
    line, withdrawing = _plain_line(row, application, records.today), withdrawals.of_row(row)
    return replace(
        line,
        may_withdraw=withdrawing.is_possible,
        withdrawing=withdrawing.consequence,
        may_resubmit=_may_resubmit(row, application, records.today),
    )


def _plain_line(row: ApplicationInstitution, application: Application, today: date) -> RowLine:
    row.application = application
    return RowLine(
        institution=row.institution.name,
        status=wording.of_word(transitions.row_word(row)),
        pk=row.pk,
        application=application.pk,
        lines=_says(row, application, today),
    )


def _affiliation_line(affiliation: Affiliation, records: Records) -> RowLine:
    name = affiliation.institution.name
    status = members.affiliation_status(affiliation, records.today)
    if status == MembershipStatus.ENDED:
        ended = _ENDED.get(AffiliationEnd(affiliation.ended_by), Status("已终止", "rejected"))
        return RowLine(name, ended, lines=(f"会员资格于 {day(affiliation.ended_on)} 结束",))
    if records.is_frozen:
        status = MembershipStatus.FROZEN  # before the dates (M-2)
    word = Status("审批通过", "approved") if status == MembershipStatus.ACTIVE else wording.of_member(status)
    may_give_up = status in affiliations.HELD
    return RowLine(
        name,
        word,
        valid_from=affiliation.valid_from,
        valid_to=affiliation.valid_to,
        affiliation=affiliation.pk if may_give_up else None,
        is_last=may_give_up and len(_held(records)) == 1,
    )


def _may_resubmit(row: ApplicationInstitution, application: Application, today: date) -> bool:
    deciding = application.state == ApplicationState.DECIDING
    return deciding and transitions.is_possible(row, "resubmit row") and row.institution.is_open_on(today)


def _says(row: ApplicationInstitution, application: Application, today: date) -> tuple[str, ...]:
    if row.state == RowState.WAITING:
        return _while_waiting(application)
    if row.state == RowState.PENDING:
        replaced = (f"通过当天，{row.replaces.institution.name}的会员资格结束",) if row.replaces is not None else ()
        return (_while_pending(row, application, today), *replaced)
    if row.state == RowState.APPROVED:
        return (f"{day(shanghai_date(row.state_since))} 审批通过",)
    if row.state == RowState.REFUSED:
        return _after_refusal(row, application)
    return (_after_withdrawal(row, application),)


def _while_waiting(application: Application) -> tuple[str, ...]:
    if application.state == ApplicationState.RETURNED:
        return ("重新提交后接着审核",)
    if application.hold == Hold.FROZEN:
        return ("审核已暂停",)
    return {
        ApplicationState.AWAITING_FORM: ("提交盖章文件后开始审核",),
        ApplicationState.ENDORSING: ("等待推荐人意见",),
    }.get(ApplicationState(application.state), ("等待协会审核后转交",))


def _while_pending(row: ApplicationInstitution, application: Application, today: date) -> str:
    if application.hold == Hold.FROZEN:
        return "审核已暂停"
    again = row.statement != ""
    since = shanghai_date(row.state_since) if again else row.first_submitted_on
    submitted = f"{day(since)} {'再次' if again else ''}提交"
    if row.due_on is None:
        return submitted
    if row.due_on < today:
        later = deadlines.expected_after(row.due_on, today=today)
        return f"{submitted}，原定 {day(row.due_on)} 答复，晚了，很抱歉；预计 {deadlines.in_words(later)} 前答复"
    return f"{submitted}，最迟 {deadlines.in_words(row.due_on)} 答复您"


def _after_refusal(row: ApplicationInstitution, application: Application) -> tuple[str, ...]:
    decision = next((one for one in application.decisions.all() if one.row_id == row.pk and one.round == row.round), None)
    if decision is not None:
        return (f"协会代审：{decision.reason}" if decision.on_behalf else decision.reason,)
    ended = application.outcome == Outcome.NOT_ACCEPTED
    return ("申请未予受理",) if ended else ()


def _after_withdrawal(row: ApplicationInstitution, application: Application) -> str:
    when = day(shanghai_date(row.state_since))
    if application.state == ApplicationState.EXPIRED:
        return f"{when} 逾期关闭"
    if not row.institution.is_open_on(shanghai_date(row.state_since)):
        return f"{when} 因该机构停止接受申请而撤销"
    return f"您于 {when} 撤销"
