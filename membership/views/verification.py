"""查验证书: by a typed number, or by the signed link of the QR code (CERT-3, N-3, N-6, Table D). For anybody, without cookies."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from membership.domain import verification
from membership.domain.certificates import Line
from membership.domain.verification import Verification
from membership.domain.wording import day
from membership.enums import CertificateState as S
from membership.forms.verification import NameForm, NumberForm
from membership.periods import shanghai_date
from membership.views import rates
from membership.views.presenting import SummaryRow

TAGS = {S.VALID: "plain", S.GRACE: "pending", S.EXPIRED: "rejected", S.FROZEN: "frozen", S.ENDED: "rejected", S.REVOKED: "rejected"}


@dataclass(frozen=True)
class Verdict:
    """How a state is drawn: the kind of ``components/verdict.html``, and a sentence below the word."""

    kind: str
    text: str
    advice: str = ""


UNTRUSTED = "请不要凭这份证书确认会员身份。持证人如有疑问，请联系会员部。"
VERDICTS = {
    S.FORGED: Verdict(
        "unknown", "这个编号或链接不是由协会签发的。", "请核对后重新输入。抄写无误的，证书可能是伪造的，请把照片发给会员部核实。"
    ),
    S.UNKNOWN: Verdict("unknown", "协会的记录中没有这个编号。", "请核对后重新输入。抄写无误的，证书可能是伪造的，请把照片发给会员部核实。"),
    S.ENDED: Verdict("revoked", "持证人现在不是协会会员。", UNTRUSTED),
    S.REVOKED: Verdict("revoked", "这份证书曾由协会签发，现在不再有效。", UNTRUSTED),
    S.FROZEN: Verdict("frozen", "会员身份暂停使用，请以协会的答复为准。", UNTRUSTED),
    S.REPLACED: Verdict("replaced", "这一份不再使用。", "请持证人出示新版证书，或输入新版证书上的编号查验。"),
    S.LEGACY_WAITING: Verdict("grace", "这是原系统的编号，持证人还没有换领新证书。", "请持证人登录会员系统办理，或联系会员部。"),
    S.EXPIRED: Verdict("expired", "会员有效期已结束，还没有续会。", UNTRUSTED),
    S.GRACE: Verdict("grace", "有效期已到，仍在续会的宽限期内。"),
    S.VALID: Verdict("valid", "由中国抗癌协会签发，现在有效。"),
}
SIGNED_UNKNOWN = Verdict("unknown", "签名属实，但协会的记录中查不到，请联系会员部核实。", "请联系会员部核实。")


@dataclass(frozen=True)
class Page:
    """What the answer's page draws."""

    kind: str
    title: str
    text: str
    advice: str
    rows: list[SummaryRow] = field(default_factory=list)
    lines: tuple[Line, ...] = ()
    present: object = None
    asks_name: bool = False
    name_matches: bool | None = None
    is_not_found: bool = False


class PublicCheck(View):
    """
    A page for anybody. A posted form changes nothing and carries no session, so it needs no token, and the visitor no cookie.
    """

    @method_decorator(csrf_exempt)
    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response

    def answered(self, request: HttpRequest, answer: Verification, *, number: str = "", full_name: str = "") -> HttpResponse:
        """Show an answer; ``number`` is what was typed, empty for a scanned link."""
        page = page_of(answer, is_scan=not number, full_name=full_name)
        context = {"section": "verify", "page": page, "checked_at": timezone.localtime(), "name_form": NameForm()}
        if page.is_not_found:
            context["form"] = _form_again(answer, number)
        if answer.state == S.FORGED:
            # The frame asks for footer and notices; what is forged is answered without the database.
            context |= {"settings": {}, "maintenance_notice": ""}
        return render(request, "membership/verify/answer.html", context)

    def is_within_rate(self, request: HttpRequest) -> bool:
        return rates.is_within(request, "verify", per_minute=settings.VERIFY_RATE)

    def too_often(self, request: HttpRequest) -> HttpResponse:
        response = render(request, "membership/verify/too_often.html", {"section": "verify"}, status=429)
        response.headers["Retry-After"] = str(rates.SECONDS)
        return response


