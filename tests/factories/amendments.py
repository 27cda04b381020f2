"""
Activations, changes and upgrades as they stand before the association. Their applicants' pages come later, so these are built from
the parts: a sealed version, the claim, the clock.
"""

from datetime import datetime

from membership.domain import amendments, claims, deadlines, dossiers
from membership.enums import ApplicationKind, ApplicationState, Basis, MemberType
from membership.models import Application, ChangeCategory, Decision, Dossier, Institution, LegacyMember, Member, User
from tests.factories import enrolment as stories
from tests.factories.people import MemberFactory, association_reviewer
from tests.factories.reference import ChangeCategoryFactory, InstitutionFactory


def legacy_row(**fields) -> LegacyMember:
    """Return a row of the earlier system; each has an old number of its own."""
    return LegacyMember.objects.create(
        **{"source": "2019", "old_number": f"old-{LegacyMember.objects.count() + 1}", "name": "沈砚秋", **fields}
    )


def activation(*, at: datetime, rows: int = 1, institutions: list[Institution] | None = None, **answers) -> Application:
    """Return a former member's activation with the association; its rows of the earlier system name the institutions."""
    if not Institution.objects.filter(code="headquarters").exists():
        InstitutionFactory(headquarters=True)
    member = MemberFactory(name="")
    dossier = Dossier.objects.create(member=member)
    application = _made(ApplicationKind.ACTIVATION, member, dossier, at=at, needs_stamp=False)
    dossiers.fill(dossier, {**stories.answers(), **answers}, today=at.date())
    for _ in range(rows):
        row = legacy_row(activation=application)
        row.institutions.set(institutions or [])
    return _with_the_association(application, dossier, at=at)


def change(*, at: datetime, member: Member | None = None, categories=(), is_correction: bool = False, **answers) -> Application:
    """Return a member's change with the association; ``categories`` are codes."""
    member = member or stories.approved(at=at).member
    application = _amendment(ApplicationKind.CHANGE, member, answers, at=at, is_correction=is_correction)
    for code in categories:
        found = ChangeCategory.objects.filter(code=code).first()
        application.categories.add(found or ChangeCategoryFactory(code=code))
    return application


def upgrade(*, at: datetime, member: Member | None = None, target: str = MemberType.PROFESSIONAL, **answers) -> Application:
    """Return a member's upgrade with the association."""
    member = member or stories.approved(at=at, member_type=MemberType.ORDINARY).member
    return _amendment(ApplicationKind.UPGRADE, member, {"member_type": target, **answers}, at=at, target_type=target)


def approve(application: Application, *, at: datetime, reviewer: User | None = None, **options) -> Decision:
    """Approve as a reviewer of the association; of an activation every row, unless told otherwise."""
    options.setdefault("legacy_rows", list(application.legacy_rows.all()))
    seen = dossiers.latest_sealed(application)
    return amendments.approve_amendment(
        application=application, dossier=seen, reviewer=reviewer or association_reviewer(), at=at, **options
    )


def _amendment(kind: str, member: Member, answers: dict, *, at: datetime, **fields) -> Application:
    member = Member.objects.get(pk=member.pk)
    dossier = dossiers.copy(member.current_dossier, version=1)
    dossier.save()
    application = _made(kind, member, dossier, at=at, base_dossier=member.current_dossier, basis=[Basis.STAMP], **fields)
    dossiers.fill(dossier, answers, today=at.date())
    return _with_the_association(application, dossier, at=at)


def _made(kind: str, member: Member, dossier: Dossier, *, at: datetime, **fields) -> Application:
    application = Application.objects.create(
        kind=kind, member=member, state=ApplicationState.CHECKING, state_since=at, proposed_dossier=dossier, created_at=at, **fields
    )
    dossier.application = application
    dossier.save()
    return application


def _with_the_association(application: Application, dossier: Dossier, *, at: datetime) -> Application:
    claims.claim(application, dossier, at=at)
    dossiers.seal(dossier, at=at)
    application.submitted_at = at
    deadlines.start_clock(application, at=at)
    application.save()
    return Application.objects.get(pk=application.pk)
