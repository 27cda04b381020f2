"""Who has what to decide: the cases a person may see, as querysets that views narrow and order (REV-1, REV-4, S-6, K-6, K-7)."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from membership import rules
from membership.domain import deadlines
from membership.enums import ApplicationState, EndorsementState, Hold, RowState
from membership.models import Application, ApplicationInstitution, Decision, Endorsement, Freeze, InstitutionReviewer, User


def files_for(reviewer: User) -> QuerySet[Application]:
    """
    Return the submitted files that the association's reviewer may see, whatever their state; nothing for anybody else. A file that was
    recalled is its applicant's draft again.

    Their own cases, and those they endorsed, referred or passed on, are absent (S-6, S-7).
    """
    if not rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER):
        return Application.objects.none()
    submitted = Application.objects.filter(submitted_at__isnull=False).exclude(state=ApplicationState.DRAFT)
    return _not_a_party(submitted, reviewer)


def files_to_check(reviewer: User) -> QuerySet[Application]:
    """Return the files that wait for the association, oldest deadline first; one on hold waits for somebody else (M-16)."""
    waiting = files_for(reviewer).filter(state=ApplicationState.CHECKING, hold=Hold.NONE)
    return waiting.order_by("stage_due_on", "id")


def files_checked(reviewer: User) -> QuerySet[Application]:
    """Return the files on which the association has spoken, the latest first."""
    return files_for(reviewer).filter(state__in=_CHECKED).order_by("-id")


_CHECKED = (ApplicationState.DECIDING, ApplicationState.RETURNED, ApplicationState.CLOSED)


def rows_for(reviewer: User, *, today: date | None = None) -> QuerySet[ApplicationInstitution]:
    """
    Return the rows of a reviewer's desk: those of their own institutions once the association approved the file, and for the
    association's reviewer those of institutions without an active reviewer (K-7) and those it decided in an institution's place.

    With ``today`` also those so long overdue that the association may decide now (K-6).
    """
    allowed = Q(institution__in=rules.institutions_reviewed_by(reviewer))
    if rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER):
        allowed |= _without_reviewers() | Q(pk__in=Decision.objects.filter(on_behalf=True).values("row"))
        if today is not None:
            allowed |= Q(state=RowState.PENDING, due_on__lte=deadlines.substitutable_due_on(today))
    return _reached_and_no_party(reviewer).filter(allowed)


def rows_open_to(reviewer: User) -> QuerySet[ApplicationInstitution]:
    """Return the rows a reviewer may look at: the institutions' their own, the association's every one, which it may decide or not."""
    rows = _reached_and_no_party(reviewer)
    if rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER):
        return rows
    return rows.filter(institution__in=rules.institutions_reviewed_by(reviewer))


def _reached_and_no_party(reviewer: User) -> QuerySet[ApplicationInstitution]:
    # A row gets its due date when it reaches the institution; one that never did (withdrawn before, not accepted) is none of its business.
    reached = ApplicationInstitution.objects.filter(due_on__isnull=False).exclude(state__in=(RowState.WAITING, RowState.MOVED))
    mine = Application.objects.filter(rules.parties(reviewer) | Q(recusals__reviewer=reviewer))
    return reached.exclude(application__in=mine.values("pk"))


def rows_to_decide(reviewer: User, *, today: date | None = None) -> QuerySet[ApplicationInstitution]:
    """Return the rows that wait for this reviewer, oldest deadline first; one on hold waits for somebody else (M-16)."""
    waiting = rows_for(reviewer, today=today).filter(state=RowState.PENDING, hold=Hold.NONE, application__hold=Hold.NONE)
    return waiting.order_by("due_on", "id")


def rows_decided(reviewer: User) -> QuerySet[ApplicationInstitution]:
    """Return the rows on which the institution has spoken, the latest first."""
    return rows_for(reviewer).filter(state__in=(RowState.APPROVED, RowState.REFUSED)).order_by("-id")


def endorsements_of(person: User) -> QuerySet[Endorsement]:
    """Return the endorsements asked of a committee member, answered or not; dropped and void ones are over (REF-1)."""
    return Endorsement.objects.filter(seat__member__user=person).exclude(state__in=(EndorsementState.DROPPED, EndorsementState.VOID))


def _not_a_party(applications: QuerySet[Application], reviewer: User) -> QuerySet[Application]:
    mine = Application.objects.filter(rules.parties(reviewer) | Q(recusals__reviewer=reviewer))
    return applications.exclude(pk__in=mine.values("pk"))


def _without_reviewers() -> Q:
    """Rows of an institution none of whose reviewers may decide this case (K-7, S-7)."""
    # Without the persons who have no account: NOT IN a list with a NULL is true of nobody.
    frozen = Freeze.objects.filter(ended_at__isnull=True, member__user__isnull=False).values("member__user")
    able = (
        InstitutionReviewer.objects.active()
        .filter(institution=OuterRef("institution"), user__groups__name=rules.INSTITUTION_REVIEWER)
        .exclude(user__in=frozen)
        .exclude(user=OuterRef("member__user"))
        .exclude(user__recusals__application=OuterRef("application"))
        .exclude(user__member__referrals=OuterRef("application"))
        .exclude(user__member__seats__endorsements__application=OuterRef("application"))
    )
    return Q(~Exists(able))
