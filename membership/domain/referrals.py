"""推荐会员: the applicants who named a committee member, and of each what a referrer may see (REF-1, S-1, S-2)."""

from dataclasses import dataclass
from datetime import date, datetime

from membership.domain import answers, audit, dossiers, endorsements, queues, transitions, visibility, wording
from membership.domain.answers import Answer
from membership.domain.visibility import Reader
from membership.domain.wording import Status
from membership.enums import ApplicationState, EndorsementState
from membership.models import Endorsement, User
from membership.periods import shanghai_date


@dataclass(frozen=True)
class Referral:
    """An applicant in the list. ``status``: how the application stands now; ``answer``: what this committee member said."""

    pk: int
    name: str
    member_type: str
    work_unit: str
    portrait: int | None
    asked_on: date
    due_on: date
    is_waiting: bool
    answer: Status
    status: Status | None


@dataclass(frozen=True)
class Materials:
    """
    One applicant before the committee member who was asked. ``may_answer``: unanswered, and the right stands at this moment;
    ``lost_right``: unanswered, but it does not (E-9). ``may_retract``: E-11.
    """

    referral: Referral
    seat: str
    answers: tuple[Answer, ...]
    may_answer: bool
    lost_right: bool
    may_retract: bool
    answered_on: date | None
    reason_public: str
    reason_internal: str


def referrals_of(person: User) -> tuple[Referral, ...]:
    """Return who named this person as referring committee member, each applicant once: those who wait first, by their date."""
    asked = queues.endorsements_of(person).select_related("application__member", "application__proposed_dossier")
    latest: dict[int, Endorsement] = {}
    for one in asked.order_by("asked_at", "pk"):
        latest[one.application_id] = one
    found = [_referral(one) for one in latest.values()]
    waiting = sorted((one for one in found if one.is_waiting), key=lambda one: (one.due_on, one.pk))
    return (*waiting, *sorted((one for one in found if not one.is_waiting), key=lambda one: (one.asked_on, one.pk), reverse=True))


def materials(endorsement: Endorsement, person: User, *, at: datetime) -> Materials:
    """Return what the asked committee member may see of the applicant, and may do. The caller found it among the person's own."""
    application = endorsement.application
    sealed = dossiers.latest_sealed(application) or application.own_dossier
    shown = answers.answers(
        application, answers.dossier_with_answers(sealed.pk), visibility.visible_fields(Reader.REFERRER), today=shanghai_date(at)
    )
    is_asked = endorsement.state == EndorsementState.ASKED
    holds_right = endorsements.may_endorse(person, endorsement, at=at)
    seat = endorsement.seat
    return Materials(
        referral=_referral(endorsement),
        seat=f"{seat.committee.full_name} {seat.get_role_display()}",
        answers=shown,
        may_answer=is_asked and holds_right and transitions.is_possible(endorsement, "agree"),
        lost_right=is_asked and not holds_right,
        may_retract=holds_right and endorsements.may_retract(endorsement),
        answered_on=shanghai_date(endorsement.answered_at) if endorsement.answered_at else None,
        reason_public=endorsement.reason_public,
        reason_internal=endorsement.reason_internal,
    )


def opened(endorsement: Endorsement, *, person: User, at: datetime) -> None:
    """Note that a committee member looked at an applicant's materials (S-8)."""
    audit.log("endorsement.view", endorsement, by=person, at=at, about=endorsement.application.member)


def _referral(endorsement: Endorsement) -> Referral:
    application = endorsement.application
    dossier = application.own_dossier
    word = transitions.applicant_word(application)
    return Referral(
        pk=endorsement.pk,
        name=application.member.name,
        member_type=dossier.get_member_type_display() if dossier.member_type else "",
        work_unit=dossier.work_unit_name,
        portrait=dossier.portrait_id,
        asked_on=shanghai_date(endorsement.asked_at),
        due_on=endorsement.due_on,
        is_waiting=endorsement.state == EndorsementState.ASKED and application.state != ApplicationState.DRAFT,
        answer=wording.of_endorsement(endorsement.state),
        status=wording.of_word(word) if word else None,
    )
