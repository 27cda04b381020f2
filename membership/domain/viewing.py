"""Looks at what identifies a person: each is asked for, permitted, and written down (S-2, S-8)."""

from datetime import datetime

from membership import rules
from membership.domain import audit
from membership.domain.errors import NotAllowed
from membership.models import Application, Dossier, User


def document_number(*, application: Application, dossier: Dossier, reviewer: User, at: datetime) -> str:
    """
    Return the whole number of the identity document that a case rests on.

    :raises NotAllowed: not the association's reviewer, or a case of their own (S-2, S-6).
    """
    if not rules.may(reviewer, "check_file", application) or dossier.member_id != application.member_id:
        raise NotAllowed()
    audit.log("view.document_number", dossier, by=reviewer, at=at, about=application.member, application=application.pk)
    return dossier.document_number
