"""加入更多机构: one page on which a member chooses, confirms and submits, and the page that says what is next (APP-13)."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from membership.domain import answers, deadlines, further_enrolment, members, own_records, progress
from membership.domain.enrolment import Incomplete
from membership.domain.errors import DomainError
from membership.domain.further_enrolment import Choice
from membership.enums import ApplicationKind, ApplicationState, InstitutionKind
from membership.forms.further_enrolment import FurtherEnrolmentForm
from membership.models import Application, Institution, Member
from membership.periods import shanghai_date
from membership.views import institution_groups
from membership.views.own_applications import any_own_enrolment
from membership.views.presenting import summary_row

SAVE, SUBMIT, DISCARD = "save", "submit", "discard"
# What an institution looks at first, and what changes in a life; the rest stands in 申请记录.
SUMMARY = (
    "name",
    "member_type",
    "phone",
    "work_unit_name",
    "department",
    "duty",
    "title",
    "education_level",
    "specialty",
    "student_card_until",
)
ALREADY = "这次申请已在另一个页面提交，不用再操作"


class Further(LoginRequiredMixin, View):
    """GET shows the draft, or an empty choice; ``?committee=`` preselects one. POST does what ``act`` says."""

    def get(self, request: HttpRequest) -> HttpResponse:
        at = timezone.now()
        if reason := further_enrolment.why_not(request.user, at=at):
            return _closed(request, reason)
        member, today = members.member_of(request.user), shanghai_date(at)
        wanted = _wanted(request, today)
        hindrance = _why_not_wanted(member, wanted, today) if wanted else ""
        form = _form(member, today, _kept(request), preselected=None if hindrance else wanted)
        return _page(request, member, form, today, why_not_wanted=hindrance, wanted=wanted)

    def post(self, request: HttpRequest) -> HttpResponse:
        at = timezone.now()
        if request.POST.get("act") == DISCARD:
            return self._discard(request)
        if _was_submitted(request):
            return _to_receipt(request, _posted_draft(request))
        if reason := further_enrolment.why_not(request.user, at=at):
            return _closed(request, reason)
        member, today = members.member_of(request.user), shanghai_date(at)
        form = _form(member, today, _kept(request), data=request.POST)
        if not form.is_valid():
            return _page(request, member, form, today, status=422)
        if request.POST.get("act") == SAVE:
            return self._save(request, form)
        return self._submit(request, member, form, today)

    def _save(self, request: HttpRequest, form: FurtherEnrolmentForm) -> HttpResponse:
        try:
            further_enrolment.save(person=request.user, choice=form.choice(), at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "已保存，还没有提交。可以随时回来")
        return redirect("member_home")

    def _submit(self, request: HttpRequest, member: Member, form: FurtherEnrolmentForm, today: date) -> HttpResponse:
        choice = form.choice()
        try:
            application = further_enrolment.submit(
                person=request.user, choice=choice, is_still_true=form.cleaned_data["is_still_true"], at=timezone.now()
            )
        except Incomplete as refusal:
            # Tapped twice, or on two devices: once is enough, and this is what came of it.
            faster = further_enrolment.submitted_for(request.user, choice.institutions)
            if faster is not None:
                return _to_receipt(request, faster)
            form.add_gaps(refusal.gaps)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("member_further_submitted", pk=application.pk)
        return _page(request, member, form, today, status=422)

    def _discard(self, request: HttpRequest) -> HttpResponse:
        try:
            further_enrolment.discard(person=request.user, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "草稿已删除")
        return redirect("member_home")


class FurtherSubmitted(LoginRequiredMixin, View):
    """What was submitted, and what comes next: nothing to print, nothing to stamp."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = any_own_enrolment(request, pk)
        if application.kind != ApplicationKind.FURTHER_ENROLMENT:
            raise Http404
        if application.state != ApplicationState.DECIDING:
            return redirect("member_further" if application.state == ApplicationState.DRAFT else "member_home")
        own_records.fetch_rounds([application])
        context = {
            "menu_item": "member",
            "application": application,
            "rows": progress.shown_rows(application),
            "due": deadlines.promised_on(application),
        }
        return render(request, "membership/further/submitted.html", context)


