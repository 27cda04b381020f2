"""Tests: text messages are kept in the process."""

from membership.outbox.sms.base import Backend, TextMessage

outbox: list[TextMessage] = []


class LocmemBackend(Backend):
    """Appends each message to ``outbox``; its id is the place in that list."""

    def send(self, message: TextMessage) -> str:
        outbox.append(message)
        return str(len(outbox))
