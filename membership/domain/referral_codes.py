"""委员专属推荐码: issued and revoked by a seat's holder; read by whoever scans it, and followed into their application (REF-2, E-17)."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.db import IntegrityError, transaction
from django.db.models import F

from membership.domain import audit, endorsements, enrolment, members, transitions
from membership.domain.errors import DomainError, NotAllowed
from membership.enums import ApplicationState, Hold, MembershipStatus, ReferralMethod
from membership.models import Application, Member, ReferralBinding, ReferralCode, Seat, User
from membership.periods import shanghai_date

# Without the letters and digits that are taken for one another in print.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 8
_SHAPE = re.compile(f"[{ALPHABET}]{{4,16}}")
_FILLED_IN = (ApplicationState.DRAFT, ApplicationState.RETURNED)
_MEMBERS = (MembershipStatus.ACTIVE, MembershipStatus.GRACE)
_REFERRAL = ("referrer_seat__member", "referrer_seat__committee", "referrer")


class MayNotRefer(DomainError):
    """The holder cannot refer with this seat now; the message says why (E-9)."""


class CodeDead(DomainError):
    """Nobody refers by this code: unknown, revoked, or its holder cannot refer now (E-17)."""

    message = "这个推荐码现在不能使用"


class OwnCode(DomainError):
    message = "这是您自己的推荐码，不能为本人推荐"


class AnotherReferrer(DomainError):
    """The draft names somebody else, or another way of referral; replacing it is asked first (E-17)."""

    message = "您的申请已有推荐人，请先确认是否更换"


class Reading(Enum):
    """What a code is worth to whoever scans it."""

    LIVE = "live"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    UNUSABLE = "unusable"


@dataclass(frozen=True)
class Scanned:
    """A code as it was read. ``code`` is None for one that never was."""

    reading: Reading
    code: ReferralCode | None = None

    @property
    def seat(self) -> Seat | None:
        return self.code.seat if self.code else None


class Way(Enum):
    """What a live code can do for the person who scanned it."""

    OWN = "own"
    START = "start"
    BIND = "bind"
    BOUND = "bound"
    REPLACE = "replace"
    SUBMITTED = "submitted"
    MEMBER = "member"
    REFUSED = "refused"


@dataclass(frozen=True)
class Prospect:
    """
    The way on. ``application``: the one under way; ``other``: whom or what it names as its referral now; ``because``: why nothing can be
    started; ``may_change``: a submitted one may still change its referrer.
    """

    way: Way
    application: Application | None = None
    other: str = ""
    because: str = ""
    may_change: bool = False


# --- The holder's side ---------------------------------------------------------------------------------


@transaction.atomic
def issue(*, seat: Seat, person: User, at: datetime) -> ReferralCode:
    """
    Give a seat its code; one that is in use is given again, e.g. at a double click.

    :raises NotAllowed: another's seat.
    :raises MayNotRefer: the holder cannot refer now.
    """
    seat = _lock(seat, person)
    if why := endorsements.why_not_refer(seat, today=shanghai_date(at)):
        raise MayNotRefer(why)
    code = live_code(seat)
    if code is None:
        code = _create(seat, at=at)
        audit.log("referral_code.issue", code, by=person, at=at, about=seat.member, seat=seat.pk)
    return code


@transaction.atomic
def revoke(*, code: ReferralCode, person: User, at: datetime) -> ReferralCode:
    """
    Put a code out of use for good; posters that bear it say so. Again changes nothing.

    :raises NotAllowed: another's code.
    """
    seat = _lock(code.seat, person)
    code = ReferralCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
    code.seat = seat
    if code.revoked_at is None:
        code.revoked_at = at
        code.save(update_fields=["revoked_at"])
        audit.log("referral_code.revoke", code, by=person, at=at, about=seat.member, seat=seat.pk)
    return code


@transaction.atomic
def renew(*, code: ReferralCode, person: User, at: datetime) -> ReferralCode:
    """
    Put a code out of use and give the seat another one; one revoked meanwhile, e.g. by a double click, leads to the code that followed.

    :raises NotAllowed, MayNotRefer: as :func:`revoke` and :func:`issue`.
    """
    revoked = revoke(code=code, person=person, at=at)
    return issue(seat=revoked.seat, person=person, at=at)


def live_code(seat: Seat) -> ReferralCode | None:
    """Return the code of a seat that is in use, if it has one."""
    return seat.referral_codes.filter(revoked_at__isnull=True).first()


def followers(code: ReferralCode) -> int:
    """Return how many applications that still name the seat came by this code."""
    return code.bindings.filter(application__referrer_seat=code.seat_id, application__submitted_at__isnull=False).count()


# --- The side of who scans it ---------------------------------------------------------------------------


def read(text: str, *, today: date) -> Scanned:
    """Return what a code from a poster is worth today; small letters and any odd text do no harm."""
    shaped = text.strip().upper()
    if _SHAPE.fullmatch(shaped) is None:
        return Scanned(Reading.UNKNOWN)
    code = ReferralCode.objects.select_related("seat__member", "seat__committee").filter(code=shaped).first()
    if code is None:
        return Scanned(Reading.UNKNOWN)
    if code.revoked_at is not None:
        return Scanned(Reading.REVOKED, code)
    if endorsements.why_not_refer(code.seat, today=today):
        return Scanned(Reading.UNUSABLE, code)
    return Scanned(Reading.LIVE, code)


def count_scan(code: ReferralCode) -> None:
    """Count that somebody looked at a code in use; who it was is kept nowhere. Which looks count, the page says (REF-2)."""
    ReferralCode.objects.filter(pk=code.pk, revoked_at__isnull=True).update(scans=F("scans") + 1)


def prospect(code: ReferralCode, person: User, *, at: datetime) -> Prospect:
    """Return what a live code can do for a person: begin an application, join the one under way, or nothing, and why."""
    member = members.member_of(person)
    if member is not None and code.seat.member_id == member.pk:
        return Prospect(Way.OWN)
    if member is not None and members.status_on(member, shanghai_date(at)) in _MEMBERS:
        return Prospect(Way.MEMBER)
    application = enrolment.current(person, *_REFERRAL)
    if application is None or not application.is_open:
        because = enrolment.why_not_start(person, at=at)
        return Prospect(Way.REFUSED, because=because) if because else Prospect(Way.START)
    if application.state not in _FILLED_IN:
        return Prospect(Way.SUBMITTED, application, may_change=transitions.is_possible(application, "change referrer"))
    if application.hold != Hold.NONE:
        return Prospect(Way.REFUSED, application, because="审核已暂停，现在不能修改资料。请联系协会。")
    return _of_draft(application, code.seat)


@transaction.atomic
def follow(*, code: str, person: User, at: datetime, may_replace: bool = False) -> Application:
    """
    Bind the holder of a code as the referrer of a person's application, beginning one if there is none. The same again changes nothing.

    ``may_replace``: the person was asked, and wants this referrer in place of the one the draft names (E-17).

    :raises CodeDead, OwnCode: nobody refers by this code, or the person themself.
    :raises AnotherReferrer: the draft names somebody, and nobody asked.
    :raises MayNotStart: no application may be begun (``enrolment.start``).
    :raises NotPossible: it was submitted, or is on hold.
    """
    found = read(code, today=shanghai_date(at))
    if found.reading is not Reading.LIVE or found.code is None:
        raise CodeDead()
    seat = found.code.seat
    if seat.member.user_id == person.pk:
        raise OwnCode()
    # Held from here on: no other tab submits or discards meanwhile.
    Member.objects.select_for_update().filter(user=person).first()
    application = enrolment.current(person, *_REFERRAL)
    if application is None or not application.is_open:
        application = enrolment.start(user=person, at=at)
    transitions.require(application, "correct" if application.state == ApplicationState.RETURNED else "save")
    way = _of_draft(application, seat).way
    if way is Way.REPLACE and not may_replace:
        raise AnotherReferrer()
    if way is not Way.BOUND:
        enrolment.save_draft(application=application, person=person, answers=_named(seat), at=at)
    if not ReferralBinding.objects.filter(application=application, code=found.code).exists():
        ReferralBinding.objects.update_or_create(application=application, defaults={"code": found.code, "bound_at": at})
        audit.log("referral_code.follow", application, by=person, at=at, about=application.member, seat=seat.pk, code=found.code.pk)
    return application


@transaction.atomic
def let_go(*, application: Application, person: User, at: datetime) -> bool:
    """
    Take a referrer who came by a code out of a draft again; return whether there was one.

    :raises NotAllowed: not the applicant.
    :raises NotPossible: it was submitted meanwhile.
    """
    member = Member.objects.select_for_update().filter(pk=application.member_id).first()
    if member is None or member.user_id != person.pk:
        raise NotAllowed()
    binding = ReferralBinding.objects.select_related("code", "application").filter(application=application).first()
    if binding is None:
        return False
    if binding.code.seat_id == binding.application.referrer_seat_id:
        enrolment.save_draft(application=binding.application, person=person, answers=_NOBODY, at=at)
    binding.delete()
    audit.log("referral_code.let_go", application, by=person, at=at, about=member, code=binding.code_id)
    return True


_NOBODY = {"referral_method": "", "referrer_seat": None, "referrer": None, "referring_unit": ""}


def _named(seat: Seat) -> dict[str, object]:
    return {
        "referral_method": ReferralMethod.COMMITTEE_MEMBER,
        "referrer_seat": seat,
        "referrer": seat.member,
        "referring_unit": seat.committee.full_name,
    }


def _of_draft(application: Application, seat: Seat) -> Prospect:
    """A draft that names nobody takes the referrer as it is; a returned file is asked, for another referrer needs a new form (E-4)."""
    chosen = application.referrer_seat if application.referral_method == ReferralMethod.COMMITTEE_MEMBER else None
    if chosen is not None and chosen.pk == seat.pk:
        return Prospect(Way.BOUND, application)
    other = _other(application)
    if other or application.state == ApplicationState.RETURNED:
        return Prospect(Way.REPLACE, application, other=other)
    return Prospect(Way.BIND, application)


def _other(application: Application) -> str:
    """Return whom a draft names instead, in words; a method whose person is not found yet names nobody."""
    method = application.referral_method
    if method == ReferralMethod.COMMITTEE_MEMBER:
        seat = application.referrer_seat
        return f"{seat.member.name}（{seat.committee.name}）" if seat else ""
    if method == ReferralMethod.MEMBER:
        return application.referrer.name if application.referrer else ""
    return application.get_referral_method_display() if method else ""


def _create(seat: Seat, *, at: datetime) -> ReferralCode:
    """Draw until a code is nobody's; two at once under the same draw are as good as impossible, and the constraint holds even so."""
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        try:
            with transaction.atomic():
                return ReferralCode.objects.create(seat=seat, code=drawn, created_at=at)
        except IntegrityError:
            if live_code(seat) is not None:
                raise


def _lock(seat: Seat, person: User) -> Seat:
    member = members.lock(seat.member_id)
    if member.user_id != person.pk:
        raise NotAllowed()
    fresh = Seat.objects.select_for_update(of=("self",)).select_related("committee").get(pk=seat.pk)
    fresh.member = member
    return fresh
