"""提交盖章文件: the page, and the handing in of what is laid out on it (APP-11, E-1 to E-3, A-23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from membership.documents import pictures, scan_files, scans
from membership.domain import deadlines, dossiers, endorsements, hints, scan_hints, scan_pages, stamped_forms
from membership.domain.errors import DomainError
from membership.domain.scan_hints import Hint, Subject
from membership.domain.scan_pages import NothingAwaited
from membership.enums import ApplicationState, Basis, EndorsementState
from membership.forms.stamped_form import ScanFilesForm, StampedFormForm
from membership.models import Application, Attachment, ScanPage, StampedForm
from membership.views.own_applications import is_in_wechat, own_enrolment

# What may come in, as the page says it and its script checks before anything is sent.
LIMITS = {
    "picture_megabytes": pictures.LARGEST // pictures.MEGABYTE,
    "pdf_megabytes": scans.LARGEST_PDF // pictures.MEGABYTE,
    "pages": scan_pages.MOST_PAGES,
    "megabytes": scan_pages.MOST_BYTES // scan_pages.MEGABYTE,
}
LABELS = {
    ApplicationState.AWAITING_FORM: "提交盖章文件",
    ApplicationState.ENDORSING: "改交盖章文件",
    ApplicationState.CHECKING: "更换盖章文件",
}


@dataclass(frozen=True)
class Picture:
    """A page to look at: its number, a small picture, the large one."""

    number: int
    small_url: str
    url: str


@dataclass(frozen=True)
class LaidOut(Picture):
    """A page that is laid out: ``pk`` names it in what is sent, ``source`` is the file it came in."""

    pk: int
    source: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class Check:
    """What the automatic check says: each thing asked, and whether it is fine; and what asks for a second look."""

    asked: Sequence[tuple[Subject, bool]]
    warnings: Sequence[Hint]


@dataclass(frozen=True)
class Received:
    """A stamped form that is here: pictures of its pages, what rests on it, and what was noticed."""

    pages: Sequence[Picture]
    basis: Sequence[str]
    check: Check
    on: date


@dataclass(frozen=True)
class StampedPage:
    """
    The page as the template takes it.

    ``may_upload`` tells whether a form can come in now, ``submit_label`` what handing it in does, ``doing`` the same for the server: a
    second click on an old page must not do what the new page would. ``seen`` likewise tells the pages that the person saw.
    """

    number: str
    received: Received | None
    laid_out: Sequence[LaidOut]
    check: Check | None
    seen: str
    may_upload: bool
    submit_label: str
    doing: str
    waits_for_referrer: str
    due: date | None
    replaces: LaidOut | None = None


class SubmitStampedForm(LoginRequiredMixin, View):
    """GET explains, shows what is laid out and what came; POST hands in what is laid out."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk)
        if application.state not in LABELS:
            return not_now(request)
        return stamped_page(request, application)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk)
        if application.state not in LABELS:
            return not_now(request)
        if request.POST.get("doing") != _doing(application):
            # A second click, another device, an old page: what it would have done is done.
            messages.info(request, "盖章文件已提交，没有重复提交")
            return redirect("member_stamped_form", pk=application.pk)
        form = _form(application, request)
        if not form.is_valid():
            return stamped_page(request, application, form=form, status=422)
        try:
            _hand_in(application, form, request)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            application.refresh_from_db()
            return stamped_page(request, application, form=form, status=422)
        messages.success(request, "盖章文件已收到")
        return redirect("member_stamped_form", pk=application.pk)


