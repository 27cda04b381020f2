"""A committee member's word on an applicant: asked, given, refused, run out (E-1 to E-12, E-18, K-8)."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction

from membership.domain import audit, deadlines, members, transitions
from membership.domain.announcements import announce, ask_for_endorsement
from membership.domain.errors import DomainError, NotAllowed
from membership.enums import (
    ApplicationState,
    Basis,
    EndorsementState,
    Hold,
    MembershipStatus,
    ReferralMethod,
)
from membership.models import Application, AuditEntry, Endorsement, Seat, User
from membership.models import settings as society
from membership.periods import shanghai_date

MAY_BE_ANSWERED = (EndorsementState.ASKED, EndorsementState.AGREED)
_SUSPENDED = {
    MembershipStatus.FROZEN: "会员资格已冻结，冻结期间不能推荐",
    MembershipStatus.GRACE: "会员资格待续会，续会以后才能推荐",
    MembershipStatus.LAPSED: "会员资格已过期，续会以后才能推荐",
    MembershipStatus.APPLICANT: "入会以后才能推荐",
}


class MayNotEndorse(DomainError):
    """The right to endorse is not there at this moment: seat, membership or freeze (E-9); the message says which."""

    def __init__(self, why: str) -> None:
        super().__init__(f"您现在不能推荐：{why}")


class TooLate(DomainError):
    """The last day for an answer is over, whether or not the sweeper has come by (K-8)."""

    message = "答复期限已过，不能再答复。申请人可以换推荐人，或改交盖章文件"


class RemindedToday(DomainError):
    """The committee member was asked or reminded less than ``endorsement_reminder_days`` ago (K-8)."""

    def __init__(self, again: date) -> None:
        super().__init__(f"{again} 起可以再次提醒")


class ReasonMissing(DomainError):
    """不同意 without a reason."""

    field = "reason_public"
    message = "请填写不同意的原因，申请人会看到"


class ReferrerRefused(DomainError):
    """The person named cannot be the referrer."""

    field = "referrer"
    message = "推荐人已变更，请重新选择"


def open_endorsement(application: Application) -> Endorsement | None:
    """Return the endorsement that is asked or agreed, if any."""
    return application.endorsements.filter(state__in=MAY_BE_ANSWERED).select_related("seat__member", "seat__committee").first()


def latest(application: Application) -> Endorsement | None:
    """Return the last endorsement whatever became of it, for marks like 推荐人未同意 (E-3)."""
    asked = application.endorsements.exclude(state=EndorsementState.DROPPED).select_related("seat__member", "seat__committee")
    return asked.order_by("-asked_at", "-pk").first()


def ask(application: Application, *, at: datetime) -> Endorsement | None:
    """
    Ask the referring committee member, if there is one who can answer online.

    A seat holder not yet activated is not asked: only handwriting or stamp counts (E-18). Needs the lock of the verb that calls it.
    """
    seat = application.referrer_seat
    if application.referral_method != ReferralMethod.COMMITTEE_MEMBER or seat is None or seat.member.user_id is None:
        return None
    if open_endorsement(application) is not None:
        return None
    today = shanghai_date(at)
    endorsement = Endorsement.objects.create(
        application=application, seat=seat, state_since=at, asked_at=at, due_on=deadlines.endorsement_due(today)
    )
    ask_for_endorsement(endorsement, at=at)
    return endorsement


def why_not_refer(seat: Seat, *, today: date) -> str:
    """Return why the holder of a seat can neither endorse nor refer with it today, or nothing if they can (E-9, M-4, Table E)."""
    if today < seat.starts_on:
        return f"任期从 {seat.starts_on} 开始，在此之前不能推荐"
    if today > seat.ends_on:
        return f"任期已于 {seat.ends_on} 结束，不能再推荐"
    status = members.status_on(seat.member, today)
    return "" if status == MembershipStatus.ACTIVE else _SUSPENDED.get(status, "会员资格已终止，不能再推荐")


def why_not_endorse(person: User, endorsement: Endorsement, *, today: date) -> str:
    """Return why the asked person cannot answer this request today, or nothing: their own is nobody's to endorse (E-9)."""
    seat = endorsement.seat
    if seat.member.user_id != person.pk or seat.member_id == endorsement.application.member_id:
        return "不能为本人推荐"
    return why_not_refer(seat, today=today)


