"""申请会员: the form 医护会员注册, from its start to the page where the answers are checked (APP-1 to APP-8)."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views import View

from membership.domain import deadlines, enrolment, gaps, refusals, transitions, work_unit_requests
from membership.domain.errors import DomainError
from membership.domain.gaps import Gap
from membership.enums import ApplicationState
from membership.forms import offered_lists
from membership.forms.enrolment import UPLOADS, EnrolmentForm
from membership.forms.finder import FIND_MEMBER, FIND_SEAT, FIND_UNIT
from membership.models import Application, Attachment, Dossier, Seat, User
from membership.models import settings as society
from membership.models.applications import ENDED_STATES
from membership.periods import shanghai_date
from membership.views import draft_saving
from membership.views.apply_layout import PARTS
from membership.views.apply_page import page_of
from membership.views.context_processors import Shell, shell_of
from membership.views.draft_saving import Dispute, Shown

START, STAY, SAVE, CHECK = "start", "stay", "save", "check"
FINDS = (FIND_UNIT, FIND_SEAT, FIND_MEMBER)
# Identity numbers, and a doctor's qualification number, which contains one: what is unsent of them goes with the browser's tab.
KEPT_FOR_THE_TAB = ("document_number", "qualification_number")
ALREADY_SUBMITTED = "申请已提交，不用再填。审核有进展时，会在这里告诉您"
ANOTHER_ACCOUNT = "刚才的页面是用另一个账号打开的，上面填写的内容没有保存"


def draft_of(person: User) -> Application | None:
    """Return the person's enrolment with what the form shows of it."""
    application = enrolment.current(person, "proposed_dossier__work_unit", "referral_binding")
    if application is not None:
        prefetch_related_objects([application], "chosen", "proposed_dossier__fields_of_interest")
        offered_lists.stand_ins(application.own_dossier, today=shanghai_date(timezone.now()))
        _fetch_what_some_have(application)
    return application


def _fetch_what_some_have(application: Application) -> None:
    """Pictures and referrer: asked for only where there are any, together."""
    dossier = application.own_dossier
    pictures = Attachment.objects.select_related("cut_from").in_bulk([pk for name in UPLOADS if (pk := getattr(dossier, f"{name}_id"))])
    for name in UPLOADS:
        setattr(dossier, name, pictures.get(getattr(dossier, f"{name}_id")))
    if application.referrer_seat_id:
        application.referrer_seat = Seat.objects.select_related("member", "committee").get(pk=application.referrer_seat_id)


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
        form.add_gaps(found if "gaps" in request.GET else _said_by_reviewers(application, form))
        # What is wrong stands beside its field whenever somebody comes back; what is missing only once they thought to be ready.
        form.add_gaps(gap for gap in found if not gap.is_missing)
        return self._page(request, form, found)

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("act") == START:
            return self._start(request)
        application = draft_of(request.user)
        if application is None or application.state in ENDED_STATES:
            return redirect("member_apply")
        if not is_editable(application):
            return elsewhere(request, application)
        shown = draft_saving.shown_by(request.POST)
        if shown.is_another_persons(request.user):
            messages.warning(request, ANOTHER_ACCOUNT)
            return redirect("member_apply")
        form = EnrolmentForm(request.POST, request.FILES, application=application, person=request.user, at=timezone.now())
        form.is_valid()
        try:
            disputes = _keep(form, shown)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect("member_home")
        form.go_on_with(draft_of(request.user))
        if disputes:
            for one in disputes:
                form.show(one.field, form.cleaned_data[one.field])
            return self._page(request, form, (), disputes=disputes, status=409)
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
            return redirect(f"{reverse('member_apply_check')}#{_changed_from_check(request)}".removesuffix("#"))
        messages.success(request, "已保存，可以随时回来接着填")
        return redirect("member_home" if act == SAVE else "member_apply")

    def _page(
        self,
        request: HttpRequest,
        form: EnrolmentForm,
        found: Sequence[Gap],
        *,
        saved: bool = False,
        disputes: Sequence[Dispute] = (),
        status: int = 200,
    ) -> HttpResponse:
        application = form.application
        dossier = application.proposed_dossier
        returned = application.state == ApplicationState.RETURNED
        context = {
            "menu_item": "member",
            "shell": _shell(application, request.user),
            "form": form,
            "page": page_of(form, found),
            "seen": draft_saving.seen_of(application),
            "marks": draft_saving.marks_in(form.marks()),
            "owner": salted_hmac("membership.draft", str(request.user.pk)).hexdigest()[:16],
            "kept_for_the_tab": " ".join(KEPT_FOR_THE_TAB),
            "disputes": disputes,
            "change": _changed_from_check(request),
            "saved": saved_note(dossier, at=form.at) if dossier.edits else "",
            "just_saved": saved,
            "unit_waits": work_unit_requests.is_waited_for(application),
            "refusals": refusals.of_returned(application) if returned else (),
            "expires_on": deadlines.returned_expires_on(application) if returned else None,
        }
        return render(request, "membership/apply/form.html", context, status=status)

    def _start_page(self, request: HttpRequest) -> HttpResponse:
        why_not = enrolment.why_not_start(request.user, at=timezone.now())
        context = {"menu_item": "member", "why_not": why_not, "figures": society.current()}
        return render(request, "membership/apply/start.html", context)


def _shell(application: Application, person: User) -> Shell:
    """The frame: whoever fills in the form has this one thing to do, and cannot endorse or download anything (Tables B1, E)."""
    refers = Seat.objects.filter(member=application.member_id).exists()
    return shell_of(person, name=application.member.name, todo_count=1, refers=refers)


def saved_note(dossier: Dossier, *, at: datetime) -> str:
    """Return when the draft was saved last, as the page says it: today the time alone."""
    saved = timezone.localtime(dossier.updated_at)
    today = saved.date() == timezone.localtime(at).date()
    return f"已保存 {saved:%H:%M}" if today else f"已保存 {saved:%Y-%m-%d %H:%M}"


def _changed_from_check(request: HttpRequest) -> str:
    """Return the part of the check page that somebody came from to change something, and goes back to."""
    asked = request.POST.get("change") or request.GET.get("change", "")
    return asked if asked in {part.anchor for part in PARTS} else ""


def _keep(form: EnrolmentForm, shown: Shown) -> list[Dispute]:
    """Store what can be stored: the answers, then each picture that is fine, whatever is wrong with the rest."""
    disputes = draft_saving.save(form, shown)
    for field, file in form.uploads().items():
        enrolment.attach(application=form.application, person=form.person, field=field, file=file, at=form.at)
    return disputes


def _said_by_reviewers(application: Application, form: EnrolmentForm) -> list[Gap]:
    """The reasons of a refusal, beside the fields they are about (D-5)."""
    if application.state != ApplicationState.RETURNED:
        return []
    said: dict[str, list[str]] = {}
    for one in refusals.of_returned(application):
        for field in one.fields:
            if field in form.fields or field == "referrer":
                said.setdefault(field, []).append(f"{one.who}：{one.reason}")
    return [Gap(field, "；".join(reasons)) for field, reasons in said.items()]