class Verify(PublicCheck):
    """The form. A number alone leads to its own address; with a name the answer stands here, so that no name gets into an address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._form(request, NumberForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NumberForm(request.POST)
        if not form.is_valid():
            return self._form(request, form, status=422)
        number, name = form.cleaned_data["number"], form.cleaned_data["name"]
        if not name:
            return redirect("verify_number", number=number)
        if not self.is_within_rate(request):
            return self.too_often(request)
        answer = verification.by_number(number, today=shanghai_date(timezone.now()), full_name=name)
        return self.answered(request, answer, number=number, full_name=name)

    def _form(self, request: HttpRequest, form: NumberForm, *, status: int = 200) -> HttpResponse:
        return render(request, "membership/verify/form.html", {"section": "verify", "form": form}, status=status)


class VerifyNumber(PublicCheck):
    """What the register says of a typed number."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self._answer(request, number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        return self._answer(request, number, full_name=request.POST.get("name", "")[:200])

    def _answer(self, request: HttpRequest, number: str, *, full_name: str = "") -> HttpResponse:
        if not self.is_within_rate(request):
            return self.too_often(request)
        answer = verification.by_number(number, today=shanghai_date(timezone.now()), full_name=full_name)
        return self.answered(request, answer, number=number, full_name=full_name)


class VerifyLink(PublicCheck):
    """What stands behind the QR code. Genuine links are not limited; comparing names is, or one could guess at leisure."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.answered(request, verification.by_link(token, today=shanghai_date(timezone.now())))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if not self.is_within_rate(request):
            return self.too_often(request)
        name = request.POST.get("name", "")[:200]
        answer = verification.by_link(token, today=shanghai_date(timezone.now()), full_name=name)
        return self.answered(request, answer, full_name=name)


def page_of(answer: Verification, *, is_scan: bool, full_name: str = "") -> Page:
    """Return the page of an answer: verdict first, then what Table D shows, then what to do."""
    verdict = SIGNED_UNKNOWN if answer.state == S.UNKNOWN and answer.edition else VERDICTS[answer.state]
    return Page(
        kind="revoked" if answer.state == S.FORGED and is_scan else verdict.kind,
        title="证书有效" if answer.state == S.VALID else answer.word,
        text=verdict.text,
        advice=verdict.advice,
        rows=_rows(answer),
        lines=answer.lines,
        present={"word": answer.present.label, "kind": TAGS.get(answer.present, "plain")} if answer.present else None,
        asks_name=bool(answer.name) and not answer.is_name_full,
        name_matches=answer.is_name_full if full_name and answer.name else None,
        is_not_found=answer.state in (S.FORGED, S.UNKNOWN),
    )


def _form_again(answer: Verification, number: str) -> NumberForm:
    """Return the form with what was typed, and at the field what is wrong with it, where that is known."""
    if answer.state != S.FORGED or not number:
        return NumberForm(initial={"number": number})
    form = NumberForm({"number": number})
    form.add_error("number", "编号与校验字母不符，可能写错一位，或相邻两位写反了")
    return form


def _rows(answer: Verification) -> list[SummaryRow]:
    edition = f"第 {answer.edition} 版" if answer.edition else ""
    date_label = "终止日期" if answer.state == S.ENDED else "有效期至"
    rows = [
        SummaryRow("证书编号", answer.number, number=True),
        SummaryRow("版次", edition),
        SummaryRow("签发日期", day(answer.issued_on), number=True),
        SummaryRow("姓名", answer.name),
        SummaryRow("会员类型", answer.member_type),
        SummaryRow(date_label, day(answer.on), number=True),
    ]
    return [row for row in rows if row.value]
