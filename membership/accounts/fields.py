"""The telephone number on a form: a country, and what was typed."""

from typing import NamedTuple

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from membership import validators

MAINLAND = "CN"
# ISO code, prefix, name. The mainland first, then where the overseas branches sit.
COUNTRIES = (
    (MAINLAND, "+86", "中国大陆"),
    ("HK", "+852", "中国香港"),
    ("MO", "+853", "中国澳门"),
    ("TW", "+886", "中国台湾"),
    ("SG", "+65", "新加坡"),
    ("MY", "+60", "马来西亚"),
    ("JP", "+81", "日本"),
    ("KR", "+82", "韩国"),
    ("US", "+1", "美国"),
    ("CA", "+1", "加拿大"),
    ("GB", "+44", "英国"),
    ("DE", "+49", "德国"),
    ("FR", "+33", "法国"),
    ("AU", "+61", "澳大利亚"),
    ("NZ", "+64", "新西兰"),
)
CODES = frozenset(code for code, _prefix, _name in COUNTRIES)


class Typed(NamedTuple):
    """A number as it came in: the country chosen beside it (ISO code) and the text."""

    country: str
    text: str


class MobileNumberInput(forms.TextInput):
    """
    A list of countries and an input, joined. The input bears the field's name and id, so that label and errors lead to it; the list's
    name is the same with ``_country`` behind. A form that came without the list is about the mainland.
    """

    input_type = "tel"
    template_name = "account/widgets/mobile_number.html"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"inputmode": "tel", "autocomplete": "tel", "maxlength": "32", **(attrs or {})})

    def value_from_datadict(self, data, files, name: str) -> Typed | None:  # Django's name
        if name not in data:
            return None
        return Typed(data.get(f"{name}_country", MAINLAND), data[name])

    def value_omitted_from_data(self, data, files, name: str) -> bool:  # Django's name
        return name not in data

    def get_context(self, name: str, value, attrs) -> dict:  # Django's name
        typed = _as_typed(value)
        context = super().get_context(name, typed.text, attrs)
        context["widget"]["countries"] = [
            {"code": code, "prefix": prefix, "name": country, "chosen": code == typed.country} for code, prefix, country in COUNTRIES
        ]
        return context


class MobileField(forms.Field):
    """
    A mobile number; its clean value is E.164 text, which is what sessions, limits and the database compare.

    Whether a range of the mainland is known to a library does not matter: the code by text message is the proof (field case 08).
    """

    widget = MobileNumberInput
    default_error_messages = {"required": _("请填写手机号")}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("手机号"))
        super().__init__(**kwargs)

    def clean(self, value) -> str:
        """
        Return the number as E.164 text, or an empty string if none was given and none is required.

        :raises ValidationError: nothing given, a country that is not on the list, or no number of that country.
        """
        typed = _as_typed(value)
        if not typed.text.strip():
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return ""
        if typed.country not in CODES:
            raise ValidationError(_("请选择国家或地区"), code="no_country")
        return validators.normalise_mobile(typed.text, typed.country)


def _as_typed(value) -> Typed:
    """What a widget, a stored number or a caller's text gives, as country and text."""
    if isinstance(value, Typed):
        return value
    text = str(value or "")
    if text.startswith("+"):
        return _from_e164(text)
    return Typed(MAINLAND, text)


def _from_e164(phone: str) -> Typed:
    try:
        parsed = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return Typed(MAINLAND, phone)
    region = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    if region not in CODES:
        return Typed(MAINLAND, phone)
    return Typed(region, phonenumbers.national_significant_number(parsed))
