"""The pages that ask for a code: allauth's views, with what they lack. All other account pages are allauth's as they are."""

import time
from abc import ABC, abstractmethod
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.mixins import NextRedirectMixin
from allauth.account.views import ConfirmLoginCodeView, _VerifyPhoneSignupView
from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import FormView

from membership.accounts import allowance, texts
from membership.accounts.adapter import SHOWN_CODE_KEY, codes_are_shown
from membership.phone_numbers import masked


class CodePage(NextRedirectMixin, FormView, ABC):
    """
    What both pages have in common. ``process`` is allauth's state of one code in the session; «at» in it is when it was sent.

    A code that is sent again is a new one: it lasts its full time and has all its tries (allauth goes on counting from the first).
    """

    process: Any
    page_name: str

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        # None only where a login is under way and its code has run out.
        if getattr(self, "process", self) is None:
            messages.error(request, texts.CODE_EXPIRED)
        return response

    def get_form_kwargs(self) -> dict:
        kwargs = super().get_form_kwargs()
        if self._action == "verify":
            kwargs["tries_left"] = self.process.max_attempts - self.process.state["failed_attempts"] - 1
        return kwargs

    def form_invalid(self, form) -> HttpResponse:
        if form.has_error("code", "required"):
            # An empty field is no try.
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_invalid(form)

    def get_context_data(self, **kwargs) -> dict:
        state = self.process.state
        since_sent = time.time() - state["at"]
        hint = texts.SENT_AGAIN_TO if state["resend_count"] else texts.SENT_TO
        return super().get_context_data(
            sent_hint=hint % {"phone": masked(state["phone"])},
            wait=max(0, round(settings.SMS_CODE_RESEND_SECONDS - since_sent)),
            shown_code=self.request.session.get(SHOWN_CODE_KEY, "") if codes_are_shown() else "",
            **kwargs,
        )

    def _resend_form_valid(self, form) -> HttpResponse:
        try:
            self._send_again()
        except RateLimited:
            messages.error(self.request, texts.TOO_OFTEN)
        else:
            self.process.record_resend()
            self.process.state.update(at=time.time(), failed_attempts=0)
            self.process.persist()
        return HttpResponseRedirect(self.passthrough_next_url(reverse(self.page_name)))

    @abstractmethod
    def _send_again(self) -> None:
        """Draw on the allowance and send; raises ``RateLimited`` if none is left."""


class ConfirmLoginCode(CodePage, ConfirmLoginCodeView):
    """验证码登录, second step. Treats numbers with and without an account alike; allauth's own fails on sending again to the latter."""

    page_name = "account_confirm_login_code"

    @property
    def process(self) -> Any:
        return self._process

    def form_invalid(self, form) -> HttpResponse:
        if form.has_error("code", "unknown_account"):
            self.process.abort()
            get_adapter().add_message(self.request, messages.ERROR, message=texts.UNKNOWN_ACCOUNT)
            return HttpResponseRedirect(self.passthrough_next_url(reverse("account_request_login_code")))
        return super().form_invalid(form)

    def _send_again(self) -> None:
        allowance.take_or_refuse(self.request, self.process.state["phone"])
        self.process.send()


class VerifyPhone(CodePage, _VerifyPhoneSignupView):
    """The code after registration, or after a password login to an account whose number was never proved."""

    page_name = "account_verify_phone"

    def _send_again(self) -> None:
        # Draws on the allowance itself. To a registered number the same text message goes again: sending takes its time either way.
        self.process.send()
