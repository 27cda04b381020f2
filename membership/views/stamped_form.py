"""提交盖章文件: the signed form comes in, and is looked at on the spot (APP-11, E-1 to E-3, A-23)."""

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

from membership.documents import scan_files, scans
from membership.domain import deadlines, dossiers, endorsements, stamped_forms, transitions
from membership.domain.errors import DomainError
from membership.enums import ApplicationState, Basis, EndorsementState
from membership.forms.stamped_form import StampedFormForm
from membership.models import Application, StampedForm
from membership.views.own_applications import is_in_wechat, own_enrolment

# What an upload does, by the state it meets.
ACTIONS = {
    ApplicationState.AWAITING_FORM: "upload form",
    ApplicationState.ENDORSING: "switch to stamp",
    ApplicationState.CHECKING: "replace scan",
}


@dataclass(frozen=True)
class Received:
    """A stamped form that is here: pictures of its pages, what rests on it, and what was noticed."""

    pages: Sequence[str]
    original_url: str
    basis: Sequence[str]
    warnings: Sequence[str]
    on: date


@dataclass(frozen=True)
class StampedPage:
    """
    The page as the template takes it.

    ``may_upload`` tells whether a file can come in now, ``submit_label`` what it does, ``doing`` the same for the server: a second click on
    an old page must not do what the new page would.
    """

    number: str
    received: Received | None
    may_upload: bool
    submit_label: str
    doing: str
    waits_for_referrer: str
    due: date | None


class SubmitStampedForm(LoginRequiredMixin, View):
    """GET explains and shows what came; POST takes one file."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk)
        if application.state not in ACTIONS:
            return _not_now(request)
        return self._page(request, application, _form(application))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk)
        if application.state not in ACTIONS:
            return _not_now(request)
        if request.POST.get("doing") != _doing(application):
            return redirect("member_stamped_form", pk=application.pk)
        form = _form(application, request)
        if not form.is_valid():
            return self._page(request, application, form, status=422)
        try:
            _take(application, form, request)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            application.refresh_from_db()
            return self._page(request, application, form, status=422)
        messages.success(request, "盖章文件已收到")
        return redirect("member_stamped_form", pk=application.pk)

    def _page(self, request: HttpRequest, application: Application, form: StampedFormForm, *, status: int = 200) -> HttpResponse:
        context = {
            "menu_item": "member",
            "application": application,
            "form": form,
            "page": _page_of(application),
            "in_wechat": is_in_wechat(request),
        }
        return render(request, "membership/apply/stamped_form.html", context, status=status)


def _form(application: Application, request: HttpRequest | None = None) -> StampedFormForm:
    sent = (request.POST, request.FILES) if request else (None, None)
    waits = application.state == ApplicationState.AWAITING_FORM
    return StampedFormForm(
        *sent,
        with_basis=application.state != ApplicationState.CHECKING,
        endorsed=waits and endorsements.open_endorsement(application) is not None,
    )


def _take(application: Application, form: StampedFormForm, request: HttpRequest) -> None:
    """Hand the file to the verb that this state has for it."""
    expected = scans.form_qr_text(application.number, dossiers.latest_sealed(application).version)
    scan = scan_files.new_scan(form.cleaned_data["scan"], name=form.file_name, expected=expected)
    facts = {"application": application, "person": request.user, "scan": scan, "at": timezone.now()}
    if application.state == ApplicationState.CHECKING:
        stamped_forms.replace(**facts)
    elif application.state == ApplicationState.ENDORSING:
        stamped_forms.switch_to_stamp(**facts, basis=form.cleaned_data["basis"])
    else:
        stamped_forms.upload(**facts, basis=form.cleaned_data["basis"])


def _page_of(application: Application) -> StampedPage:
    state = application.state
    waiting = endorsements.open_endorsement(application) if state == ApplicationState.ENDORSING else None
    opened = state == ApplicationState.CHECKING and application.first_opened_at is not None
    label = {
        ApplicationState.AWAITING_FORM: "提交盖章文件",
        ApplicationState.ENDORSING: "改交盖章文件",
        ApplicationState.CHECKING: "更换盖章文件",
    }[ApplicationState(state)]
    current = stamped_forms.current(application) if state != ApplicationState.AWAITING_FORM else None
    return StampedPage(
        number=application.number,
        received=_received(current) if current else None,
        may_upload=transitions.is_possible(application, ACTIONS[ApplicationState(state)]) and not opened,
        submit_label=label,
        doing=_doing(application),
        waits_for_referrer=waiting.seat.member.name if waiting and waiting.state == EndorsementState.ASKED else "",
        due=deadlines.form_expires_on(application) if state == ApplicationState.AWAITING_FORM else deadlines.promised_on(application),
    )


def _doing(application: Application) -> str:
    """Name the act that is possible now, and the scan it would follow on."""
    current = stamped_forms.current(application)
    return f"{ACTIONS[ApplicationState(application.state)]}:{current.pk if current else 0}"


def _received(form: StampedForm) -> Received:
    return Received(
        pages=[reverse("private_file", args=[page.attachment_id]) for page in form.pages.all()],
        original_url=reverse("private_file", args=[form.original_id]),
        basis=[Basis(basis).label for basis in form.basis],
        warnings=form.findings.get("warnings", []),
        on=timezone.localdate(form.uploaded_at),
    )


def _not_now(request: HttpRequest) -> HttpResponse:
    messages.info(request, "盖章文件已提交，现在不用再交" if request.method == "POST" else "现在不需要提交盖章文件")
    return redirect("member_home")
