"""
Who may do what: the roles of the staff and the predicates the domain asks before it acts.

A role is a Django group whose name is one of the constants below. A frozen person's groups give nothing (M-19), and nobody acts on a case
of their own, or of one they endorsed or referred, or passed on (S-6, S-7).
"""

import rules
from django.db.models import QuerySet

from membership.enums import AttachmentKind
from membership.models import (
    Application,
    ApplicationInstitution,
    Attachment,
    Endorsement,
    Feedback,
    Freeze,
    Institution,
    InstitutionReviewer,
    Recusal,
    Seat,
    User,
    WorkUnitRequest,
)

ASSOCIATION_REVIEWER = "association_reviewer"
INSTITUTION_REVIEWER = "institution_reviewer"
ADMINISTRATOR = "administrator"
EDITOR = "editor"
SUPPORT = "support"
ROLES = {
    ASSOCIATION_REVIEWER: "协会会员部审核员",
    INSTITUTION_REVIEWER: "机构审核员",
    ADMINISTRATOR: "管理员",
    EDITOR: "编辑",
    SUPPORT: "技术支持",
}


def roles_of(user: User) -> frozenset[str]:
    """Return the roles an account has now; none when it is closed or its person is frozen."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    if not hasattr(user, "_membership_roles"):
        names = groups_of(user) & set(ROLES)
        user._membership_roles = frozenset() if names and _is_frozen(user) else names
    return user._membership_roles


def groups_of(user: User) -> frozenset[str]:
    """Return the names of an account's groups: its roles, and whatever other there are."""
    if not hasattr(user, "_group_names"):
        user._group_names = frozenset(user.groups.values_list("name", flat=True))
    return user._group_names


def _is_frozen(user: User) -> bool:
    known: bool | None = getattr(user, "is_frozen", None)
    return Freeze.objects.filter(member__user=user, ended_at__isnull=True).exists() if known is None else known


def has_role(user: User, *roles: str) -> bool:
    return bool(roles_of(user) & set(roles))


def institutions_reviewed_by(user: User) -> list[int]:
    """Return the ids of the institutions that the account decides for."""
    if not has_role(user, INSTITUTION_REVIEWER):
        return []
    if not hasattr(user, "_reviewed_institutions"):
        user._reviewed_institutions = list(InstitutionReviewer.objects.active().filter(user=user).values_list("institution_id", flat=True))
    return user._reviewed_institutions


def is_party_to(user: User, application: Application) -> bool:
    """Whether the case is the account's own, or one it endorsed, was asked to endorse, or referred (S-6)."""
    if application.member.user_id == user.pk:
        return True
    if application.referrer is not None and application.referrer.user_id == user.pk:
        return True
    return Endorsement.objects.filter(application=application, seat__member__user=user).exists()


def has_recused(user: User, application: Application) -> bool:
    return Recusal.objects.filter(application=application, reviewer=user).exists()


def reviewers_left(institution: Institution, application: Application) -> bool:
    """Whether anybody of the institution may decide this case; if not, the association does (K-7, S-7)."""
    reviewers = InstitutionReviewer.objects.active().filter(institution=institution)
    return _able(application, INSTITUTION_REVIEWER).filter(pk__in=reviewers.values("user")).exists()


def association_reviewers(application: Application) -> QuerySet[User]:
    """Return who may decide this case for the association; where nobody is left, an administrator does (S-7)."""
    return _able(application, ASSOCIATION_REVIEWER)


def association_reviewers_left(application: Application) -> bool:
    return association_reviewers(application).exists()


def _able(application: Application, role: str) -> QuerySet[User]:
    """Return the accounts with a role that are open, not frozen, no party to the case, and did not pass it on."""
    parties_to = Seat.objects.filter(endorsements__application=application).values("member__user")
    own = [application.member.user_id, application.referrer.user_id if application.referrer else None]
    return (
        User.objects.filter(groups__name=role, is_active=True)
        .exclude(member__freezes__in=Freeze.objects.filter(ended_at__isnull=True))
        .exclude(pk__in=[pk for pk in own if pk is not None])
        .exclude(pk__in=parties_to.filter(member__user__isnull=False))
        .exclude(recusals__application=application)
    )


def may(user: User, permission: str, thing: object) -> bool:
    """
    Whether an account has one of the permissions at the foot of this module.

    Not ``user.has_perm``, which says yes to every superuser, in their own case too (S-6).
    """
    return rules.has_perm(f"membership.{permission}", user, thing)


@rules.predicate
def acts_for_the_association(user: User, application: Application | None) -> bool:
    """An association reviewer; an administrator only where no association reviewer is left (S-7)."""
    if application is None:
        return has_role(user, ASSOCIATION_REVIEWER)
    if is_party_to(user, application) or has_recused(user, application):
        return False
    return has_role(user, ASSOCIATION_REVIEWER) or (has_role(user, ADMINISTRATOR) and not association_reviewers_left(application))


@rules.predicate
def acts_for_the_institution(user: User, row: ApplicationInstitution | None) -> bool:
    """A reviewer of the row's institution, not of their own case."""
    if row is None:
        return has_role(user, INSTITUTION_REVIEWER)
    if row.institution_id not in institutions_reviewed_by(user):
        return False
    return not is_party_to(user, row.application) and not has_recused(user, row.application)


@rules.predicate
def acts_for_an_institution_without_reviewers(user: User, row: ApplicationInstitution | None) -> bool:
    if row is None:
        return has_role(user, ASSOCIATION_REVIEWER)
    return acts_for_the_association(user, row.application) and not reviewers_left(row.institution, row.application)


@rules.predicate
def is_the_applicant(user: User, application: Application | None) -> bool:
    return application is not None and application.member.user_id is not None and application.member.user_id == user.pk


@rules.predicate
def is_the_referrer(user: User, endorsement: Endorsement | None) -> bool:
    return endorsement is not None and endorsement.seat.member.user_id == user.pk


@rules.predicate
def owns_the_file(user: User, attachment: Attachment | None) -> bool:
    if attachment is not None and attachment.kind == AttachmentKind.FEEDBACK:
        # It was sent by an account, which need not have a person behind it, and stays with that account.
        return attachment.uploaded_by_id is not None and attachment.uploaded_by_id == user.pk
    return attachment is not None and attachment.member is not None and attachment.member.user_id == user.pk


@rules.predicate
def answers_feedback(user: User, feedback: Feedback | None) -> bool:
    """Support or an administrator; nobody answers what they sent themselves (UI-5, S-6)."""
    return has_role(user, SUPPORT, ADMINISTRATOR) and (feedback is None or feedback.user_id != user.pk)


@rules.predicate
def answers_unit_requests(user: User, request: WorkUnitRequest | None) -> bool:
    """Support or an administrator; nobody answers what they asked for themselves (APP-5, S-6)."""
    return has_role(user, SUPPORT, ADMINISTRATOR) and (request is None or request.requested_by_id != user.pk)


rules.add_perm("membership.act_on_own_application", is_the_applicant)
rules.add_perm("membership.answer_endorsement", is_the_referrer)
rules.add_perm("membership.check_file", acts_for_the_association)
rules.add_perm("membership.decide_row", acts_for_the_institution | acts_for_an_institution_without_reviewers)
rules.add_perm("membership.answer_feedback", answers_feedback)
rules.add_perm("membership.answer_unit_request", answers_unit_requests)
