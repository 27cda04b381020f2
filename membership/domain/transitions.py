"""
What may happen when: the whole life of every application, row and endorsement on a few screens (Table B of the rules).

:data:`STEPS` is the only statement of it, and :func:`move` the only writer of ``state``. A step says in which state an action is possible,
for which kinds, who acts, and where it may lead; which of several next states it is follows from the facts, so the verb that acts
names it. Guards that need more than the state (limits, claims, Table C) stand in the verbs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from membership.domain.errors import DomainError
from membership.enums import ApplicationKind, ApplicationState, EndorsementState, Hold, Outcome, RowState, StatusWord
from membership.models import Application, ApplicationInstitution, Endorsement
from membership.models.applications import ENDED_STATES, OPEN_ROW_STATES, OPEN_STATES

NONE = "none"  # before it exists
DELETED = "deleted"  # after it is gone
SAME = "same"
RUNNING_OR_GRACE = "running or grace"
ENDED = "ended"
DUE = "due"
RENEWED = "renewed"


class Subject(StrEnum):
    FILE = "file"
    ROW = "row"
    ENDORSEMENT = "endorsement"
    AFFILIATION = "affiliation"
    RENEWAL = "renewal"


class Actor(StrEnum):
    """Who acts: applicant or member, referrer, association, institution, administrator, or the system itself."""

    APPLICANT = "App"
    REFERRER = "Ref"
    ASSOCIATION = "Assoc"
    INSTITUTION = "Inst"
    ADMINISTRATOR = "Adm"
    SYSTEM = "Sys"


App, Ref, Assoc, Inst, Adm, Sys = Actor
F, R, E, A, N = Subject

FIRST = (ApplicationKind.FIRST_ENROLMENT,)
FURTHER = (ApplicationKind.FURTHER_ENROLMENT,)
ENROLMENT = FIRST + FURTHER
ACTIVATION = (ApplicationKind.ACTIVATION,)
AMENDED = (ApplicationKind.CHANGE, ApplicationKind.UPGRADE)  # change, upgrade
CHECKED = ACTIVATION + AMENDED
WITH_FORM = FIRST + AMENDED
REVIEWED = FIRST + CHECKED
ALL = ENROLMENT + CHECKED

DRAFT, AWAITING, ENDORSING, CHECKING, DECIDING, RETURNED, CLOSED, WITHDRAWN, EXPIRED = ApplicationState
ROW_WAITING, ROW_PENDING, ROW_APPROVED, ROW_REFUSED, ROW_WITHDRAWN, ROW_MOVED = RowState
ASKED, AGREED, DECLINED, TIMED_OUT, DROPPED, VOID = EndorsementState


@dataclass(frozen=True)
class Step:
    """
    One line of Table B.

    ``during`` lists the holds in which the step is possible all the same; ``only_during`` demands one of them.
    """

    subject: Subject
    kinds: tuple[ApplicationKind, ...]
    state: str
    action: str
    actors: tuple[Actor, ...]
    to: tuple[str, ...]
    during: tuple[Hold, ...] = ()
    only_during: tuple[Hold, ...] = ()


def step(
    subject: Subject,
    kinds: tuple[ApplicationKind, ...],
    states: str | tuple[str, ...],
    action: str,
    actors: Actor | tuple[Actor, ...],
    to: str | tuple[str, ...],
    during: tuple[Hold, ...] = (),
    only_during: tuple[Hold, ...] = (),
) -> list[Step]:
    """Spell one line of the table out over its states."""
    states = states if isinstance(states, tuple) else (states,)
    to = to if isinstance(to, tuple) else (to,)
    actors = actors if isinstance(actors, tuple) else (actors,)
    return [
        Step(subject, kinds, str(s), action, actors, tuple(str(s) if t == SAME else str(t) for t in to), during, only_during)
        for s in states
    ]


def table(*lines: list[Step]) -> tuple[Step, ...]:
    return tuple(one for line in lines for one in line)


REOPENED, FROZEN, REPORTED = Hold.REOPENED, Hold.FROZEN, Hold.REPORTED
ANY_HOLD = (REOPENED, FROZEN, REPORTED)
UNFROZEN = (REOPENED, REPORTED)  # a withdrawal passes these, never a freeze
WAY_OUT = (CLOSED, RETURNED, WITHDRAWN)

STEPS: tuple[Step, ...] = table(
    # --- the file, from its start to its submission -------------------------------------------------
    step(F, ALL, NONE, "start", App, DRAFT),
    step(F, ALL, DRAFT, "save", App, DRAFT),
    step(F, ALL, DRAFT, "discard", App, DELETED),
    step(F, ALL, DRAFT, "day 180", Sys, DELETED),
    step(F, FIRST, DRAFT, "submit", App, AWAITING),
    step(F, FURTHER, DRAFT, "submit", App, DECIDING),
    step(F, ACTIVATION, DRAFT, "submit", App, CHECKING),
    step(F, (ApplicationKind.CHANGE,), DRAFT, "submit", App, (AWAITING, CHECKING, CLOSED)),
    step(F, (ApplicationKind.UPGRADE,), DRAFT, "submit", App, AWAITING),
    # --- the signed form and the referrer's word ------------------------------------------------------
    step(F, WITH_FORM, AWAITING, "recall", App, (DRAFT, RETURNED)),
    step(F, FIRST, AWAITING, "upload form", App, (ENDORSING, CHECKING)),
    step(F, AMENDED, AWAITING, "upload form", App, CHECKING),
    step(F, WITH_FORM, AWAITING, "day 60", Sys, EXPIRED),
    step(F, FIRST, ENDORSING, "day 60", Sys, EXPIRED),
    step(F, FIRST, (AWAITING, ENDORSING), "change referrer", App, SAME),
    step(F, FIRST, ENDORSING, "switch to stamp", App, CHECKING),
    # --- with the association ---------------------------------------------------------------------------
    step(F, FIRST, CHECKING, "approve", Assoc, DECIDING),
    step(F, CHECKED, CHECKING, "approve", Assoc, CLOSED),
    step(F, REVIEWED, CHECKING, "refuse", Assoc, RETURNED),
    step(F, REVIEWED, CHECKING, "not accepted", Assoc, CLOSED),
    step(F, WITH_FORM, CHECKING, "replace scan", App, CHECKING),
    step(F, REVIEWED, CHECKING, "reopen", Assoc, CHECKING),
    step(F, FIRST, DECIDING, "reopen", Assoc, DECIDING),
    step(F, REVIEWED, CHECKING, "resubmit sections", App, (CHECKING, AWAITING), only_during=(REOPENED,)),
    step(F, FIRST, DECIDING, "resubmit sections", App, (CHECKING, AWAITING), only_during=(REOPENED,)),
    step(F, REVIEWED, CHECKING, "reopening over", Sys, CHECKING, only_during=(REOPENED,)),
    step(F, FIRST, DECIDING, "reopening over", Sys, DECIDING, only_during=(REOPENED,)),
    step(F, FIRST, DECIDING, "take back approval", Assoc, CHECKING),
    step(F, REVIEWED, RETURNED, "take back refusal", Assoc, CHECKING),
    # --- returned, and once more -----------------------------------------------------------------------
    step(F, REVIEWED, RETURNED, "correct", App, RETURNED),
    step(F, WITH_FORM, RETURNED, "resubmit", App, (AWAITING, CHECKING)),
    step(F, ACTIVATION, RETURNED, "resubmit", App, CHECKING),
    step(F, REVIEWED, RETURNED, "day 90", Sys, EXPIRED),
    # --- ways out -------------------------------------------------------------------------------------------
    step(F, ALL, DRAFT, "withdraw", App, WITHDRAWN, during=UNFROZEN),
    step(F, WITH_FORM, AWAITING, "withdraw", App, WITHDRAWN, during=UNFROZEN),
    step(F, FIRST, ENDORSING, "withdraw", App, WITHDRAWN, during=UNFROZEN),
    step(F, REVIEWED, (CHECKING, RETURNED), "withdraw", App, WITHDRAWN, during=UNFROZEN),
    step(F, ENROLMENT, DECIDING, "withdraw all", App, WAY_OUT, during=UNFROZEN),
    step(F, FIRST, (AWAITING, CHECKING, RETURNED), "last row decided", Sys, (RETURNED, WITHDRAWN), during=ANY_HOLD),
    step(F, FIRST, ENDORSING, "last row decided", Sys, WITHDRAWN, during=ANY_HOLD),
    step(F, ENROLMENT, DECIDING, "last row decided", Sys, WAY_OUT, during=ANY_HOLD),
    step(F, ALL, OPEN_STATES, "freeze", (Assoc, Adm), SAME, during=(REOPENED, REPORTED)),
    step(F, ALL, OPEN_STATES, "unfreeze", Adm, SAME, only_during=(FROZEN,)),
    step(F, ALL, OPEN_STATES, "end by system", Sys, (WITHDRAWN, CLOSED), during=ANY_HOLD),
    # --- the row ----------------------------------------------------------------------------------------------
    step(R, FIRST, ROW_WAITING, "file approved", Assoc, ROW_PENDING),
    step(R, FIRST, ROW_WAITING, "withdraw", App, ROW_WITHDRAWN, during=UNFROZEN),
    step(R, ENROLMENT, ROW_PENDING, "withdraw", App, ROW_WITHDRAWN, during=UNFROZEN),
    step(R, ENROLMENT, ROW_PENDING, "approve", (Inst, Assoc), ROW_APPROVED),
    step(R, ENROLMENT, ROW_PENDING, "refuse", (Inst, Assoc), ROW_REFUSED),
    step(R, ENROLMENT, ROW_PENDING, "report", Inst, ROW_PENDING),
    step(R, ENROLMENT, ROW_PENDING, "dismiss", Assoc, ROW_PENDING, only_during=(REPORTED,)),
    step(R, ENROLMENT, ROW_REFUSED, "resubmit row", App, ROW_PENDING),
    step(R, FIRST, ROW_REFUSED, "file resubmitted", App, (ROW_WAITING, ROW_MOVED, ROW_REFUSED)),
    step(R, ENROLMENT, (ROW_APPROVED, ROW_REFUSED), "take back", (Inst, Assoc), ROW_PENDING),
    step(R, FIRST, ROW_WAITING, "institution merged", Sys, (ROW_MOVED, ROW_WITHDRAWN), during=ANY_HOLD),
    step(R, ENROLMENT, ROW_PENDING, "institution merged", Sys, (ROW_MOVED, ROW_WITHDRAWN), during=ANY_HOLD),
    step(R, FIRST, ROW_WAITING, "institution closed", Sys, ROW_WITHDRAWN, during=ANY_HOLD),
    step(R, ENROLMENT, ROW_PENDING, "institution closed", Sys, ROW_WITHDRAWN, during=ANY_HOLD),
    # --- the endorsement --------------------------------------------------------------------------------------
    step(E, FIRST, ASKED, "agree", Ref, AGREED),
    step(E, FIRST, ASKED, "decline", Ref, DECLINED),
    step(E, FIRST, ASKED, "10 WD over", Sys, TIMED_OUT),
    step(E, FIRST, ASKED, "void", Sys, VOID, during=ANY_HOLD),
    step(E, FIRST, AGREED, "retract", Ref, DECLINED),
    # --- what a member holds; these states are computed from dates --------------------------------------
    step(A, (), RUNNING_OR_GRACE, "give up affiliation", App, ENDED),
    step(A, (), RUNNING_OR_GRACE, "terminate", Assoc, ENDED),
    step(N, (), DUE, "renew", App, RENEWED),
)

_BY_KEY: dict[tuple[str | None, Subject, str, str], Step] = {
    (kind, one.subject, one.state, one.action): one for one in STEPS for kind in (one.kinds or (None,))
}

# Consequences of another step rather than acts of their own: a referrer's answer moves the file on, and the file's fate takes its rows and
# its endorsement along.
_FOLLOWS: dict[Subject, dict[str, frozenset[str]]] = {
    Subject.FILE: {"endorsement answered": frozenset({ENDORSING})},
    Subject.ENDORSEMENT: {"drop": frozenset({ASKED, AGREED})},
    Subject.ROW: {
        "file ended": frozenset(OPEN_ROW_STATES),
        "file not accepted": frozenset(OPEN_ROW_STATES),
        "file back in checking": frozenset({ROW_PENDING}),
    },
}
_FOLLOWS_TO = {
    "endorsement answered": CHECKING,
    "drop": DROPPED,
    "file ended": ROW_WITHDRAWN,
    "file not accepted": ROW_REFUSED,
    "file back in checking": ROW_WAITING,
}


# The actions that hold a row up, or let it go on.
_ROW_HOLDS = {"report": REPORTED, "dismiss": Hold.NONE}


class NotPossible(DomainError):
    """The action is not possible in the present state; the message names the state in the words people read."""


def step_for(subject: Subject, kind: str | None, state: str, action: str) -> Step | None:
    """Return the step of the table, or None where it has none."""
    return _BY_KEY.get((kind, subject, str(state), action))


def is_possible(thing: Application | ApplicationInstitution | Endorsement, action: str) -> bool:
    """Whether state and holds allow the action; guards beyond the state are the verb's."""
    subject, kind, state, holds = _facts(thing)
    found = step_for(subject, kind, state, action)
    return found is not None and _holds_allow(found, holds)


