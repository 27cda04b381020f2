"""申请会员: the form 医护会员注册, from its start to the page where the answers are checked (APP-1 to APP-8)."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from membership.domain import deadlines, enrolment, gaps, refusals, transitions
from membership.domain.dossiers import EditedElsewhere
from membership.domain.errors import DomainError
from membership.domain.gaps import Gap
from membership.enums import ApplicationState
from membership.forms.enrolment import EnrolmentForm
from membership.forms.finder import FIND_MEMBER, FIND_SEAT, FIND_UNIT
from membership.models import Application, User
from membership.models import settings as society
from membership.models.applications import ENDED_STATES
from membership.periods import shanghai_date
from membership.views.apply_page import page_of

CHOICES = ("ethnic_group", "political_affiliation", "education_level")
# Fetched with the draft, so that neither form nor page asks for them one by one.
RELATED = (
    "proposed_dossier__origin__parent__parent",
    "proposed_dossier__work_region__parent__parent",
    *(f"proposed_dossier__{name}" for name in ("title", "qualification_kind", "work_unit", *CHOICES)),
    *(f"proposed_dossier__{name}" for name in ("portrait", "qualification", "qualification_changes", "student_card")),
    "referrer_seat__member",
    "referrer_seat__committee",
)

START, STAY, SAVE, CHECK = "start", "stay", "save", "check"
FINDS = (FIND_UNIT, FIND_SEAT, FIND_MEMBER)
ALREADY_SUBMITTED = "申请已提交，不用再填。审核有进展时，会在这里告诉您"


def draft_of(person: User) -> Application | None:
    """Return the person's enrolment with what form and check page read of it."""
    application = enrolment.current(person, *RELATED)
    if application is not None:
        prefetch_related_objects([application], "chosen", "proposed_dossier__fields_of_interest")
    return application


def is_editable(application: Application) -> bool:
    """Whether the form may be written to now: a draft, or a returned file, and nothing holds it."""
    return transitions.is_possible(application, "correct" if application.state == ApplicationState.RETURNED else "save")


def elsewhere(request: HttpRequest, application: Application) -> HttpResponse:
    """Lead away from a form that is not to be filled in now; the back button and a second tab end here."""
    if application.state in (ApplicationState.DRAFT, ApplicationState.RETURNED):
        messages.warning(request, "审核已暂停，现在不能修改资料。请联系协会")
    else:
        messages.info(request, ALREADY_SUBMITTED)
    return redirect("member_home")


class Apply(LoginRequiredMixin, View):
    """GET shows what a draft holds; POST keeps what was typed, and goes where ``act`` says."""

    def get(self, request: HttpRequest) -> HttpResponse:
        application = draft_of(request.user)
        if application is None or application.state in ENDED_STATES:
            return self._start_page(request)
        if not is_editable(application):
            return elsewhere(request, application)
        at = timezone.now()
        form = EnrolmentForm(application=application, person=request.user, at=at)
        found = gaps.gaps_in(application, today=shanghai_date(at))
        if "gaps" in request.GET:
            form.add_gaps(found)
        else:
            form.add_gaps(_said_by_reviewers(application, form))
        return self._page(request, form, found)

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("act") == START:
            return self._start(request)
        application = draft_of(request.user)
        if application is None or application.state in ENDED_STATES:
            return redirect("member_apply")
        if not is_editable(application):
            return elsewhere(request, application)
        form = EnrolmentForm(request.POST, request.FILES, application=application, person=request.user, at=timezone.now())
        form.is_valid()
        try:
            _keep(form, _seen_edits(request.POST.get("seen", ""), application))
        except EditedElsewhere:
            form.application = draft_of(request.user)
            return self._page(request, form, (), edited_elsewhere=True, status=409)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect("member_home")
        form.application = draft_of(request.user)
        return self._after_saving(request, form)

    def _start(self, request: HttpRequest) -> HttpResponse:
        try:
            enrolment.start(user=request.user, at=timezone.now())
        except enrolment.MayNotStart as refusal:
            application = enrolment.current(request.user)
            if application is None or application.state in ENDED_STATES:
                messages.warning(request, refusal.message)
        return redirect("member_apply")

    def _after_saving(self, request: HttpRequest, form: EnrolmentForm) -> HttpResponse:
        act = request.POST.get("act", STAY)
        for warning in form.warnings():
            messages.warning(request, warning)
        found = gaps.gaps_in(form.application, today=shanghai_date(form.at))
        if act in FINDS:
            form.find(act)
            return self._page(request, form, found, saved=True)
        if act == CHECK:
            form.add_gaps(found)
        if form.errors:
            return self._page(request, form, found, saved=True, status=422)
        if act == CHECK:
            return redirect("member_apply_check")
        messages.success(request, "已保存，可以随时回来接着填")
        return redirect("member_home" if act == SAVE else "member_apply")

    def _page(
        self,
        request: HttpRequest,
        form: EnrolmentForm,
        found: Sequence[Gap],
        *,
        saved: bool = False,
        edited_elsewhere: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        application = form.application
        dossier = application.proposed_dossier
        returned = application.state == ApplicationState.RETURNED
        context = {
            "menu_item": "member",
            "form": form,
            "page": page_of(form, found),
            "seen": f"{dossier.version}-{dossier.edits}",
            "edited_elsewhere": edited_elsewhere,
            "saved_at": timezone.localtime(dossier.updated_at) if dossier.edits else None,
            "just_saved": saved,
            "refusals": refusals.of_returned(application) if returned else (),
            "expires_on": deadlines.returned_expires_on(application) if returned else None,
        }
        return render(request, "membership/apply/form.html", context, status=status)

    def _start_page(self, request: HttpRequest) -> HttpResponse:
        why_not = enrolment.why_not_start(request.user, at=timezone.now())
        context = {"menu_item": "member", "why_not": why_not, "figures": society.current()}
        return render(request, "membership/apply/start.html", context)


def _keep(form: EnrolmentForm, seen_edits: int | None) -> None:
    """Store what can be stored: the answers, then each picture that is fine, whatever is wrong with the rest."""
    enrolment.save_draft(application=form.application, person=form.person, answers=form.answers(), at=form.at, seen_edits=seen_edits)
    for field, file in form.uploads().items():
        enrolment.attach(application=form.application, person=form.person, field=field, file=file, at=form.at)


def _seen_edits(seen: str, application: Application) -> int | None:
    """
    Return the count of edits that the page was opened with, -1 where it showed another version, None where it did not say.
    """
    version, _, edits = seen.partition("-")
    if not (version.isdecimal() and edits.isdecimal() and len(edits) < 10):
        return None
    return int(edits) if version == str(application.proposed_dossier.version) else -1


def _said_by_reviewers(application: Application, form: EnrolmentForm) -> list[Gap]:
    """The reasons of a refusal, beside the fields they are about (D-5)."""
    if application.state != ApplicationState.RETURNED:
        return []
    said = refusals.of_returned(application)
    return [Gap(field, f"{one.who}：{one.reason}") for one in said for field in one.fields if field in form.fields or field == "referrer"]
