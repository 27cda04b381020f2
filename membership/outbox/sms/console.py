"""Development: text messages are printed where the server runs."""

import sys
from typing import TextIO

from membership.outbox.sms.base import Backend, TextMessage


class ConsoleBackend(Backend):
    """Prints each message on ``stream``, by default standard output."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout

    def send(self, message: TextMessage) -> str:
        self.stream.write(f"短信 → {message.phone}\n{message.text}\n")
        self.stream.flush()
        return ""
