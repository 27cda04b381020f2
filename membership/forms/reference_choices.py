"""The lists of the society as form fields: what may be chosen now, and what a draft chose before it was switched off (I-7)."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.db.models import Model, QuerySet

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


def fields_for(application: Application, *, today: date) -> dict[str, forms.Field]:
    """Return the fields whose choices stand in the database, by name: some four hundred rows in all."""
    dossier = application.proposed_dossier
    # By pinyin, as people look a name up; the page puts them into their groups.
    open_institutions = Institution.objects.choosable_on(today).order_by("name_pinyin", "code")
    return {
        "institutions": InstancesField(_with(open_institutions, application.chosen.all())),
        "ethnic_group": InstanceField(_with_one(EthnicGroup.objects.active(), dossier.ethnic_group_id)),
        "political_affiliation": InstanceField(_with_one(PoliticalAffiliation.objects.active(), dossier.political_affiliation_id)),
        "education_level": InstanceField(_with_one(EducationLevel.objects.selectable(), dossier.education_level_id)),
        "title": InstanceField(_with_one(Title.objects.active(), dossier.title_id), shown=_title, grouped=_series),
        "fields_of_interest": InstancesField(_with(FieldOfInterest.objects.active(), dossier.fields_of_interest.all())),
        "qualification_kind": InstanceField(
            _with_one(QualificationKind.objects.active(), dossier.qualification_kind_id), grouped=lambda kind: kind.group
        ),
    }


def _with(offered: QuerySet, chosen: Iterable[Model]) -> list[Model]:
    """What is offered, and behind it what was chosen and is offered no more."""
    objects = list(offered)
    return objects + [one for one in chosen if one not in objects]


def _with_one(offered: QuerySet, chosen: int | None) -> list[Model]:
    objects = list(offered)
    if chosen is None or any(one.pk == chosen for one in objects):
        return objects
    return [*objects, offered.model.objects.get(pk=chosen)]


def _title(title: Title) -> str:
    return title.name if title.level in ("", "无") else f"{title.name}（{title.level}）"


def _series(title: Title) -> str:
    return title.series