def may_endorse(person: User, endorsement: Endorsement, *, at: datetime) -> bool:
    """Whether the right stands at this moment: seat running, member active (not grace), not frozen, not the applicant (E-9)."""
    return not why_not_endorse(person, endorsement, today=shanghai_date(at))


def may_be_named(seat: Seat, *, today: date) -> bool:
    """Whether an applicant may name a seat's holder: who may endorse today, or has not activated the account yet (E-18)."""
    return seat.is_running_on(today) if seat.member.user_id is None else not why_not_refer(seat, today=today)


@transaction.atomic
def agree(*, endorsement: Endorsement, person: User, at: datetime) -> Endorsement:
    """
    同意推荐: keep who said it, and let a file that waited for it go to the association.

    :raises NotAllowed: not the committee member who was asked.
    :raises MayNotEndorse: the right is lost (E-9).
    :raises TooLate: the last day is over (K-8).
    :raises NotPossible: already answered, or over.
    """
    endorsement = _locked(endorsement, person, at=at)
    _require_in_time(endorsement, at=at)
    endorsement.answered_at = at
    _snapshot(endorsement)
    transitions.move(endorsement, "agree", at=at)
    _release_file(endorsement.application, at=at)
    audit.log("endorsement.agree", endorsement, by=person, at=at, about=endorsement.application.member)
    announce(
        "endorsement-agreed", endorsement.application.member.user, at=at, application=endorsement.application, referrer=endorsement.name
    )
    return endorsement


@transaction.atomic
def decline(*, endorsement: Endorsement, person: User, reason_public: str, at: datetime, reason_internal: str = "") -> Endorsement:
    """
    不同意: never ends the application; with a stamp ticked it goes on, else the applicant chooses again (E-3, E-12).

    :raises ReasonMissing: no reason for the applicant.
    :raises NotAllowed, MayNotEndorse, TooLate, NotPossible: as :func:`agree`.
    """
    if not reason_public.strip():
        raise ReasonMissing()
    endorsement = _locked(endorsement, person, at=at)
    _require_in_time(endorsement, at=at)
    endorsement.answered_at = at
    endorsement.reason_public = reason_public
    endorsement.reason_internal = reason_internal
    _snapshot(endorsement)
    transitions.move(endorsement, "decline", at=at)
    _tell_unendorsed("endorsement-declined", endorsement, at=at, reason=reason_public)
    audit.log("endorsement.decline", endorsement, by=person, at=at, about=endorsement.application.member)
    return endorsement


@transaction.atomic
def retract(*, endorsement: Endorsement, person: User, reason_public: str, at: datetime) -> Endorsement:
    """
    Take 同意推荐 back while the file was never with the association; it then counts as declined (E-11).

    :raises NotPossible: the answer is final.
    """
    if not reason_public.strip():
        raise ReasonMissing()
    endorsement = _locked(endorsement, person, at=at)
    application = endorsement.application
    if not may_retract(endorsement):
        raise transitions.NotPossible("申请已到协会，推荐意见不能再改。")
    endorsement.reason_public = reason_public
    endorsement.answered_at = at
    transitions.move(endorsement, "retract", at=at)
    _tell_unendorsed("endorsement-declined", endorsement, at=at, reason=reason_public)
    audit.log("endorsement.retract", endorsement, by=person, at=at, about=application.member)
    return endorsement


def may_retract(endorsement: Endorsement) -> bool:
    """Whether an agreement can still be taken back: the form is awaited, and the file was never with the association (E-11)."""
    application = endorsement.application
    awaited = application.state == ApplicationState.AWAITING_FORM and application.first_checked_at is None
    return awaited and transitions.is_possible(endorsement, "retract")


