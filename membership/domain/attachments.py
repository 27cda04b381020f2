"""Private files: stored under names of our own, read by those who may (OPS-2, S-1, S-2)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from membership import rules
from membership.domain import queues, visibility
from membership.domain.visibility import Reader
from membership.enums import AttachmentKind
from membership.models import ApplicationInstitution, Attachment, Dossier, Feedback, Member, User

# Fields of the form that are pictures; only dossiers hold such.
DRAFT_KINDS = (
    AttachmentKind.PORTRAIT,
    AttachmentKind.QUALIFICATION,
    AttachmentKind.QUALIFICATION_CHANGES,
    AttachmentKind.STUDENT_CARD,
)


@dataclass(frozen=True)
class NewFile:
    """
    A checked file on its way in; width and height are pixels, None for a PDF.

    Of a photo that was cut, ``cut_from`` is the whole one, new or stored, and ``cut_box`` left, top, width and height of the part.
    """

    kind: AttachmentKind
    content: bytes
    content_type: str
    original_name: str = ""
    width: int | None = None
    height: int | None = None
    cut_from: "NewFile | Attachment | None" = None
    cut_box: tuple[int, int, int, int] | None = None


def store(new: NewFile, *, member: Member | None, by: User | None, at: datetime) -> Attachment:
    """Write a checked file into the private storage and return its record; of a photo that was cut, the whole one before it."""
    whole = store(new.cut_from, member=member, by=by, at=at) if isinstance(new.cut_from, NewFile) else new.cut_from
    attachment = Attachment(
        kind=new.kind,
        member=member,
        content_type=new.content_type,
        original_name=new.original_name[-255:],
        size=len(new.content),
        width=new.width,
        height=new.height,
        sha256=hashlib.sha256(new.content).hexdigest(),
        uploaded_by=by,
        created_at=at,
        cut_from=whole,
        cut_box=new.cut_box,
    )
    attachment.file.save(new.original_name[-60:] or "file", ContentFile(new.content), save=False)
    attachment.save()
    return attachment


def delete_unused(member: Member) -> None:
    """
    Delete the pictures of a person's drafts that no dossier holds any more, the files once the act is certain.

    A photo that was cut holds the whole one, from which it can be cut anew.
    """
    held = Q()
    for kind in DRAFT_KINDS:
        held |= Q(pk__in=Dossier.objects.filter(member=member, **{f"{kind}__isnull": False}).values(kind))
    kept = member.attachments.filter(held, cut_from__isnull=False)
    # The cut one was stored after the whole one, and goes before it.
    for attachment in member.attachments.filter(kind__in=DRAFT_KINDS).exclude(held | Q(pk__in=kept.values("cut_from"))).order_by("-pk"):
        attachment.delete()
        transaction.on_commit(partial(attachment.file.storage.delete, attachment.file.name or ""))


def may_read(person: User, attachment: Attachment) -> bool:
    """
    Tell whether a person may read a file: their own always; others' as staff or referrer of a case that shows it to them, a screenshot
    as who answers the feedback.

    One answer for the serving view, the review screen and the export.
    """
    if rules.owns_the_file(person, attachment):
        return True
    if attachment.kind == AttachmentKind.FEEDBACK:
        return any(rules.may(person, "answer_feedback", one) for one in Feedback.objects.filter(screenshots=attachment))
    if attachment.kind == AttachmentKind.VIOLATION_EVIDENCE:
        return _reviews_the_report(person, attachment)
    if attachment.member_id is None:
        return False
    if visibility.sees(Reader.ASSOCIATION, attachment.kind) and _association_sees(person, attachment):
        return True
    if visibility.sees(Reader.INSTITUTION, attachment.kind) and _institution_sees(person, attachment):
        return True
    return visibility.sees(Reader.REFERRER, attachment.kind) and _referrer_sees(person, attachment)


def _reviews_the_report(person: User, attachment: Attachment) -> bool:
    """The association, and the institution that reported; never whom it speaks of, nor another institution (M-18, S-4)."""
    rows = ApplicationInstitution.objects.filter(violation_reports__evidence=attachment).select_related("application__member")
    return any(rules.acts_for_the_institution(person, row) or rules.acts_for_the_association(person, row.application) for row in rows)


def _association_sees(person: User, attachment: Attachment) -> bool:
    return any(rules.acts_for_the_association(person, application) for application in _applications(attachment))


def _institution_sees(person: User, attachment: Attachment) -> bool:
    if attachment.kind == AttachmentKind.SUPPLEMENT:
        # Sent to one institution, no other's business (A-4, S-4).
        return queues.rows_for(person).filter(supplements=attachment).exists()
    applications = [application.pk for application in _applications(attachment)]
    return queues.rows_for(person).filter(application__in=applications).exists()


def _referrer_sees(person: User, attachment: Attachment) -> bool:
    applications = [application.pk for application in _applications(attachment)]
    return queues.endorsements_of(person).filter(application__in=applications).exists()


def _applications(attachment: Attachment) -> list:
    """Return the applications whose sealed dossiers, stamped forms or rows hold the file; of drafts nobody else sees anything."""
    member = attachment.member
    if member is None:
        return []
    papers = (
        Q(portrait=attachment)
        | Q(qualification=attachment)
        | Q(qualification_changes=attachment)
        | Q(student_card=attachment)
        | Q(stamped_forms__original=attachment)
        | Q(stamped_forms__pages__attachment=attachment)
    )
    sealed = Dossier.objects.filter(papers, submitted_at__isnull=False, application__isnull=False)
    found = {dossier.application_id: dossier.application for dossier in sealed.select_related("application__member").distinct()}
    for application in member.applications.filter(rows__supplements=attachment):
        found[application.pk] = application
    if member.current_dossier_id and Dossier.objects.filter(papers, pk=member.current_dossier_id).exists():
        # A further enrolment shows the current dossier.
        for application in member.applications.filter(proposed_dossier__isnull=True):
            found[application.pk] = application
    return list(found.values())
