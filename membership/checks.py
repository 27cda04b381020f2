"""What must hold before the system starts: certificate numbers only rise (N-7), and text messages can be sent (ACC-5)."""

from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection
from django.db.models import QuerySet

from membership import link_signing
from membership.models import LegacyMember, MemberNumber, NumberCounter
from membership.outbox import sms
from membership.outbox.sms import templates


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


@register()
def check_sms_backend(**kwargs: object) -> list[CheckMessage]:
    """Refuse a way of sending text messages that cannot work, naming each variable that is missing (ACC-5)."""
    try:
        backend = sms.chosen_backend()
    except ImportError as fault:
        hint = f"Choose one of {', '.join(sms.SHORT_NAMES)} or a dotted path; aliyun and tencent need their SDK: pip install '.[aliyun]'."
        return [Error(f"SMS_BACKEND is {settings.SMS_BACKEND}, which cannot be imported: {fault}", hint=hint, id="membership.E003")]
    missing: list[CheckMessage] = [
        Error(f"SMS_BACKEND is {settings.SMS_BACKEND}, which needs the environment variable {name}.", id="membership.E004")
        for name in backend.required_settings
        if not getattr(settings, name, None)
    ]
    return missing + _missing_templates(backend.templates_setting)


def _missing_templates(setting: str) -> list[CheckMessage]:
    """
    Say which wordings have no template at the provider; nothing where ``setting`` is empty, which sends any wording.

    Without those of the codes nobody gets in: an error. One that a message lacks is a warning, since a new wording waits some days for the
    provider's approval, and the message stands in the member centre meanwhile.
    """
    if not setting:
        return []
    ids = getattr(settings, setting)
    if not isinstance(ids, dict):
        return [Error(f'{setting} is no JSON object like {{"account_code": "1234567"}}.', id="membership.E005")]
    missing = [name for name in templates.PLACES if not ids.get(name)]
    codes = [name for name in missing if name.startswith(templates.CODES_BEGIN_WITH)]
    others = [name for name in missing if name not in codes]
    hint = "Register the wordings with the provider, their places as in membership/outbox/sms/templates.py."
    found: list[CheckMessage] = []
    if codes:
        found.append(Error(f"{setting} has no template for {', '.join(codes)}.", hint=hint, id="membership.E005"))
    if others:
        found.append(Warning(f"{setting} has no template for {', '.join(others)}.", hint=hint, id="membership.W001"))
    return found