@transaction.atomic
def time_out(*, endorsement: Endorsement, at: datetime) -> Endorsement:
    """End a request whose ``endorsement_working_days`` are over (K-8); no answer never ends an application (E-3)."""
    endorsement = _lock(endorsement)
    if shanghai_date(at) <= endorsement.due_on:
        raise transitions.NotPossible("推荐人的答复期限还没有到。")
    transitions.move(endorsement, "10 WD over", at=at)
    _tell_unendorsed("endorsement-timed-out", endorsement, at=at)
    audit.log("endorsement.time_out", endorsement, by=None, at=at, about=endorsement.application.member)
    return endorsement


@transaction.atomic
def void(*, endorsement: Endorsement, at: datetime) -> Endorsement:
    """End a request whose committee member lost the right before answering (E-10, M-16)."""
    endorsement = _lock(endorsement)
    transitions.move(endorsement, "void", at=at)
    _tell_unendorsed("endorsement-void", endorsement, at=at)
    audit.log("endorsement.void", endorsement, by=None, at=at, about=endorsement.application.member)
    return endorsement


def void_requests(seat: Seat, *, at: datetime) -> None:
    """End all requests of a seat that is over; one that was answered in this very moment keeps its answer (E-10). Needs a transaction."""
    asked = Endorsement.objects.filter(seat=seat, state=EndorsementState.ASKED).select_related("application")
    for endorsement in asked.order_by("application__member", "pk"):
        with suppress(transitions.NotPossible):
            void(endorsement=endorsement, at=at)


@transaction.atomic
def remind(*, application: Application, person: User, at: datetime) -> Endorsement:
    """
    提醒: ask the committee member once more, in the words of the request, at most once in ``endorsement_reminder_days`` (K-8).

    :raises NotAllowed: not the applicant.
    :raises NotPossible: nobody is asked any more, or the application is on hold.
    :raises ReferrerRefused: the committee member can no longer answer (E-10).
    :raises RemindedToday: asked or reminded a moment ago, e.g. by a double click.
    """
    member = members.lock(application.member_id)
    if member.user_id != person.pk:
        raise NotAllowed()
    endorsement = open_endorsement(Application.objects.select_for_update().get(pk=application.pk))
    if endorsement is None:
        raise transitions.NotPossible("现在没有等待答复的推荐人")
    transitions.require(endorsement, "agree")
    today = shanghai_date(at)
    if today > endorsement.due_on:
        raise transitions.NotPossible("推荐人没有在期限内答复。请更换推荐人，或改交盖章文件")
    if not may_be_named(endorsement.seat, today=today):
        raise ReferrerRefused()
    if today < may_be_reminded_from(endorsement):
        raise RemindedToday(may_be_reminded_from(endorsement))
    endorsement.reminded_at = at
    endorsement.save(update_fields=["reminded_at"])
    audit.log("endorsement.remind", endorsement, by=person, at=at, about=member)
    ask_for_endorsement(endorsement, at=at)
    return endorsement


def may_be_reminded_from(endorsement: Endorsement) -> date:
    """Return the first day on which the applicant may remind the committee member (again) (K-8)."""
    return shanghai_date(endorsement.reminded_at or endorsement.asked_at) + timedelta(days=society.current().endorsement_reminder_days)


@transaction.atomic
def change_referrer(*, application: Application, person: User, seat: Seat, at: datetime) -> Application:
    """
    Name another committee member: the former is told, the new one asked.

    :raises NotAllowed: not the applicant.
    :raises ReferrerRefused: the applicant's own seat, one whose holder cannot endorse now, or has just been asked.
    :raises NotPossible: the file does not wait for form or endorsement.
    """
    member = members.lock(application.member_id)
    application = Application.objects.select_for_update().get(pk=application.pk)
    if member.user_id != person.pk:
        raise NotAllowed()
    if seat.member_id == member.pk or not may_be_named(seat, today=shanghai_date(at)):
        raise ReferrerRefused()
    asked = open_endorsement(application)
    if asked is not None and asked.seat_id == seat.pk:
        raise ReferrerRefused("已经请这位委员推荐，请另选一位")
    transitions.move(application, "change referrer", at=at)
    drop(application, at=at)
    application.referral_method = ReferralMethod.COMMITTEE_MEMBER
    application.referrer_seat = seat
    application.referrer = seat.member
    application.referring_unit = seat.committee.full_name
    application.save()
    ask(application, at=at)
    audit.log("application.change_referrer", application, by=person, at=at, about=member, seat=seat.pk)
    return application


