"""Whether a reviewer may decide on a case now, and what is in the way if not: asked by the screen, decided again under lock by the verb."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from membership import rules, working_days
from membership.domain import deadlines, transitions, wording
from membership.enums import Hold, RowState
from membership.models import Application, ApplicationInstitution, Decision, User
from membership.models import settings as society


@dataclass(frozen=True)
class Ruling:
    """
    What this reviewer may do with the case on the screen.

    ``why_not``: empty if they may decide. ``on_behalf``: in an institution's place, with a reason (代为决定, K-6). ``may_end``: 不予受理 is
    possible; before round ``may_end_from`` only for who is not eligible; nobody applies for ``blocks_months`` after it (A-15).
    ``may_report``: 上报违规 (M-18). ``explained``: whose turn it is and why, and what a hold means, in sentences.
    """

    why_not: str = ""
    on_behalf: bool = False
    may_end: bool = False
    may_end_from: int = 0
    blocks_months: int = 0
    may_report: bool = False
    explained: Sequence[str] = ()

    @property
    def is_possible(self) -> bool:
        return not self.why_not


NOT_YOURS = "这份申请现在不由您审核。"


def of_file(application: Application) -> Ruling:
    """Return what a reviewer may do with a file among those they may open (``queues.files_for``)."""
    in_the_way = _in_the_way(application)
    may_end = not in_the_way and transitions.is_possible(application, "not accepted")
    limits = society.current()
    return Ruling(
        in_the_way,
        may_end=may_end,
        may_end_from=limits.not_accepted_from_round,
        blocks_months=limits.not_accepted_block_months,
        explained=tuple(_of_the_hold(application)),
    )


def of_row(reviewer: User, row: ApplicationInstitution, *, today: date) -> Ruling:
    """Return what a reviewer may do with an institution's row among those they may open (``queues.rows_open_to``)."""
    if row.institution_id in rules.institutions_reviewed_by(reviewer):
        may_report = transitions.is_possible(row, "report")
        return Ruling(_in_the_way(row), may_report=may_report, explained=tuple(_of_the_hold(row)))
    has_reviewers = rules.reviewers_left(row.institution, row.application)
    on_behalf = has_reviewers and deadlines.association_may_substitute(row, today=today)
    explained = (*_of_the_hold(row), *_of_the_turn(row, on_behalf=on_behalf, has_reviewers=has_reviewers))
    if has_reviewers and not on_behalf:
        return Ruling(NOT_YOURS, explained=explained)
    return Ruling(_in_the_way(row), on_behalf=on_behalf, explained=explained)


def decided_the_enrolment(reviewer: User, application: Application) -> bool:
    """Whether a reviewer let this person in: 关键信息 is better looked at by somebody else (A-21)."""
    enrolments = application.member.applications.enrolments()
    return Decision.objects.filter(application__in=enrolments, institution__isnull=True, decided_by=reviewer).exists()


def _of_the_turn(row: ApplicationInstitution, *, on_behalf: bool, has_reviewers: bool) -> Iterator[str]:
    """What the association reads of a row that is another's, or fell to it."""
    is_held = row.hold != Hold.NONE or row.application.hold != Hold.NONE
    if row.state != RowState.PENDING or row.due_on is None or is_held:
        return
    if on_behalf:
        yield f"{row.institution.name}超过期限没有答复，协会可以代为决定。请写明原因，申请人会看到「协会代审」。"
    elif has_reviewers:
        steps_in = working_days.add(row.due_on, society.current().substitute_working_days, deadlines.calendar())
        yield f"由{row.institution.name}审核。没有按期答复的，{wording.day(steps_in)} 起协会可以代为决定。"
    else:
        yield f"{row.institution.name}现在没有可以审核这份申请的审核员，由协会审核。"


def _of_the_hold(thing: Application | ApplicationInstitution) -> Iterator[str]:
    """What holds a case up, since when, and how it goes on (K-4, M-16, M-18, A-16)."""
    application = thing.application if isinstance(thing, ApplicationInstitution) else thing
    least = society.current().resume_working_days
    if application.hold == Hold.FROZEN:
        yield f"会员资格已冻结，审核暂停，期限不再计算。解冻后剩余的工作日继续计算，至少 {least} 个工作日。"
    if application.hold == Hold.REOPENED:
        yield "已开放修改，等待申请人提交。审核暂停，期限不再计算。"
    if thing.hold == Hold.REPORTED:
        since = f"{wording.day(thing.clock_stopped_on)} " if thing.clock_stopped_on else ""
        yield f"{since}上报了违规，等待协会处理。审核暂停，期限不再计算；处理后剩余的工作日继续计算，至少 {least} 个工作日。"


def _in_the_way(thing: Application | ApplicationInstitution) -> str:
    try:
        transitions.require(thing, "approve")
    except transitions.NotPossible as refusal:
        return refusal.message
    return ""