def _kept(request: HttpRequest) -> Choice:
    draft = further_enrolment.draft_of(request.user)
    return further_enrolment.choice_of(draft) if draft else Choice()


def _form(member: Member, today: date, kept: Choice, **options) -> FurtherEnrolmentForm:
    rooms, taken = further_enrolment.rooms(member, today=today), further_enrolment.taken(member, today=today)
    return FurtherEnrolmentForm(kept=kept, rooms=rooms, taken=taken, today=today, **options)


def _page(
    request: HttpRequest,
    member: Member,
    form: FurtherEnrolmentForm,
    today: date,
    *,
    why_not_wanted: str = "",
    wanted: Institution | None = None,
    status: int = 200,
) -> HttpResponse:
    dossier = answers.dossier_with_answers(member.current_dossier_id)
    draft = further_enrolment.draft_of(request.user)
    context = {
        "menu_item": "member",
        "form": form,
        "groups": _groups(member, form, today),
        "facts": [summary_row(one) for one in answers.answers(None, dossier, SUMMARY, today=today)],
        "exchanges": form.exchanges,
        "exchanges_open": _exchanges_open(form),
        "card_over": further_enrolment.card_over(member, today=today),
        "draft": draft,
        "wanted": wanted,
        "why_not_wanted": why_not_wanted,
    }
    return render(request, "membership/further/form.html", context, status=status)


def _groups(member: Member, form: FurtherEnrolmentForm, today: date) -> list[institution_groups.Group]:
    taken = {str(key): why for key, why in further_enrolment.taken(member, today=today).items()}
    too_old = further_enrolment.youth_note(member, today=today)
    if too_old:
        taken |= {one.value: too_old for one in form.fields["institutions"].offers if one.kind == InstitutionKind.YOUTH_COUNCIL}
    return institution_groups.groups_of(
        form["institutions"],
        youth_note="符合年龄条件",
        closed={str(one.pk) for one in form.fields["institutions"].chosen if not one.is_open_on(today)},
        taken=taken,
        held={room.limit.kinds[0]: room.taken for room in form.rooms},
    )


def _exchanges_open(form: FurtherEnrolmentForm) -> bool:
    """Whether the exchanges stand open: there are committees enough, one is chosen, or the form came back."""
    full = any(room.replaceable and not room.left and InstitutionKind.COMMITTEE in room.limit.kinds for room in form.rooms)
    return full or bool(form.errors) or any(field.value() for field in form.exchanges)


def _wanted(request: HttpRequest, today: date) -> Institution | None:
    """Return the institution that a link preselects; whatever else the address says is nothing (E-17)."""
    key = request.GET.get("committee", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    return Institution.objects.choosable_on(today).filter(pk=key).first()


def _why_not_wanted(member: Member, wanted: Institution, today: date) -> str:
    """Return why an institution cannot simply be ticked for the member: it is taken, or there is no room."""
    if why := further_enrolment.taken(member, today=today).get(wanted.pk):
        return why
    too_old = further_enrolment.youth_note(member, today=today)
    if too_old and wanted.kind == InstitutionKind.YOUTH_COUNCIL:
        return too_old
    full = any(wanted.kind in room.limit.kinds and not room.left for room in further_enrolment.rooms(member, today=today))
    return "名额已满。想加入，请在「更换现有的机构」里选择换下哪一个" if full else ""


def _posted_draft(request: HttpRequest) -> Application | None:
    key = request.POST.get("draft", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    return Application.objects.filter(pk=key, member__user=request.user, kind=ApplicationKind.FURTHER_ENROLMENT).first()


def _was_submitted(request: HttpRequest) -> bool:
    """Whether the draft that the page showed was submitted meanwhile, on another device or by a second tap."""
    draft = _posted_draft(request)
    return draft is not None and draft.state != ApplicationState.DRAFT


def _to_receipt(request: HttpRequest, application: Application) -> HttpResponse:
    messages.info(request, ALREADY)
    return redirect("member_further_submitted", pk=application.pk)


def _closed(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "membership/further/closed.html", {"menu_item": "member", "reason": reason})
