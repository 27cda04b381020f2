"""
Numbers of identity documents: how each kind is built, what is wrong with one, and what it says of its holder (APP-4, P-6).

Sources: GB 11643-1999 with ISO 7064 MOD 11-2 (resident identity cards, residence permits of Hong Kong, Macao and Taiwan, permanent
residence cards since 2023), ICAO 9303 with weights 7-3-1 (permanent residence cards of 2017), ``id_documents.csv`` for the rest.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from membership.enums import DocumentKind, Sex

# The divisions of the first rank that give out numbers, as their first two digits. Counties come and go: no list of them is ever
# complete, so a county nobody knows is a hint to a reviewer elsewhere and never a fault here.
_PROVINCE_RANGES = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))
PROVINCES = frozenset(str(code) for codes in _PROVINCE_RANGES for code in codes)
# Hong Kong, Macao, Taiwan. 830000 exists only on residence permits, it is no division.
RESIDENCE_REGIONS = frozenset({"810000", "820000", "830000"})

_WEIGHTS_GB_11643 = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_EARLIEST_BIRTH_YEAR = 1900

_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# Invisible characters that come along when a number is pasted.
_SEPARATORS = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u2010-\u2015\u2212-]+")


class Fault(NamedTuple):
    """What is wrong, told so that the holder can mend it; ``field`` is document_number, document_kind, born_on or sex."""

    field: str
    message: str


class Facts(NamedTuple):
    """
    What a number says of its holder; ``None`` or empty where it does not say it.

    ``region_code``: six digits of the division that gave out the number, only on resident identity cards and residence permits.
    """

    born_on: date | None
    sex: Sex | None
    region_code: str


def check_character(first17: str) -> str:
    """
    Return the 18th character ("0" to "9" or "X") that belongs to the first 17 digits of a number.

    Source: GB 11643-1999, check by ISO 7064 MOD 11-2. Example: "11010119350101009" gives "X".

    :raises ValueError: not 17 ASCII digits.
    """
    if not re.fullmatch(r"[0-9]{17}", first17):
        raise ValueError("校验码由前17位数字算出")
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS_GB_11643, first17, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def normalise(kind: str, text: str) -> str:
    """
    Return a typed number as it is stored, checked and hashed: ASCII, upper case, without spaces, hyphens and invisible characters.

    The permits of Hong Kong and Macao residents lose the two digits that count the reissues: the first nine are the same for life.
    """
    number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    # Composed again: what stood apart may have met, and a second pass must find nothing to do.
    number = unicodedata.normalize("NFC", number).translate(_UPPER)
    if kind == DocumentKind.HK_MACAU_PERMIT and re.fullmatch(r"[HM][0-9]{10}", number):
        return number[:9]
    return number


def faults(
    *, kind: str, number: str, today: date, born_on: date | None = None, sex: str | None = None, country: str = ""
) -> tuple[Fault, ...]:
    """
    Return what is wrong with a number and, once nothing is, where it contradicts the birth date and sex that were typed.

    ``today`` is Shanghai's date; ``country`` the ISO code of the issuing country, which makes a Chinese passport's form stricter.
    An empty tuple means: accepted. The number may come as typed.
    """
    if kind not in _FAULTS:
        return (Fault("document_kind", _("请选择证件类型")),)
    number = normalise(kind, number)
    if not number:
        return (Fault("document_number", _("请填写证件号码")),)
    if message := _FAULTS[kind](number, today) or _chinese_passport_fault(kind, number, country):
        return (_belongs_to_other_kind(kind, number, today) or Fault("document_number", message),)
    return _contradictions(kind, number, born_on, sex)


def facts(kind: str, number: str) -> Facts | None:
    """
    Return what a number says of its holder, or ``None`` if its kind says nothing or the number is wrong.

    A permanent residence card of 2017 gives the year in two digits; its ``born_on`` is ``None``, since the century is a guess.
    """
    number = normalise(kind, number)
    if kind not in _KINDS_WITH_FACTS or _FAULTS[kind](number, date.max):
        return None
    if _is_2017_card(number):
        return Facts(born_on=None, sex=_sex_of(number[13]), region_code="")
    region = "" if kind == DocumentKind.PERMANENT_RESIDENCE else number[:6]
    return Facts(born_on=_date_of(number[6:14]), sex=_sex_of(number[16]), region_code=region)


def is_first_generation(number: str) -> bool:
    """Whether this has the form of a resident identity number before 1999: 15 digits, the year in two, no check character."""
    return re.fullmatch(r"[0-9]{15}", number) is not None


def expand_first_generation(number15: str) -> str:
    """
    Return the 18-digit form of a first-generation number. For imports alone: nobody may type one any more (D-7).

    Only the form is tested; ask ``faults`` about the result.

    :raises ValueError: not 15 digits.
    """
    number = normalise(DocumentKind.RESIDENT_ID, number15)
    if not is_first_generation(number):
        raise ValueError("不是15位身份证号")
    first17 = f"{number[:6]}19{number[6:]}"
    return first17 + check_character(first17)


def mask(number: str) -> str:
    """Return a number for lists and logs: "11**************1X". Short ones show one character at each end, very short ones none."""
    shown = 2 if len(number) >= 8 else 1 if len(number) >= 5 else 0
    return number[:shown] + "*" * (len(number) - 2 * shown) + number[len(number) - shown :]


# --- What is wrong with a number of each kind: a sentence, or nothing --------------------------------


def _resident_id_fault(number: str, today: date) -> str:
    if is_first_generation(number):
        return _("15位的旧身份证号已停用，请填写18位身份证号")
    return _form_fault(_("身份证号"), number) or _resident_region_fault(number) or _birth_and_check_fault(_("身份证号"), number, today)


def _residence_permit_fault(number: str, today: date) -> str:
    name = _("居住证号码")
    if fault := _form_fault(name, number):
        return fault
    if number[:6] not in RESIDENCE_REGIONS:
        return _("港澳台居民居住证号码以 810000、820000 或 830000 开头，请核对号码或证件类型")
    return _birth_and_check_fault(name, number, today)


def _permanent_residence_fault(number: str, today: date) -> str:
    name = _("永久居留身份证号码")
    if re.fullmatch(r"[A-Z]{3}.*", number):
        return _card_of_2017_fault(name, number)
    if not number.startswith("9"):
        return _("永久居留身份证号码是以 9 开头的18位，或以三个国籍字母开头的15位，请核对")
    return _form_fault(name, number) or _province_fault(name, number[1:3]) or _birth_and_check_fault(name, number, today)


def _card_of_2017_fault(name: str, number: str) -> str:
    if fault := _length_fault(name, number, 15):
        return fault
    if not _is_2017_card(number):
        return _("永久居留身份证号码的前三位是国籍字母，后12位是数字，请核对")
    if fault := _province_fault(name, number[3:5]):
        return fault
    if not any(_date_of(century + number[7:13]) for century in ("19", "20")):
        return _("%(name)s中的出生日期 %(digits)s 不是真实的日期，请核对") % {"name": name, "digits": number[7:13]}
    if _icao_check_digit(number[:14]) != number[14]:
        return _check_character_message(name)
    return ""


def _passport_fault(number: str, today: date) -> str:
    if not re.fullmatch(r"[A-Z0-9]+", number):
        return _("护照号码只含字母和数字，请核对")
    if not 5 <= len(number) <= 9:
        return _("护照号码是5至9位字母和数字，现在是%(length)d位，请核对") % {"length": len(number)}
    return ""


def _chinese_passport_fault(kind: str, number: str, country: str) -> str:
    # One letter and eight digits or two and seven: ordinary, official, and those of Hong Kong and Macao.
    if kind != DocumentKind.PASSPORT or country != "CN" or re.fullmatch(r"(?=.{9}$)[A-Z]{1,2}[0-9]{7,8}", number):
        return ""
    return _("中国护照号码是9位：1个字母加8位数字，或2个字母加7位数字，请核对")


def _hk_macau_permit_fault(number: str, today: date) -> str:
    if re.fullmatch(r"[HM]([0-9]{8}|A[0-9]{7})", number):
        return ""
    if number[0] not in "HM":
        return _("港澳居民来往内地通行证号码以字母 H 或 M 开头，请核对")
    return _length_fault(_("通行证号码"), number, 9) or _("通行证号码是 H 或 M 加8位数字（非中国籍为 HA 或 MA 加7位数字），请核对")


def _taiwan_permit_fault(number: str, today: date) -> str:
    if re.fullmatch(r"[0-9]{10}[A-Z]?", number):
        return _("旧版台湾居民来往大陆通行证均已失效，请填写新版卡式证件的8位数字")
    if not re.fullmatch(r"[0-9]+", number):
        return _("台湾居民来往大陆通行证号码是8位数字，请核对")
    return _length_fault(_("通行证号码"), number, 8)


_FAULTS: dict[str, Callable[[str, date], str]] = {
    DocumentKind.RESIDENT_ID: _resident_id_fault,
    DocumentKind.PASSPORT: _passport_fault,
    DocumentKind.HK_MACAU_PERMIT: _hk_macau_permit_fault,
    DocumentKind.TAIWAN_PERMIT: _taiwan_permit_fault,
    DocumentKind.RESIDENCE_PERMIT: _residence_permit_fault,
    DocumentKind.PERMANENT_RESIDENCE: _permanent_residence_fault,
}
# These carry birth date, sex and a check character, so a number that passes for one of them was hardly meant as another kind.
_KINDS_WITH_FACTS = (DocumentKind.RESIDENT_ID, DocumentKind.RESIDENCE_PERMIT, DocumentKind.PERMANENT_RESIDENCE)


def _belongs_to_other_kind(kind: str, number: str, today: date) -> Fault | None:
    for other in _KINDS_WITH_FACTS:
        if other != kind and not _FAULTS[other](number, today):
            return Fault("document_kind", _("这是%(kind)s的号码，请将证件类型改为「%(kind)s」") % {"kind": other.label})
    return None


def _contradictions(kind: str, number: str, born_on: date | None, sex: str | None) -> tuple[Fault, ...]:
    said = facts(kind, number)
    if said is None:
        return ()
    found = []
    if born_on and not _says_born_on(number, said, born_on):
        when = said.born_on.isoformat() if said.born_on else "-".join((number[7:9], number[9:11], number[11:13]))
        found.append(Fault("born_on", _("证件号码中的出生日期是 %(when)s，与填写的不同，请核对两处") % {"when": when}))
    if sex and said.sex and sex != said.sex:
        found.append(Fault("sex", _("证件号码中的性别是%(sex)s，与填写的不同，请核对两处") % {"sex": said.sex.label}))
    return tuple(found)


def _says_born_on(number: str, said: Facts, born_on: date) -> bool:
    if said.born_on:
        return said.born_on == born_on
    return number[7:13] == f"{born_on:%y%m%d}"


# --- Parts of a number ----------------------------------------------------------------------------


def _form_fault(name: str, number: str) -> str:
    if not re.fullmatch(r"[0-9]+X?", number):
        return _("%(name)s由数字组成，只有第18位可以是 X，请核对号码或证件类型") % {"name": name}
    return _length_fault(name, number, 18)


def _length_fault(name: str, number: str, length: int) -> str:
    if len(number) < length:
        return _("%(name)s少 %(count)d 位，请核对") % {"name": name, "count": length - len(number)}
    if len(number) > length:
        return _("%(name)s多 %(count)d 位，请核对") % {"name": name, "count": len(number) - length}
    return ""


def _resident_region_fault(number: str) -> str:
    if number[:2] in {"81", "82", "83"}:
        return _("以 %(digits)s 开头的不是居民身份证号；港澳台居民居住证请将证件类型改为「港澳台居民居住证」") % {"digits": number[:2]}
    return _province_fault(_("身份证号"), number[:2])


def _province_fault(name: str, digits: str) -> str:
    if digits in PROVINCES:
        return ""
    return _("%(name)s中的省级代码 %(digits)s 不存在，请核对") % {"name": name, "digits": digits}


def _birth_and_check_fault(name: str, number: str, today: date) -> str:
    born_on = _date_of(number[6:14])
    if born_on is None or born_on.year < _EARLIEST_BIRTH_YEAR:
        return _("%(name)s第7至14位的出生日期 %(digits)s 不是真实的日期，请核对") % {"name": name, "digits": number[6:14]}
    if born_on > today:
        return _("%(name)s中的出生日期 %(when)s 晚于今天，请核对") % {"name": name, "when": born_on.isoformat()}
    if check_character(number[:17]) != number[17]:
        return _check_character_message(name)
    return ""


def _check_character_message(name: str) -> str:
    # Never the right one: it would only help to make a mistyped number pass.
    return _("%(name)s的最后一位（校验码）与前面的数字不符，请逐位核对") % {"name": name}


def _icao_check_digit(text: str) -> str:
    # int(…, 36) reads A as 10 and Z as 35, as ICAO 9303 does.
    return str(sum((7, 3, 1)[place % 3] * int(character, 36) for place, character in enumerate(text)) % 10)


def _is_2017_card(number: str) -> bool:
    return re.fullmatch(r"[A-Z]{3}[0-9]{12}", number) is not None


def _date_of(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _sex_of(digit: str) -> Sex:
    return Sex.MALE if int(digit) % 2 else Sex.FEMALE
