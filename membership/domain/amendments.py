"""
The association's 审批通过 of an activation, a change or an upgrade (Table B3, A-21); 审批不通过 and 不予受理 are those of every file
(``review.refuse_file``, ``review.not_accept_file``).

It closes the file and makes its dossier the current one (D-1). What it does beside follows from the kind: an activation makes a member
again with a year at the former institutions (L-11), a change of the certificate's face and every upgrade issue the next edition (N-14).
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from membership.domain import audit, certificates, claims, dossiers, members, numbers, review, transitions
from membership.domain.announcements import announce
from membership.domain.errors import DomainError
from membership.enums import AffiliationSource, ApplicationKind, Basis, ChangeCategoryCode, InstitutionKind, Outcome, Verdict
from membership.models import Affiliation, Application, Decision, Dossier, Institution, LegacyMember, Member, User
from membership.models import settings as society
from membership.models.applications import AMENDMENTS
from membership.periods import same_day_next, shanghai_date

# What the certificate shows of its holder.
FACE = ("name", "name_local", "sex", "born_on", "portrait_id", "member_type", "specialty", "title_name", "work_unit_name")


class NoAmendment(DomainError):
    """An enrolment is approved by the institutions, row by row."""

    message = "入会申请由各机构审核，不在这里通过。"


class BaseChanged(DomainError):
    """Another application changed the member's data since this one was submitted (D-17)."""

    message = "资料已变化，请重新核对"


class StampMissing(DomainError):
    """The form carries no stamp, and nobody waived it (E-6, E-8)."""

    message = "申请表没有盖章，也没有免盖章，不能通过。"


class NoLegacyRow(DomainError):
    """An activation rests on at least one row of a former member, of those that it names (L-7)."""

    field = "legacy_rows"
    message = "请至少勾选一条属于本人的原会员记录。"


@transaction.atomic
def approve_amendment(
    *,
    application: Application,
    dossier: Dossier,
    reviewer: User,
    at: datetime,
    seen_round: int | None = None,
    legacy_rows: Collection[LegacyMember] = (),
) -> Decision:
    """
    The association's 审批通过 of an activation, change or upgrade: closed, and the dossier is the member's current one.

    ``legacy_rows``: of an activation, those of its rows that the reviewer found to be this person's; the others are free again (L-7).

    :raises NoAmendment: an enrolment.
    :raises BaseChanged: the data that the application changes are no longer the current ones (D-17).
    :raises StampMissing: a stamp is needed, and there is none (E-6).
    :raises NoLegacyRow: an activation without a row, or with one that it does not name.
    :raises NotAllowed, AlreadyDecided, DossierChanged: as ``review.approve_file``.
    """
    if application.kind not in AMENDMENTS:
        raise NoAmendment()
    application = review.lock_file(application, dossier, reviewer, "approve", seen_round)
    _require_stamp(application)
    decision = review.record(application, dossier, Verdict.APPROVED, reviewer, at=at)
    if application.kind == ApplicationKind.ACTIVATION:
        _activate(application, dossier, decision, legacy_rows, at=at)
    else:
        _amend(application, dossier, decision, reviewer, at=at)
    application.stage_due_on = None
    transitions.move(application, "approve", at=at, outcome=Outcome.APPROVED)
    return decision


def changes_the_face(before: Dossier | None, after: Dossier) -> bool:
    """Whether two versions would print different certificates."""
    return before is None or any(getattr(before, field) != getattr(after, field) for field in FACE)


def _require_stamp(application: Application) -> None:
    if application.needs_stamp and Basis.STAMP not in application.basis and not application.stamp_waiver:
        raise StampMissing()


def _amend(application: Application, dossier: Dossier, decision: Decision, reviewer: User, *, at: datetime) -> None:
    """A change or an upgrade: validity is untouched, the number kept; a document that is new is held beside the old one (D-6)."""
    member = application.member
    before = member.current_dossier
    if application.base_dossier_id is None or application.base_dossier_id != member.current_dossier_id:
        raise BaseChanged()
    member.current_dossier = dossier
    members.name(member, dossier)
    member.save(update_fields=["current_dossier", "name", "name_pinyin", "name_initials"])
    claims.hold(member, dossier)
    if application.categories.filter(code=ChangeCategoryCode.CONTACT).exists():
        dossiers.keep_contact(member, dossier, at=at)
        audit.log("contact.change", application, by=reviewer, at=at, about=member)
    new_edition = application.kind == ApplicationKind.UPGRADE or changes_the_face(before, dossier)
    if new_edition:
        certificates.issue(member, dossier=dossier, decision=decision, at=at)
    announce(
        "amendment-approved",
        member.user,
        at=at,
        application=application,
        what="更正" if application.is_correction else ApplicationKind(application.kind).label,
        next="会员证书已换发新版，请重新下载；旧版会显示“已换发”。" if new_edition else "会员证书没有变化。",
    )


def _activate(
    application: Application, dossier: Dossier, decision: Decision, legacy_rows: Collection[LegacyMember], *, at: datetime
) -> None:
    member, today = application.member, shanghai_date(at)
    institutions = _bind(application, {row.pk for row in legacy_rows}, today=today, at=at)
    valid_to = same_day_next(today, society.current().validity_months)
    for institution in institutions:
        Affiliation.objects.create(
            member=member, institution=institution, valid_from=today, valid_to=valid_to, source=AffiliationSource.ACTIVATION
        )
    members.become_member(member, dossier=dossier, number=numbers.take(member, at=at), at=at, on=today)
    claims.hold(member, dossier)
    certificates.issue(member, dossier=dossier, decision=decision, at=at)
    members.refresh_last_valid_to(member)
    announce(
        "activation-approved",
        member.user,
        at=at,
        application=application,
        member_number=member.number,
        valid_from=today,
        valid_to=valid_to,
    )


def _bind(application: Application, ticked: set[int], *, today: date, at: datetime) -> list[Institution]:
    """Give the ticked rows to the member, free the others; return the institutions they name, or else the headquarters (L-7, L-11)."""
    rows = list(application.legacy_rows.select_for_update().order_by("pk"))
    if not ticked or not ticked <= {row.pk for row in rows}:
        raise NoLegacyRow()
    member: Member = application.member
    for row in rows:
        if row.pk in ticked:
            row.member, row.activated_at = member, at
        else:
            row.activation = None
        row.save(update_fields=["member", "activated_at", "activation"])
    named = _named_by(rows, ticked)
    open_today = [institution for institution in named if institution.is_open_on(today)]
    return open_today or [Institution.objects.get(kind=InstitutionKind.HEADQUARTERS)]


def _named_by(rows: Collection[LegacyMember], ticked: set[int]) -> list[Institution]:
    found = {institution.pk: institution for row in rows if row.pk in ticked for institution in row.institutions.all()}
    return [found[pk] for pk in sorted(found)]
