"""The transition table against the rulebook's own (``transitions.csv``): what it allows moves, all else refuses."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from membership.domain import transitions
from membership.domain.errors import DomainError
from membership.domain.transitions import NONE, Actor, Subject
from membership.enums import ApplicationKind, ApplicationState, EndorsementState, Hold, Outcome, RowState
from membership.models import Application, ApplicationInstitution, Endorsement
from membership.models.applications import OPEN_STATES

AT = datetime(2026, 3, 17, 2, 0, tzinfo=UTC)
KINDS = {
    "first": ApplicationKind.FIRST_ENROLMENT,
    "further": ApplicationKind.FURTHER_ENROLMENT,
    "activation": ApplicationKind.ACTIVATION,
    "change": ApplicationKind.CHANGE,
    "upgrade": ApplicationKind.UPGRADE,
}


def expected():
    """Return {(kind, subject, state, action): (actors, next states)} as the rulebook has it."""
    answer = {}
    with (Path(__file__).parent / "transitions.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            kinds = list(KINDS) if line["kind"] == "any" else line["kind"].split("|")
            states = [str(state) for state in OPEN_STATES] if line["state"] == "any open" else [line["state"]]
            for kind in kinds:
                for state in states:
                    to = (state,) if line["next_states"] == "same" else tuple(line["next_states"].split("|"))
                    answer[(KINDS.get(kind), line["subject"], state, line["action"])] = (set(line["actor"].split("|")), set(to))
    return answer


EXPECTED = expected()
STATES = {
    Subject.FILE: [NONE, *map(str, ApplicationState)],
    Subject.ROW: list(map(str, RowState)),
    Subject.ENDORSEMENT: list(map(str, EndorsementState)),
}
ACTIONS = {subject: sorted({key[3] for key in EXPECTED if key[1] == subject}) for subject in map(str, Subject)}
PLACES = [(kind, subject, state) for kind in KINDS.values() for subject, states in STATES.items() for state in states if state != NONE]


class Unsaved:
    """Keeps a move in memory: this walk asks which steps exist, the verbs' own tests ask what they write."""

    deleted = False

    def save(self, *args, **kwargs):
        pass

    def delete(self, *args, **kwargs):
        self.deleted = True


class File(Unsaved, Application):
    class Meta:
        proxy = True
        app_label = "membership"


class Row(Unsaved, ApplicationInstitution):
    class Meta:
        proxy = True
        app_label = "membership"


class Word(Unsaved, Endorsement):
    class Meta:
        proxy = True
        app_label = "membership"


def thing_in(kind, subject, state, *, hold=Hold.NONE, row_hold=Hold.NONE):
    application = File(kind=kind, state=state if subject == Subject.FILE else ApplicationState.CHECKING, hold=hold)
    if subject == Subject.FILE:
        return application
    return (
        Row(application=application, state=state, hold=row_hold) if subject == Subject.ROW else Word(application=application, state=state)
    )


def needed_hold(step):
    return step.only_during[0] if step.only_during else Hold.NONE


def attempt(kind, subject, state, action, to=None):
    """Move a thing that stands under the hold its step demands, or under none."""
    step = transitions.step_for(subject, kind, state, action)
    hold = needed_hold(step) if step else Hold.NONE
    on_row = hold == Hold.REPORTED
    thing = thing_in(kind, subject, state, hold=Hold.NONE if on_row else hold, row_hold=hold if on_row else Hold.NONE)
    outcome = Outcome.APPROVED if to == ApplicationState.CLOSED else ""
    return thing, transitions.move(thing, action, to, at=AT, outcome=outcome)


