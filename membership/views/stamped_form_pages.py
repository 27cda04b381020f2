"""The pages of a signed form while they are laid out: added, turned, moved, taken away; and small pictures of them (APP-11)."""

import re
from collections.abc import Callable

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views import View
from PIL import Image

from membership.documents import form as printed_form
from membership.documents import form_sheet, pdf_pictures, pictures, scan_files
from membership.documents.glyphs import MissingGlyph
from membership.documents.html_page import NotOnePage
from membership.domain import dossiers, scan_pages
from membership.domain.errors import DomainError
from membership.domain.scan_pages import PagesChanged
from membership.forms.stamped_form import ScanFilesForm
from membership.models import Application, Attachment
from membership.views import rates
from membership.views.own_applications import own_enrolment
from membership.views.stamped_form import LABELS, not_now, stamped_page

SMALL_SIDE, SMALL_QUALITY = 900, 80
FORM_DPI = 200
# Looking at a page costs a server much more than reading one: nobody needs more of it than this.
FILES_PER_MINUTE, ACTS_PER_MINUTE = 40, 60
TOO_OFTEN = "操作太频繁，请过一分钟再试。已上传的页还在"
PAGE = re.compile(r"[0-9]{1,18}", re.ASCII)


class AddPages(LoginRequiredMixin, View):
    """POST takes files: behind what is laid out, or in the place of one page. Those that can be taken are, whatever the others are."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect("member_stamped_form", pk=pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk)
        if application.state not in LABELS:
            return not_now(request)
        if not rates.is_within(request, "stamped-form", per_minute=FILES_PER_MINUTE, by_account=True):
            return stamped_page(request, application, trouble=TOO_OFTEN, status=429)
        upload = ScanFilesForm(request.POST, request.FILES)
        if upload.is_valid() or upload.taken:
            _lay_out(request, application, upload)
        if upload.errors:
            return stamped_page(request, application, upload=upload, status=422)
        return redirect("member_stamped_form", pk=application.pk)


def _lay_out(request: HttpRequest, application: Application, form: ScanFilesForm) -> None:
    in_place_of = form.cleaned_data.get("replaces")
    for file in form.taken:
        upload = scan_files.new_upload(file.scan, file.sent)
        try:
            scan_pages.add(application=application, person=request.user, upload=upload, at=timezone.now(), in_place_of=in_place_of)
        except DomainError as refusal:
            form.refuse(file.sent, refusal.message)
        else:
            in_place_of = None  # that page is replaced; what follows stands behind the others


class ChangePages(LoginRequiredMixin, View):
    """POST turns, moves or takes away one page: ``act`` is the verb and the page, e.g. "turn-12"."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect("member_stamped_form", pk=pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk)
        if application.state not in LABELS:
            return not_now(request)
        verb, _, page = request.POST.get("act", "").partition("-")
        if verb not in ACTS or not PAGE.fullmatch(page):
            raise Http404
        if not rates.is_within(request, "stamped-form-act", per_minute=ACTS_PER_MINUTE, by_account=True):
            return stamped_page(request, application, trouble=TOO_OFTEN, status=429)
        try:
            ACTS[verb](request, application, int(page))
        except DomainError as refusal:
            return stamped_page(request, application, trouble=refusal.message, status=409)
        return redirect("member_stamped_form", pk=application.pk)


def _turn(request: HttpRequest, application: Application, pk: int) -> None:
    page = next((one for one in scan_pages.pages_of(application) if one.pk == pk), None)
    if page is None:
        raise PagesChanged()
    turned = scan_files.turned_page(page.picture)
    scan_pages.turn(application=application, person=request.user, page=page, turned=turned, at=timezone.now())


def _move_up(request: HttpRequest, application: Application, pk: int) -> None:
    scan_pages.move(application=application, person=request.user, page=pk, steps=-1)


def _move_down(request: HttpRequest, application: Application, pk: int) -> None:
    scan_pages.move(application=application, person=request.user, page=pk, steps=1)


def _remove(request: HttpRequest, application: Application, pk: int) -> None:
    scan_pages.remove(application=application, person=request.user, page=pk)


ACTS: dict[str, Callable[[HttpRequest, Application, int], None]] = {
    "turn": _turn,
    "up": _move_up,
    "down": _move_down,
    "remove": _remove,
}


class PagePicture(LoginRequiredMixin, View):
    """A small picture of a page that is laid out or was handed in, for its owner: a telephone need not load twelve megapixels."""

    def get(self, request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
        application = own_enrolment(request, pk)
        pages = Q(stamped_pages__stamped_form__application=application) | Q(pk__in=application.scan_pages.values("picture"))
        found = get_object_or_404(Attachment.objects.filter(pages).distinct(), pk=attachment)
        return _jpeg(pictures.reduced(scan_files.stored_picture(found), SMALL_SIDE, "RGB"), SMALL_QUALITY)


class FormPicture(LoginRequiredMixin, View):
    """
    The form to be printed, as a picture: what WeChat can keep and send on, where it can do nothing with a PDF (field case 41).

    Only while it is awaited; a form that cannot be printed has its own page (``form_pdf``).
    """

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk, "referrer_seat__member", "referrer_seat__committee")
        dossier = dossiers.latest_sealed(application)
        if application.state not in LABELS or dossier is None or dossier.voided_at is not None:
            raise Http404
        try:
            content = printed_form.render(form_sheet.sheet_of(application, dossier))
        except (MissingGlyph, NotOnePage) as unprintable:
            raise Http404 from unprintable
        return _jpeg(pdf_pictures.picture_of(content, dpi=FORM_DPI), pictures.QUALITY)


def _jpeg(image: Image.Image, quality: int) -> HttpResponse:
    response = HttpResponse(content_type="image/jpeg", headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"})
    image.save(response, "JPEG", quality=quality)
    return response
