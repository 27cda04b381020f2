"""What people agree to: recorded with the wording's version and the time, never changed (ACC-1, P-1, P-2)."""

from datetime import datetime

from membership.domain.errors import DomainError
from membership.enums import ConsentKind
from membership.models import Consent, User


class GuardianMissing(DomainError):
    """A minor's consent names the guardian who gave it (P-2)."""

    field = "guardian_name"
    message = "请填写监护人姓名。"


def record(*, user: User, kind: ConsentKind, version: str, at: datetime, guardian_name: str = "") -> Consent:
    """
    Record that ``user`` agreed, at ``at``, to the wording ``version`` of ``kind``.

    Agreeing again, to the same or another wording, is another record. ``guardian_name`` belongs to the guardian's consent.

    :raises GuardianMissing: a guardian's consent without a name.
    """
    guardian_name = guardian_name.strip()
    if kind == ConsentKind.GUARDIAN and not guardian_name:
        raise GuardianMissing()
    return Consent.objects.create(user=user, kind=kind, version=version, given_at=at, guardian_name=guardian_name)
