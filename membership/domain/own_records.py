"""
What the society holds of one person, read for their own pages in a handful of queries whatever the state.

Questions about it are pure; they stand in the modules that show it (``member_centre``, ``progress``, ``own_rows``, ``todo``).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Prefetch, Subquery, prefetch_related_objects

from membership.domain import members
from membership.enums import ApplicationKind, Hold, MembershipStatus, Standing
from membership.models import (
    Affiliation,
    Application,
    ApplicationInstitution,
    Certificate,
    Decision,
    Dossier,
    Endorsement,
    Freeze,
    Member,
    Reopening,
    Seat,
    StampedForm,
    User,
)
from membership.periods import shanghai_date

_ENROLMENTS = (ApplicationKind.FIRST_ENROLMENT, ApplicationKind.FURTHER_ENROLMENT)


@dataclass(frozen=True)
class Records:
    """
    A person's records on the day ``today``. A bare account has no ``member`` and nothing else.

    ``enrolments``: newest first; those once submitted have rows, counted decisions and ``form_uploaded_at`` at hand, the open ones
    endorsements too. ``frozen_because``: what the member reads of an open freeze, else empty. ``reopening``: of a file that is open for
    correction.
    """

    user: User
    today: date
    member: Member | None = None
    status: MembershipStatus = MembershipStatus.APPLICANT
    frozen_because: str = ""
    holds_seat: bool = False
    enrolments: tuple[Application, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    certificate: Certificate | None = None
    reopening: Reopening | None = None

    @property
    def first_enrolment(self) -> Application | None:
        """The person's latest first enrolment, whatever its state."""
        return next((one for one in self.enrolments if one.kind == ApplicationKind.FIRST_ENROLMENT), None)

    @property
    def is_member(self) -> bool:
        """Whether the person belongs to the society today; who is frozen or has lapsed was let in and still has a number."""
        return self.member is not None and self.member.standing == Standing.MEMBER

    @property
    def is_frozen(self) -> bool:
        return bool(self.frozen_because)

    @property
    def dossier(self) -> Dossier | None:
        """What the person's identity is shown from: the current dossier, before the first approval the proposed one."""
        if self.member is not None and self.member.current_dossier is not None:
            return self.member.current_dossier
        application = self.first_enrolment
        return application.proposed_dossier if application else None


def records_of(user: User, *, at: datetime) -> Records:
    """Read what the society holds of the person behind an account."""
    today = shanghai_date(at)
    member = _member(user)
    if member is None:
        return Records(user=user, today=today)
    # An applicant has neither affiliations nor an edition; who was let in once keeps the number (N-1).
    was_let_in = member.number is not None
    affiliations = _affiliations(member) if was_let_in else ()
    enrolments = _enrolments(member)
    return Records(
        user=user,
        today=today,
        member=member,
        status=members.status_of(member, today, is_frozen=bool(member.frozen_because), affiliations=affiliations),
        frozen_because=member.frozen_because or "",
        holds_seat=member.holds_seat,
        enrolments=enrolments,
        affiliations=affiliations,
        certificate=_live_edition(member) if was_let_in else None,
        reopening=_reopening(enrolments),
    )


def _member(user: User) -> Member | None:
    open_freeze = Freeze.objects.filter(member=OuterRef("pk"), ended_at__isnull=True)
    return (
        Member.objects.filter(user=user)
        .select_related("current_dossier")
        .annotate(frozen_because=Subquery(open_freeze.values("reason")[:1]), holds_seat=Exists(Seat.objects.filter(member=OuterRef("pk"))))
        .first()
    )


def _affiliations(member: Member) -> tuple[Affiliation, ...]:
    held = member.affiliations.filter(voided_at__isnull=True).select_related("institution", "decision")
    return tuple(held.order_by("valid_from", "pk"))


def _live_edition(member: Member) -> Certificate | None:
    return Certificate.objects.live().filter(member=member).first()


def _enrolments(member: Member) -> tuple[Application, ...]:
    uploads = StampedForm.objects.filter(application=OuterRef("pk"), superseded_at__isnull=True).values("uploaded_at")[:1]
    found = (
        member.applications.filter(kind__in=_ENROLMENTS)
        .select_related("proposed_dossier")
        .annotate(form_uploaded_at=Subquery(uploads))
        .order_by("-created_at", "-pk")
    )
    enrolments = list(found)
    for application in enrolments:
        application.member = member
    fetch_rounds([application for application in enrolments if application.submitted_at])
    prefetch_related_objects(
        [application for application in enrolments if application.submitted_at and application.is_open],
        Prefetch("endorsements", Endorsement.objects.select_related("seat__member", "seat__committee").order_by("asked_at", "pk")),
    )
    return tuple(enrolments)


def fetch_rounds(applications: list[Application]) -> None:
    """Fetch rows and counted decisions along: in two queries for all of them."""
    decisions = Decision.objects.counted().select_related("institution").annotate(dossier_version=F("dossier__version"))
    rows = ApplicationInstitution.objects.select_related("institution", "replaces__institution").order_by("pk")
    prefetch_related_objects(applications, Prefetch("rows", rows), Prefetch("decisions", decisions))


def _reopening(enrolments: tuple[Application, ...]) -> Reopening | None:
    held = next((one for one in enrolments if one.hold == Hold.REOPENED), None)
    return Reopening.objects.filter(application=held, closed_at__isnull=True).first() if held else None
