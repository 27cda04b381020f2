"""One person, one member: who holds which identity document (D-6, D-7, D-9, D-10)."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from membership import encryption, identity
from membership.domain import audit
from membership.domain.errors import DomainError
from membership.enums import DocumentHold, DocumentKind
from membership.models import Application, AuditEntry, Dossier, LegacyMember, Member, MemberDocument, User
from membership.models import settings as society
from membership.periods import end_of_day, shanghai_date


class DocumentTaken(DomainError):
    """The document belongs to somebody the society knows. One text in all cases: it never says whose, nor which case (D-10)."""

    field = "document_number"
    message = "该证件号码已有记录。如您是原会员或已有账号，请激活或找回；否则请求人工核对"


class TooManyTries(DomainError):
    """The account tried more taken numbers today than ``document_tries_per_day``."""

    field = "document_number"
    message = "今天核对证件号码的次数已用完，请明天再试，或请技术支持人工核对"


def document_hash(dossier: Dossier) -> str:
    """Return the keyed hash by which a document is found; an empty text without a document."""
    if not (dossier.document_kind and dossier.document_number):
        return ""
    number = identity.normalise(dossier.document_kind, dossier.document_number)
    return encryption.document_hash(dossier.document_kind, issuing_country(dossier), number) if number else ""


def issuing_country(dossier: Dossier) -> str:
    """Return the country that is part of a document's key: a passport's alone (D-7)."""
    return dossier.issuing_country.upper() if dossier.document_kind == DocumentKind.PASSPORT else ""


def require_tries_left(user: User, *, at: datetime) -> None:
    """
    Refuse an account that tried too many taken numbers today.

    :raises TooManyTries: ``document_tries_per_day`` is used up.
    """
    midnight = end_of_day(shanghai_date(at)) - timedelta(days=1)
    tries = AuditEntry.objects.filter(actor=user, action="document.taken", at__gte=midnight).count()
    if tries >= society.current().document_tries_per_day:
        raise TooManyTries()


def claim(application: Application, dossier: Dossier, *, at: datetime) -> None:
    """
    Claim the dossier's document for the application (D-9); a second submission with the same document keeps its claim.

    A claim of the same application on another number is released: the person corrected it.

    :raises DocumentTaken: another person has it, or a former member who has not activated does (L-5).
    """
    number_hash = document_hash(dossier)
    key = {"kind": dossier.document_kind, "issuing_country": issuing_country(dossier), "number_hash": number_hash}
    application.claims.filter(state=DocumentHold.CLAIMED).exclude(**key).delete()
    existing = MemberDocument.objects.filter(**key).first()
    if existing is not None:
        if existing.member_id != application.member_id:
            raise DocumentTaken()
        return
    if _former_members(number_hash).exclude(member=application.member).exclude(activation=application).exists():
        raise DocumentTaken()
    number = identity.normalise(dossier.document_kind, dossier.document_number)
    try:
        with transaction.atomic():
            MemberDocument.objects.create(member=application.member, number=number, claimed_by=application, **key)
    except IntegrityError as race:
        raise DocumentTaken() from race


def _former_members(number_hash: str) -> QuerySet[LegacyMember]:
    """Former members with this document who have not activated yet: nobody's rows, and those of seat holders without account (I-8)."""
    return LegacyMember.objects.filter(document_hash=number_hash, activated_at__isnull=True)


def note_try(user: User, application: Application, *, at: datetime) -> None:
    """Count a try with a taken number. Outside the transaction that was refused, or it would be rolled back with it."""
    audit.log("document.taken", application, by=user, at=at, about=application.member)


def release(application: Application) -> None:
    """Let go of what the application claimed; a held document stays (D-9)."""
    application.claims.filter(state=DocumentHold.CLAIMED).delete()


def hold(member: Member, dossier: Dossier) -> None:
    """Keep the dossier's document for good: the first approval does (D-9)."""
    MemberDocument.objects.filter(
        member=member, kind=dossier.document_kind, issuing_country=issuing_country(dossier), number_hash=document_hash(dossier)
    ).update(state=DocumentHold.HELD)
