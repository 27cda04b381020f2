"""What a reviewer chose on a list, to be decided in one go: the rows they ticked, or everything that is listed (REV-6, D-4)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from membership.domain import bulk_choice, hints, many_cases, queues, review
from membership.domain.bulk_choice import Chosen
from membership.domain.bulk_decisions import MOST
from membership.domain.dossiers import DossierChanged
from membership.domain.visibility import Reader, sees
from membership.enums import Verdict
from membership.models import Application, ApplicationInstitution, Dossier, User
from membership.review.desks import WAITING, Desk
from membership.review.keyset import Order
from membership.review.queue import Asked, cases_of

Case = Application | ApplicationInstitution
_MARK = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})\.([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class Choice:
    """The cases of a run, and how many of those asked for are not on this reviewer's desk, of which nothing more is said."""

    cases: Sequence[Chosen]
    left_out: int = 0


def ticked(desk: Desk, reviewer: User, marks: Iterable[str], verdict: Verdict, *, today: date) -> Choice:
    """
    Return the cases whose boxes were ticked. A mark says what the list showed: id, round and dossier.

    One that does not wait any more is named with the reason, one that this reviewer may not open only counted (REV-4).
    """
    shown = {int(mark[1]): (int(mark[2]), int(mark[3])) for mark in map(_MARK.fullmatch, list(marks)[:MOST]) if mark}
    waiting = _in_full(desk, desk.waiting(reviewer, today=today).filter(pk__in=shown))
    others = _in_full(desk, desk.open_to(reviewer).filter(pk__in=set(shown) - {case.pk for case in waiting}))
    chosen = _to_decide(desk, reviewer, waiting, verdict, shown, today=today)
    chosen += _decided_already(reviewer, others, shown, today=today)
    place = {pk: number for number, pk in enumerate(shown)}
    return Choice(sorted(chosen, key=lambda one: place[one.row or one.application]), left_out=len(shown) - len(chosen))


def everything(desk: Desk, reviewer: User, asked: Asked, verdict: Verdict, *, today: date) -> Choice:
    """Return the cases of a list, as far as they wait, the oldest deadline first, up to ``MOST``."""
    waiting = cases_of(desk, reviewer, replace(asked, tab=WAITING), today=today)
    cases = _in_full(desk, Order(desk.due_field).sorted(waiting)[:MOST])
    return Choice(_to_decide(desk, reviewer, cases, verdict, {}, today=today))


def _in_full(desk: Desk, cases) -> list[Case]:
    along = ("member", "assigned_to", *(() if desk.is_of_files else ("institution", "application__member")))
    return list(cases.select_related(*along))


def _to_decide(
    desk: Desk, reviewer: User, cases: Sequence[Case], verdict: Verdict, shown: dict[int, tuple[int, int]], *, today: date
) -> list[Chosen]:
    """Return the cases as they are, each with what keeps it from being decided in one go, or deserves a second look."""
    applications = [_application(case) for case in cases]
    present = many_cases.dossier_ids(applications)
    single = _decided_singly(desk, reviewer, cases)
    warned = _warnings(desk.reader(reviewer), applications, today) if verdict == Verdict.APPROVED else {}
    found = []
    for case, application in zip(cases, applications, strict=True):
        as_shown = shown.get(case.pk, (case.round, present[application.pk]))
        note = bulk_choice.ON_BEHALF if case.pk in single else ""
        if verdict == Verdict.APPROVED and desk.is_of_files and review.lacks_basis(application):
            note = review.BasisMissing.message
        if as_shown != (case.round, present[application.pk]):
            note = DossierChanged.message
        warnings = [*_taken_on(case, reviewer), *warned.get(application.pk, ())]
        found.append(_chosen(case, *as_shown, note=note, warnings=warnings))
    return found


def _decided_already(reviewer: User, cases: Sequence[Case], shown: dict[int, tuple[int, int]], *, today: date) -> list[Chosen]:
    dossiers = set(Dossier.objects.filter(pk__in=[dossier for _, dossier in shown.values()]).values_list("pk", "member_id"))
    found = []
    for case in cases:
        seen_round, dossier = shown[case.pk]
        # A mark that was made up names no version of this person's.
        if (dossier, case.member_id) in dossiers:
            note = bulk_choice.why_not(reviewer, case, seen_round=seen_round, today=today)
            found.append(_chosen(case, seen_round, dossier, note=note))
    return found


def _chosen(case: Case, seen_round: int, dossier: int, *, note: str = "", warnings: Sequence[str] = ()) -> Chosen:
    row = case.pk if isinstance(case, ApplicationInstitution) else None
    return Chosen(_application(case).pk, row, seen_round, dossier, note, warnings)


def _application(case: Case) -> Application:
    return case.application if isinstance(case, ApplicationInstitution) else case


def _decided_singly(desk: Desk, reviewer: User, cases: Sequence[Case]) -> set[int]:
    """The rows that the association may decide only in an institution's place, with a reason of their own (K-6)."""
    if desk.is_of_files:
        return set()
    keys = {case.pk for case in cases}
    return keys - set(queues.rows_to_decide(reviewer).filter(pk__in=keys).values_list("pk", flat=True))


def _taken_on(case: Case, reviewer: User) -> list[str]:
    """Who else took a case on (REV-9)."""
    return [] if case.assigned_to is None or case.assigned_to_id == reviewer.pk else [f"{case.assigned_to} 已领取"]


def _warnings(reader: Reader, applications: Sequence[Application], today: date) -> dict[int, list[str]]:
    """By id of the application, what the screen would have pointed at, as far as this reader may know."""
    dossiers = many_cases.dossiers(applications)
    forms = many_cases.stamped_forms(applications) if sees(reader, "stamped_form") else {}
    words = many_cases.endorsements(applications)
    found = {}
    for application in applications:
        key = application.pk
        seen = hints.hints_for(reader, application, dossiers[key], forms.get(key), words.get(key), today=today)
        found[key] = [f"{hint.text}：{hint.note}" if hint.note else hint.text for hint in seen if hint.is_warning]
    return found
