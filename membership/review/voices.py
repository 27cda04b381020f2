"""What others said on a case: the committee member, the association, the institutions (S-4, E-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from membership.domain import answers, visibility, wording
from membership.domain.own_rows import decider_of
from membership.domain.visibility import Reader
from membership.domain.wording import Status, day
from membership.enums import ApplicationKind, ApplicationState, Basis, RowState
from membership.models import Application, ApplicationInstitution, Decision, Endorsement
from membership.periods import shanghai_date
from membership.review import statuses
from membership.review.due import Due, due_on


@dataclass(frozen=True)
class Round:
    """One verdict: the round, who spoke and when, what they said."""

    number: int
    decider: str
    when: str
    status: Status
    reason: str = ""
    fields: Sequence[str] = ()
    taken_back: str = ""


@dataclass(frozen=True)
class Word:
    """A committee member's word on the applicant; ``internal`` is for the association alone (E-12)."""

    who: str
    status: Status
    when: str
    reason: str = ""
    internal: str = ""


@dataclass(frozen=True)
class InstitutionLine:
    """
    One of the institutions applied to, as the association reads it; ``url``: its own screen, where the reviewer decides it;
    ``replaces``: whose place it is to take (A-10).
    """

    name: str
    status: Status
    due: Due | None = None
    url: str = ""
    replaces: str = ""


def word_of(endorsement: Endorsement | None, reader: Reader) -> Word | None:
    """Return the word of the committee member who was asked, as far as the reader may know it."""
    if endorsement is None or not visibility.sees(reader, "endorsement"):
        return None
    seat = endorsement.seat
    name = endorsement.name or seat.member.name
    place = endorsement.committee_name or seat.committee.full_name
    role = endorsement.role_name or seat.get_role_display()
    return Word(
        who=f"{name}，{place} {role}",
        status=wording.of_endorsement(endorsement.state),
        # Without an answer: since when it is waited for, or when that was over.
        when=_date(endorsement.answered_at or endorsement.state_since),
        reason=endorsement.reason_public,
        internal=endorsement.reason_internal if visibility.sees(reader, "endorsement_internal") else "",
    )


def basis_of(application: Application, reader: Reader) -> str:
    """
    Return what the form rests on (E-1); an institution reads that the association looked at it (S-2).

    A further enrolment has no form (A-11).
    """
    if application.kind == ApplicationKind.FURTHER_ENROLMENT:
        confirmed = f"，已于 {_date(application.confirmed_true_at)} 确认资料仍然属实" if application.confirmed_true_at else ""
        return f"会员加入更多机构，不需要盖章和推荐{confirmed}"
    if not visibility.sees(reader, "stamped_form"):
        return "盖章已由协会核验"
    return "，".join(Basis(one).label for one in application.basis)


def round_of(decision: Decision, reader: Reader) -> Round:
    """Return a verdict that the reader knows of; who spoke for the association, an institution does not read."""
    own = reader is Reader.ASSOCIATION or decision.institution_id is not None
    person = f"　{decision.decided_by}" if own and decision.decided_by else ""
    return Round(
        number=decision.round,
        decider=decider_of(decision) + person,
        when=_date(decision.decided_at),
        status=statuses.of_verdict(decision.verdict),
        reason=decision.reason,
        fields=[answers.LABELS[name] for name in decision.fields if name in answers.LABELS],
        taken_back=f"{_date(decision.taken_back_at)} 已撤回：{decision.taken_back_reason}" if decision.taken_back_at else "",
    )


# What the association's screen shows of the institutions applied to, twice.
ROWS = Prefetch("rows", ApplicationInstitution.objects.select_related("institution", "replaces__institution").order_by("pk"))


def institution_lines(application: Application, urls: dict[int, str], *, today: date) -> list[InstitutionLine]:
    """Return the institutions applied to, for the association; ``urls``: by id of the row, where the reviewer decides it."""
    rows = [row for row in application.rows.all() if row.state != RowState.MOVED]
    return [
        InstitutionLine(
            name=row.institution.name,
            status=_status(row, application),
            due=due_on(row.due_on, today=today) if row.state == RowState.PENDING else None,
            url=urls.get(row.pk, ""),
            replaces=row.replaces.institution.name if row.replaces else "",
        )
        for row in rows
    ]


def _status(row: ApplicationInstitution, application: Application) -> Status:
    """How a row stands; before it reached its institution it stands as its file does."""
    was_returned = application.state == ApplicationState.RETURNED and row.state == RowState.WAITING
    return Status("待申请人修改", "pending") if was_returned else statuses.of_row(row)


def _date(moment: datetime) -> str:
    return day(shanghai_date(moment))
