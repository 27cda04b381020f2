"""
Who has what to decide: the cases a person may see, as querysets that views narrow and order (REV-1, REV-4, S-6, K-6, K-7).

Each asks columns that an index leads with; what is left out by name (a reviewer's own cases) is a handful, found by itself. So a page
of a list costs the same among a thousand cases and among a million (Speed).
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from membership import rules
from membership.domain import deadlines
from membership.enums import EndorsementState, Hold, RequestState, Stage
from membership.models import (
    Application,
    ApplicationInstitution,
    Decision,
    Endorsement,
    Freeze,
    Institution,
    InstitutionReviewer,
    Member,
    Recusal,
    Seat,
    User,
    ViolationReport,
)
from membership.models.applications import OPEN_STATES


def files_for(reviewer: User) -> QuerySet[Application]:
    """
    Return the submitted files that the association's reviewer may see, whatever their state; an administrator those of which no such
    reviewer is left (S-7); nothing for anybody else. A file that was recalled is its applicant's draft again.

    Their own cases, and those they endorsed, referred or passed on, are absent (S-6, S-7).
    """
    files = Application.objects.exclude(stage=Stage.NOT_YET).exclude(pk__in=_no_business_of(reviewer))
    if rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER):
        return files
    return files.filter(_without_association("pk")) if rules.has_role(reviewer, rules.ADMINISTRATOR) else files.none()


def files_to_check(reviewer: User) -> QuerySet[Application]:
    """Return the files that wait for the association, oldest deadline first; one on hold waits for somebody else (M-16)."""
    return files_for(reviewer).filter(stage=Stage.WAITING).order_by("stage_due_on", "id")


def files_checked(reviewer: User) -> QuerySet[Application]:
    """Return the files on which the association has spoken, the latest first."""
    return files_for(reviewer).filter(stage=Stage.DECIDED).order_by("-id")


def rows_for(reviewer: User, *, today: date | None = None) -> QuerySet[ApplicationInstitution]:
    """
    Return the rows of a reviewer's desk: those of their own institutions once the association approved the file, and for the
    association's reviewer those of institutions without an active reviewer (K-7) and those it decided in an institution's place; for an
    administrator the same, where no association reviewer is left (S-7).

    With ``today`` also those so long overdue that the association may decide now (K-6).
    """
    mine = rules.institutions_reviewed_by(reviewer)
    is_of_the_association = rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER)
    if not is_of_the_association and not association_is_missing(reviewer):
        return _reached_and_no_party(reviewer).filter(_at(mine))
    allowed = _at([*mine, *_institutions_without_reviewers()]) | _where_every_reviewer_is_a_party() | Q(Exists(_ON_BEHALF))
    if today is not None:
        allowed |= Q(stage=Stage.WAITING, due_on__lte=deadlines.substitutable_due_on(today))
    if not is_of_the_association:
        allowed = _at(mine) | allowed & _without_association("application")
    return _reached_and_no_party(reviewer).filter(allowed)


_ON_BEHALF = Decision.objects.filter(row=OuterRef("pk"), on_behalf=True)


def rows_open_to(reviewer: User) -> QuerySet[ApplicationInstitution]:
    """Return the rows a reviewer may look at: the institutions' their own, the association's every one, which it may decide or not."""
    rows = _reached_and_no_party(reviewer)
    if rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER):
        return rows
    mine = _at(rules.institutions_reviewed_by(reviewer))
    return rows.filter(mine | _without_association("application") if association_is_missing(reviewer) else mine)


def rows_reported(reviewer: User) -> QuerySet[ApplicationInstitution]:
    """Return the rows with a report of a violation that waits for the association (M-18): to it every one, to an institution its own."""
    reported = ViolationReport.objects.filter(state=RequestState.OPEN).values("row")
    return rows_open_to(reviewer).filter(pk__in=reported)


def association_is_missing(reviewer: User) -> bool:
    """Whether an administrator has cases to decide, since no association reviewer is left for them (S-7)."""
    if not hasattr(reviewer, "_stands_in_for_the_association"):
        open_files = files_for(reviewer).filter(state__in=OPEN_STATES)
        stands_in = rules.has_role(reviewer, rules.ADMINISTRATOR) and open_files.exists()
        reviewer._stands_in_for_the_association = stands_in
    return reviewer._stands_in_for_the_association


def rows_to_decide(reviewer: User, *, today: date | None = None) -> QuerySet[ApplicationInstitution]:
    """Return the rows that wait for this reviewer, oldest deadline first; one on hold waits for somebody else (M-16)."""
    waiting = rows_for(reviewer, today=today).filter(stage=Stage.WAITING, application__hold=Hold.NONE)
    return waiting.order_by("due_on", "id")


def rows_decided(reviewer: User) -> QuerySet[ApplicationInstitution]:
    """Return the rows on which the institution has spoken, the latest first."""
    return rows_for(reviewer).filter(stage=Stage.DECIDED).order_by("-id")


def endorsements_of(person: User) -> QuerySet[Endorsement]:
    """Return the endorsements asked of a committee member, answered or not; dropped and void ones are over (REF-1)."""
    return Endorsement.objects.filter(seat__member__user=person).exclude(state__in=(EndorsementState.DROPPED, EndorsementState.VOID))


def _at(institutions: list[int]) -> Q:
    # One institution is a place in an index; several are a set, which would be read whole and sorted.
    return Q(institution=institutions[0]) if len(institutions) == 1 else Q(institution__in=institutions)


def _reached_and_no_party(reviewer: User) -> QuerySet[ApplicationInstitution]:
    return ApplicationInstitution.objects.exclude(stage=Stage.NOT_YET).exclude(application__in=_no_business_of(reviewer))


def look_up_once(reviewer: User) -> None:
    """Find now which applications are none of an account's business, for every list that a page asks of it (Speed)."""
    reviewer._no_business_of = tuple(pk for (pk,) in kept_from(reviewer))


