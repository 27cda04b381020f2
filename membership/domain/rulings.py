"""Whether a reviewer may decide on a case now, and what is in the way if not: asked by the screen, decided again under lock by the verb."""

from dataclasses import dataclass
from datetime import date

from membership import rules
from membership.domain import review, transitions
from membership.models import Application, ApplicationInstitution, User
from membership.models import settings as society


@dataclass(frozen=True)
class Ruling:
    """
    What this reviewer may do with the case on the screen.

    ``why_not``: empty if they may decide. ``on_behalf``: in an institution's place, with a reason (代为决定, K-6). ``may_end``: 不予受理 is
    possible; before round ``may_end_from`` only for who is not eligible (A-15).
    """

    why_not: str = ""
    on_behalf: bool = False
    may_end: bool = False
    may_end_from: int = 0

    @property
    def is_possible(self) -> bool:
        return not self.why_not


NOT_YOURS = "这份申请现在不由您审核。"


def of_file(reviewer: User, application: Application) -> Ruling:
    """Return what the association's reviewer may do with a file."""
    if not rules.may(reviewer, "check_file", application):
        return Ruling(NOT_YOURS)
    in_the_way = _in_the_way(application)
    may_end = not in_the_way and transitions.is_possible(application, "not accepted")
    return Ruling(in_the_way, may_end=may_end, may_end_from=society.current().not_accepted_from_round)


def of_row(reviewer: User, row: ApplicationInstitution, *, today: date) -> Ruling:
    """Return what a reviewer may do with an institution's row."""
    on_behalf = review.may_substitute(reviewer, row, today=today)
    if not (on_behalf or rules.may(reviewer, "decide_row", row)):
        return Ruling(NOT_YOURS)
    return Ruling(_in_the_way(row), on_behalf=on_behalf)


def _in_the_way(thing: Application | ApplicationInstitution) -> str:
    try:
        transitions.require(thing, "approve")
    except transitions.NotPossible as refusal:
        return refusal.message
    return ""