class TestEveryStateAndAction:  # Table B, transitions.csv
    @pytest.mark.parametrize(("kind", "subject", "state"), PLACES)
    def test_moves_where_the_rulebook_does_and_refuses_where_it_does_not(self, kind, subject, state):
        for action in ACTIONS[str(subject)]:
            _, next_states = EXPECTED.get((kind, str(subject), state, action), (set(), set()))
            if next_states:
                self.assert_it_leads_to(next_states, kind, subject, state, action)
            else:
                self.assert_it_is_refused_by_name(kind, subject, state, action)

    def assert_it_is_refused_by_name(self, kind, subject, state, action):
        with pytest.raises(DomainError) as refusal:
            attempt(kind, subject, state, action)
        assert transitions.state_label(subject, state) in refusal.value.message, action

    def assert_it_leads_to(self, next_states, kind, subject, state, action):
        for to in sorted(next_states):
            thing, reached = attempt(kind, subject, state, action, to)
            assert reached == to, action
            assert thing.deleted if to == transitions.DELETED else thing.state == to, action

    @pytest.mark.parametrize("kind", KINDS.values())
    def test_every_kind_starts_as_a_draft(self, kind):
        assert transitions.require_start(kind).to == (ApplicationState.DRAFT,)

    def test_no_step_stands_in_the_table_that_the_rulebook_lacks(self):
        ours = {(kind, str(one.subject), one.state, one.action) for one in transitions.STEPS for kind in (one.kinds or (None,))}

        assert ours == set(EXPECTED)

    @pytest.mark.parametrize("one", transitions.STEPS, ids=lambda one: f"{one.subject}-{one.state}-{one.action}")
    def test_the_same_people_act_and_it_leads_to_the_same_states(self, one):
        for kind in one.kinds or (None,):
            actors, next_states = EXPECTED[(kind, str(one.subject), one.state, one.action)]
            assert {Actor(actor).value for actor in one.actors} == actors
            assert set(one.to) == next_states

    def test_a_step_with_several_ends_wants_the_end_named(self):
        application = File(kind=ApplicationKind.FIRST_ENROLMENT, state=ApplicationState.AWAITING_FORM)

        with pytest.raises(ValueError, match="upload form"):
            transitions.move(application, "upload form", at=AT)


class TestHolds:  # A-16, M-16, M-18 and the head of Table B
    PASSES = {
        Hold.REOPENED: {
            "withdraw",
            "withdraw all",
            "last row decided",
            "freeze",
            "end by system",
            "resubmit sections",
            "reopening over",
            "institution merged",
            "institution closed",
            "void",
        },
        Hold.FROZEN: {"unfreeze", "last row decided", "end by system", "institution merged", "institution closed", "void"},
    }

    @pytest.mark.parametrize("hold", [Hold.REOPENED, Hold.FROZEN])
    @pytest.mark.parametrize("one", [s for s in transitions.STEPS if s.kinds], ids=lambda s: f"{s.subject}-{s.state}-{s.action}")
    def test_a_hold_refuses_all_but_ways_out_and_facts_of_the_system(self, hold, one):
        if one.state == NONE:
            return
        thing = thing_in(one.kinds[0], one.subject, one.state, hold=hold)

        assert transitions.is_possible(thing, one.action) == (one.action in self.PASSES[hold])

    def test_a_reported_row_is_withdrawn_or_dismissed_but_not_decided(self):
        row = thing_in(ApplicationKind.FIRST_ENROLMENT, Subject.ROW, RowState.PENDING, row_hold=Hold.REPORTED)

        assert transitions.is_possible(row, "withdraw")
        assert transitions.is_possible(row, "dismiss")
        assert not transitions.is_possible(row, "approve")
        assert not transitions.is_possible(row, "refuse")

    def test_a_file_that_ends_loses_its_hold(self):
        application = File(kind=ApplicationKind.FIRST_ENROLMENT, state=ApplicationState.CHECKING, hold=Hold.REOPENED)

        transitions.move(application, "withdraw", at=AT)

        assert application.hold == Hold.NONE
        assert application.closed_at == AT


class TestWords:  # state words, page 1 of the rules
    @pytest.mark.parametrize("state", ApplicationState)
    def test_the_applicant_reads_one_of_four_words_or_none_for_a_draft(self, state):
        outcome = Outcome.APPROVED if state == ApplicationState.CLOSED else ""
        word = transitions.applicant_word(Application(kind=ApplicationKind.FIRST_ENROLMENT, state=state, outcome=outcome))

        assert (word is None) == (state == ApplicationState.DRAFT)

    def test_a_waiting_row_reads_as_refused_while_its_file_is_returned(self):
        application = Application(kind=ApplicationKind.FIRST_ENROLMENT, state=ApplicationState.RETURNED)

        assert transitions.row_word(ApplicationInstitution(application=application, state=RowState.WAITING)).label == "审批不通过"
