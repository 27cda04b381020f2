"""
Brings the reference data into the database, as often as one likes.

Two kinds of lists, two ways:

- *Standards* (divisions, ethnic groups, political affiliations, education levels): the columns that the standard fixes follow the
  files, at every run. What administrators decide about a row (its label on the form, whether it is offered) is set once.
- *Lists of the association* (everything else): what is missing is added; a row that is there, under its code or under its name, is
  left as the administrators made it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import transaction

from membership.forms import offered_lists
from membership.models.divisions import Division
from membership.models.institutions import Institution
from membership.models.reference import (
    CalendarDay,
    ChangeCategory,
    EducationLevel,
    EthnicGroup,
    FieldOfInterest,
    PoliticalAffiliation,
    QualificationKind,
    ReviewReason,
    Title,
)
from membership.models.settings import SocietySettings
from membership.models.work_units import WorkUnit, WorkUnitAlias
from membership.reference import candidates

BATCH = 500


class Loaded(NamedTuple):
    """What a run did to one list: how many rows it added, changed, and left as they were."""

    label: str
    added: int
    changed: int
    kept: int


def load_everything() -> Iterator[Loaded]:
    """Load list after list, parents before what points at them, and report on each as soon as it is done."""
    for load in LOADERS:
        with transaction.atomic():
            yield load()
    offered_lists.forget()


def load_divisions() -> Loaded:
    columns = ["name", "parent_id", "level", "kind", "is_current", "abolished_year", "successor", "in_identity_numbers"]
    return _follow_standard(Division, candidates.divisions(), columns)


def load_ethnic_groups() -> Loaded:
    return _follow_standard(EthnicGroup, candidates.ethnic_groups(), ["letter_code", "name", "roman"])


def load_political_affiliations() -> Loaded:
    return _follow_standard(PoliticalAffiliation, candidates.political_affiliations(), ["name", "short_name"])


def load_education_levels() -> Loaded:
    return _follow_standard(EducationLevel, candidates.education_levels(), ["name"])


def load_titles() -> Loaded:
    return _add_missing(Title, candidates.titles(), ("code",), ("series_code", "name"))


def load_qualification_kinds() -> Loaded:
    return _add_missing(QualificationKind, candidates.qualification_kinds(), ("code",), ("name",))


def load_review_reasons() -> Loaded:
    return _add_missing(ReviewReason, candidates.review_reasons(), ("code",))


def load_fields_of_interest() -> Loaded:
    return _add_missing(FieldOfInterest, candidates.fields_of_interest(), ("code",), ("name",))


def load_institutions() -> Loaded:
    return _add_missing(Institution, candidates.institutions(), ("code",), ("name",))


def load_work_units() -> Loaded:
    """Add missing units with their aliases; a unit that was renamed is known by its alias (I-5) and does not come back."""
    taken = {*WorkUnit.objects.values_list("name", flat=True), *WorkUnitAlias.objects.values_list("name", flat=True)}
    wanted = list(candidates.work_units())
    missing = [unit for unit in wanted if unit.name not in taken]
    WorkUnit.objects.bulk_create(missing, batch_size=BATCH)
    _add_aliases(missing, taken)
    return Loaded(str(WorkUnit._meta.verbose_name), len(missing), 0, len(wanted) - len(missing))


def load_calendar_days() -> Loaded:
    return _add_missing(CalendarDay, candidates.calendar_days(), ("date",))


def load_change_categories() -> Loaded:
    return _add_missing(ChangeCategory, candidates.change_categories(), ("code",))


def load_society_settings() -> Loaded:
    """Make the one row, with the defaults of the rulebook."""
    _, is_new = SocietySettings.objects.get_or_create(pk=1)
    return Loaded(str(SocietySettings._meta.verbose_name), int(is_new), 0, int(not is_new))


LOADERS: tuple[Callable[[], Loaded], ...] = (
    load_society_settings,
    load_divisions,
    load_ethnic_groups,
    load_political_affiliations,
    load_education_levels,
    load_titles,
    load_qualification_kinds,
    load_review_reasons,
    load_fields_of_interest,
    load_institutions,
    load_work_units,
    load_calendar_days,
    load_change_categories,
)


def _follow_standard(model: type[Any], wanted: Iterable[Any], columns: list[str]) -> Loaded:
    """Add missing rows and bring ``columns`` of the others up to date; rows are known by their code."""
    present = {row.code: row for row in model.objects.all()}
    missing, outdated, kept = [], [], 0
    for candidate in wanted:
        row = present.get(candidate.code)
        if row is None:
            missing.append(candidate)
        elif all(getattr(row, column) == getattr(candidate, column) for column in columns):
            kept += 1
        else:
            outdated.append(_with_columns_of(row, candidate, columns))
    model.objects.bulk_create(missing, batch_size=BATCH)
    model.objects.bulk_update(outdated, [column.removesuffix("_id") for column in columns], batch_size=BATCH)
    return Loaded(model._meta.verbose_name, len(missing), len(outdated), kept)


def _with_columns_of(row: Any, candidate: Any, columns: list[str]) -> Any:
    for column in columns:
        setattr(row, column, getattr(candidate, column))
    return row


def _add_missing(model: type[Any], wanted: Iterable[Any], *keys: tuple[str, ...]) -> Loaded:
    """Add the rows that are known under none of ``keys``, each a set of columns that names a row."""
    taken = [set(model.objects.values_list(*key)) for key in keys]
    missing, kept = [], 0
    for candidate in wanted:
        named = [tuple(getattr(candidate, column) for column in key) for key in keys]
        if any(name in known for name, known in zip(named, taken, strict=True)):
            kept += 1
        else:
            missing.append(candidate)
    model.objects.bulk_create(missing, batch_size=BATCH)
    return Loaded(model._meta.verbose_name, len(missing), 0, kept)


def _add_aliases(units: list[WorkUnit], taken: set[str]) -> None:
    """Give new ``units`` their other names; a name that already leads to a unit is left there."""
    names = candidates.work_unit_aliases()
    aliases = [WorkUnitAlias(work_unit=unit, name=name) for unit in units for name in names[unit.name] if name not in taken]
    for alias in aliases:
        alias.spell()
    WorkUnitAlias.objects.bulk_create(aliases, batch_size=BATCH)
