"""打印/下载申请表格: the form to be signed and stamped, as PDF (APP-10, A-14)."""

from csp.decorators import csp_exempt
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views import View

from membership.documents import form, form_sheet
from membership.documents.glyphs import MissingGlyph
from membership.documents.html_page import NotOnePage
from membership.domain import dossiers, transitions
from membership.models import Application, Dossier
from membership.views.own_applications import is_in_wechat, own_enrolment


class FormPdf(LoginRequiredMixin, View):
    """The form of the latest submitted version; a recalled one is void, and says so instead of being printed."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk, "referrer_seat__member", "referrer_seat__committee")
        dossier = dossiers.latest_sealed(application)
        if dossier is None:
            raise Http404
        context = {"menu_item": "member", "application": application}
        if dossier.voided_at is not None:
            return render(request, "membership/apply/form_void.html", context, status=410)
        if is_in_wechat(request) and "open" not in request.GET:
            return render(request, "membership/apply/open_in_browser.html", context)
        try:
            content = form.render(form_sheet.sheet_of(application, dossier))
        except (MissingGlyph, NotOnePage) as refusal:
            context |= {"trouble": str(refusal), "may_recall": transitions.is_possible(application, "recall")}
            return render(request, "membership/apply/form_void.html", context, status=409)
        return _pdf(request, application, dossier, content)


# Browsers show a PDF by a plug-in of their own, which our policy would forbid; there is nothing of ours in it to protect.
@csp_exempt()
def _pdf(request: HttpRequest, application: Application, dossier: Dossier, content: bytes) -> HttpResponse:
    name = f"会员入会申请表-{dossier.name}-{application.number}.pdf"
    disposition = content_disposition_header(as_attachment=False, filename=name)
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})
