"""
Login by text message into a long unused account: name and document are asked first (L-3), or the number is set free (L-4).

This is a stage of allauth's login, between the code and the second factor. Whoever the number has passed to could not get past a second
factor to say so.
"""

from contextlib import suppress
from datetime import datetime

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import LoginStage
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from membership import identity
from membership.accounts import known_devices
from membership.domain import recycled_numbers
from membership.domain.errors import DomainError
from membership.phone_numbers import masked

NUMBER_IS_FREE = _("手机号 %(phone)s 已可以注册。请设置您自己的登录密码")
BY_PASSWORD = "password"


class ConfirmIdentityStage(LoginStage):
    """Holds a login until its person has said who they are, where the number alone was proved."""

    key = "confirm_identity"
    urlname = "account_confirm_identity"

    def handle(self) -> tuple[HttpResponse | None, bool]:  # allauth's name
        if not self._asks():
            return None, True
        last_login = self.login.user.last_login
        self.state["entered_at"] = last_login.isoformat() if last_login else ""
        return HttpResponseRedirect(reverse(self.urlname)), True

    @property
    def entered_at(self) -> datetime | None:
        """The account's last login before this one."""
        return datetime.fromisoformat(self.state["entered_at"]) if self.state["entered_at"] else None

    def _asks(self) -> bool:
        user = self.login.user
        return (
            user is not None
            and recycled_numbers.is_in_question(user, at=timezone.now())
            and not self._is_proved_by_password()
            and not known_devices.knows(self.request, user)
        )

    def _is_proved_by_password(self) -> bool:
        """Any other way here is a code to the number, at login or for a forgotten password; the latest record is this login's."""
        records = get_authentication_records(self.request, self.login.user)
        by_password = bool(records) and records[-1]["method"] == BY_PASSWORD
        return by_password and not recycled_numbers.is_password_from_code(self.login.user)


class IdentityForm(forms.Form):
    """姓名 and 证件号码后 4 位. What is not four characters is no try."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=100,
        error_messages={"required": _("请填写姓名")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    document_number = forms.CharField(
        label=_("证件号码后 4 位"),
        help_text=_("以您提交会员资料时的证件为准；字母大小写都可以"),
        max_length=40,
        error_messages={"required": _("请填写证件号码后 4 位")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_document_number(self) -> str:
        typed = self.cleaned_data["document_number"]
        if len(identity.normalise("", typed)) < recycled_numbers.ASKED_CHARACTERS:
            raise ValidationError(_("请填写证件号码的最后 4 位"), code="too_short")
        return typed


@method_decorator(login_stage_required(stage=ConfirmIdentityStage.key, redirect_urlname="account_login"), name="dispatch")
class IdentityPage(FormView):
    """What both pages have in common; of the account they show nothing but the number that was proved."""

    @property
    def stage(self) -> ConfirmIdentityStage:
        return self.request._login_stage

    @property
    def phone(self) -> str:
        return masked(self.stage.login.user.get_username())

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(phone=self.phone, **kwargs)


class ConfirmIdentity(IdentityPage):
    """请再确认是您本人 (L-3)."""

    template_name = "account/confirm_identity.html"
    form_class = IdentityForm

    def get_context_data(self, **kwargs) -> dict:
        left = recycled_numbers.tries_left(self.stage.login.user, at=timezone.now())
        return super().get_context_data(is_locked=left == 0, **kwargs)

    def form_valid(self, form: IdentityForm) -> HttpResponse:
        try:
            recycled_numbers.confirm(user=self.stage.login.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
            return self.form_invalid(form)
        return self.stage.exit()


class NotMyAccount(IdentityPage):
    """这不是我的账号 (L-4): explains, asks once more, and leads to the registration with the number free."""

    template_name = "account/not_my_account.html"
    form_class = forms.Form

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            with suppress(recycled_numbers.AlreadyReleased):
                recycled_numbers.release(user=self.stage.login.user, entered_at=self.stage.entered_at, at=timezone.now())
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, NUMBER_IS_FREE % {"phone": self.phone})
        self.stage.abort()
        return HttpResponseRedirect(reverse("account_signup"))
