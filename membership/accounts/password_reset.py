"""忘记密码: a code to the number, then a new password (ACC-4). Works for accounts that never had a password too."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset import perform_password_reset_login
from allauth.account.mixins import NextRedirectMixin
from allauth.core.exceptions import RateLimited
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from membership.accounts import allowance, texts
from membership.accounts.code_pages import SentCodePage
from membership.accounts.forms import ForgottenPasswordForm, ResetPasswordForm
from membership.accounts.sent_codes import ResetCode
from membership.domain import audit, legacy_accounts
from membership.models import User


@method_decorator(never_cache, name="dispatch")
class ForgottenPassword(NextRedirectMixin, FormView):
    """First step: which number. The next page is the same whether it has an account or not."""

    template_name = "account/password_reset.html"
    form_class = ForgottenPasswordForm
    success_url = reverse_lazy("account_confirm_password_reset_code")

    def get_initial(self) -> dict:
        return {"phone": self.request.user.get_username()} if self.request.user.is_authenticated else {}

    def form_valid(self, form: ForgottenPasswordForm) -> HttpResponse:
        try:
            ResetCode.send_to(self.request, form.cleaned_data["phone"])
        except RateLimited:
            form.add_error("phone", allowance.refusal(self.request, form.cleaned_data["phone"]))
            return self.form_invalid(form)
        return HttpResponseRedirect(self.passthrough_next_url(str(self.success_url)))


class ConfirmResetCode(SentCodePage):
    """Second step: the code."""

    template_name = "account/confirm_password_reset_code.html"
    page_name = "account_confirm_password_reset_code"
    start_name = "account_reset_password"
    sent_code = ResetCode

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        code = ResetCode.resume(request)
        if code and code.is_confirmed:
            return HttpResponseRedirect(self.passthrough_next_url(reverse("account_set_forgotten_password")))
        return super().dispatch(request, *args, **kwargs)

    def code_was_right(self, form) -> HttpResponse:
        user = get_adapter().get_user_by_phone(self.process.phone) or legacy_accounts.open_account(self.process.phone, at=timezone.now())
        if user is None:
            self.process.abort()
            return self.start_again(texts.UNKNOWN_ACCOUNT)
        self.process.confirm(user, at=time.time())
        return HttpResponseRedirect(self.passthrough_next_url(reverse("account_set_forgotten_password")))


@method_decorator(never_cache, name="dispatch")
class SetForgottenPassword(NextRedirectMixin, FormView):
    """Third step: the new password. It ends every session of the account and logs in here, through the same stages as any login (ACC-6)."""

    template_name = "account/password_reset_new.html"
    form_class = ResetPasswordForm

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.code = ResetCode.resume(request)
        if self.code is None or not self.code.is_confirmed or self.code.user is None:
            messages.error(request, texts.CODE_EXPIRED)
            return HttpResponseRedirect(self.passthrough_next_url(reverse("account_reset_password")))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "user": self.code.user}

    def form_valid(self, form: ResetPasswordForm) -> HttpResponse:
        user, phone = self.code.user, self.code.phone
        form.save()
        get_adapter().set_phone_verified(user, phone)
        audit.log("account.password_reset", user, by=user, at=timezone.now())
        return self.log_in(user, phone)

    def log_in(self, user: User, phone: str) -> HttpResponse:
        # A new session: whoever sat here before, and the code, are gone with the old one.
        get_adapter().logout(self.request)
        messages.success(self.request, texts.PASSWORD_RESET)
        return perform_password_reset_login(self.request, user, phone=phone)
