"""What verification answers to a number or a signed link (Table D): the first state that fits, and what it shows."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from membership import link_signing
from membership.domain import certificates, members
from membership.domain.certificates import Line
from membership.enums import CertificateState, EndKind, MembershipStatus, Standing
from membership.models import Certificate, Freeze, LegacyMember, Member, MemberNumber
from membership.models import settings as society


@dataclass(frozen=True)
class Verification:
    """
    An answer for a visitor. ``present`` is the member's present state where the answer is about an earlier edition.

    ``name`` is masked unless the visitor gave it in full (``is_name_full``); ``on`` is the date that goes with the state, if one is shown.
    """

    state: CertificateState
    number: str = ""
    edition: int | None = None
    name: str = ""
    member_type: str = ""
    lines: tuple[Line, ...] = ()
    on: date | None = None
    present: CertificateState | None = None
    note: str = ""
    issued_on: date | None = None
    is_name_full: bool = False

    @property
    def word(self) -> str:
        return self.note or self.state.label


FORGED = Verification(CertificateState.FORGED)
_SHOWS_LINES = (CertificateState.VALID, CertificateState.GRACE)
# What stands before «replaced» in the order of test: an old number or paper must not hide it.
_BEATS_REPLACED = (CertificateState.ENDED, CertificateState.FROZEN)
LONGEST_NUMBER = 64
# Asked with the number itself: a look at a certificate costs two queries, a forged one none.
_FROZEN = Exists(Freeze.objects.filter(member=OuterRef("member"), ended_at__isnull=True))
_OF_STATUS = {
    MembershipStatus.ACTIVE: CertificateState.VALID,
    MembershipStatus.GRACE: CertificateState.GRACE,
    MembershipStatus.LAPSED: CertificateState.EXPIRED,
    MembershipStatus.FROZEN: CertificateState.FROZEN,
    MembershipStatus.ENDED: CertificateState.ENDED,
    MembershipStatus.ANONYMISED: CertificateState.ENDED,
    MembershipStatus.APPLICANT: CertificateState.REVOKED,  # had a number, and the only approval was taken back
}


def by_number(typed: str, *, today: date, full_name: str = "") -> Verification:
    """Answer for a typed number: the member's present state (N-3). A number that cannot be is refused without a lookup (N-6)."""
    number = link_signing.normalise(typed)
    if not _can_be_a_number(number):
        return FORGED
    register = MemberNumber.objects.select_related("member__current_dossier").annotate(is_frozen=_FROZEN).filter(number=number).first()
    if register is None:
        return _legacy(number, typed, today)
    present = _present(register.member, number, today, full_name, is_frozen=register.is_frozen)
    if register.is_current or present.state in _BEATS_REPLACED:
        return present
    return Verification(
        CertificateState.REPLACED, number=number, name=present.name, is_name_full=present.is_name_full, note="已由新编号取代"
    )


def _can_be_a_number(number: str) -> bool:
    """Refuse without a lookup what has the shape of an issued number and the wrong letter (N-6), and what no system ever gave."""
    if link_signing.looks_issued(number):
        return link_signing.is_well_formed(number)
    return 0 < len(number) <= LONGEST_NUMBER and number.isprintable()


def by_link(token: str, *, today: date, full_name: str = "") -> Verification:
    """Answer for a scanned link: for the edition it names. A forged one is refused without a lookup."""
    try:
        signed = link_signing.read(token)
    except link_signing.Forged:
        return FORGED
    editions = Certificate.objects.select_related("member__current_dossier").annotate(is_frozen=_FROZEN)
    certificate = editions.filter(number=signed.number, edition=signed.edition).first()
    if certificate is None:
        return Verification(CertificateState.UNKNOWN, number=signed.number, edition=signed.edition, note="查无，请联系协会")
    present = _present(certificate.member, certificate.number, today, full_name, is_frozen=certificate.is_frozen)
    return _edition(certificate, present)


