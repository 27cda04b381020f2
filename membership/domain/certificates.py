"""Editions of the certificate: issued, checked by the member, downloaded (N-3, N-4, N-10, N-13, N-14; CERT-1, CERT-2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from membership import link_signing
from membership.domain import attachments, audit, members, numbers
from membership.domain.errors import DomainError
from membership.enums import AttachmentKind, FeedbackCategory, MembershipStatus
from membership.models import Affiliation, AuditEntry, Certificate, Decision, Dossier, Feedback, Member, User
from membership.periods import shanghai_date

# Category of the entry that support finds among the feedback.
UNPRINTABLE = FeedbackCategory.UNPRINTABLE


class NoCertificate(DomainError):
    """There is no certificate that this person may download now."""

    message = "现在没有可以下载的会员证书。"


@dataclass(frozen=True)
class Line:
    """An affiliation as the certificate prints it: both dates inclusive."""

    institution: str
    valid_from: date
    valid_to: date


def issue(member: Member, *, dossier: Dossier, decision: Decision | None, at: datetime) -> Certificate:
    """
    Issue the next edition; the one before, if live, is superseded (N-3, N-4, N-14). Needs a transaction and the Member lock.

    The edition is valid at once, downloaded or not.
    """
    number = member.number or numbers.take(member, at=at)
    live = member.certificates.live().first()
    if live is not None:
        live.superseded_at = at
        live.save(update_fields=["superseded_at"])
    edition = (Certificate.objects.filter(number=number).aggregate(last=Max("edition"))["last"] or 0) + 1
    certificate = Certificate.objects.create(
        member=member,
        number=number,
        edition=edition,
        dossier=dossier,
        decision=decision,
        supersedes=live,
        token=link_signing.sign(number, edition),
        issued_at=at,
    )
    numbers.note_issue(number, edition, at=at)
    audit.log("certificate.issue", certificate, by=None, at=at, about=member, edition=edition)
    return certificate


def live_edition(member: Member) -> Certificate | None:
    """Return the edition that is neither superseded nor revoked."""
    return member.certificates.live().select_related("dossier__portrait").first()


def lines(member: Member, *, today: date) -> tuple[Line, ...]:
    """Return the affiliations that a certificate made today prints, each with its own dates (N-13): running and in grace."""
    return lines_of(member.affiliations.standing().select_related("institution"), today=today)


def lines_of(affiliations: Iterable[Affiliation], *, today: date) -> tuple[Line, ...]:
    """Return the same from affiliations at hand."""
    counted = (MembershipStatus.ACTIVE, MembershipStatus.GRACE)
    held = [one for one in affiliations if members.affiliation_status(one, today) in counted]
    held.sort(key=lambda affiliation: (affiliation.valid_from, affiliation.pk))
    return tuple(Line(affiliation.institution.full_name, affiliation.valid_from, affiliation.valid_to) for affiliation in held)


def downloadable(member: Member, *, today: date) -> Certificate:
    """
    Return the edition that the member may download today (Table E).

    :raises NoCertificate: not a member today, lapsed, frozen or ended.
    """
    certificate = live_edition(member)
    if certificate is None or members.status_on(member, today) not in (MembershipStatus.ACTIVE, MembershipStatus.GRACE):
        raise NoCertificate()
    return certificate


@transaction.atomic
def record_first_download(
    *, certificate: Certificate, content: bytes, printed: tuple[Line, ...], person: User, at: datetime
) -> Certificate:
    """
    Keep the bytes that leave the server for the first time; whoever comes later gets the same ones (N-10).

    Two first downloads at once: the first lock wins, and the other is handed the kept document.

    :raises NoCertificate: the edition was superseded or revoked, or is not this person's.
    """
    member = members.lock(certificate.member_id)
    certificate = Certificate.objects.select_for_update(of=("self",)).select_related("document").get(pk=certificate.pk)
    if member.user_id != person.pk or certificate.superseded_at or certificate.revoked_at:
        raise NoCertificate()
    if certificate.document_id is None:
        new = attachments.NewFile(AttachmentKind.CERTIFICATE, content, "application/pdf", f"{certificate.number}.pdf")
        certificate.document = attachments.store(new, member=member, by=None, at=at)
        certificate.first_downloaded_at = at
        certificate.printed_affiliations = [[line.institution, f"{line.valid_from}", f"{line.valid_to}"] for line in printed]
        certificate.save(update_fields=["document", "first_downloaded_at", "printed_affiliations"])
    audit.log("certificate.download", certificate, by=person, at=at, about=member, edition=certificate.edition)
    return certificate


@transaction.atomic
def report_unprintable(*, certificate: Certificate, reason: str, code_points: Sequence[str], person: User, at: datetime) -> None:
    """
    Tell support, once per edition, that a certificate cannot be printed: a character without a glyph, or texts too long for the page.

    ``reason`` is the sentence of the printing's refusal; ``code_points`` are like "U+2A7DD".
    """
    members.lock(certificate.member_id)
    if AuditEntry.objects.filter(action="certificate.unprintable", target="certificate", target_id=certificate.pk).exists():
        return
    audit.log("certificate.unprintable", certificate, by=person, at=at, about=certificate.member, code_points=list(code_points))
    text = f"会员证书 {certificate.number} 第 {certificate.edition} 版不能生成：{reason}"
    Feedback.objects.create(user=person, category=UNPRINTABLE, text=text[:2000], sent_at=at)


def issued_on(certificate: Certificate) -> date:
    """Return the Shanghai date of issue."""
    return shanghai_date(certificate.issued_at)
