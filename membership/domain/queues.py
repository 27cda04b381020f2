"""Who has what to decide: the cases a person may see, as querysets that views narrow and order (REV-1, REV-4, S-6, K-7)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from membership import rules
from membership.enums import ApplicationState, EndorsementState, RowState
from membership.models import Application, ApplicationInstitution, Endorsement, Freeze, InstitutionReviewer, User


def files_for(reviewer: User) -> QuerySet[Application]:
    """
    Return the submitted files that the association's reviewer may see, whatever their state; nothing for anybody else.

    Their own cases, and those they endorsed, referred or passed on, are absent (S-6, S-7).
    """
    if not rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER):
        return Application.objects.none()
    return _not_a_party(Application.objects.filter(submitted_at__isnull=False), reviewer)


def files_to_check(reviewer: User) -> QuerySet[Application]:
    """Return the files that wait for the association, oldest deadline first."""
    return files_for(reviewer).filter(state=ApplicationState.CHECKING).order_by("stage_due_on", "id")


def rows_for(reviewer: User) -> QuerySet[ApplicationInstitution]:
    """
    Return the rows a reviewer may see: those of their own institutions once the association approved the file, and for the
    association's reviewer those of institutions without an active reviewer (K-7).
    """
    own = Q(institution__in=rules.institutions_reviewed_by(reviewer))
    allowed = own | _without_reviewers() if rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER) else own
    seen = ApplicationInstitution.objects.exclude(state__in=(RowState.WAITING, RowState.MOVED)).filter(allowed)
    mine = Application.objects.filter(rules.parties(reviewer) | Q(recusals__reviewer=reviewer))
    return seen.exclude(application__in=mine)


def rows_to_decide(reviewer: User) -> QuerySet[ApplicationInstitution]:
    """Return the rows that wait for this reviewer, oldest deadline first."""
    return rows_for(reviewer).filter(state=RowState.PENDING).order_by("due_on", "id")


def endorsements_of(person: User) -> QuerySet[Endorsement]:
    """Return the endorsements asked of a committee member, answered or not; dropped and void ones are over (REF-1)."""
    return Endorsement.objects.filter(seat__member__user=person).exclude(state__in=(EndorsementState.DROPPED, EndorsementState.VOID))


def _not_a_party(applications: QuerySet[Application], reviewer: User) -> QuerySet[Application]:
    mine = Application.objects.filter(rules.parties(reviewer) | Q(recusals__reviewer=reviewer))
    return applications.exclude(pk__in=mine.values("pk"))


def _without_reviewers() -> Q:
    """Rows of an institution none of whose reviewers may decide this case (K-7, S-7)."""
    frozen = Freeze.objects.filter(ended_at__isnull=True).values("member__user")
    able = (
        InstitutionReviewer.objects.active()
        .filter(institution=OuterRef("institution"), user__groups__name=rules.INSTITUTION_REVIEWER)
        .exclude(user__in=frozen)
        .exclude(user=OuterRef("member__user"))
        .exclude(user__recusals__application=OuterRef("application"))
    )
    return ~Exists(able)
