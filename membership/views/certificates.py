"""下载会员证书: check the data, look at the preview, download (CERT-1, N-10, P-5)."""

import logging

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from membership.documents import certificate as certificate_paper
from membership.documents.certificate import CertificateFace, FaceTooLong
from membership.documents.certificate_face import face_of
from membership.documents.glyphs import MissingGlyph
from membership.documents.pictures import PictureRefused
from membership.documents.qr import TooMuchForQr
from membership.domain import certificates, members
from membership.domain.certificates import Line, NoCertificate
from membership.models import Certificate, User
from membership.periods import shanghai_date
from membership.views.presenting import SummaryRow, file_address

logger = logging.getLogger(__name__)

# Under this key the session keeps which edition's data the member said are right.
CONFIRMED = "certificate_confirmed"
UNPRINTABLE = (MissingGlyph, FaceTooLong, TooMuchForQr, PictureRefused)


class CertificateView(LoginRequiredMixin, View):
    """Finds the edition that may be downloaded today; who has none reads why in the member centre."""

    certificate: Certificate
    lines: tuple[Line, ...]

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        member = members.member_of(request.user)
        today = shanghai_date(timezone.now())
        try:
            if member is None:
                raise NoCertificate()
            self.certificate = certificates.downloadable(member, today=today)
        except NoCertificate as refusal:
            messages.info(request, refusal.message)
            return redirect("member_home")
        self.lines = certificates.lines(member, today=today)
        try:
            return super().dispatch(request, *args, **kwargs)
        except UNPRINTABLE as refusal:
            return self._told_support(request, refusal)

    @property
    def face(self) -> CertificateFace:
        return face_of(self.certificate, self.lines)

    def is_confirmed(self, request: HttpRequest) -> bool:
        """Whether the member said that the data are right, or downloaded this edition before."""
        return self.certificate.document_id is not None or request.session.get(CONFIRMED) == self.certificate.pk

    def _told_support(self, request: HttpRequest, refusal: Exception) -> HttpResponse:
        code_points = [f"U+{ord(character):04X}" for character in getattr(refusal, "characters", "")]
        logger.error("Certificate %s cannot be printed: %s %s", self.certificate.pk, type(refusal).__name__, " ".join(code_points))
        certificates.report_unprintable(
            certificate=self.certificate, reason=str(refusal), code_points=code_points, person=request.user, at=timezone.now()
        )
        context = {"menu_item": "member", "number": self.certificate.number, "characters": getattr(refusal, "characters", "")}
        return render(request, "membership/certificate/unprintable.html", context)


class Confirm(CertificateView):
    """The confirmation page: what the certificate will say of the member. POST 确认 leads to the preview."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "menu_item": "member",
            "rows": _rows(self.certificate),
            "photo_url": file_address(self.certificate.dossier.portrait_id),
            "name": self.certificate.dossier.name,
            "was_downloaded": self.certificate.document_id is not None,
        }
        return render(request, "membership/certificate/confirm.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        request.session[CONFIRMED] = self.certificate.pk
        return redirect("member_certificate_preview")


class Preview(CertificateView):
    """What the certificate looks like, marked and without QR code, and the button that downloads it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.is_confirmed(request):
            return redirect("member_certificate")
        certificate_paper.check(self.face)
        context = {
            "menu_item": "member",
            "number": self.certificate.number,
            "edition": self.certificate.edition,
            "was_downloaded": self.certificate.document_id is not None,
        }
        return render(request, "membership/certificate/preview.html", context)


class Picture(CertificateView):
    """The preview's picture."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.is_confirmed(request):
            return redirect("member_certificate")
        return HttpResponse(certificate_paper.render_preview(self.face), content_type="image/png")


class Download(CertificateView):
    """The PDF. It is drawn at the first download; whoever comes later gets the same bytes (N-10)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("member_certificate")

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.is_confirmed(request):
            return redirect("member_certificate")
        try:
            kept = self._kept(request.user)
        except NoCertificate as refusal:
            messages.info(request, refusal.message)
            return redirect("member_home")
        return FileResponse(
            kept.document.file.open("rb"), as_attachment=True, filename=f"会员证书-{kept.number}.pdf", content_type="application/pdf"
        )

    def _kept(self, person: User) -> Certificate:
        is_first = self.certificate.document_id is None
        content = certificate_paper.render(self.face) if is_first else b""
        return certificates.record_first_download(
            certificate=self.certificate, content=content, printed=self.lines, person=person, at=timezone.now()
        )


def _rows(certificate: Certificate) -> list[SummaryRow]:
    """What CERT-1 asks to check; a student has no title (P-5)."""
    dossier = certificate.dossier
    rows = [
        SummaryRow("姓名", values=tuple(name for name in (dossier.name, dossier.name_local) if name)),
        SummaryRow("性别", dossier.get_sex_display()),
        SummaryRow("出生日期", f"{dossier.born_on:%Y-%m-%d}", number=True),
        SummaryRow("专业", dossier.specialty or "未填"),
        SummaryRow("职称", dossier.title_name),
        SummaryRow("就读学校" if dossier.is_student else "工作单位", dossier.work_unit_name),
        SummaryRow("会员类型", dossier.get_member_type_display()),
        SummaryRow("证书编号", certificate.number, number=True),
    ]
    return [row for row in rows if row.label != "职称" or not dossier.is_student]