def require(thing: Application | ApplicationInstitution | Endorsement, action: str) -> Step:
    """
    Return the step, or refuse.

    :raises NotPossible: state or hold does not allow it.
    """
    subject, kind, state, holds = _facts(thing)
    found = step_for(subject, kind, state, action)
    if found is None:
        raise NotPossible(f"这一步现在不能进行：目前状态为「{state_label(subject, state)}」。")
    if not _holds_allow(found, holds):
        raise NotPossible(_hold_message(holds, found))
    return found


def require_start(kind: str) -> Step:
    """Return the step by which an application of this kind begins."""
    return _BY_KEY[(ApplicationKind(kind), Subject.FILE, NONE, "start")]


def move(
    thing: Application | ApplicationInstitution | Endorsement, action: str, to: str | None = None, *, at: datetime, outcome: str = ""
) -> str:
    """
    Carry out a step of the table: check it, write the state, save. Return the new state.

    ``to`` is needed only where the step may lead to several states. ``outcome`` goes with a file that is closed. A file or row that
    ends loses its hold; a file that moves on is no longer reopened.

    :raises NotPossible: state or hold does not allow it.
    """
    found = require(thing, action)
    target = _target(found, to)
    if target == DELETED:
        thing.delete()
        return DELETED
    if isinstance(thing, ApplicationInstitution) and action in _ROW_HOLDS:
        thing.hold = _ROW_HOLDS[action]
    _write(thing, target, at=at, outcome=outcome)
    return target


