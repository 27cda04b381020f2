"""The draft saves itself while the form is being filled in: single answers by script, answered as JSON (APP-8)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views import View

from membership.domain import document_facts, enrolment, gaps
from membership.domain.document_facts import TELLING
from membership.domain.dossiers import EditedElsewhere
from membership.domain.errors import DomainError, NotAllowed
from membership.enums import ReferralMethod
from membership.forms import offered_lists
from membership.forms.enrolment import FILLED_IN, HINTS, EnrolmentForm
from membership.forms.single_answers import ALONE, NEED_THE_DRAFT, SingleAnswers
from membership.forms.stored_answers import as_sent, mark_of
from membership.models import Application, Dossier
from membership.periods import shanghai_date
from membership.views import draft_saving
from membership.views.apply import ALREADY_SUBMITTED, ANOTHER_ACCOUNT, draft_of, is_editable, saved_note
from membership.views.draft_saving import Shown

NUMBER = TELLING.difference(document_facts.FIELDS)
LOGGED_OUT = "离开较久，请重新登录。刚才填的已存在本机"
OUTDATED = "请重新载入页面。刚才填的已存在本机"


class SaveDraft(View):
    """
    POST ``save`` (names of fields), their controls, ``seen`` and ``marks`` of the page. Without a field it asks whether anybody else saved.

    Answered are: ``seen`` and ``marks`` from now on; ``note``, when it was saved; ``errors``, what could not be stored; ``faults``, what is
    wrong with what could; ``told``, what a document's number tells; ``elsewhere``, what others changed; ``disputes``, what was changed here
    and elsewhere (status 409). Where the page has to be left: ``leave``, why, and ``url``, where to.
    """

    def post(self, request: HttpRequest) -> JsonResponse:
        if not request.user.is_authenticated:
            back = urlencode({"next": reverse("member_apply")})
            return _leave(LOGGED_OUT, f"{reverse('account_login')}?{back}", status=401)
        names = ALONE.intersection(request.POST.getlist("save"))
        shown = draft_saving.shown_by(request.POST)
        application = draft_of(request.user) if NEED_THE_DRAFT & names else None
        form = SingleAnswers(request.POST, names=names, person=request.user, at=timezone.now(), application=application)
        form.is_valid()
        try:
            return _save(form, shown)
        except NotAllowed:
            return _leave(ANOTHER_ACCOUNT, reverse("member_apply"), status=403)
        except DomainError as refusal:
            return _leave(refusal.message, reverse("member_home"))


def _save(form: SingleAnswers, shown: Shown) -> JsonResponse:
    if shown.seen is None:
        return _leave(OUTDATED, reverse("member_apply"))
    try:
        stored = enrolment.save_answers(person=form.person, seen=shown.seen, answers=form.answers(), at=form.at)
    except EditedElsewhere:
        return _merge(form, shown)
    return JsonResponse(_answer(form, stored, form.cleaned_data))


def _merge(form: SingleAnswers, shown: Shown) -> JsonResponse:
    """Somebody else saved since the page was opened: what does not collide is stored, the rest is for the person to decide."""
    for _ in range(draft_saving.MOST_TRIES):
        application = draft_of(form.person)
        if application is None or not is_editable(application):
            return _leave(ALREADY_SUBMITTED, reverse("member_home"))
        mine, disputes = draft_saving.sort_out(form, application, shown)
        seen = draft_saving.seen_from(draft_saving.seen_of(application))
        try:
            enrolment.save_answers(person=form.person, seen=seen, answers=form.answers(mine), at=form.at)
        except EditedElsewhere:
            continue
        return _with_what_others_did(form, shown, disputes)
    return _leave(OUTDATED, reverse("member_apply"))


def _with_what_others_did(form: SingleAnswers, shown: Shown, disputed: list[str]) -> JsonResponse:
    application = draft_of(form.person)
    whole = EnrolmentForm(application=application, person=form.person, at=form.at)
    marks = whole.marks()
    theirs = [name for name in marks if name not in form.fields and shown.marks.get(name) != marks[name]]
    answer = _answer(form, application, {name: value for name, value in form.cleaned_data.items() if name not in disputed})
    answer["elsewhere"] = {name: _stored(whole, name) for name in theirs}
    answer["disputes"] = {
        name: {
            **_stored(whole, name),
            "here": draft_saving.words_of(whole, name, form.cleaned_data[name]),
            "there": draft_saving.words_of(whole, name, whole.initial[name]),
        }
        for name in disputed
    }
    return JsonResponse(answer, status=409 if disputed else 200)


def _stored(whole: EnrolmentForm, name: str) -> dict[str, Any]:
    """An answer as the page's controls hold it, with its mark."""
    sent = as_sent(whole.fields[name], name, whole.initial[name], person=whole.person)
    return {"sent": sent, "mark": mark_of(sent)}


def _answer(form: SingleAnswers, application: Application, settled: Mapping[str, Any]) -> dict[str, Any]:
    dossier, today = application.own_dossier, shanghai_date(form.at)
    answer = {
        "seen": draft_saving.seen_of(application),
        "note": saved_note(dossier, at=form.at),
        "marks": {name: form.mark(name, value) for name, value in settled.items()},
        "errors": {name: str(messages[0]) for name, messages in form.errors.items()},
    }
    asked = set(form.cleaned_data)
    if asked & TELLING:
        answer["told"] = _told(dossier, today)
    if asked & NUMBER:
        # The answers that were taken over from it changed too.
        asked |= TELLING
    answer["faults"] = {_control_of(name, form): text for name, text in gaps.faults_in(application, asked, today=today).items()}
    return answer


def _told(dossier: Dossier, today: date) -> dict[str, Any]:
    """What the number tells: the answers that follow from it, those that can be no others locked, and where the document was issued."""
    told = document_facts.told_by(dossier, today=today)
    answers = {}
    for name in document_facts.FIELDS:
        answer = getattr(dossier, name)
        sent = as_sent(EnrolmentForm.base_fields[name], name, answer, person=None)
        locked = document_facts.agrees(name, answer, told)
        answers[name] = {"sent": sent, "mark": mark_of(sent), "locked": locked, "hint": FILLED_IN if locked else HINTS.get(name, "")}
    return {"answers": answers, "issued_in": offered_lists.place_of_issue(told.region_code)}


def _control_of(name: str, form: SingleAnswers) -> str:
    """The society asks for one referrer; the form has two controls for it."""
    if name != "referrer":
        return name
    return "member" if form.data.get("referral_method") == ReferralMethod.MEMBER else "seat"


def _leave(why: str, url: str, *, status: int = 409) -> JsonResponse:
    return JsonResponse({"leave": why, "url": url}, status=status)
