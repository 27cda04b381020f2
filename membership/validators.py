"""
Text that people type: what is mended silently, and what is refused with a sentence that says the repair.

Mended, since it came by pasting and nobody sees it: control characters and NUL, marks of writing direction, zero-width characters,
variation selectors, bullets of symbol fonts, odd spaces; letters are composed (NFC). Refused, since only the writer knows what was
meant: private-use characters, remains of a wrong encoding, towers of combining marks. So PostgreSQL, the xlsx export and the PDF
can hold whatever passes here.
"""

import re
import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from membership import identity
from membership.enums import DocumentKind

# Marks on one letter: Vietnamese needs none after composing, a Tibetan syllable up to four.
MARKS_ON_ONE_LETTER = 4
MIDDLE_DOT = "\u00b7"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffc\uf000-\uf0ff\U000e0000-\U000e0fff]"
)
_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
# Lone surrogates and non-characters cannot be stored or exported; U+FFFD stands where a decoder gave up. Unassigned code points
# pass: the newest Han characters are unknown to this Python's tables, and people bear them in their names.
_BROKEN = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]")

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Dots typed for U+00B7 wherever they stand: ano teleia, bullets, katakana dots, hyphenation point, dot operators, dot above …
_DOT_LOOKALIKES = re.compile("[\u02d9\u0387\u1427\u16eb\u2022\u2024\u2027\u2219\u22c5\u25cf\u2981\u2e31\u2e33\u30fb\uff65\ua78f]")
# … and those that are a full stop elsewhere: a middle dot only between Han characters.
_STOP_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s*[.\u3002]\s*(?=[{_HAN}])")
_SPACE_IN_HAN_NAME = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4\u0060\uff07\uff40]")
_HYPHENS = re.compile("[\u2010-\u2015\u2212\ufe63\uff0d]")


def clean_line(text: str) -> str:
    """
    Return a text of one line: invisible characters out, every run of white space and line breaks one space, none at the ends.

    Full-width letters and punctuation stay as typed.

    :raises ValidationError: a character that cannot be kept (see the module).
    """
    return _one_line(_cleaned(text))


def clean_paragraph(text: str) -> str:
    r"""
    Return a text of several lines, separated by ``\n``: as ``clean_line``, but spaces within a line stay, and one empty line at most.

    :raises ValidationError: a character that cannot be kept.
    """
    lines = [_cleaned(line).rstrip() for line in _LINE_BREAK.split(text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def clean_person_name(text: str, *, maximum: int) -> str:
    """
    Return a person's name as it is stored, printed and compared; empty if nothing was typed.

    ``maximum`` counts characters, whatever their code points. All dots between the parts of a name become U+00B7, spaces between
    Han characters go (王 芳), full-width and compatibility forms become the usual ones. No variant is exchanged for another: 於 stays 於.

    :raises ValidationError: too long, a character no name contains, or one that cannot be kept.
    """
    name = _one_line(_cleaned(_dotted(text)))
    name = _SPACE_IN_HAN_NAME.sub("", re.sub(rf"\s*{MIDDLE_DOT}[\s{MIDDLE_DOT}]*", MIDDLE_DOT, name))
    for character in name:
        _require_name_character(character)
    if name and not any(_is_letter(character) and not unicodedata.combining(character) for character in name):
        raise ValidationError(_("请填写姓名"), code="no_letter")
    if name.startswith(MIDDLE_DOT) or name.endswith(MIDDLE_DOT):
        raise ValidationError(_("姓名不以间隔号开头或结尾，请核对"), code="dot_at_end")
    if len(name) > maximum:
        message = _("姓名最多 %(maximum)d 个字，现在是 %(length)d 个")
        raise ValidationError(message, code="max_length", params={"maximum": maximum, "length": len(name)})
    return name


def normalise_mobile(text: str, country: str = "CN") -> str:
    """
    Return a mobile number as E.164 text ("+8613800138000"), the form in which it is stored and compared (field cases 08, 09).

    ``country`` is the ISO code chosen beside the field; it is never guessed from the digits. Mainland numbers are 11 digits from 13 to
    19, known to the library or not: the code by SMS is the proof. Elsewhere the library says whether the length is possible.

    :raises ValidationError: not a number of that country.
    """
    number = re.sub(r"[\s()./-]", "", _HYPHENS.sub("-", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))))
    if not number:
        raise ValidationError(_("请填写手机号"), code="required")
    if not re.fullmatch(r"\+?[0-9]{1,20}", number):
        raise ValidationError(_("手机号只含数字，请核对"), code="not_a_number")
    return _mainland_mobile(number) if country == "CN" else _number_abroad(number, country)


def qualification_number_hint(kind_code: str, regex: str, number: str, document_number: str) -> str:
    """
    Return a warning about the number of a qualification certificate, or "" when nothing looks odd; it never blocks.

    ``regex`` is the kind's usual form (empty: no rule), as an administrator keeps it; one that cannot be read says nothing. A
    physician's qualification ends in the holder's resident identity number, which is compared if ``document_number`` is one.
    """
    number = identity.normalise("", number)
    if not number or not _matches(regex, number):
        return _("资质证书编码与该类证书常见的格式不同，请核对；确认无误可继续") if number else ""
    if kind_code == "physician-qualification" and _names_other_holder(number, document_number):
        return _("医师资格证书编码末尾通常是本人的身份证号，与填写的证件号码不同，请核对；确认无误可继续")
    return ""


