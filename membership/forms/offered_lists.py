"""
The lists that the form offers are the same for everybody: read once, and kept until one of them changes (product.md, Speed).

They are kept under the name of their data's edition. A change of the data, by whichever process, begins a new edition; what was kept under
an old one is forgotten with time. Where processes share no cache, each notices after :data:`KEPT_FOR`.
"""

import secrets
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import models, transaction

from membership.domain import divisions
from membership.models import (
    Division,
    Dossier,
    EducationLevel,
    EthnicGroup,
    FieldOfInterest,
    Institution,
    PoliticalAffiliation,
    QualificationKind,
    SocietySettings,
    Title,
)

EDITION = "membership.offered-lists"
# Seconds.
KEPT_FOR = 60
# What the lists are read from, and the figures that stand beside them.
SOURCES = (
    Division, EducationLevel, EthnicGroup, FieldOfInterest, Institution, PoliticalAffiliation, QualificationKind, SocietySettings, Title,
)  # fmt: skip
# The lists of which a person chooses one, and the column that says whether an entry is offered.
LISTED: dict[str, tuple[type[models.Model], str]] = {
    "ethnic_group": (EthnicGroup, "is_active"),
    "political_affiliation": (PoliticalAffiliation, "is_active"),
    "education_level": (EducationLevel, "is_selectable"),
    "title": (Title, "is_active"),
    "qualification_kind": (QualificationKind, "is_active"),
}
PLACES = ("origin", "work_region")
_OF_A_PLACE = ("code", "name", "parent_id", "level", "is_current")


class Offer(NamedTuple):
    """One entry of a list: what is sent, what is read, the group it stands in, and for institutions kind and pinyin."""

    value: str
    text: str
    group: str = ""
    kind: str = ""
    search: str = ""


def edition() -> str:
    """Return the name of the data as they are now. A lost one is replaced by a new one, never by one that was used before."""
    return cache.get_or_set(EDITION, _new_edition, KEPT_FOR)


def kept(name: str, make: Callable[[], Any]) -> Any:
    """Return what ``make`` gives, made once in an edition."""
    # The edition is asked for first: what is read while somebody changes a list belongs to the edition before.
    return cache.get_or_set(f"{EDITION}.{edition()}.{name}", make, KEPT_FOR)


def forget() -> None:
    """Begin a new edition."""
    cache.set(EDITION, _new_edition(), KEPT_FOR)


def forget_on_changes() -> None:
    """Listen for changes of what the lists are read from."""
    for model in SOURCES:
        for signal in (models.signals.post_save, models.signals.post_delete):
            signal.connect(_forget, sender=model, dispatch_uid=f"forget-offered-lists-{model.__name__}")


def offers(today: date) -> dict[str, tuple[Offer, ...]]:
    """Return every list by the name of its field, as it is offered on ``today``."""
    return _unpacked(edition(), today)


def stand_ins(dossier: Dossier, *, today: date) -> None:
    """
    Put rows of the lists where a dossier points to them, without asking the database: of each is known that it is offered, and nothing
    else until somebody asks it. What is offered no more is left to be fetched.
    """
    values = _values(edition(), today)
    for name, (model, is_offered) in LISTED.items():
        key = getattr(dossier, f"{name}_id")
        if key is not None and str(key) in values[name]:
            setattr(dossier, name, model.from_db(None, ("id", is_offered), (key, True)))
    for name in PLACES:
        code = getattr(dossier, f"{name}_id")
        if code is not None:
            setattr(dossier, name, Division.from_db(None, _OF_A_PLACE, kept(f"place-{code}", partial(_place, code))))


def provinces() -> list[tuple[str, str]]:
    """Return the provinces of today as code and name."""
    return kept("provinces", lambda: _codes(divisions.provinces()))


def divisions_below(code: str, *, cities_only: bool = False) -> list[tuple[str, str]]:
    """Return the divisions right below ``code`` as code and name; ``cities_only``: those that 省份/城市 asks for."""
    below = divisions.cities if cities_only else divisions.children
    return kept(f"below-{code}-{cities_only}", lambda: _codes(below(code)))


def path_to(code: str) -> list[str]:
    """Return the codes from the province down to a division."""
    return kept(
        f"path-{code}", lambda: [one.code for one in divisions.path_of(Division.objects.select_related("parent__parent").get(pk=code))]
    )


def place_of_issue(code: str) -> str:
    """Return the place that gives out identity numbers beginning with ``code`` (``divisions.issued_in``); empty where none is known."""
    return kept(f"issued-{code}", lambda: divisions.issued_in(code)) if code else ""


@lru_cache(maxsize=2)
def _unpacked(of: str, today: date) -> dict[str, tuple[Offer, ...]]:
    """The lists of an edition, held by the process: some five hundred entries are too many to be unpacked for every page."""
    return cache.get_or_set(f"{EDITION}.{of}.lists-{today}", partial(_read, today), KEPT_FOR)


@lru_cache(maxsize=2)
def _values(of: str, today: date) -> dict[str, frozenset[str]]:
    return {name: frozenset(offer.value for offer in listed) for name, listed in _unpacked(of, today).items()}


def _place(code: str) -> tuple:
    return Division.objects.values_list(*_OF_A_PLACE).get(pk=code)


def _read(today: date) -> dict[str, tuple[Offer, ...]]:
    # By pinyin, as people look a name up; the page puts them into their groups.
    institutions = Institution.objects.choosable_on(today).order_by("name_pinyin", "code")
    return {
        "institutions": tuple(institution(one) for one in institutions),
        "ethnic_group": _plain(EthnicGroup.objects.active()),
        "political_affiliation": _plain(PoliticalAffiliation.objects.active()),
        "education_level": _plain(EducationLevel.objects.selectable()),
        "title": tuple(title(one) for one in Title.objects.active()),
        "fields_of_interest": _plain(FieldOfInterest.objects.active()),
        "qualification_kind": tuple(qualification_kind(one) for one in QualificationKind.objects.active()),
    }


def institution(one: Institution) -> Offer:
    return Offer(str(one.pk), one.name, kind=one.kind, search=f"{one.name_pinyin} {one.name_initials}")


def title(one: Title) -> Offer:
    return Offer(str(one.pk), one.name if one.level in ("", "无") else f"{one.name}（{one.level}）", group=one.series)


def qualification_kind(one: QualificationKind) -> Offer:
    return Offer(str(one.pk), one.name, group=one.group)


def plain(one: models.Model) -> Offer:
    return Offer(str(one.pk), str(one))


def _plain(rows: Iterable[models.Model]) -> tuple[Offer, ...]:
    return tuple(plain(one) for one in rows)


def _codes(found: Iterable[Division]) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in found]


def _forget(**_: object) -> None:
    forget()
    # Once more when others can see the change: until then they read the lists as they were.
    transaction.on_commit(forget, robust=True)


def _new_edition() -> str:
    return secrets.token_hex(8)
