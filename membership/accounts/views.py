"""The pages of a login that ask for a code: allauth's views, with what they lack."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import ConfirmLoginCodeView, _VerifyPhoneSignupView
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from membership.accounts import allowance, texts
from membership.accounts.code_pages import CodePage
from membership.domain import legacy_accounts
from membership.models import User


class ConfirmLoginCode(CodePage, ConfirmLoginCodeView):
    """验证码登录, second step. Treats numbers with and without an account alike; allauth's own fails on sending again to the latter."""

    page_name = "account_confirm_login_code"

    @property
    def process(self) -> Any:
        return self._process

    def form_invalid(self, form) -> HttpResponse:
        if form.has_error("code", "unknown_account"):
            self.process.abort()
            if former := legacy_accounts.open_account(self.process.state["phone"], at=timezone.now()):
                return self.let_in(former)
            get_adapter().add_message(self.request, messages.ERROR, message=texts.UNKNOWN_ACCOUNT)
            return HttpResponseRedirect(self.passthrough_next_url(reverse("account_request_login_code")))
        return super().form_invalid(form)

    def let_in(self, former: User) -> HttpResponse:
        """Log a former member in, whose account has just been opened (LEG-1)."""
        record_authentication(self.request, former, method="code", phone=self.process.state["phone"])
        return perform_login(self.request, Login(user=former, redirect_url=self.get_next_url()))

    def _send_again(self) -> None:
        allowance.take_or_refuse(self.request, self.process.state["phone"])
        self.process.send()


class VerifyPhone(CodePage, _VerifyPhoneSignupView):
    """The code after registration, or after a password login to an account whose number was never proved."""

    page_name = "account_verify_phone"

    def _send_again(self) -> None:
        # Draws on the allowance itself. To a registered number the same text message goes again: sending takes its time either way.
        self.process.send()
