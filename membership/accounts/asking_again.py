"""
Asking again before a dangerous act: by password, dynamic code or text message, valid for 15 minutes (ACC-7).

allauth asks too, but an account without a password and a second factor passes it unasked; here a code to its number is asked for.
"""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.views import BaseReauthenticateView
from allauth.core.exceptions import RateLimited, ReauthenticationRequired
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from membership.accounts import allowance
from membership.accounts.code_pages import SentCodePage
from membership.accounts.sent_codes import AskingCode
from membership.phone_numbers import masked

BY_CODE = "sms_code"


def ask_again(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """
    Guard a view: who has not confirmed within ``ACCOUNT_REAUTHENTICATION_TIMEOUT`` seconds does so first, and comes back. What was
    posted is kept and goes on by itself, files excepted: show such a page behind the guard too.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not has_confirmed(request):
            # allauth's middleware takes it from here.
            raise ReauthenticationRequired()
        return view(request, *args, **kwargs)

    return guarded


def has_confirmed(request: HttpRequest, *, method: str = "") -> bool:
    """Whether the person confirmed within the time, in this session; ``method`` asks for one way, e.g. ``BY_CODE``."""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(
        record.get("reauthenticated") and record["at"] > since and method in ("", record["method"])
        for record in get_authentication_records(request, request.user)
    )


class OfferCode(LoginRequiredMixin, BaseReauthenticateView):
    """The way by text message: nothing is sent before the person asks for it."""

    template_name = "account/reauthenticate_code.html"
    form_class = forms.Form

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(phone=masked(self.request.user.get_username()), **kwargs)
        if self.get_next_url() == reverse("account_change_phone"):
            # Only a code proves that the present number is still theirs (D-14).
            context["reauthentication_alternatives"] = []
        return context

    def form_valid(self, form) -> HttpResponse:
        try:
            AskingCode.send_to(self.request, self.request.user.get_username())
        except RateLimited:
            messages.error(self.request, allowance.refusal(self.request, self.request.user.get_username()))
            return self.render_to_response(self.get_context_data(form=form))
        return HttpResponseRedirect(self.passthrough_next_url(reverse("account_reauthenticate_confirm_code")))


class ConfirmAskingCode(LoginRequiredMixin, SentCodePage):
    """The code that was sent to the account's own number."""

    template_name = "account/reauthenticate_confirm_code.html"
    page_name = "account_reauthenticate_confirm_code"
    start_name = "account_reauthenticate_code"
    sent_code = AskingCode

    def code_was_right(self, form) -> HttpResponse:
        self.process.abort()
        record_authentication(self.request, self.request.user, method=BY_CODE, reauthenticated=True)
        return resume_request(self.request) or redirect(get_adapter().get_login_redirect_url(self.request))
