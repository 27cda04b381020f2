"""``manage.py draw_transitions``: the state diagrams of ``docs/architecture.md``, drawn from the transition table."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from membership.domain.transitions import SAME, STEPS, Subject
from membership.enums import ApplicationKind

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "architecture.md"
BEGIN, END = "<!-- transitions:begin -->", "<!-- transitions:end -->"


def diagram(subject: Subject, kind: ApplicationKind) -> str:
    """Return a Mermaid state diagram of one subject of one kind of application, without the steps that change no state."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in STEPS:
        if step.subject is subject and kind in step.kinds:
            for target in step.to:
                if target not in (step.state, SAME):
                    arrows.setdefault((step.state, target), []).append(step.action)
    lines = [f"    {_name(source)} --> {_name(target)}: {', '.join(actions)}" for (source, target), actions in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def drawn() -> str:
    """Return what stands between the marks of the document."""
    first = ApplicationKind.FIRST_ENROLMENT
    parts = [
        "### The file of a first enrolment",
        diagram(Subject.FILE, first),
        "### Its rows",
        diagram(Subject.ROW, first),
        "### Its endorsement",
        diagram(Subject.ENDORSEMENT, first),
    ]
    return "\n\n".join(parts)


def _name(state: str) -> str:
    return "[*]" if state in ("none", "deleted") else state


class Command(BaseCommand):
    help = "Write the state diagrams into docs/architecture.md; --check only tells whether they are current."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, **options) -> None:
        text = DOCUMENT.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        tail = rest.split(END)[1]
        current = f"{head}{BEGIN}\n{drawn()}\n{END}{tail}"
        if options["check"] and current != text:
            raise CommandError("docs/architecture.md is behind the transition table: run manage.py draw_transitions")
        DOCUMENT.write_text(current, encoding="utf-8")
