"""The drawings in docs/ are those of the code."""

from django.core.management import call_command


def test_the_state_diagrams_are_those_of_the_transition_table():
    call_command("draw_transitions", check=True)
