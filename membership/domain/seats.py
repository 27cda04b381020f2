"""委员任职: who holds a seat in a committee, from when until when; registered, changed and ended by administrators (I-8, REF-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from membership import rules, validators
from membership.domain import audit, endorsements, lookups, members
from membership.domain.announcements import announce
from membership.domain.errors import DomainError, NotAllowed
from membership.domain.wording import Status, of_membership
from membership.enums import ApplicationState, EndorsementState, InstitutionKind, MembershipStatus, SeatRole, Standing
from membership.models import Application, AuditEntry, Endorsement, Freeze, Institution, Member, Seat, User
from membership.models import settings as society
from membership.periods import same_day_next, shanghai_date

# How long before its end a seat's holder is told; the rulebook names no figure (REF-3).
NOTICE_DAYS = 30
# 海外分会 count among the committees (APP-3).
COMMITTEES = (InstitutionKind.COMMITTEE, InstitutionKind.OVERSEAS_BRANCH)
RUNNING, ENDING, COMING, OVER, ANY = "running", "ending", "coming", "over", "any"
MOST_CANDIDATES = 8
# Members, also lapsed or frozen ones, which suspends the right and not the seat; former members who have no account here yet (I-8, E-18).
_HOLDERS = Q(standing=Standing.MEMBER) | Q(standing=Standing.APPLICANT, user__isnull=True)


class PersonRefused(DomainError):
    """Somebody who can hold no seat (I-8)."""

    field = "person"
    message = "只有会员，或尚未激活的原会员，可以任职"


class CommitteeRefused(DomainError):
    field = "committee"
    message = "请选择现在开放的专委会"


class TermRefused(DomainError):
    """A term that is none: reversed, too long, over, or beside another one of the same person (I-8)."""

    field = "ends_on"


class SeatOver(DomainError):
    message = "任期已结束，不能再改。续任请新增一条任职"


class SeatUsed(DomainError):
    message = "已有申请人请这位委员推荐，登记不能删除。请改用「结束任职」"


@dataclass(frozen=True)
class Wanted:
    """Which seats a list shows. ``when``: running, ending (within ``NOTICE_DAYS``), coming, over or any; ``committee``: its id."""

    when: str = RUNNING
    term: str = ""
    committee: int | None = None


@dataclass(frozen=True)
class Consequences:
    """What hangs on a seat: requests without an answer, drafts that name it, words given, a code in use."""

    waiting: int
    drafts: int
    given: int
    has_code: bool


# --- Registered, changed, ended (administrators) --------------------------------------------------------


@transaction.atomic
def give(*, member: Member, committee: Institution, role: str, starts_on: date, ends_on: date, by: User, at: datetime) -> Seat:
    """
    Register that a member holds a seat; the holder is told (I-8).

    :raises NotAllowed: not an administrator.
    :raises PersonRefused, CommitteeRefused, TermRefused: it can be no seat.
    """
    _require_administrator(by)
    today = shanghai_date(at)
    member = members.lock(member)
    if not Member.objects.filter(_HOLDERS, pk=member.pk).exists():
        raise PersonRefused()
    if committee.kind not in COMMITTEES or not committee.is_open_on(today):
        raise CommitteeRefused()
    _require_term(starts_on, ends_on, today=today)
    _require_alone(member, committee, starts_on, ends_on)
    told = ends_on if _is_near(ends_on, today) else None
    seat = Seat.objects.create(
        member=member, committee=committee, role=SeatRole(role), starts_on=starts_on, ends_on=ends_on, told_of_end_on=told
    )
    audit.log("seat.give", seat, by=by, at=at, about=member, committee=committee.pk, term=_terms(seat))
    _tell("seat-given", seat, at=at)
    return seat


@transaction.atomic
def change(*, seat: Seat, role: str, starts_on: date, ends_on: date, by: User, at: datetime) -> Seat:
    """
    Correct the role or the term; the same again changes nothing. A term that has begun keeps its first day.

    :raises NotAllowed: not an administrator.
    :raises SeatOver: its term is over.
    :raises TermRefused: no possible term, or one that is over.
    """
    _require_administrator(by)
    seat, today = _lock(seat), shanghai_date(at)
    before = _terms(seat)
    if seat.ends_on < today:
        raise SeatOver()
    if seat.starts_on <= today and starts_on != seat.starts_on:
        raise TermRefused("任期已经开始，开始日期不能再改", field="starts_on")
    _require_term(starts_on, ends_on, today=today)
    _require_alone(seat.member, seat.committee, starts_on, ends_on, besides=seat)
    seat.role, seat.starts_on, seat.ends_on = SeatRole(role), starts_on, ends_on
    changed = {name: [before[name], value] for name, value in _terms(seat).items() if value != before[name]}
    if not changed:
        return seat
    if _is_near(ends_on, today):
        seat.told_of_end_on = ends_on
    seat.save()
    audit.log("seat.change", seat, by=by, at=at, about=seat.member, changed=changed)
    _tell("seat-changed", seat, at=at)
    return seat


@transaction.atomic
def end(*, seat: Seat, last_day: date, by: User, at: datetime) -> Seat:
    """
    结束任职: ``last_day`` is the last day of the term, today or earlier as a rule. The holder is told.

    What was given stands (E-10). Where the last day is past already, requests without an answer become void at once; where it is not, the
    sweeper does it on the day after.

    :raises NotAllowed: not an administrator.
    :raises SeatOver: its term is over.
    :raises TermRefused: a day that cannot be the last one.
    """
    _require_administrator(by)
    seat, today = _lock(seat), shanghai_date(at)
    if seat.ends_on < today:
        raise SeatOver()
    if last_day <= seat.starts_on:
        raise TermRefused(f"任期最后一天须晚于开始日期 {seat.starts_on}", field="last_day")
    if last_day >= seat.ends_on:
        raise TermRefused(f"任期原定 {seat.ends_on} 结束，请选择更早的日期", field="last_day")
    planned, seat.ends_on, seat.told_of_end_on = seat.ends_on, last_day, last_day
    seat.save()
    audit.log("seat.end", seat, by=by, at=at, about=seat.member, changed={"ends_on": [f"{planned}", f"{last_day}"]})
    if last_day < today:
        endorsements.void_requests(seat, at=at)
    _tell("seat-ended", seat, at=at)
    return seat


@transaction.atomic
def remove(*, seat: Seat, by: User, at: datetime) -> None:
    """
    Delete a seat registered by mistake, whom no applicant has named yet, with its code; the audit keeps that it was.

    :raises NotAllowed: not an administrator.
    :raises SeatUsed: somebody named it.
    """
    _require_administrator(by)
    seat = _lock(seat)
    if is_used(seat):
        raise SeatUsed()
    audit.log("seat.remove", seat, by=by, at=at, about=seat.member, committee=seat.committee_id, term=_terms(seat))
    _tell("seat-removed", seat, at=at)
    seat.delete()


def consequences(seat: Seat) -> Consequences:
    """Return what hangs on a seat, for the question before it ends."""
    words = Endorsement.objects.filter(seat=seat)
    return Consequences(
        waiting=words.filter(state=EndorsementState.ASKED).count(),
        drafts=Application.objects.filter(referrer_seat=seat, state=ApplicationState.DRAFT).count(),
        given=words.filter(state=EndorsementState.AGREED).count(),
        has_code=seat.referral_codes.filter(revoked_at__isnull=True).exists(),
    )


def is_used(seat: Seat) -> bool:
    """Whether an applicant ever named the seat, asked its holder, or still does."""
    return Endorsement.objects.filter(seat=seat).exists() or Application.objects.filter(referrer_seat=seat).exists()


# --- Lists -----------------------------------------------------------------------------------------------


def may_manage(user: User) -> bool:
    """Whether an account registers and ends seats (product: People)."""
    return rules.has_role(user, rules.ADMINISTRATOR)


def find(wanted: Wanted, *, today: date) -> QuerySet[Seat]:
    """
    Return the seats looked for, by committee, term, and the holder's name, pinyin, initials or number; with all that
    :func:`suspension` asks at hand.
    """
    frozen = Exists(Freeze.objects.filter(member=OuterRef("member"), ended_at__isnull=True))
    seats = Seat.objects.select_related("member", "committee").prefetch_related("member__affiliations").annotate(is_frozen=frozen)
    found = _in_time(seats, wanted.when, today)
    if wanted.committee is not None:
        found = found.filter(committee=wanted.committee)
    if not wanted.term:
        return found
    if any(character.isdecimal() for character in wanted.term):
        return found.filter(member__number=wanted.term.replace(" ", "").upper())
    return found.filter(lookups.named(wanted.term, through="member__"))


def suspension(seat: Seat, *, today: date) -> Status | None:
    """Return what suspends the right of a seat that :func:`find` found, whatever its term; nothing if nothing does (I-8)."""
    member = seat.member
    if member.user_id is None:
        return Status("未激活", "pending")
    status = members.status_of(member, today, is_frozen=seat.is_frozen, affiliations=member.affiliations.all())  # type: ignore[attr-defined]
    return None if status == MembershipStatus.ACTIVE else of_membership(status)


def candidates(text: str) -> Sequence[Member]:
    """Return those of exactly this name, or with this member number, who may hold a seat; never a part of a list (E-14)."""
    number = text.replace(" ", "").upper()
    number = number if number.isascii() and number.isalnum() else ""
    try:
        name = validators.clean_person_name(text, maximum=society.current().name_max_characters)
    except ValidationError:
        name = ""
    asked = Q(name=name) & ~Q(name="") | Q(number=number) & ~Q(number="")
    found = Member.objects.filter(asked, _HOLDERS).select_related("current_dossier").order_by("pk")
    return list(found[:MOST_CANDIDATES])


def committees(*, today: date) -> QuerySet[Institution]:
    """Return the institutions that have seats and are open today."""
    return Institution.objects.open_on(today).filter(kind__in=COMMITTEES).order_by("kind", "code")


def history(seat: Seat) -> Sequence[AuditEntry]:
    """Return who registered, changed and ended a seat, the latest first."""
    entries = AuditEntry.objects.filter(target="seat", target_id=seat.pk, action__startswith="seat.")
    return list(entries.order_by("-at", "-pk"))


def _in_time(found: QuerySet[Seat], when: str, today: date) -> QuerySet[Seat]:
    running = Q(starts_on__lte=today, ends_on__gte=today)
    conditions = {
        RUNNING: running,
        ENDING: running & Q(ends_on__lte=today + timedelta(days=NOTICE_DAYS)),
        COMING: Q(starts_on__gt=today),
        OVER: Q(ends_on__lt=today),
    }
    return found.filter(conditions[when]) if when in conditions else found


# --- Before the end (REF-3) --------------------------------------------------------------------------------


def ending_soon(today: date) -> QuerySet[Seat]:
    """Return the running seats whose holder has an account and was not told yet that the term ends soon."""
    near = Seat.objects.running_on(today).filter(ends_on__lte=today + timedelta(days=NOTICE_DAYS), member__user__isnull=False)
    return near.exclude(told_of_end_on=F("ends_on"))


def tell_of_ends(*, member: Member, at: datetime) -> None:
    """Tell a holder which of their terms end soon: one message for all of them."""
    member = members.lock(member)
    near = list(ending_soon(shanghai_date(at)).filter(member=member).select_related("committee").order_by("ends_on", "pk"))
    if not near:
        return
    terms = "；".join(f"{seat.committee.name}{seat.get_role_display()}，到 {seat.ends_on}" for seat in near)
    if announce("seat-ending", member.user, at=at, application=None, terms=terms) is None:
        # Kept from them now, say frozen: another day.
        return
    for seat in near:
        seat.told_of_end_on = seat.ends_on
        seat.save(update_fields=["told_of_end_on"])


# --- Inside ------------------------------------------------------------------------------------------------


def _require_administrator(by: User) -> None:
    if not may_manage(by):
        raise NotAllowed()


def _lock(seat: Seat) -> Seat:
    """Lock the holder, then the seat."""
    member = members.lock(seat.member_id)
    fresh = Seat.objects.select_for_update(of=("self",)).select_related("committee").filter(pk=seat.pk).first()
    if fresh is None:
        raise SeatOver("这条任职已经删除")
    fresh.member = member
    return fresh


def _require_term(starts_on: date, ends_on: date, *, today: date) -> None:
    most = society.current().seat_max_years
    if ends_on <= starts_on:
        raise TermRefused("任期结束日期须晚于开始日期")
    if ends_on > same_day_next(starts_on, 12 * most):
        raise TermRefused(f"一届任期最长 {most} 年，最晚到 {same_day_next(starts_on, 12 * most)}")
    if ends_on < today:
        raise TermRefused("任期结束日期不能早于今天")


def _require_alone(member: Member, committee: Institution, starts_on: date, ends_on: date, *, besides: Seat | None = None) -> None:
    """Periods of one person in one committee do not overlap (I-8)."""
    others = Seat.objects.filter(member=member, committee=committee, starts_on__lte=ends_on, ends_on__gte=starts_on)
    other = (others.exclude(pk=besides.pk) if besides else others).first()
    if other is not None:
        term = f"{other.starts_on} 至 {other.ends_on}"
        raise TermRefused(f"与这位委员在本专委会的另一任期（{term}）重叠", field="starts_on")


def _is_near(ends_on: date, today: date) -> bool:
    return ends_on <= today + timedelta(days=NOTICE_DAYS)


def _terms(seat: Seat) -> dict[str, str]:
    return {"role": str(seat.role), "starts_on": f"{seat.starts_on}", "ends_on": f"{seat.ends_on}"}


def _tell(code: str, seat: Seat, *, at: datetime) -> None:
    role = seat.get_role_display()
    announce(code, seat.member.user, at=at, application=None, committee=seat.committee.name, role=role, until=seat.ends_on)
