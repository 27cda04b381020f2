"""内部备注: a word to one's colleagues on a case, read within its scope alone: the association's, or that one institution's (REV-9)."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from membership import rules
from membership.domain import audit, cases
from membership.domain.cases import Case
from membership.domain.errors import DomainError, NotAllowed
from membership.models import Application, Institution, Note, User

LONGEST = 2000  # characters, as the column


class NoteMissing(DomainError):
    """Nothing was written."""

    field = "text"
    message = "请填写备注"


class NoteTooLong(DomainError):
    """Longer than a note is kept."""

    field = "text"


@transaction.atomic
def write(*, case: Case, author: User, text: str, at: datetime) -> Note:
    """
    Leave a note to the colleagues of one's own scope; nobody changes or deletes one.

    :raises NoteMissing, NoteTooLong: the text's faults.
    :raises NotAllowed: the author reviews neither for the association nor for this institution, or is a party to the case (S-6).
    """
    text = text.strip()
    if not text:
        raise NoteMissing()
    if len(text) > LONGEST:
        raise NoteTooLong(f"备注最多 {LONGEST} 字，现在是 {len(text)} 字")
    application, institution = cases.application_of(case), cases.scope_of(author, case)
    if institution is None and not rules.may(author, "check_file", application):
        raise NotAllowed()
    note = Note.objects.create(application=application, institution=institution, author=author, text=text, written_at=at)
    audit.log("note.write", note, by=author, at=at, about=application.member, institution=institution, application=application.pk)
    return note


def of(application: Application, institution: Institution | None) -> QuerySet[Note]:
    """Return the notes of one scope in the order in which they were written; the association's with None."""
    return Note.objects.filter(application=application, institution=institution).select_related("author").order_by("written_at", "pk")
