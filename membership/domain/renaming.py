"""What stays known of a name after an institution or a work unit got another one (I-2, I-5)."""

from datetime import date, timedelta

from membership.models.institutions import Institution, InstitutionName
from membership.models.work_units import WorkUnit, WorkUnitAlias


def note_former_institution_name(*, institution: Institution, former: str, today: date) -> None:
    """
    Enter ``former`` into the dated name history: it counted until yesterday, the new one counts from ``today`` (I-2).

    A name that did not last a day, since the institution was renamed twice today, leaves no entry.
    """
    yesterday = today - timedelta(days=1)
    if not institution.former_names.filter(valid_to=yesterday).exists():
        InstitutionName.objects.record(institution=institution, name=former, last_day=yesterday)


def note_former_unit_name(*, work_unit: WorkUnit, former: str) -> None:
    """Keep ``former`` as an alias, so that the unit is still found under it (I-5). Dossiers keep the text they were approved with."""
    WorkUnitAlias.objects.get_or_create(name=former, defaults={"work_unit": work_unit})