def _edition(certificate: Certificate, present: Verification) -> Verification:
    """Order of test: ended, revoked, frozen, replaced, then the dates."""
    shown = {
        **{name: getattr(present, name) for name in ("number", "name", "is_name_full", "member_type", "lines", "on", "note")},
        "edition": certificate.edition,
        "issued_on": certificates.issued_on(certificate),
    }
    if present.state == CertificateState.ENDED:
        return Verification(present.state, **shown)
    if certificate.revoked_at:
        return Verification(CertificateState.REVOKED, number=certificate.number, edition=certificate.edition)
    if present.state == CertificateState.FROZEN or not certificate.superseded_at:
        return Verification(present.state, **shown)
    return Verification(CertificateState.REPLACED, present=present.state, **{**shown, "note": "已换发：以新版为准"})


def _present(member: Member, number: str, today: date, full_name: str, *, is_frozen: bool) -> Verification:
    affiliations = tuple(member.affiliations.standing().select_related("institution"))
    state = _OF_STATUS[members.status_of(member, today, is_frozen=is_frozen, affiliations=affiliations)]
    if state == CertificateState.REVOKED:
        return Verification(state, number=number, note="已撤销")
    dossier = member.current_dossier
    hidden = member.standing == Standing.ANONYMISED or member.end_kind == EndKind.DECEASED
    is_known = not hidden and is_same_name(member.name, full_name)
    return Verification(
        state,
        number=number,
        name="" if hidden else member.name if is_known else mask(member.name),
        is_name_full=is_known,
        member_type="" if hidden or dossier is None or state not in _SHOWS_LINES else dossier.get_member_type_display(),
        lines=certificates.lines_of(affiliations, today=today) if state in _SHOWS_LINES else (),
        on=_date_of(state, member, hidden),
    )


def _date_of(state: CertificateState, member: Member, hidden: bool) -> date | None:
    if state == CertificateState.ENDED:
        return None if hidden else member.ended_on
    return member.last_valid_to if state == CertificateState.EXPIRED else None


def _legacy(number: str, typed: str, today: date) -> Verification:
    """
    Answer for a number of the earlier system (L-10): never a name, never an institution, never the new number.

    Old numbers may hold blanks and hyphens of their own, so the text is looked up as it was typed too.
    """
    spellings = {number, _as_typed(typed), _as_typed(typed).upper()}
    rows = LegacyMember.objects.select_related("member__current_dossier").annotate(is_frozen=_FROZEN)
    row = rows.filter(old_number__in=spellings).order_by("pk").first()
    if row is None:
        return Verification(CertificateState.UNKNOWN, number=number)
    if row.member is not None and row.activated_at is not None:
        present = _present(row.member, row.old_number, today, "", is_frozen=row.is_frozen)
        if present.state in _BEATS_REPLACED:
            return Verification(present.state, number=row.old_number, on=present.on)
    return _legacy_by_dates(row, row.old_number, today)


def _as_typed(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()[:LONGEST_NUMBER]


def _legacy_by_dates(row: LegacyMember, number: str, today: date) -> Verification:
    void_on = society.current().legacy_numbers_void_on
    if void_on and void_on <= today:
        return Verification(CertificateState.REPLACED, number=number, note="原系统编号已失效")
    if row.collected_at:
        return Verification(CertificateState.REPLACED, number=number, note="已由新编号取代")
    if row.activated_at is None:
        return Verification(CertificateState.LEGACY_WAITING, number=number, note="原系统编号，待激活")
    if row.void_on and row.void_on <= today:
        return Verification(CertificateState.REPLACED, number=number, note="原系统编号已失效")
    return Verification(CertificateState.LEGACY_WAITING, number=number, note="原系统编号，待换领")


def is_same_name(name: str, typed: str) -> bool:
    """Whether a visitor typed the name in full; spaces, dots and hyphens between its parts, and capitals, do not count."""
    return bool(name) and _letters(name) == _letters(typed)


def _letters(name: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKC", name).casefold() if character.isalpha())


def mask(name: str) -> str:
    """Return 王** for 王小明, 王* for 王明: the first character and a star for each other, four stars at most."""
    return name[:1] + "*" * min(len(name) - 1, 4) if name else ""
