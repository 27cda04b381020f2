"""What backends over HTTP share: an address, and what a broken conversation says about the message. Both SDKs speak through urllib3."""

import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from membership.outbox.sms.base import SMSNotSent, SMSOutcomeUnknown

# Raised before the first byte of a request is written. Everything else may have come after the last one.
NEVER_CONNECTED = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)


def scheme_and_host(address: str) -> tuple[str, str]:
    """Return "https" and the host of an address; "http" only if the address says so. A port stays with the host."""
    parts = urlsplit(address if "//" in address else f"https://{address}")
    return parts.scheme, parts.netloc


def unanswered(provider: str, fault: BaseException) -> SMSNotSent:
    """
    Return the error for a request to which no answer could be read: not sent if there was no connection, else of unknown outcome.

    The fault's own text is left out: it quotes the address that was called, and with Aliyun number and code stand in that.
    """
    causes = list(_causes(fault))
    if any(isinstance(cause, NEVER_CONNECTED) for cause in causes):
        return SMSNotSent(f"{provider}: no connection ({type(causes[-1]).__name__})")
    return SMSOutcomeUnknown(f"{provider}: outcome unknown ({type(causes[-1]).__name__})")


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    """Yield a fault and what it came of, the first cause last."""
    while fault is not None:
        yield fault
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
