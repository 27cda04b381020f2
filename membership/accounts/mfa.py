"""
The second factor as allauth runs it (ACC-6): its secrets encrypted, its forms in our words.

allauth stores the secret of the dynamic codes and the seed of the recovery codes in clear text; here ``FIELD_KEYS`` encrypt both.
"""

from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal import auth as totp
from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from qrcode import make as qr_code
from qrcode.image.svg import SvgPathFillImage

from membership import encryption
from membership.accounts import codes
from membership.models import User
from membership.phone_numbers import masked

TOO_MANY_TRIES = _("输错的次数太多，请 5 分钟后再试")
USED_A_MOMENT_AGO = _("这个动态验证码刚才用过。请等验证器显示下一个，再填写")
RECOVERY_CODE_USED = _("已用掉一个恢复码，还剩 %(count)d 个")
# allauth's keys of the same refusal, at login and at activation.
LOCKED = ("too_many_login_attempts", "rate_limited")


class MFAAdapter(DefaultMFAAdapter):
    """The hooks of allauth.mfa that differ here. Nothing is sent by e-mail: ``ACCOUNT_EMAIL_NOTIFICATIONS`` is off."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不对。请填写验证器现在显示的 6 位数字，一直不对时请核对手机的时间；恢复码每个只能用一次"),
        "cannot_generate_recovery_codes": _("请先开启动态验证码，再生成恢复码"),
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

    def get_totp_label(self, user: User) -> str:
        """Return what the authenticator shows beside the code. It stands on a lock screen, perhaps: the number is masked."""
        return masked(user.get_username()) or f"账号 {user.pk}"

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code on white: allauth's has no ground, and nothing could read it on a dark page."""
        return qr_code(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")


def _code_field(*, label, hint) -> forms.CharField:
    # Room for what is pasted with spaces or a hyphen.
    attrs = {"inputmode": "numeric", "maxlength": "12", "autocomplete": "one-time-code"}
    return forms.CharField(
        label=label, help_text=hint, widget=forms.TextInput(attrs), error_messages={"required": _("请填写验证器显示的 6 位数字")}
    )


class TypedCode(forms.Form):
    """A code as people type it, and a refusal that fits where no text message is sent."""

    def clean_code(self) -> str:
        self.cleaned_data["code"] = codes.as_typed(self.cleaned_data["code"])
        try:
            return super().clean_code()
        except ValidationError as refusal:
            if refusal.code in LOCKED:
                raise ValidationError(TOO_MANY_TRIES, code=refusal.code) from refusal
            raise


class CodeThatServesOnce(TypedCode):
    """
    A dynamic code opens one door once. allauth remembers it for 30 seconds; with ``MFA_TOTP_TOLERANCE`` it would be good for longer.
    """

    def clean_code(self) -> str:
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not self._is_first_use(code):
            raise ValidationError(USED_A_MOMENT_AGO, code="used")
        return code

    def _is_first_use(self, code: str) -> bool:
        good_for = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        return cache.add(f"second-factor-used:{self.authenticator.pk}:{code}", True, timeout=good_for)


class AuthenticateForm(CodeThatServesOnce, base_forms.AuthenticateForm):
    """The second factor at login: a dynamic code, or a recovery code in its place."""

    code = _code_field(label=_("动态验证码或恢复码"), hint=_("验证器显示的 6 位数字；手机不在身边时，填写一个 8 位恢复码"))

    def save(self) -> None:
        super().save()
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            left = len(Authenticator.objects.get(pk=self.authenticator.pk).wrap().get_unused_codes())
            messages.warning(context.request, RECOVERY_CODE_USED % {"count": left})


class ReauthenticateForm(CodeThatServesOnce, base_forms.ReauthenticateForm):
    """The second factor again, before a dangerous act (ACC-7)."""

    code = _code_field(label=_("动态验证码或恢复码"), hint=_("验证器显示的 6 位数字；手机不在身边时，填写一个 8 位恢复码"))


class ActivateForm(TypedCode, totp_forms.ActivateTOTPForm):
    """The first code of an authenticator, which proves that it was set up."""

    code = _code_field(label=_("动态验证码"), hint=_("6 位数字，每 30 秒换一次"))

    def __init__(self, *args, **kwargs) -> None:
        kept = totp.get_totp_secret()
        super().__init__(*args, **kwargs)
        # allauth draws another secret whenever the page is opened: what was scanned before a reload would never fit.
        self.secret = context.request.session[totp.SECRET_SESSION_KEY] = kept
