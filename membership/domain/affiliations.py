"""Membership in one institution: opened by a decision, ended when another takes its place (A-5, A-10, M-3)."""

from datetime import date

from membership.enums import AffiliationEnd, AffiliationSource
from membership.models import Affiliation, ApplicationInstitution, Decision
from membership.models import settings as society
from membership.periods import same_day_next


def open_by(decision: Decision, row: ApplicationInstitution, *, today: date) -> Affiliation:
    """Open the affiliation of an approved row: ``validity_months`` from today, both days counted (M-3)."""
    return Affiliation.objects.create(
        member=row.member,
        institution=row.institution,
        valid_from=today,
        valid_to=same_day_next(today, society.current().validity_months),
        source=AffiliationSource.DECISION,
        decision=decision,
    )


def end_replaced(row: ApplicationInstitution, *, today: date) -> None:
    """End the affiliation that the row replaces, on the day it is approved (A-10)."""
    if row.replaces is not None:
        row.replaces.ended_on = today
        row.replaces.ended_by = AffiliationEnd.REPLACED
        row.replaces.save()
