"""The record of who did what to whom (S-8): append-only, without personal data."""

from datetime import datetime

from django.db.models import Model

from membership import tracing
from membership.models import AuditEntry, Institution, Member, User


def log(
    action: str,
    target: Model,
    *,
    by: User | None,
    at: datetime,
    about: Member | None = None,
    institution: Institution | None = None,
    **details: object,
) -> AuditEntry:
    """
    Write an entry: ``by`` (None: the system) did ``action`` to ``target``, which concerns the person ``about``.

    ``institution`` puts the entry in that institution's scope; without it the association alone reads it. ``details`` are codes, ids and
    counts, never names, numbers of documents or phones.
    """
    return AuditEntry.objects.create(
        at=at,
        action=action,
        actor=by,
        actor_label=(by.get_full_name() or label_of(by.pk)) if by else "系统",
        about=about,
        target=target._meta.model_name or "",
        target_id=target.pk,
        institution=institution,
        details=details,
        request_id=tracing.request_id.get() or "",
    )


def label_of(account: int | None) -> str:
    """Return what an account without a name is called; never its telephone number."""
    return f"账号 {account}"
