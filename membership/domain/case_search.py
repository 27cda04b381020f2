"""
Finding a case in a queue by what a reviewer has at hand (REV-1, S-3).

Everybody finds names: their beginning, pinyin, initials. What identifies or reaches a person (document, phone, numbers) is the
association's alone to search by. What a term is, its form says, so that each search runs on one index.
"""

import re

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from membership import countries, encryption, identity, pinyin, validators
from membership.domain import visibility
from membership.domain.prefixes import prefix
from membership.domain.visibility import Reader
from membership.enums import DocumentKind
from membership.models import Application, Member, MemberDocument

LONGEST_TERM = 60
_APPLICATION_NUMBER = re.compile(r"20[0-9]{2}-0*([1-9][0-9]{0,17})")
_PHONE_TAIL = re.compile(r"[0-9]{4,8}")
_CODE = re.compile(r"[+()A-Z0-9-]*[0-9][()A-Z0-9-]*")
# A name of so many characters without a dot may have been written with one: 阿依古丽买买提.
_LONG_NAME = 4


def find(cases: QuerySet, text: str, *, reader: Reader) -> QuerySet:
    """
    Narrow applications or rows to those a search text means; an empty text keeps all, one that means nothing keeps none.

    The end of a phone number is compared with every case given, so give the cases that wait, not the whole history.
    """
    try:
        term = validators.clean_line(text)[:LONGEST_TERM]
    except ValidationError:
        return cases.none()
    if not term:
        return cases
    if _CODE.fullmatch(term.upper()) and any(character.isdecimal() for character in term):
        return _by_code(cases, term.upper()) if visibility.sees(reader, "document_number") else cases.none()
    return cases.filter(member__in=Member.objects.filter(_named(term)).values("pk"))


def _named(term: str) -> Q:
    spelled = term.casefold().replace(" ", "").replace("'", "")
    if spelled.isascii():
        return prefix("name_pinyin", spelled) | prefix("name_initials", spelled)
    try:
        name = validators.clean_person_name(term.rstrip("·.。・ "), maximum=LONGEST_TERM)
    except ValidationError:
        name = term
    found = prefix("name", name)
    if len(name) >= _LONG_NAME and "·" not in name:
        found |= prefix("name_pinyin", pinyin.spelling(name).pinyin)
    return found


def _by_code(cases: QuerySet, code: str) -> QuerySet:
    number = _APPLICATION_NUMBER.fullmatch(code)
    if number is not None:
        key = "pk" if cases.model is Application else "application"
        return cases.filter(**{key: int(number[1])})
    if _PHONE_TAIL.fullmatch(code):
        return cases.filter(member__user__phone__endswith=code)
    return cases.filter(member__in=Member.objects.filter(_identified(code)).values("pk"))


def _identified(code: str) -> Q:
    """Whose document, phone or member number it is."""
    holders = MemberDocument.objects.filter(_document(code)).values("member")
    found = Q(number=code) | Q(pk__in=holders)
    try:
        return found | Q(user__phone=validators.normalise_mobile(code))
    except ValidationError:
        return found


def _document(code: str) -> Q:
    """The number as a document of each kind; a passport's hash holds its country, so every country is tried (D-7)."""
    found = Q(pk__in=())
    for kind in DocumentKind:
        if not identity.normalise(kind, code):
            continue
        issuers = countries.NAMES if kind == DocumentKind.PASSPORT else ("",)
        hashes = [one for country in issuers for one in encryption.document_hashes(kind, country, code)]
        found |= Q(kind=kind, number_hash__in=hashes)
    return found
