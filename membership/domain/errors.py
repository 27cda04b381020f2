"""Refusals: every «no» of the society is a :class:`DomainError` with a sentence for people."""


class DomainError(Exception):
    """
    The society refuses an act. ``message`` is for the person who tried, in their language; ``field`` names the form field it
    belongs beside, or is None for the form as a whole.
    """

    field: str | None = None
    message = "这一步现在不能进行。"

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        if message is not None:
            self.message = message
        if field is not None:
            self.field = field
        super().__init__(self.message)


class NotAllowed(DomainError):
    """The acting person has no right to this act on this thing."""

    message = "您不能进行这项操作。"
