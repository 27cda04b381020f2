"""Numbers for life: taken once, never given again, noted outside the database too (N-1 to N-8)."""

from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from membership import link_signing
from membership.models import Member, MemberNumber, NumberCounter
from membership.models import settings as society
from membership.periods import shanghai_date

HIGH_WATER = "high-water"


def take(member: Member, *, at: datetime) -> str:
    """
    Return the member's number, taking the next free serial if there is none yet (N-1, N-4). Needs a transaction: the counter is locked.

    Reserved serials are passed over (N-8).
    """
    current = member.numbers.filter(is_current=True).first()
    if current is not None:
        return current.number
    issuer = settings.CERTIFICATE_ISSUER_CODE
    NumberCounter.objects.get_or_create(issuer=issuer)
    counter = NumberCounter.objects.select_for_update().get(issuer=issuer)
    counter.last_serial = _next_free(counter.last_serial)
    counter.save(update_fields=["last_serial"])
    number = link_signing.number_of(counter.last_serial, issuer)
    MemberNumber.objects.create(number=number, member=member, given_at=at)
    return number


def note_issue(number: str, edition: int, *, at: datetime) -> None:
    """
    Leave a mark of an issued edition with the private files, so that a restored database learns of it (N-5).

    One small object each: nothing is read or rewritten, so two issues never meet. A rolled-back issue leaves a mark too; the counter is
    then only higher than it need be.
    """
    storages["private"].save(f"{HIGH_WATER}/{shanghai_date(at):%Y-%m}/{number}.{edition}", ContentFile(b""))


def _next_free(serial: int) -> int:
    reserved = set(society.current().reserved_serials)
    serial += 1
    while serial in reserved:
        serial += 1
    return serial
