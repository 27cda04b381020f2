"""The marks of a list's lines as the components draw them: fifty lines have few different marks, and each is drawn once (Speed)."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from membership.domain.wording import Status
from membership.review.due import Due

STATUS, DUE = "membership/review/parts/queue_status.html", "membership/review/parts/due.html"
NOTHING = SafeString("")


class Marks:
    """The marks of one page."""

    def __init__(self) -> None:
        self._drawn: dict[object, SafeString] = {}

    def status(self, status: Status, kind: Status | None, hold: Status | None, round: int) -> SafeString:
        """Return how a case stands: its status, its kind where that is named, a later round, what holds it up."""
        return self._once((status, kind, hold, round), STATUS, status=status, kind=kind, hold=hold, round=round)

    def due(self, due: Due | None) -> SafeString:
        """Return a deadline; nothing where there is none."""
        return self._once(due, DUE, due=due) if due else NOTHING

    def _once(self, key: object, template: str, **variables: object) -> SafeString:
        if key not in self._drawn:
            self._drawn[key] = render_to_string(template, variables)
        return self._drawn[key]
