"""One writer of states, and a word for each: nobody sets a state by hand, and no state is without a name."""

import ast
from pathlib import Path

import pytest

import membership
from membership.domain import transitions
from membership.domain.transitions import Subject
from membership.enums import ApplicationKind, ApplicationState, EndorsementState, Outcome, RowState, StatusWord
from membership.models import Application, ApplicationInstitution

PACKAGE = Path(membership.__file__).parent
# Others have a column of that name too: texts on their way out, documents, which have holds rather than a life, what people ask for,
# work on many cases.
OF_OTHER_MODELS = {
    "outbox/delivery.py": "Delivery",
    "domain/claims.py": "MemberDocument",
    "domain/feedback.py": "Feedback",
    "domain/work_unit_requests.py": "WorkUnitRequest",
    "models/violations.py": "ViolationReport",
    "domain/bulk_decisions.py": "BulkItem",
    "domain/exports.py": "ExportRun",
    "management/demo/stories.py": "Delivery",
}
THE_WRITER = "domain/transitions.py"


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith("migrations/"):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def writes_state(node) -> bool:
    """Whether a piece of code sets an attribute ``state``, by assignment, by ``setattr`` or by an update of many rows."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        flat = [part for target in targets for part in ast.walk(target)]
        return any(isinstance(part, ast.Attribute) and part.attr == "state" and isinstance(part.ctx, ast.Store) for part in flat)
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name) and node.func.id == "setattr":
        return isinstance(node.args[1], ast.Constant) and node.args[1].value == "state"
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if called in ("bulk_update", "update_or_create"):
        return any(isinstance(part, ast.Constant) and part.value == "state" for part in ast.walk(node))
    return called == "update" and any(keyword.arg == "state" for keyword in node.keywords)


class TestOneWriter:  # architecture: the single place for state changes
    def test_only_the_transition_table_writes_the_state_of_a_file_a_row_or_an_endorsement(self):
        writers = {name for name, tree in modules() if any(writes_state(node) for node in ast.walk(tree))}

        assert writers <= {THE_WRITER, *OF_OTHER_MODELS}
        assert THE_WRITER in writers

    @pytest.mark.parametrize("model", OF_OTHER_MODELS.items(), ids=lambda item: item[0])
    def test_the_exceptions_speak_of_other_models_alone(self, model):
        name, other = model
        source = (PACKAGE / name).read_text(encoding="utf-8")

        assert other in source
        assert not {"Endorsement", "ApplicationInstitution"} & {
            node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)
        }

    @pytest.mark.parametrize(
        "line",
        ["row.state = 'x'", "a.state, b = 1, 2", "setattr(row, 'state', 'x')", "rows.update(state='x')", "m.bulk_update(rows, ['state'])"],
    )
    def test_the_search_finds_every_way_to_write(self, line):
        assert any(writes_state(node) for node in ast.walk(ast.parse(line)))

    @pytest.mark.parametrize("line", ["row.state == 'x'", "f(state='x')", "rows.filter(state='x')", "state = row.state"])
    def test_the_search_lets_readers_go(self, line):
        assert not any(writes_state(node) for node in ast.walk(ast.parse(line)))


class TestWords:  # state words, page 1 of the rules
    @pytest.mark.parametrize(
        ("subject", "states"),
        [(Subject.FILE, ApplicationState), (Subject.ROW, RowState), (Subject.ENDORSEMENT, EndorsementState)],
        ids=["file", "row", "endorsement"],
    )
    def test_every_state_has_a_label_of_its_own(self, subject, states):
        labels = [transitions.state_label(subject, state) for state in states]

        assert all(labels)
        assert len(set(labels)) == len(labels)

    @pytest.mark.parametrize(
        ("state", "word"),
        [
            (ApplicationState.DRAFT, None),
            (ApplicationState.AWAITING_FORM, StatusWord.PENDING),
            (ApplicationState.ENDORSING, StatusWord.PENDING),
            (ApplicationState.CHECKING, StatusWord.PENDING),
            (ApplicationState.DECIDING, StatusWord.PENDING),
            (ApplicationState.RETURNED, StatusWord.REFUSED),
            (ApplicationState.WITHDRAWN, StatusWord.WITHDRAWN),
            (ApplicationState.EXPIRED, StatusWord.WITHDRAWN),
        ],
    )
    def test_the_applicant_reads_one_of_four_words_of_a_file(self, state, word):
        assert transitions.applicant_word(Application(kind=ApplicationKind.FIRST_ENROLMENT, state=state)) == word

    @pytest.mark.parametrize(
        ("outcome", "word"),
        [
            (Outcome.APPROVED, StatusWord.APPROVED),
            (Outcome.REFUSED, StatusWord.REFUSED),
            (Outcome.NOT_ACCEPTED, StatusWord.REFUSED),
        ],
    )
    def test_of_a_closed_one_the_outcome(self, outcome, word):
        assert transitions.applicant_word(Application(state=ApplicationState.CLOSED, outcome=outcome)) == word

    @pytest.mark.parametrize(
        ("state", "word"),
        [
            (RowState.WAITING, StatusWord.PENDING),
            (RowState.PENDING, StatusWord.PENDING),
            (RowState.APPROVED, StatusWord.APPROVED),
            (RowState.REFUSED, StatusWord.REFUSED),
            (RowState.WITHDRAWN, StatusWord.WITHDRAWN),
            (RowState.MOVED, StatusWord.WITHDRAWN),
        ],
    )
    def test_and_of_a_row(self, state, word):
        file = Application(kind=ApplicationKind.FIRST_ENROLMENT, state=ApplicationState.DECIDING)

        assert transitions.row_word(ApplicationInstitution(application=file, state=state)) == word
