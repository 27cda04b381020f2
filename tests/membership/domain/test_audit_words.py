"""Every act that is written down anywhere has words, and every word an act."""

import ast
from collections.abc import Iterator
from pathlib import Path

import membership
from membership.domain import audit_words
from membership.enums import AttachmentKind, ExportFormat, FeedbackCategory, Verdict

PACKAGE = Path(membership.__file__).parent
# Calls whose action is put together: the module, and what may come of it.
PUT_TOGETHER = {
    "domain/review.py": {f"{subject}.{verdict}" for subject in ("file", "row") for verdict in Verdict} - {"row.not_accepted"},
    "domain/endings.py": {"application.discard", "application.clear_away"},
    "domain/feedback.py": {"feedback.answer", "feedback.correct"},
    "domain/recycled_numbers.py": {"identity.refused"},
    "domain/exports.py": {"export.fetch"},
}


def calls() -> Iterator[tuple[str, ast.expr]]:
    """Return each call of the audit: the module and its action."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.log":
                yield path.relative_to(PACKAGE).as_posix(), node.args[0]


def written() -> set[str]:
    actions = {action.value for _, action in calls() if isinstance(action, ast.Constant)}
    return actions.union(*PUT_TOGETHER.values())


class TestWords:  # S-8
    def test_every_act_of_the_code_has_words(self):
        assert sorted(written() - set(audit_words.ACTIONS)) == []

    def test_every_word_is_of_an_act_that_happens(self):
        assert sorted(set(audit_words.ACTIONS) - written()) == []

    def test_acts_that_are_put_together_are_named_here(self):
        assert {module for module, action in calls() if not isinstance(action, ast.Constant)} == set(PUT_TOGETHER)

    def test_no_two_acts_read_alike(self):
        assert len(set(audit_words.ACTIONS.values())) == len(audit_words.ACTIONS)

    def test_no_act_stands_in_two_groups(self):
        assert sum(len(group) for group in audit_words.GROUPS.values()) == len(audit_words.ACTIONS)

    def test_an_act_that_is_no_more_keeps_its_code(self):
        assert audit_words.words_for("something.old") == "something.old"

    def test_what_was_looked_at_or_decided_is_said_in_words(self):
        for detail, values in (("kind", AttachmentKind), ("category", FeedbackCategory), ("verdict", Verdict), ("format", ExportFormat)):
            assert [audit_words.value_for(detail, one.value) for one in values] == [str(one.label) for one in values]

    def test_a_value_without_words_stays_as_it_is(self):
        assert audit_words.value_for("kind", "something-old") == audit_words.value_for("round", "something-old") == "something-old"