def follow(thing: Application | ApplicationInstitution | Endorsement, consequence: str, *, at: datetime) -> None:
    """
    Carry a thing along with what happened to another: a file on ``endorsement answered``, a row on ``file ended``,
    ``file not accepted`` and ``file back in checking``, an endorsement on ``drop``. These have no actor and pass every hold.

    :raises NotPossible: the state is not one that this consequence reaches.
    """
    subject, _, state, _ = _facts(thing)
    if state not in _FOLLOWS[subject][consequence]:
        raise NotPossible(f"这一步现在不能进行：目前状态为「{state_label(subject, state)}」。")
    _write(thing, _FOLLOWS_TO[consequence], at=at)


def state_label(subject: Subject, state: str) -> str:
    """Return the staff's word for a state."""
    choices: dict[Subject, type] = {
        Subject.FILE: ApplicationState,
        Subject.ROW: RowState,
        Subject.ENDORSEMENT: EndorsementState,
    }
    return choices[subject](state).label if subject in choices else state


def applicant_word(application: Application) -> StatusWord | None:
    """Return the word an applicant reads of a file: one of four, or none for a draft."""
    if application.state == CLOSED:
        return StatusWord.APPROVED if application.outcome == Outcome.APPROVED else StatusWord.REFUSED
    return {
        DRAFT: None,
        RETURNED: StatusWord.REFUSED,
        WITHDRAWN: StatusWord.WITHDRAWN,
        EXPIRED: StatusWord.WITHDRAWN,
    }.get(ApplicationState(application.state), StatusWord.PENDING)