def stamped_page(
    request: HttpRequest,
    application: Application,
    *,
    form: StampedFormForm | None = None,
    upload: ScanFilesForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the page as it is now, with what a form of it was refused for, or the ``trouble`` with an act on a page."""
    context = {
        "menu_item": "member",
        "application": application,
        "form": form or _form(application),
        "upload": upload or ScanFilesForm(),
        "page": _page_of(application, replaces=request.GET.get("replace") or request.POST.get("replaces")),
        "trouble": trouble,
        "limits": LIMITS,
        "in_wechat": is_in_wechat(request),
    }
    return render(request, "membership/apply/stamped_form.html", context, status=status)


def not_now(request: HttpRequest) -> HttpResponse:
    """Lead back who comes when no form is awaited."""
    messages.info(request, NothingAwaited.message if request.method == "POST" else "现在不需要提交盖章文件")
    return redirect("member_home")


def expected_code(application: Application) -> str:
    """Return what the code on the form must say."""
    sealed = dossiers.latest_sealed(application)
    return scans.form_qr_text(application.number, sealed.version if sealed else 1)


def _form(application: Application, request: HttpRequest | None = None) -> StampedFormForm:
    waits = application.state == ApplicationState.AWAITING_FORM
    return StampedFormForm(
        request.POST if request else None,
        with_basis=application.state != ApplicationState.CHECKING,
        endorsed=waits and endorsements.open_endorsement(application) is not None,
    )


def _hand_in(application: Application, form: StampedFormForm, request: HttpRequest) -> None:
    """Hand the pages to the verb that this state has for them."""
    pages = scan_pages.pages_seen(application, request.POST.get("seen", ""))
    scan = scan_files.scan_of(pages, expected=expected_code(application))
    facts = {"application": application, "person": request.user, "scan": scan, "at": timezone.now()}
    if application.state == ApplicationState.CHECKING:
        stamped_forms.replace(**facts)
    elif application.state == ApplicationState.ENDORSING:
        stamped_forms.switch_to_stamp(**facts, basis=form.cleaned_data["basis"])
    else:
        stamped_forms.upload(**facts, basis=form.cleaned_data["basis"])


def _page_of(application: Application, *, replaces: str | None) -> StampedPage:
    state = ApplicationState(application.state)
    waiting = endorsements.open_endorsement(application) if state == ApplicationState.ENDORSING else None
    current = stamped_forms.current(application) if state != ApplicationState.AWAITING_FORM else None
    pages = scan_pages.pages_of(application)
    laid_out = _laid_out(application, pages)
    return StampedPage(
        number=application.number,
        received=_received(application, current) if current else None,
        laid_out=laid_out,
        check=_check_of(application, pages) if pages else None,
        seen=scan_pages.as_seen(pages),
        may_upload=scan_pages.may_come_in(application),
        submit_label=LABELS[state],
        doing=_doing(application),
        waits_for_referrer=waiting.seat.member.name if waiting and waiting.state == EndorsementState.ASKED else "",
        due=deadlines.form_expires_on(application) if state == ApplicationState.AWAITING_FORM else deadlines.promised_on(application),
        replaces=next((page for page in laid_out if str(page.pk) == replaces), None),
    )


def _laid_out(application: Application, pages: Sequence[ScanPage]) -> list[LaidOut]:
    return [
        LaidOut(
            **vars(_picture(application, page.picture, number)),
            pk=page.pk,
            source=page.source_name,
            is_first=number == 1,
            is_last=number == len(pages),
        )
        for number, page in enumerate(pages, start=1)
    ]


def _received(application: Application, form: StampedForm) -> Received:
    return Received(
        pages=[_picture(application, page.attachment, page.number) for page in form.pages.all()],
        basis=[Basis(basis).label for basis in form.basis],
        check=_check(hints.of_the_form(form)),
        on=timezone.localdate(form.uploaded_at),
    )


def _picture(application: Application, attachment: Attachment, number: int) -> Picture:
    small_url = reverse("member_stamped_form_picture", args=[application.pk, attachment.pk])
    return Picture(number, small_url, reverse("private_file", args=[attachment.pk]))


def _check_of(application: Application, pages: Sequence[ScanPage]) -> Check:
    findings = scan_files.findings([page.seen for page in pages], expected=expected_code(application))
    return _check(scan_hints.on_scan(findings, [page.picture_id for page in pages]))


def _check(found: Sequence[Hint]) -> Check:
    return Check(scan_hints.checked(found), [hint for hint in found if hint.is_warning])


def _doing(application: Application) -> str:
    """Name the act that is possible now, and the scan it would follow on."""
    current = stamped_forms.current(application)
    return f"{scan_pages.ACTIONS[ApplicationState(application.state)]}:{current.pk if current else 0}"