# --- Characters -------------------------------------------------------------------------------------


def _cleaned(text: str) -> str:
    text = _CONTROL.sub("", _INVISIBLE.sub("", _LINE_BREAK.sub(" ", text).replace("\t", " ").replace("\u00a0", " ")))
    text = unicodedata.normalize("NFC", text)
    if broken := _BROKEN.search(text):
        message = _("含有无法识别的字符（U+%(code)s），请删去后重新输入")
        raise ValidationError(message, code="broken_character", params={"code": f"{ord(broken[0]):04X}"})
    if private := _PRIVATE_USE.search(text):
        raise _private_use_refusal(private[0])
    if tower := _tower_of_marks(text):
        raise ValidationError(_("「%(letter)s」上的附加符号过多，请删去"), code="too_many_marks", params={"letter": tower})
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _private_use_refusal(character: str) -> ValidationError:
    code = f"{ord(character):04X}"
    if meant := _meant_by_gbk(character):
        message = _("含有旧系统的造字（U+%(code)s），它通常是「%(meant)s」；如果是，请改为「%(meant)s」")
        return ValidationError(message, code="private_use", params={"code": code, "meant": meant})
    message = _("含有造字（U+%(code)s），其他电脑无法显示，请改用标准汉字")
    return ValidationError(message, code="private_use", params={"code": code})


def _meant_by_gbk(character: str) -> str:
    """GBK systems keep 80 characters, FE50 to FEA0, as U+E815 to U+E864; GB 18030 has since given most of them their own code."""
    place = ord(character) - 0xE815
    if not 0 <= place < 80:
        return ""
    # The second byte skips 7F.
    meant = bytes([0xFE, 0x50 + place + (place >= 0x2F)]).decode("gb18030")
    return "" if _PRIVATE_USE.match(meant) else meant


def _tower_of_marks(text: str) -> str:
    """The letter that carries more than MARKS_ON_ONE_LETTER marks, or nothing."""
    letter, marks = "", 0
    for character in text:
        if character.isascii() or not unicodedata.category(character).startswith("M"):
            letter, marks = character, 0
            continue
        marks += 1
        if marks > MARKS_ON_ONE_LETTER:
            return letter or character
    return ""


# --- Names ------------------------------------------------------------------------------------------


def _dotted(text: str) -> str:
    """One dot, one apostrophe, one hyphen, and no full-width or compatibility forms."""
    # Look-alikes first: NFKC takes some of them apart into a space and a mark.
    text = _APOSTROPHES.sub("'", _DOT_LOOKALIKES.sub(MIDDLE_DOT, _INVISIBLE.sub("", text)))
    text = unicodedata.normalize("NFKC", text)
    return _STOP_BETWEEN_HAN.sub(MIDDLE_DOT, _HYPHENS.sub("-", _APOSTROPHES.sub("'", text)))


def _require_name_character(character: str) -> None:
    if not (_is_letter(character) or character in f" .'-{MIDDLE_DOT}"):
        message = _("姓名中不能有「%(character)s」，请按证件填写")
        raise ValidationError(message, code="not_in_a_name", params={"character": character})


def _is_letter(character: str) -> bool:
    return re.match(f"[{_HAN}]", character) is not None or unicodedata.category(character)[0] in "LM"


# --- Numbers ----------------------------------------------------------------------------------------


def _mainland_mobile(number: str) -> str:
    if mobile := re.fullmatch(r"(?:(?:\+|00)?86)?0?(1[3-9][0-9]{9})", number):
        return f"+86{mobile[1]}"
    if re.match(r"\+(?!86)|00(?!86)", number):
        raise ValidationError(_("这是境外号码，请先选择国家或地区"), code="abroad")
    raise ValidationError(_("请填写11位中国大陆手机号"), code="not_a_mobile")


def _number_abroad(number: str, country: str) -> str:
    prefix = phonenumbers.country_code_for_region(country)
    if not prefix:
        raise ValidationError(_("请选择国家或地区"), code="no_country")
    # Two zeros for the plus sign, though the country chosen may dial otherwise.
    number = re.sub(rf"^00{prefix}", f"+{prefix}", number)
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or parsed.country_code != prefix or not _is_possible(parsed):
        raise ValidationError(_("这不是所选国家或地区的号码，请核对"), code="not_of_country")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _is_possible(parsed: phonenumbers.PhoneNumber) -> bool:
    # «Possible, but only within its town» is no answer for a text message.
    return phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.IS_POSSIBLE


def _matches(regex: str, number: str) -> bool:
    try:
        return not regex or re.fullmatch(regex, number) is not None
    except re.error:
        return True


def _names_other_holder(number: str, document_number: str) -> bool:
    document = identity.normalise(DocumentKind.RESIDENT_ID, document_number)
    if identity.facts(DocumentKind.RESIDENT_ID, document) is None:
        return False
    holder = number[9:]
    if identity.is_first_generation(holder):
        holder = identity.expand_first_generation(holder)
    return len(holder) == 18 and holder != document