def _no_business_of(reviewer: User) -> QuerySet | tuple[int, ...]:
    known: tuple[int, ...] | None = getattr(reviewer, "_no_business_of", None)
    return kept_from(reviewer) if known is None else known


def kept_from(*reviewers: User) -> QuerySet:
    """
    Return the ids of the applications, a column, that these accounts have no business with (S-6, S-7): each way to be a party by an index
    of its own.
    """
    passed_on = Recusal.objects.filter(reviewer__in=reviewers).values_list("application_id")
    if all(getattr(reviewer, "member", None) is None for reviewer in reviewers):
        # Who is no person of the society has neither applied nor put in a word.
        return passed_on
    # The persons first: a database that starts from the applications would read them all.
    persons = Member.objects.filter(user__in=reviewers).values("pk")
    return (
        Application.objects.filter(member__in=persons)
        .values_list("pk")
        .union(
            Application.objects.filter(referrer__in=persons).values_list("pk"),
            Endorsement.objects.filter(seat__in=Seat.objects.filter(member__in=persons)).values_list("application_id"),
            passed_on,
            all=True,
        )
    )


def _without_association(key: str) -> Q:
    """
    The applications, named by ``key``, that no association reviewer may decide: each is a party to them, or passed them on (S-7). Begun
    from the few that any of them has to do with.
    """
    frozen = Freeze.objects.filter(ended_at__isnull=True, member__user__isnull=False).values("member__user")
    able = User.objects.filter(groups__name=rules.ASSOCIATION_REVIEWER, is_active=True).exclude(pk__in=frozen)
    reviewers = able.select_related("member")
    missing = Q(**{f"{key}__isnull": False})
    for reviewer in reviewers:
        missing &= Q(**{f"{key}__in": kept_from(reviewer)})
    return missing


def _active_reviewers() -> QuerySet[InstitutionReviewer]:
    # Without the persons who have no account: NOT IN a list with a NULL is true of nobody.
    frozen = Freeze.objects.filter(ended_at__isnull=True, member__user__isnull=False).values("member__user")
    return InstitutionReviewer.objects.active().filter(user__groups__name=rules.INSTITUTION_REVIEWER).exclude(user__in=frozen)


def _institutions_without_reviewers() -> list[int]:
    """The institutions that nobody decides for: their rows are the association's (K-7)."""
    return list(Institution.objects.exclude(pk__in=_active_reviewers().values("institution")).values_list("pk", flat=True))


def _where_every_reviewer_is_a_party() -> Q:
    """Rows of an institution that has reviewers, none of whom may decide this case (K-7, S-7)."""
    able = (
        _active_reviewers()
        .filter(institution=OuterRef("institution"))
        .exclude(user=OuterRef("member__user"))
        .exclude(user__recusals__application=OuterRef("application"))
        .exclude(user__member__referrals=OuterRef("application"))
        .exclude(user__member__seats__endorsements__application=OuterRef("application"))
    )
    touched = kept_from(*User.objects.filter(pk__in=_active_reviewers().values("user")).select_related("member"))
    return Q(application__in=touched) & ~Q(Exists(able))
