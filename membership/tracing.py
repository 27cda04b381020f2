"""The id of the request being served, for log lines and audit entries (S-8, OPS-4)."""

import logging
import secrets
from contextvars import ContextVar

# Empty outside a request: commands, tasks, the shell.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def new_request_id() -> str:
    """Return an id for one request: 16 hexadecimal digits. Setting ``request_id`` is the caller's, who also resets it."""
    return secrets.token_hex(8)


class RequestIdFilter(logging.Filter):
    """Puts ``request_id`` on every record, "-" outside a request; a formatter may then name ``{request_id}``."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True
