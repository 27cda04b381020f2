"""
The pictures of the form 医护会员注册, each on its own: sent, turned, cut, removed, without sending the form (APP-7, APP-8).

A script is answered as JSON, with the tile as it is now. Without one the form's own buttons lead here: the form is saved first, so that
nothing that was typed is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views import View

from membership.documents import draft_pictures, pictures
from membership.documents.scan_files import stored_picture
from membership.domain import enrolment, gaps
from membership.domain.attachments import DRAFT_KINDS, NewFile
from membership.domain.errors import DomainError
from membership.enums import AttachmentKind
from membership.forms.draft_pictures import BoxForm, PictureForm
from membership.forms.enrolment import UPLOADS, EnrolmentForm
from membership.models import Application, Attachment, Dossier
from membership.views import draft_saving, rates
from membership.views.apply import ALREADY_SUBMITTED, ANOTHER_ACCOUNT, Apply, draft_of, is_editable, saved_note
from membership.views.apply_layout import LOOKS
from membership.views.shown_pictures import SIDES, current_of, sample_url_of

# Redrawing a picture costs a server more than most pages: nobody who fills in a form needs more of it than this.
PICTURES_PER_MINUTE = 60
TOO_OFTEN = "操作太频繁，请过一分钟再试。选好的图片不用重新选择"
LOGGED_OUT = "离开较久，请重新登录，再选一次这张图片"
OUTDATED = "页面已过时，请重新载入，再选一次这张图片"
REPLACED_ANOTHER = "刚才传过另一张，已换成您现在选的这张"
UPLOAD, TURN, CUT, REMOVE = "upload", "turn", "cut", "remove"
DONE = {UPLOAD: "已上传", TURN: "已旋转", CUT: "已裁剪", REMOVE: "已删除"}


@dataclass
class Act:
    """What is to be done with one picture of a draft; ``shown`` is the id of the one that the page shows, 0 for none."""

    request: HttpRequest
    application: Application
    field: str
    shown: int

    @property
    def stored(self) -> Attachment | None:
        return getattr(self.application.own_dossier, self.field)


class Refused(Exception):
    """What was sent cannot be taken; the message says why, and what to do."""


class Pictures(LoginRequiredMixin, View):
    """GET: the tiles as they are now, for a page that heard of another device's changes."""

    def get(self, request: HttpRequest) -> JsonResponse:
        application = draft_of(request.user)
        if application is None or not is_editable(application):
            return _leave(ALREADY_SUBMITTED, reverse("member_home"))
        return JsonResponse({"tiles": {name: _tile(request, application, name) for name in UPLOADS}})


class Picture(View):
    """
    POST ``act`` (upload, turn, cut, remove), ``picture`` (the id of the one shown), ``seen`` of the page, and a file or ``left``, ``top``
    and ``width``.

    Answered are ``tile`` and ``picture``, as they are now; ``seen`` and ``note`` of the draft; ``said``, what happened; or ``error``. Where
    the page has to be left: ``leave``, why, and ``url``, where to.
    """

    def post(self, request: HttpRequest, field: str) -> JsonResponse:
        if field not in UPLOADS:
            raise Http404
        act, shown = request.POST.get("act", UPLOAD), request.POST.get("picture", "")
        if act not in ACTS:
            raise Http404
        if not request.user.is_authenticated:
            back = urlencode({"next": f"{reverse('member_apply')}#id_{field}_field"})
            return _leave(LOGGED_OUT, f"{reverse('account_login')}?{back}", status=401)
        away = _why_not_here(request)
        if away is not None:
            return away
        if not rates.is_within(request, "draft-pictures", per_minute=PICTURES_PER_MINUTE, by_account=True):
            return JsonResponse({"error": TOO_OFTEN, "retry_after": rates.SECONDS}, status=429)
        application = draft_of(request.user)
        if application is None or not is_editable(application):
            return _leave(ALREADY_SUBMITTED, reverse("member_home"))
        return self._carry_out(act, Act(request, application, field, int(shown) if shown.isdecimal() and len(shown) < 19 else 0))

    def _carry_out(self, act: str, on: Act) -> JsonResponse:
        try:
            said = ACTS[act](on)
        except Refused as refusal:
            return JsonResponse({"error": str(refusal)}, status=422)
        except enrolment.PictureChanged as refusal:
            return JsonResponse({**_answer(on.request, on.field), "error": refusal.message}, status=409)
        except DomainError as refusal:
            return _leave(refusal.message, reverse("member_home"))
        return JsonResponse({**_answer(on.request, on.field), "said": said})


def _upload(on: Act) -> str:
    form = PictureForm(on.field, on.request.FILES)
    if not form.is_valid():
        raise Refused(form.errors[on.field][0])
    new = form.cleaned_data[on.field]
    if new is None:
        raise Refused("没有收到图片，请再选一次")
    before = on.stored
    enrolment.attach(application=on.application, person=on.request.user, field=on.field, file=new, at=timezone.now())
    return REPLACED_ANOTHER if before is not None and before.pk != on.shown else DONE[UPLOAD]


def _turn(on: Act) -> str:
    _change(on, draft_pictures.turned)
    return DONE[TURN]


def _cut(on: Act) -> str:
    form = BoxForm(on.request.POST)
    if on.field != AttachmentKind.PORTRAIT or not form.is_valid():
        raise Refused("没有裁剪。请重新选择范围")
    _change(on, partial(draft_pictures.cut, **form.cleaned_data))
    return DONE[CUT]


