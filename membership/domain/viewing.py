"""Looks at what identifies a person: each is asked for, permitted, and written down (S-2, S-8)."""

from datetime import datetime

from membership import rules
from membership.domain import audit, cases
from membership.domain.cases import Case
from membership.domain.errors import NotAllowed
from membership.models import Application, Dossier, Institution, User


def document_number(*, application: Application, dossier: Dossier, reviewer: User, at: datetime) -> str:
    """
    Return the whole number of the identity document that a case rests on.

    :raises NotAllowed: not the association's reviewer, or a case of their own (S-2, S-6).
    """
    if not rules.may(reviewer, "check_file", application) or dossier.member_id != application.member_id:
        raise NotAllowed()
    audit.log("view.document_number", dossier, by=reviewer, at=at, about=application.member, application=application.pk)
    return dossier.document_number


def review_file(*, case: Case, reviewer: User, at: datetime, institution: Institution | None = None) -> None:
    """
    Note that a reviewer takes the file of a case away; ``institution``: in whose name, None for the association.

    :raises NotAllowed: neither the institution's reviewer nor the association's, or a case of their own (S-6).
    """
    application = cases.application_of(case)
    if cases.scope_of(reviewer, case) != institution or (institution is None and not rules.may(reviewer, "check_file", application)):
        raise NotAllowed()
    audit.log("case.file", case, by=reviewer, at=at, about=application.member, institution=institution)
