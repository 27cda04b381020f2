"""
The captcha before the first code: four digits in a picture, or spoken, against robots that make a site send text messages (ACC-5).

Pictures, keys and their expiry are django-simple-captcha's. Its form field is not: it checks the answer while other fields may still be
wrong, and an answer serves once, so a person who mistyped a password would have to read another picture.
"""

import random
import string
from datetime import datetime
from typing import NamedTuple

from allauth.core import context, ratelimit
from allauth.core.exceptions import RateLimited
from captcha.models import CaptchaStore
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from membership.accounts import codes

LENGTH = 4
LIMIT = "captcha"
# Name and value of the button that asks for another picture where no script does.
ACTION, NEW_CAPTCHA = "action", "new-captcha"


# --- One captcha ----------------------------------------------------------------------------------


def four_digits() -> tuple[str, str]:
    """Return what the picture shows, and the answer: the same."""
    digits = get_random_string(LENGTH, string.digits)
    return digits, digits


def draw_lines(draw, image):
    """Draw thin lines across the picture: they hinder simple programs, hardly a reader. The key seeds chance: a picture stays as it is."""
    width, height = image.size
    for _line in range(3):
        draw.line([(0, random.randrange(height)), (width, random.randrange(height))], fill="#63686a", width=2)
    return draw


def make(request: HttpRequest) -> CaptchaStore:
    """
    Return a new captcha.

    :raises RateLimited: this address has asked for too many of them.
    """
    if ratelimit.consume_or_429(request, action=LIMIT, limit_get=True):
        raise RateLimited
    return CaptchaStore.objects.get(hashkey=CaptchaStore.generate_key())


def still_open(key: str, *, at: datetime) -> CaptchaStore | None:
    """Return the captcha of that key if it may still be answered."""
    return CaptchaStore.objects.filter(hashkey=key, expiration__gt=at).first()


def is_right(key: str, answer: str, *, at: datetime) -> bool:
    """Whether ``answer`` is what the picture shows. The captcha is used up either way, also for others who answer it at the same time."""
    captcha = still_open(key, at=at)
    burnt, _details = CaptchaStore.objects.filter(hashkey=key).delete()
    return captcha is not None and burnt == 1 and constant_time_compare(captcha.response, answer)


def sweep(*, at: datetime) -> int:
    """Remove the captchas that nobody answered in time; return how many."""
    return CaptchaStore.objects.filter(expiration__lte=at).delete()[0]


# --- On a form ------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """What came in: the key of the picture, and the digits that were typed."""

    key: str
    digits: str


class CaptchaInput(forms.TextInput):
    """The input for the digits; the key comes in a hidden one, its name with ``_key`` behind."""

    def __init__(self) -> None:
        # Room for digits typed with spaces between.
        super().__init__({"inputmode": "numeric", "autocomplete": "off", "maxlength": "12"})

    def value_from_datadict(self, data, files, name: str) -> Answer:  # Django's name
        key = data.get(f"{name}_key", "")
        # PostgreSQL refuses to look for some characters.
        return Answer(key if key.isalnum() else "", data.get(name, ""))

    def value_omitted_from_data(self, data, files, name: str) -> bool:  # Django's name
        return name not in data


class BoundCaptcha(forms.BoundField):
    """The captcha as ``components/captcha_field.html`` draws it: the one that came in while it may still be answered, else a new one."""

    @cached_property
    def kept(self) -> CaptchaStore | None:
        return still_open(self.data.key, at=timezone.now()) if self.form.is_bound else None

    @cached_property
    def captcha(self) -> CaptchaStore:
        return self.kept or make(context.request)

    @property
    def key(self) -> str:
        return self.captcha.hashkey

    def addresses(self) -> dict[str, str | int]:
        return addresses(self.captcha, at=timezone.now())

    def value(self) -> str:  # Django's name
        return self.data.digits if self.kept else ""


def addresses(captcha: CaptchaStore, *, at: datetime) -> dict[str, str | int]:
    """Return what a page needs of a captcha: ``key``, the addresses of ``picture`` and ``sound``, and how many ``seconds`` it lasts."""
    return {
        "key": captcha.hashkey,
        "picture": reverse("account_captcha_picture", args=[captcha.hashkey]),
        "sound": reverse("account_captcha_sound", args=[captcha.hashkey]),
        "seconds": int((captcha.expiration - at).total_seconds()),
    }


class CaptchaField(forms.Field):
    """Takes the digits; whether they are right is the form's to ask, when nothing else is wrong."""

    widget = CaptchaInput
    bound_field_class = BoundCaptcha
    default_error_messages = {"required": _("请填写图形验证码"), "wrong": _("图形验证码不对，请按新图片填写")}

    def __init__(self) -> None:
        super().__init__(label=_("图形验证码"), help_text=_("图片中的 4 位数字"))

    def clean(self, value: Answer) -> Answer:
        """
        Return the answer with its digits as the picture has them: full-width ones and spaces are fine.

        :raises ValidationError: nothing was typed.
        """
        digits = codes.as_typed(value.digits)
        if not digits:
            raise ValidationError(self.error_messages["required"], code="required")
        return Answer(value.key, digits)


class CaptchaForm(forms.Form):
    """A form that sends a code. ``CAPTCHA_BEFORE_CODES`` says whether it has a captcha; it comes last, on the page and in the checks."""

    def __init__(self, data=None, files=None, **kwargs) -> None:
        only_new = data is not None and data.get(ACTION) == NEW_CAPTCHA
        super().__init__(*(None, None) if only_new else (data, files), **kwargs)
        if settings.CAPTCHA_BEFORE_CODES:
            self.fields["captcha"] = CaptchaField()
        if only_new:
            # Not sent yet: nothing is checked, nothing is lost. Passwords are never shown again (their widget sees to it).
            self.initial = {name: self._typed(name, data, files) for name in self.fields}

    def _typed(self, name: str, data, files):
        return self.fields[name].widget.value_from_datadict(data, files, self.add_prefix(name))

    def full_clean(self) -> None:  # Django's name
        """Clean all else, then check the captcha, then ask the allowance: each only if nothing before was wrong."""
        super().full_clean()
        if self.is_bound and not self.errors and "captcha" in self.fields:
            self._check_captcha()
        if self.is_bound and not self.errors:
            self.ask_allowance()

    def ask_allowance(self) -> None:
        """Refuse, by an error, a number that may get no code now. For the forms that know; a robot gets no answer here."""

    def _check_captcha(self) -> None:
        if not is_right(*self.cleaned_data["captcha"], at=timezone.now()):
            self.add_error("captcha", ValidationError(self.fields["captcha"].error_messages["wrong"], code="wrong"))
