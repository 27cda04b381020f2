"""Pages that ask for a code from a text message: what they have in common, whoever sent it."""

import time
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from allauth.account.mixins import NextRedirectMixin
from allauth.core.exceptions import RateLimited
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from membership.accounts import allowance, texts
from membership.accounts.adapter import SHOWN_CODE_KEY, codes_are_shown
from membership.accounts.forms import CodeForm
from membership.accounts.sent_codes import SentCode
from membership.phone_numbers import masked


class CodePage(NextRedirectMixin, FormView, ABC):
    """
    What all of them have in common. ``process`` is allauth's state of one code in the session; «at» in it is when it was sent.

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
            messages.error(self.request, allowance.refusal(self.request, self.process.state["phone"]))
        else:
            self.process.record_resend()
            self.process.state.update(at=time.time(), failed_attempts=0)
            self.process.persist()
        return HttpResponseRedirect(self.passthrough_next_url(reverse(self.page_name)))

    @abstractmethod
    def _send_again(self) -> None:
        """Draw on the allowance and send; raises ``RateLimited`` if none is left."""


@method_decorator(never_cache, name="dispatch")
class SentCodePage(CodePage):
    """
    The page of a code that is not part of a login under way. Where nothing was sent, or the code has run out or seen too many wrong
    tries, it leads back to ``start_name``.
    """

    form_class = CodeForm
    sent_code: ClassVar[type[SentCode]]
    start_name: str

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.process = self.sent_code.resume(request)
        return super().dispatch(request, *args, **kwargs) if self.process else self.start_again(texts.CODE_EXPIRED)

    @property
    def _action(self) -> str:
        return "resend" if self.request.POST.get("action") == "resend" and self.process.can_resend else "verify"

    def get_form_class(self) -> type[forms.Form]:
        return forms.Form if self._action == "resend" else super().get_form_class()

    def get_form_kwargs(self) -> dict:
        kwargs = super().get_form_kwargs()
        return kwargs if self._action == "resend" else {**kwargs, "code": self.process.code}

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        return {**context, "verify_form": context["form"], "can_resend": self.process.can_resend}

    def form_valid(self, form) -> HttpResponse:
        return self._resend_form_valid(form) if self._action == "resend" else self.code_was_right(form)

    def form_invalid(self, form) -> HttpResponse:
        if form.has_error("code", "required") or self.process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        return self.start_again(texts.TOO_MANY_TRIES)

    def start_again(self, why: str) -> HttpResponse:
        messages.error(self.request, why)
        return HttpResponseRedirect(self.passthrough_next_url(reverse(self.start_name)))

    @abstractmethod
    def code_was_right(self, form) -> HttpResponse:
        """Do what the code was asked for."""

    def _send_again(self) -> None:
        self.process.send()
