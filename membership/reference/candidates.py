"""What each file says, as unsaved rows of the models. Nothing here touches the database."""

from collections.abc import Iterator
from datetime import date

from membership.enums import ChangeCategoryCode, DivisionLevel
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
from membership.models.work_units import WorkUnit
from membership.reference.files import listed, rows

LEVELS = {"province": DivisionLevel.PROVINCE, "city": DivisionLevel.CITY, "county": DivisionLevel.COUNTY}
# The source of the official codes; the others were made up elsewhere for places that GB/T 2260 does not divide.
OFFICIAL = "mca"


def divisions() -> Iterator[Division]:
    """Divisions of today, parents before children, then those abolished since 1980."""
    current = sorted(rows("divisions"), key=lambda row: LEVELS[row["level"]])
    for row in current:
        yield Division(
            code=row["code"],
            name=row["name"],
            parent_id=row["parent"] or None,
            level=LEVELS[row["level"]],
            kind=row["kind"],
            in_identity_numbers=row["source"] == OFFICIAL,
        )
    for row in rows("retired_divisions"):
        yield Division(
            code=row["code"],
            name=row["name"],
            parent_id=row["province"],
            level=DivisionLevel.CITY if row["code"].endswith("00") else DivisionLevel.COUNTY,
            is_current=False,
            abolished_year=int(row["abolished_year"]) if row["abolished_year"] else None,
            successor=row["successor"],
            in_identity_numbers=row["on_id_cards"] == "1",
        )


def ethnic_groups() -> Iterator[EthnicGroup]:
    for row in rows("ethnic_groups"):
        yield EthnicGroup(code=row["code"], letter_code=row["letter_code"], name=row["name"], roman=row["roman"])


def political_affiliations() -> Iterator[PoliticalAffiliation]:
    for row in rows("political_affiliations"):
        yield PoliticalAffiliation(**row)


def education_levels() -> Iterator[EducationLevel]:
    for row in rows("education_levels"):
        yield EducationLevel(
            code=row["code"],
            name=row["name"],
            form_label=row["form_label"],
            is_selectable=row["selectable"] == "1",
            order=int(row["order"] or 0),
        )


def titles() -> Iterator[Title]:
    for order, row in enumerate(rows("titles"), start=1):
        del row["basis"]
        yield Title(**row, order=order)


def qualification_kinds() -> Iterator[QualificationKind]:
    for order, row in enumerate(rows("qualification_kinds"), start=1):
        yield QualificationKind(
            code=row["code"],
            name=row["name"],
            group=row["group"],
            regex=row["regex"],
            rule=row["rule"],
            pages=row["pages"],
            order=order,
        )


def review_reasons() -> Iterator[ReviewReason]:
    for order, row in enumerate(rows("review_reasons"), start=1):
        columns = {f"for_{kind}": True for kind in listed(row["applies_to"])}
        yield ReviewReason(code=row["code"], text=row["text"], category=row["category"], order=order, **columns)


def fields_of_interest() -> Iterator[FieldOfInterest]:
    for order, row in enumerate(rows("fields_of_interest"), start=1):
        yield FieldOfInterest(code=row["code"], name=row["name"], category=row["category"], order=order)


def institutions() -> Iterator[Institution]:
    for row in rows("institutions"):
        institution = Institution(code=row["code"], name=row["name"], kind=row["kind"], province_id=row["province"] or None)
        institution.spell()
        yield institution


def work_units() -> Iterator[WorkUnit]:
    """Units without their aliases, which :func:`work_unit_aliases` has."""
    for row in rows("work_units"):
        unit = WorkUnit(name=row["name"], kind=row["kind"], province_id=row["province"] or None)
        unit.spell()
        yield unit


def work_unit_aliases() -> dict[str, list[str]]:
    """The other names of each unit, by its name."""
    return {row["name"]: listed(row["aliases"]) for row in rows("work_units")}


def calendar_days() -> Iterator[CalendarDay]:
    for row in rows("working_days"):
        yield CalendarDay(date=date.fromisoformat(row["date"]), is_working=row["kind"] == "workday", name=row["name"])


def change_categories() -> Iterator[ChangeCategory]:
    """Every category stamped and reviewed, as delivered (D-12)."""
    for code in ChangeCategoryCode.values:
        yield ChangeCategory(code=code, needs_stamp=True, needs_review=True)
