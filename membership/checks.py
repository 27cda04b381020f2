"""What must hold before the system starts: certificate numbers only rise (N-7)."""

from collections.abc import Sequence

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connection
from django.db.models import QuerySet

from membership import link_signing
from membership.models import LegacyMember, MemberNumber, NumberCounter


@register(Tags.database)
def check_number_counter(*, databases: Sequence[str] | None = None, **kwargs: object) -> list[Error]:
    """
    Refuse a counter below the highest serial that was registered or imported: it would give a number twice (N-2, N-7).

    Runs with ``migrate`` and ``check --database default``; before the first migration there is nothing to compare.
    """
    needed = {model._meta.db_table for model in (NumberCounter, MemberNumber, LegacyMember)}
    if connection.alias not in (databases or ()) or not needed <= set(connection.introspection.table_names()):
        return []
    issuer = settings.CERTIFICATE_ISSUER_CODE
    counter = NumberCounter.objects.filter(issuer=issuer).first()
    stands_at = counter.last_serial if counter else 0
    highest = max(_highest(MemberNumber.objects.all(), "number", issuer), _highest(LegacyMember.objects.all(), "old_number", issuer))
    if stands_at >= highest:
        return []
    return [
        Error(
            f"The counter of certificate numbers stands at {stands_at}, but serial {highest} was given already.",
            hint=f"Raise NumberCounter {issuer} to {highest} or above: a number is never given twice.",
            id="membership.E002",
        )
    ]


def _highest(rows: QuerySet, column: str, issuer: str) -> int:
    """Return the highest serial among the numbers of this issuer that have the shape of an issued one."""
    found = rows.filter(**{f"{column}__regex": f"^M{issuer}[0-9]{{7}}[A-Z]$"}).order_by(f"-{column}").values_list(column, flat=True)
    number = found.first()
    return int(number[4:11]) if number and link_signing.looks_issued(number) else 0