def drop(application: Application, *, at: datetime) -> None:
    """End an open endorsement, asked or given, with the step of its file that makes it needless; the committee member is told."""
    endorsement = open_endorsement(application)
    if endorsement is not None:
        _drop(endorsement, at=at)


def drop_request(application: Application, *, at: datetime) -> None:
    """End a request that another basis makes needless; an endorsement already given stands (E-2, E-10)."""
    endorsement = open_endorsement(application)
    if endorsement is not None and endorsement.state == EndorsementState.ASKED:
        _drop(endorsement, at=at)


def drop_unless_named(application: Application, *, at: datetime) -> None:
    """End an open endorsement by somebody whom the corrected form no longer names."""
    endorsement = open_endorsement(application)
    if endorsement is not None and endorsement.seat_id != application.referrer_seat_id:
        _drop(endorsement, at=at)


def seat_last_named(application: Application) -> int | None:
    """
    Return the seat that the last submission or change of referrer named, asked online or not.

    The audit alone remembers it: answers of the form that belong to the application keep no versions.
    """
    named = AuditEntry.objects.filter(
        target="application", target_id=application.pk, action__in=("application.submit", "application.change_referrer")
    )
    entry = named.order_by("-at", "-pk").first()
    return entry.details.get("seat") if entry else None


def _drop(endorsement: Endorsement, *, at: datetime) -> None:
    application = endorsement.application
    transitions.follow(endorsement, "drop", at=at)
    announce("endorsement-dropped", endorsement.seat.member.user, at=at, application=application, applicant=application.member.name)


def _lock(endorsement: Endorsement) -> Endorsement:
    members.lock(endorsement.application.member_id)
    application = Application.objects.select_for_update().get(pk=endorsement.application_id)
    fresh = Endorsement.objects.select_for_update(of=("self",)).select_related("seat__member", "seat__committee").get(pk=endorsement.pk)
    fresh.application = application
    return fresh


def _locked(endorsement: Endorsement, person: User, *, at: datetime) -> Endorsement:
    fresh = _lock(endorsement)
    if fresh.seat.member.user_id != person.pk:
        raise NotAllowed()
    if why := why_not_endorse(person, fresh, today=shanghai_date(at)):
        raise MayNotEndorse(why)
    return fresh


def _require_in_time(endorsement: Endorsement, *, at: datetime) -> None:
    # While the file is on hold the time stands still, and the hold itself refuses the answer.
    is_asked = endorsement.state == EndorsementState.ASKED and endorsement.application.hold == Hold.NONE
    if is_asked and shanghai_date(at) > endorsement.due_on:
        raise TooLate()


def _snapshot(endorsement: Endorsement) -> None:
    seat = endorsement.seat
    endorsement.name = seat.member.name
    endorsement.committee_name = seat.committee.full_name
    endorsement.role_name = seat.get_role_display()


def _release_file(application: Application, *, at: datetime) -> bool:
    """Send a file that waited for the referrer on to the association; return whether it went."""
    if application.state != ApplicationState.ENDORSING:
        return False
    deadlines.start_clock(application, at=at)
    transitions.follow(application, "endorsement answered", at=at)
    return True


def _tell_unendorsed(code: str, endorsement: Endorsement, *, at: datetime, reason: str = "") -> None:
    application = endorsement.application
    went_on = Basis.STAMP in application.basis and _release_file(application, at=at)
    following = "盖章文件已转协会会员部审核。" if went_on else "请更换推荐人，或改交盖章文件。"
    announce(
        code,
        application.member.user,
        at=at,
        application=application,
        referrer=endorsement.seat.member.name,
        reason=reason,
        next=following,
    )
