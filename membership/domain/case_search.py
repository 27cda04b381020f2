"""
Finding a case in a queue by what a reviewer has at hand (REV-1, S-3).

Everybody finds names: from any character on, by pinyin, by initials. What identifies or reaches a person (document, phone, numbers) is
the association's alone to search by; an application's own number everybody reads in their list. What a term is, its form says, so that
each search runs on one index: a name is read in the order of ``NameKey``, and whatever identifies a person means a few of them, who are
looked up first.
"""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet

from membership import countries, encryption, identity, pinyin, validators
from membership.domain import name_keys, visibility
from membership.domain.prefixes import beginning
from membership.domain.visibility import Reader
from membership.enums import DocumentKind
from membership.models import Application, Member, MemberDocument, MemberNumber, NameKey, User

LONGEST_TERM = NameKey.LONGEST
# Of the persons whose telephone ends in four figures no more are looked at: whoever sees so many types more figures.
MOST_PERSONS = 500
_APPLICATION_NUMBER = re.compile(r"20[0-9]{2}-0*([1-9][0-9]{0,17})")
_WITHOUT_YEAR = re.compile(r"(?=0[0-9]{5}$)0+([1-9][0-9]{0,4})")
_BETWEEN_FIGURES = re.compile(r"(?<=[0-9])\s+(?=[0-9])")
_PHONE_TAIL = re.compile(r"[0-9]{4,8}")
_CODE = re.compile(r"[+()A-Z0-9-]*[0-9][()A-Z0-9-]*")


class Meaning(Enum):
    """What a term is."""

    EVERYTHING = "everything"
    NOTHING = "nothing"
    NAME = "name"
    NUMBER = "number"
    CODE = "code"


@dataclass(frozen=True)
class Term:
    """What somebody typed, as it is compared."""

    meaning: Meaning
    text: str = ""


def read(text: str, *, reader: Reader) -> Term:
    """Return what a text means to this reader; an empty one means everything."""
    try:
        # Full-width figures and letters are what an input method writes; figures are printed in groups.
        typed = _BETWEEN_FIGURES.sub("", unicodedata.normalize("NFKC", validators.clean_line(text)))[:LONGEST_TERM]
    except ValidationError:
        return Term(Meaning.NOTHING)
    if not typed:
        return Term(Meaning.EVERYTHING)
    if _APPLICATION_NUMBER.fullmatch(typed):
        return Term(Meaning.NUMBER, typed)
    if _CODE.fullmatch(typed.upper()) and any(character.isdecimal() for character in typed):
        if visibility.sees(reader, "document_number"):
            return Term(Meaning.CODE, typed.upper())
        return Term(Meaning.NUMBER, typed) if _WITHOUT_YEAR.fullmatch(typed) else Term(Meaning.NOTHING)
    name = name_keys.folded(typed)
    # Müller is typed with its dots or without.
    spelled = name if _has_ideographs(name) else pinyin.spelling(name).pinyin
    return Term(Meaning.NAME, spelled) if spelled else Term(Meaning.NOTHING)


def find(cases: QuerySet, text: str, *, reader: Reader) -> QuerySet:
    """
    Narrow applications or rows to those a search text means; an empty text keeps all, one that means nothing keeps none.

    What a name found carries ``name_key`` and ``name_member``, by which it is read in order: each case once, by its person's first key.
    """
    term = read(text, reader=reader)
    if term.meaning is Meaning.EVERYTHING:
        return cases
    if term.meaning is Meaning.NOTHING:
        return cases.none()
    if term.meaning is Meaning.NAME:
        return _named(cases, term.text)
    found = _numbered(cases.model, term.text)
    if term.meaning is Meaning.CODE:
        found += _ids(cases.model, member__in=list(_persons(term.text)[:MOST_PERSONS]))
    return cases.filter(pk__in=found)


def key_of(member_id: int, term: str) -> str:
    """Return the key by which a folded term finds a person, or nothing."""
    return NameKey.objects.filter(_first_key(term), member=member_id).values_list("key", flat=True).first() or ""


def _named(cases: QuerySet, term: str) -> QuerySet:
    found = cases.filter(_first_key(term, "member__name_keys__"))
    return found.annotate(name_key=F("member__name_keys__key"), name_member=F("member__name_keys__member"))


def _first_key(term: str, through: str = "") -> Q:
    """The keys that begin with a term; of a person's several the first, since the others share that much with it."""
    return beginning(f"{through}key", term) & Q(**{f"{through}shared__lt": len(term)})


def _has_ideographs(text: str) -> bool:
    return any(character >= "\u2e80" for character in text)


def _numbered(model: type[Model], code: str) -> list[int]:
    """The ids of the cases of the application whose number it is."""
    number = _APPLICATION_NUMBER.fullmatch(code) or _WITHOUT_YEAR.fullmatch(code)
    return _ids(model, **{"pk" if model is Application else "application": int(number[1])}) if number else []


def _ids(model: type[Model], **wanted: object) -> list[int]:
    """The ids of the few cases that a code means, looked up first."""
    return list(model._default_manager.filter(**wanted).values_list("pk", flat=True))


def _persons(code: str) -> QuerySet:
    """The ids of the persons whose document, phone or number it is; each by an index of its own."""
    if _PHONE_TAIL.fullmatch(code):
        return User.objects.filter(phone_tail=code[-4:], phone__endswith=code, member__isnull=False).values_list("member", flat=True)
    found = [
        Member.objects.filter(number=code).values_list("pk", flat=True),
        MemberNumber.objects.filter(number=code).values_list("member", flat=True),
        MemberDocument.objects.filter(_document(code)).values_list("member", flat=True),
    ]
    with suppress(ValidationError):
        found.append(Member.objects.filter(user__phone=validators.normalise_mobile(code)).values_list("pk", flat=True))
    return found[0].union(*found[1:])


def _document(code: str) -> Q:
    """The number as a document of each kind; a passport's hash holds its country, so every country is tried (D-7)."""
    found = Q(pk__in=())
    for kind in DocumentKind:
        if not identity.normalise(kind, code):
            continue
        issuers = countries.NAMES if kind == DocumentKind.PASSPORT else ("",)
        hashes = [one for country in issuers for one in encryption.document_hashes(kind, country, code)]
        found |= Q(kind=kind, issuing_country__in=issuers, number_hash__in=hashes)
    return found
