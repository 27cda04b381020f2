"""推荐会员: the applicants who named a committee member, and of each what a referrer may see (REF-1, S-1, S-2)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from membership.domain import answers, audit, dossiers, endorsements, queues, transitions, visibility, wording
from membership.domain.answers import Answer
from membership.domain.visibility import Reader
from membership.domain.wording import Status
from membership.enums import EndorsementState, Hold
from membership.models import Endorsement, Seat, User
from membership.periods import shanghai_date

TO_DO, WAITING, ANSWERED = "to_do", "waiting", "answered"
# Over for the committee member: withdrawn, replaced by another, or the right lost (E-10).
OVER = (EndorsementState.DROPPED, EndorsementState.VOID)


@dataclass(frozen=True)
class Referral:
    """
    An applicant in the list. ``group``: to do, waiting for something else than the committee member (``because`` says what), or answered;
    ``status``: how the application stands now; ``answer``: what this committee member said.
    """

    pk: int
    name: str
    member_type: str
    work_unit: str
    portrait: int | None
    asked_on: date
    due_on: date
    group: str
    because: str
    answer: Status
    status: Status | None
    is_unanswered: bool


@dataclass(frozen=True)
class SeatLine:
    """One of the person's own seats: which, until when, and why it refers nobody today (empty if it does)."""

    pk: int
    name: str
    starts_on: date
    ends_on: date
    why_not: str


@dataclass(frozen=True)
class Overview:
    """The page 推荐会员. ``why_not``: why none of the seats refers anybody today; ``mark`` changes whenever something on the page does."""

    seats: tuple[SeatLine, ...]
    referrals: tuple[Referral, ...]
    why_not: str
    mark: str

    def of(self, group: str) -> tuple[Referral, ...]:
        """Return the applicants of one group, in the order in which they are shown."""
        return tuple(one for one in self.referrals if one.group == group)


@dataclass(frozen=True)
class Materials:
    """
    One applicant before the committee member who was asked. ``may_answer``: unanswered, and the right stands at this moment;
    ``why_not``: unanswered, but it cannot be answered now, and why (E-9, K-8). ``may_retract``: E-11.
    """

    referral: Referral
    seat: str
    answers: tuple[Answer, ...]
    may_answer: bool
    why_not: str
    may_retract: bool
    answered_on: date | None
    reason_public: str
    reason_internal: str


def overview(person: User, *, at: datetime) -> Overview:
    """Return the page of a person who holds seats, or held some."""
    today = shanghai_date(at)
    lines = tuple(_seat_line(seat, today) for seat in seats_of(person))
    referrals = _referrals(person, {line.pk: line.why_not for line in lines}, today)
    reasons = [line.why_not for line in lines]
    return Overview(lines, referrals, "" if "" in reasons else next(iter(reasons), ""), _mark(lines, referrals))


def requests_of(person: User) -> QuerySet[Endorsement]:
    """Return every request a person was ever sent, also those that are over and show nothing any more (``OVER``)."""
    return Endorsement.objects.filter(seat__member__user=person)


def materials(endorsement: Endorsement, person: User, *, at: datetime) -> Materials:
    """Return what the asked committee member may see of the applicant, and may do. The caller found it among the person's own."""
    application, today = endorsement.application, shanghai_date(at)
    sealed = dossiers.latest_sealed(application) or application.own_dossier
    shown = answers.answers(application, answers.dossier_with_answers(sealed.pk), visibility.visible_fields(Reader.REFERRER), today=today)
    lost = endorsements.why_not_endorse(person, endorsement, today=today)
    because = _because(endorsement, lost, today) if endorsement.state == EndorsementState.ASKED else ""
    return Materials(
        referral=_referral(endorsement, lost, today),
        seat=_seat_name(endorsement.seat),
        answers=shown,
        may_answer=endorsement.state == EndorsementState.ASKED and not because,
        why_not=because,
        may_retract=not lost and endorsements.may_retract(endorsement),
        answered_on=shanghai_date(endorsement.answered_at) if endorsement.answered_at else None,
        reason_public=endorsement.reason_public,
        reason_internal=endorsement.reason_internal,
    )


def opened(endorsement: Endorsement, *, person: User, at: datetime) -> None:
    """Note that a committee member looked at an applicant's materials (S-8)."""
    audit.log("endorsement.view", endorsement, by=person, at=at, about=endorsement.application.member)


def seats_of(person: User) -> QuerySet[Seat]:
    """Return the seats behind an account, those that end last first."""
    return Seat.objects.filter(member__user=person).select_related("member", "committee").order_by("-ends_on", "pk")


def _seat_line(seat: Seat, today: date) -> SeatLine:
    return SeatLine(seat.pk, _seat_name(seat), seat.starts_on, seat.ends_on, endorsements.why_not_refer(seat, today=today))


def _seat_name(seat: Seat) -> str:
    return f"{seat.committee.full_name} {seat.get_role_display()}"


def _referrals(person: User, why_not: Mapping[int, str], today: date) -> tuple[Referral, ...]:
    """Return each applicant once, with the last request: what is to do first, by its date; then what waits; the answered newest first."""
    asked = queues.endorsements_of(person).select_related("application__member", "application__proposed_dossier")
    latest = {one.application_id: one for one in asked.order_by("asked_at", "pk")}
    found = [_referral(one, why_not.get(one.seat_id, ""), today) for one in latest.values()]
    unanswered = sorted((one for one in found if one.is_unanswered), key=lambda one: (one.due_on, one.pk))
    answered = sorted((one for one in found if not one.is_unanswered), key=lambda one: (one.asked_on, one.pk), reverse=True)
    return (*unanswered, *answered)


def _referral(endorsement: Endorsement, why_not: str, today: date) -> Referral:
    application = endorsement.application
    dossier = application.own_dossier
    word = transitions.applicant_word(application)
    is_unanswered = endorsement.state == EndorsementState.ASKED
    because = _because(endorsement, why_not, today) if is_unanswered else ""
    return Referral(
        pk=endorsement.pk,
        name=application.member.name,
        member_type=dossier.get_member_type_display() if dossier.member_type else "",
        work_unit=dossier.work_unit_name,
        portrait=dossier.portrait_id,
        asked_on=shanghai_date(endorsement.asked_at),
        due_on=endorsement.due_on,
        group=(WAITING if because else TO_DO) if is_unanswered else ANSWERED,
        because=because,
        answer=wording.of_endorsement(endorsement.state),
        status=wording.of_word(word) if word else None,
        is_unanswered=is_unanswered,
    )


def _because(endorsement: Endorsement, why_not: str, today: date) -> str:
    """Return why a request cannot be answered now, or nothing if it can."""
    if why_not:
        return why_not
    if endorsement.application.hold == Hold.FROZEN:
        return "申请已暂停审核，恢复以后再答复"
    if not transitions.is_possible(endorsement, "agree"):
        return "申请现在不能答复"
    return "答复期限已过，不用再答复" if today > endorsement.due_on else ""


def _mark(seats: tuple[SeatLine, ...], referrals: tuple[Referral, ...]) -> str:
    return hashlib.sha256(repr((seats, referrals)).encode()).hexdigest()[:16]