def row_word(row: ApplicationInstitution) -> StatusWord:
    """Return the word an applicant reads of a row; a waiting row of a returned file reads as the file (state words, page 1)."""
    if row.state == ROW_WAITING and row.application.state == RETURNED:
        return StatusWord.REFUSED
    return {
        ROW_APPROVED: StatusWord.APPROVED,
        ROW_REFUSED: StatusWord.REFUSED,
        ROW_WITHDRAWN: StatusWord.WITHDRAWN,
        ROW_MOVED: StatusWord.WITHDRAWN,
    }.get(RowState(row.state), StatusWord.PENDING)


def _facts(thing: Application | ApplicationInstitution | Endorsement) -> tuple[Subject, str, str, tuple[Hold, ...]]:
    """Return subject, kind, state and the holds in force; a file's hold lies on its rows and endorsements too."""
    if isinstance(thing, Application):
        return Subject.FILE, ApplicationKind(thing.kind), thing.state, _real((thing.hold,))
    kind = ApplicationKind(thing.application.kind)
    if isinstance(thing, ApplicationInstitution):
        return Subject.ROW, kind, thing.state, _real((thing.hold, thing.application.hold))
    return Subject.ENDORSEMENT, kind, thing.state, _real((thing.application.hold,))


def _real(holds: Iterable[str]) -> tuple[Hold, ...]:
    return tuple(Hold(hold) for hold in holds if hold != Hold.NONE)