def _remove(on: Act) -> str:
    enrolment.remove_picture(application=on.application, person=on.request.user, field=on.field, picture=on.shown, at=timezone.now())
    return DONE[REMOVE]


ACTS: dict[str, Callable[[Act], str]] = {UPLOAD: _upload, TURN: _turn, CUT: _cut, REMOVE: _remove}


def _change(on: Act, redrawn: Callable[[Attachment], NewFile]) -> None:
    """Put the picture that is shown, redrawn, into its own place; whether it is still there is asked before the work and again after it."""
    if on.stored is None or on.stored.pk != on.shown:
        raise enrolment.PictureChanged()
    try:
        file = redrawn(on.stored)
    except FileNotFoundError as replaced:
        raise enrolment.PictureChanged() from replaced
    enrolment.change_picture(
        application=on.application, person=on.request.user, field=on.field, picture=on.shown, file=file, at=timezone.now()
    )


def _why_not_here(request: HttpRequest) -> JsonResponse | None:
    """A page that shows another account's draft, or one that is no more, must not write into this one."""
    seen = draft_saving.shown_by(request.POST).seen
    if seen is None:
        return _leave(OUTDATED, reverse("member_apply"))
    if not Dossier.objects.filter(pk=seen.dossier, member__user=request.user).exists():
        return _leave(ANOTHER_ACCOUNT, reverse("member_apply"), status=403)
    return None


def _answer(request: HttpRequest, field: str) -> dict[str, object]:
    application = draft_of(request.user)
    if application is None:
        raise Http404
    note = saved_note(application.own_dossier, at=timezone.now())
    return {**_tile(request, application, field), "seen": draft_saving.seen_of(application), "note": note}


def _tile(request: HttpRequest, application: Application, field: str) -> dict[str, str]:
    look = LOOKS[field]
    current = current_of(getattr(application.own_dossier, field))
    context = {
        "field": PictureForm(field)[field],
        "frame": look.frame,
        "advice": look.advice,
        "sample_url": sample_url_of(look.sample),
        "current": current,
    }
    html = get_template("components/upload_picture.html").render(context, request)
    return {"tile": html, "picture": (current or {}).get("picture", "")}


def _leave(why: str, url: str, *, status: int = 409) -> JsonResponse:
    return JsonResponse({"leave": why, "url": url}, status=status)


class SmallPicture(LoginRequiredMixin, View):
    """A picture of one's own draft, no larger than it is looked at: a telephone need not load twelve megapixels."""

    def get(self, request: HttpRequest, pk: int, side: int) -> HttpResponse:
        if side not in SIDES:
            raise Http404
        found = get_object_or_404(Attachment.objects.filter(kind__in=DRAFT_KINDS, member__user=request.user), pk=pk)
        response = HttpResponse(
            content_type="image/jpeg", headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        )
        try:
            pictures.reduced(stored_picture(found), side, "RGB").save(response, "JPEG", quality=85)
        except FileNotFoundError as gone:
            raise Http404 from gone
        return response


class ChangePicture(Apply):
    """Without a script: POST saves the form, then turns the picture, or asks whether to remove it. ``picture_act`` is "turn-12"."""

    def get(self, request: HttpRequest, field: str) -> HttpResponse:
        return redirect("member_apply")

    def post(self, request: HttpRequest, field: str) -> HttpResponse:
        if field not in UPLOADS:
            raise Http404
        self.field = field
        return super().post(request)

    def _after_saving(self, request: HttpRequest, form: EnrolmentForm) -> HttpResponse:
        if form.errors:
            return super()._after_saving(request, form)
        verb, _, picture = request.POST.get("picture_act", "").partition("-")
        shown = int(picture) if picture.isdecimal() and len(picture) < 19 else 0
        if verb == REMOVE:
            return redirect("member_apply_picture_remove", field=self.field, pk=shown)
        if verb != TURN:
            raise Http404
        return _by_hand(Act(request, form.application, self.field, shown), _turn)


class RemovePicture(LoginRequiredMixin, View):
    """Without a script: GET asks, POST removes."""

    def get(self, request: HttpRequest, field: str, pk: int) -> HttpResponse:
        on = _act_of(request, field, pk)
        if on is None or on.stored is None or on.stored.pk != pk:
            return redirect("member_apply")
        context = {
            "menu_item": "member",
            "label": gaps.LABELS[field],
            "back_url": _address_of(field),
            "current": current_of(on.stored),
        }
        return render(request, "membership/apply/remove_picture.html", context)

    def post(self, request: HttpRequest, field: str, pk: int) -> HttpResponse:
        on = _act_of(request, field, pk)
        return redirect("member_apply") if on is None else _by_hand(on, _remove)


def _act_of(request: HttpRequest, field: str, pk: int) -> Act | None:
    """Return the act on one's own picture, or None where there is no form to be filled in."""
    if field not in UPLOADS:
        raise Http404
    application = draft_of(request.user)
    if application is None or not is_editable(application):
        return None
    return Act(request, application, field, pk)


def _by_hand(on: Act, act: Callable[[Act], str]) -> HttpResponse:
    try:
        said = act(on)
    except DomainError as refusal:
        messages.warning(on.request, refusal.message)
    else:
        messages.success(on.request, f"{gaps.LABELS[on.field]}{said}")
    return redirect(_address_of(on.field))


def _address_of(field: str) -> str:
    return f"{reverse('member_apply')}#id_{field}_field"
