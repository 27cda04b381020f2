"""提交盖章文件: the signed form comes in, and the review begins (APP-11, E-1, E-2, A-23)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from membership.domain import attachments, audit, deadlines, dossiers, endorsements, members, scan_pages, transitions
from membership.domain.announcements import announce
from membership.domain.attachments import NewFile
from membership.domain.errors import DomainError, NotAllowed
from membership.domain.scan_pages import AlreadyOpened, PagesChanged
from membership.enums import ApplicationState, Basis, EndorsementState
from membership.models import Application, Attachment, Member, ScanPage, StampedForm, StampedFormPage, User
from membership.periods import shanghai_date

# What a form may rest on by itself; 同意推荐 online counts only once it is given.
ON_PAPER = frozenset({Basis.STAMP, Basis.SIGNATURE})


class NoBasis(DomainError):
    """Neither stamp nor signature was ticked, and no endorsement is asked or given (E-1, E-2)."""

    field = "basis"
    message = "请至少勾选一项：单位盖章，或委员签字"


@dataclass(frozen=True)
class Scan:
    """
    A checked document: a picture of each page, new or laid out before, and what was found in it (hints, never verdicts).

    ``original`` is the document as one file; None where its only page is that.
    """

    pages: Sequence[NewFile | ScanPage]
    findings: dict = field(default_factory=dict)
    original: NewFile | None = None


@transaction.atomic
def upload(*, application: Application, person: User, scan: Scan, basis: Collection[str], at: datetime) -> Application:
    """
    Take the signed form. It goes on to the association, or waits for the referrer's answer if one is still asked.

    A ticked handwritten signature drops the online request (E-2).

    :raises NoBasis: nothing to rest on.
    :raises NotPossible: no form is awaited.
    """
    application = _lock(application, person)
    transitions.require(application, "upload form")
    if Basis.SIGNATURE in basis:
        endorsements.drop_request(application, at=at)
    endorsement = endorsements.open_endorsement(application)
    if endorsement is None and not ON_PAPER & set(basis):
        raise NoBasis()
    _keep(application, person, scan, basis, at=at)
    if endorsement is not None and endorsement.state == EndorsementState.ASKED:
        transitions.move(application, "upload form", ApplicationState.ENDORSING, at=at)
    else:
        deadlines.start_clock(application, at=at)
        transitions.move(application, "upload form", ApplicationState.CHECKING, at=at)
        _tell(application, at=at)
    return application


@transaction.atomic
def switch_to_stamp(*, application: Application, person: User, scan: Scan, basis: Collection[str], at: datetime) -> Application:
    """
    改交盖章文件 while the referrer's answer is missing: the endorsement is dropped, and the association takes over (E-3).

    :raises NoBasis: neither stamp nor handwritten signature.
    """
    if not ON_PAPER & set(basis):
        raise NoBasis()
    application = _lock(application, person)
    transitions.require(application, "switch to stamp")
    endorsements.drop(application, at=at)
    _keep(application, person, scan, basis, at=at)
    deadlines.start_clock(application, at=at)
    transitions.move(application, "switch to stamp", at=at)
    _tell(application, at=at)
    return application


@transaction.atomic
def replace(*, application: Application, person: User, scan: Scan, at: datetime) -> Application:
    """
    Replace the scan until a reviewer has opened the file; the earlier one stays in the history, the clock runs on (A-23).

    :raises AlreadyOpened: too late.
    """
    application = _lock(application, person)
    transitions.require(application, "replace scan")
    if application.first_opened_at is not None:
        raise AlreadyOpened()
    transitions.move(application, "replace scan", at=at)
    _keep(application, person, scan, application.basis, at=at)
    return application


def current(application: Application) -> StampedForm | None:
    """Return the scan in force with its pages."""
    return application.stamped_forms.filter(superseded_at__isnull=True).prefetch_related("pages__attachment").first()


def _keep(application: Application, person: User, scan: Scan, basis: Collection[str], *, at: datetime) -> None:
    laid_out = [page for page in scan.pages if isinstance(page, ScanPage)]
    if laid_out and scan_pages.as_seen(laid_out) != scan_pages.as_seen(scan_pages.pages_of(application)):
        raise PagesChanged()
    application.stamped_forms.filter(superseded_at__isnull=True).update(superseded_at=at)
    member = application.member
    pages = [_kept(page, member, person, at=at) for page in scan.pages]
    form = StampedForm.objects.create(
        application=application,
        dossier=dossiers.latest_sealed(application),
        original=_kept(scan.original, member, person, at=at) if scan.original else pages[0],
        basis=sorted(basis),
        findings=scan.findings,
        uploaded_at=at,
    )
    StampedFormPage.objects.bulk_create(
        StampedFormPage(stamped_form=form, number=number, attachment=page) for number, page in enumerate(pages, start=1)
    )
    scan_pages.hand_over(application)
    application.basis = sorted(basis)
    application.first_opened_at = None
    application.save()
    audit.log("application.upload_form", application, by=person, at=at, about=member, pages=len(scan.pages))


def _kept(page: NewFile | ScanPage, member: Member, person: User, *, at: datetime) -> Attachment:
    return page.picture if isinstance(page, ScanPage) else attachments.store(page, member=member, by=person, at=at)


def _tell(application: Application, *, at: datetime) -> None:
    due = deadlines.promise(shanghai_date(at))
    announce("file-arrived", application.member.user, at=at, application=application, due=due)


def _lock(application: Application, person: User) -> Application:
    member = members.lock(application.member_id)
    if member.user_id != person.pk:
        raise NotAllowed()
    locked = Application.objects.select_for_update().get(pk=application.pk)
    locked.member = member
    return locked