def _holds_allow(found: Step, holds: tuple[Hold, ...]) -> bool:
    passed = found.during + found.only_during
    if any(hold not in passed for hold in holds):
        return False
    return not found.only_during or any(hold in found.only_during for hold in holds)


def _hold_message(holds: tuple[Hold, ...], found: Step) -> str:
    if FROZEN in holds:
        return "审核已暂停，请联系协会。"
    if REOPENED in holds:
        return "协会已开放修改，请先提交修改的部分，或等开放期结束。"
    if REPORTED in holds:
        return "这一项已上报违规，等待协会处理。"
    wanted = "、".join(hold.label for hold in found.only_during)
    return f"这一步只在「{wanted}」期间进行。"


def _target(found: Step, to: str | None) -> str:
    if to is None and len(found.to) == 1:
        return found.to[0]
    if to is None or str(to) not in found.to:
        # A fault of the caller, not of the person: the verbs name the next state.
        raise ValueError(f"«{found.action}» leads to one of {found.to}, not to {to!r}")
    return str(to)


def _write(thing: Application | ApplicationInstitution | Endorsement, target: str, *, at: datetime, outcome: str = "") -> None:
    if thing.state != target:
        thing.state_since = at
        if isinstance(thing, Application | ApplicationInstitution):
            # Whoever took it on did so for the state it was in (REV-9).
            thing.assigned_to = thing.assigned_at = None
        if isinstance(thing, Application) and thing.hold == REOPENED:
            # What was open for correction has gone elsewhere: resubmitted, or moved by its rows.
            thing.hold = Hold.NONE
    thing.state = target
    if isinstance(thing, Application) and target in ENDED_STATES:
        thing.hold = Hold.NONE
        thing.outcome = outcome
        thing.closed_at = at
    if isinstance(thing, ApplicationInstitution) and target not in OPEN_ROW_STATES:
        thing.hold = Hold.NONE
    thing.save()
