"""The account forms: allauth's, worded for this site, with what it lacks (stack notes 4)."""

from allauth.account import forms as allauth_forms
from allauth.core import context
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from membership.accounts import allowance, codes, texts, unproved
from membership.accounts.adapter import UNKNOWN_CODE_KEY
from membership.accounts.captcha import CaptchaForm
from membership.accounts.fields import MobileField
from membership.accounts.passwords import OwnNumberValidator
from membership.models import User

PASSWORD_HINT = _("至少 8 位，同时含字母和数字")


class LoginForm(allauth_forms.LoginForm):
    """密码登录."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        _word(self.fields["password"], _("登录密码"), required=_("请填写登录密码"))


class SignupForm(CaptchaForm, allauth_forms.SignupForm):
    """用户注册: number, password twice, consent to the privacy notice (ACC-1)."""

    privacy = forms.BooleanField(label=_("我已阅读并同意《隐私说明》"), error_messages={"required": _("请先阅读并同意《隐私说明》")})
    field_order = ["phone", "password1", "password2", "privacy"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["password1"], _("登录密码"), PASSWORD_HINT, required=_("请设置登录密码"))
        _word(self.fields["password2"], _("确认密码"), required=_("请再输入一次密码"))

    def clean(self) -> dict:
        cleaned = super().clean()
        self._refuse_own_number()
        return cleaned

    def ask_allowance(self) -> None:
        if not allowance.is_left(context.request, self.cleaned_data["phone"]):
            self.add_error("phone", allowance.refusal(context.request, self.cleaned_data["phone"]))

    def try_save(self, request) -> tuple[User | None, object]:  # allauth's name
        """Store the account, or, if the number has one, go on as if it had none: the text message says it."""
        phone = self.cleaned_data["phone"]
        if self.account_already_exists and not unproved.release(phone, at=timezone.now()):
            # As long as it takes to store a new account's password.
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        self.account_already_exists = False
        try:
            return self.save(request), None
        except IntegrityError:
            if not User.objects.filter(phone=phone).exists():
                raise
            self.account_already_exists = True
            return super().try_save(request)

    def _refuse_own_number(self) -> None:
        """allauth checks the password against an account without a number."""
        password, phone = self.cleaned_data.get("password1"), self.cleaned_data.get("phone")
        if password and phone:
            try:
                OwnNumberValidator().validate(password, User(phone=phone))
            except ValidationError as refusal:
                self.add_error("password1", refusal)


class RequestLoginCodeForm(CaptchaForm, allauth_forms.RequestLoginCodeForm):
    """验证码登录, first step."""

    def ask_allowance(self) -> None:
        if not allowance.take(context.request, self.cleaned_data["phone"]):
            self.add_error("phone", ValidationError(allowance.refusal(context.request, self.cleaned_data["phone"]), code="too_often"))


class ForgottenPasswordForm(CaptchaForm):
    """忘记密码, first step."""

    phone = MobileField()


class NewNumberForm(forms.Form):
    """更换手机号: the new one; ``current`` is the account's present number (E.164)."""

    phone = MobileField(label=_("新手机号"))

    def __init__(self, *args, current: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.current = current

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if phone == self.current:
            raise ValidationError(texts.ERRORS["same_as_current"], code="same_as_current")
        return phone


class CodeForm(allauth_forms.BaseConfirmCodeForm):
    """
    A code as it came by text message. ``code`` is the fingerprint it must have; ``tries_left`` counts those after this one, if known.
    """

    def __init__(self, *args, tries_left: int | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.tries_left = tries_left
        _word(self.fields["code"], _("短信验证码"), _("6 位数字，5 分钟内有效"), required=_("请填写短信验证码"))
        # Room for what is pasted with spaces or a hyphen.
        self.fields["code"].widget.attrs.update(inputmode="numeric", maxlength="12", autocomplete="one-time-code")

    def clean_code(self) -> str:
        # allauth compares texts: both become fingerprints.
        self.cleaned_data["code"] = codes.fingerprint_like(self.expected_code or "", codes.as_typed(self.cleaned_data["code"]))
        try:
            return super().clean_code()
        except ValidationError as refusal:
            if refusal.code == "incorrect_code" and self.tries_left:
                message = gettext("验证码不对，还可以再试 %(count)d 次") % {"count": self.tries_left}
                raise ValidationError(message, code="incorrect_code") from refusal
            raise


class ConfirmLoginCodeForm(CodeForm, allauth_forms.ConfirmLoginCodeForm):
    """验证码登录, second step; also for a number without an account (ACC-2)."""

    def clean_code(self) -> str:
        # Without an account allauth expects no code; ours for that number stands in the session. It serves once.
        session = context.request.session
        if not self.expected_code and codes.is_code_of(session.get(UNKNOWN_CODE_KEY, ""), codes.as_typed(self.cleaned_data["code"])):
            del session[UNKNOWN_CODE_KEY]
            raise ValidationError(texts.UNKNOWN_ACCOUNT, code="unknown_account")
        return super().clean_code()


class VerifyPhoneForm(CodeForm, allauth_forms.VerifyPhoneForm):
    """The code that proves a number after registration."""


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """设置登录密码 with the present one."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["oldpassword"], _("当前密码"), required=_("请填写当前密码"))
        _word_new_passwords(self)


class SetPasswordForm(allauth_forms.SetPasswordForm):
    """设置登录密码 for an account that has none yet."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _word_new_passwords(self)


class ResetPasswordForm(SetPasswordForm):
    """忘记密码, last step: the new password of the account whose number was proved."""


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password again, before a dangerous act (ACC-7)."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["password"], _("登录密码"), required=_("请填写登录密码"))


def _word_new_passwords(form: forms.Form) -> None:
    _word(form.fields["password1"], _("新密码"), PASSWORD_HINT, required=_("请设置新密码"))
    _word(form.fields["password2"], _("确认新密码"), required=_("请再输入一次新密码"))


def _word(field: forms.Field, label, hint="", *, required) -> None:
    """Name a field of allauth's in our words; a label never stands inside its field."""
    field.label = label
    field.help_text = hint
    field.error_messages = {**field.error_messages, "required": required}
    field.widget.attrs.pop("placeholder", None)
