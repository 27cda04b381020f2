"""The lists of the society as form fields: what may be chosen now, and what a draft chose before it was switched off (I-7)."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.urls import reverse_lazy

from membership.forms import offered_lists
from membership.forms.offered_lists import Offer
from membership.forms.typed_fields import InstanceField, InstancesField
from membership.models import (
    Application,
    EducationLevel,
    EthnicGroup,
    FieldOfInterest,
    Institution,
    PoliticalAffiliation,
    QualificationKind,
    Title,
)

ROWS: dict[str, Callable[[date], QuerySet]] = {
    "institutions": lambda today: Institution.objects.choosable_on(today),
    "ethnic_group": lambda today: EthnicGroup.objects.active(),
    "political_affiliation": lambda today: PoliticalAffiliation.objects.active(),
    "education_level": lambda today: EducationLevel.objects.selectable(),
    "title": lambda today: Title.objects.active(),
    "fields_of_interest": lambda today: FieldOfInterest.objects.active(),
    "qualification_kind": lambda today: QualificationKind.objects.active(),
}
FINDERS = {"title": {"data-finder-url": reverse_lazy("lookup_titles"), "data-finder-hint": "查找职称：名称或拼音首字母，如 zrys"}}
SEVERAL = ("institutions", "fields_of_interest")
_WORDS: dict[str, Callable[[Any], Offer]] = {
    "institutions": offered_lists.institution,
    "title": offered_lists.title,
    "qualification_kind": offered_lists.qualification_kind,
}


def fields_for(application: Application, *, today: date) -> dict[str, forms.Field]:
    """Return the fields whose choices stand in the database, by name."""
    lists = offered_lists.offers(today)
    return {name: _field(name, lists[name], _chosen(application, name), today=today) for name in ROWS}


def field_alone(name: str, *, today: date, application: Application | None = None) -> forms.Field:
    """Return a field that only understands an answer and is not shown; with the application, what is stored may be sent again."""
    return _field(name, (), _chosen(application, name) if application else [], today=today)


def institutions_field(chosen: list[Institution], *, today: date) -> InstancesField:
    """Return the field of the institutions by itself; ``chosen`` are those that are stored."""
    offered = offered_lists.offers(today)["institutions"]
    field = _field("institutions", offered, list(chosen), today=today)
    assert isinstance(field, InstancesField)
    return field


def _field(name: str, offers: tuple[Offer, ...], chosen: list[Model], *, today: date) -> forms.Field:
    values = {offer.value for offer in offers}
    # What is offered, and behind it what was chosen and is offered no more.
    also = [_WORDS.get(name, offered_lists.plain)(one) for one in chosen if str(one.pk) not in values]
    rows = partial(ROWS[name], today)
    if name in SEVERAL:
        return InstancesField((*offers, *also), rows, chosen=chosen, is_extended=bool(also))
    field = InstanceField((*offers, *also), rows, chosen=next(iter(chosen), None), is_extended=bool(also))
    # A long list is also searched by typing; the select stays, and is all there is without JavaScript.
    field.widget.attrs |= FINDERS.get(name, {})
    return field


def _chosen(application: Application, name: str) -> list[Model]:
    if name == "institutions":
        return list(application.chosen.all())
    answer = getattr(application.own_dossier, name)
    return list(answer.all()) if name in SEVERAL else _one(answer)


def _one(answer: Model | None) -> list[Model]:
    return [] if answer is None else [answer]
