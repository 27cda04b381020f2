"""
Codes sent outside allauth's login: for a forgotten password, for asking again, for a new number.

What is on its way stands in the session, under one key for each purpose: the number, the code's fingerprint, when it was sent, how
many wrong tries it has seen. allauth's own process counts and ends; these say where it is kept and how it is sent.
"""

from typing import ClassVar, Self

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from django.conf import settings
from django.http import HttpRequest

from membership.accounts import allowance
from membership.models import User


class SentCode(AbstractCodeVerificationProcess):
    """A code on its way to a number, for one purpose."""

    session_key: ClassVar[str]

    def __init__(self, request: HttpRequest, state: dict) -> None:
        self.request = request
        super().__init__(
            max_attempts=settings.ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS,
            timeout=settings.ACCOUNT_PHONE_VERIFICATION_TIMEOUT,
            state=state,
        )

    @classmethod
    def send_to(cls, request: HttpRequest, phone: str) -> Self:
        """
        Send a code to ``phone`` (E.164); an older one for the same purpose is void.

        :raises RateLimited: the number or the address has had its share.
        """
        code = cls(request, cls.initial_state(None, phone=phone))
        code.send()
        code.persist()
        return code

    @classmethod
    def resume(cls, request: HttpRequest) -> Self | None:
        """Return what is on its way, or None if there is nothing or it is too old."""
        state = request.session.get(cls.session_key)
        return cls(request, state).abort_if_invalid() if state else None

    @property
    def phone(self) -> str:
        return self.state["phone"]

    @property
    def can_resend(self) -> bool:
        return not self.is_resend_quota_reached(settings.ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND)

    def send(self) -> None:
        allowance.take_or_refuse(self.request, self.phone)
        self.state["code"] = self.dispatch()

    def dispatch(self) -> str:
        """Hand the message over; return the fingerprint of the code in it, or an empty string if it holds none."""
        return get_adapter().send_code(self.phone)

    def persist(self) -> None:
        self.request.session[self.session_key] = self.state

    def abort(self) -> None:
        self.request.session.pop(self.session_key, None)


class ResetCode(SentCode):
    """Proves the number of an account whose password was forgotten (ACC-4). Once right, it lets a new password be set for as long again."""

    session_key = "account_reset_code"

    @property
    def is_confirmed(self) -> bool:
        return self.state.get("confirmed", False)

    def confirm(self, user: User, *, at: float) -> None:
        """Note that the code was right and whose password it opens; ``at`` in seconds since the epoch."""
        self.state.update(confirmed=True, code="", at=at, user_id=str(user.pk))
        self.persist()


class AskingCode(SentCode):
    """Asks an account again whether it is still its owner who sits there (ACC-7)."""

    session_key = "account_asking_code"


class NewNumberCode(SentCode):
    """Proves the number that an account changes to (ACC-3). A number that has an account gets a message without a code."""

    session_key = "account_new_number_code"

    def dispatch(self) -> str:
        if User.objects.filter(phone=self.phone).exists():
            get_adapter().send_number_in_use_sms(self.phone)
            return ""
        return super().dispatch()
