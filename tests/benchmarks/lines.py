"""The lines of the table, as product.md (Speed) has them."""

import base64
import hashlib
import itertools
from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from membership.documents import certificate, certificate_face, form, form_sheet, qr
from membership.domain import certificates, queues
from membership.enums import ApplicationKind
from membership.management.demo import PASSWORD, accounts
from membership.models import Application, Certificate
from membership.outbox.sms import locmem
from membership.periods import shanghai_date
from tests.benchmarks import applicant, lists
from tests.benchmarks.measuring import Act, Line
from tests.benchmarks.site import account
from tests.factories.browser import client_of

CHAPTER = "/guide/web-enrolment/"
FORM = "/member/apply/"
UNKNOWN = "18899999999"
AS_WELL = "the same with a number that has an account"
_serial = itertools.count(1)


def page(address: str, demo: accounts.Account | None = None) -> Callable[[], Act]:
    """Return how a page is asked for: by a visitor, or by a demo account."""

    def prepare() -> Act:
        client = client_of(account(demo)) if demo else Client()
        assert client.get(address).status_code == 200, address
        return Act(lambda: client.get(address))

    return prepare


def uncached(address: str) -> Callable[[], Act]:
    """Return how a public page is asked for that nobody keeps: with a query."""
    return page(f"{address}?uncached=1")


def password_login(phone: str, password: str) -> Callable[[], Act]:
    def run(client: Client) -> None:
        client.post("/accounts/login/", {"login": phone, "password": password})

    return lambda: Act(run, ready=lambda: (Client(),))


def ask_for_code(phone: str) -> Callable[[], Act]:
    def run(client: Client) -> None:
        client.post("/accounts/login/code/", {"phone": phone})

    return lambda: Act(run, ready=lambda: (Client(),))


def code_login() -> Act:
    """The code is there: what it costs to be let in with it."""

    def with_code() -> tuple[Client, str]:
        client = Client()
        client.post("/accounts/login/code/", {"phone": accounts.MEMBER.phone})
        return client, locmem.outbox[-1].parameters["code"]

    def run(client: Client, code: str) -> None:
        answer = client.post("/accounts/login/code/confirm/", {"code": code})
        assert answer.status_code == 302

    return Act(run, ready=with_code)


def application_form() -> Act:
    """The page over a draft that is filled in."""
    client, _ = applicant.browser(), applicant.draft()
    assert client.get(FORM).status_code == 200
    return Act(lambda: client.get(FORM))


def whole_form() -> Act:
    """「核对并提交」: every answer sent, one of them changed, no file; what comes next is the check page."""
    client = applicant.browser()

    def run(data: dict) -> None:
        answer = client.post(FORM, data)
        assert answer.status_code == 302 and "/check/" in answer.url, answer.content.decode()

    return Act(run, ready=lambda: ({**applicant.sent(), "department": f"第 {next(_serial)} 科", "act": "check"},))


def checked_answers() -> Act:
    """「提交」 on the check page."""
    client = applicant.browser()

    def ready() -> tuple[()]:
        applicant.draft()
        return ()

    def run() -> None:
        answer = client.post(f"{FORM}check/", {"identity_documents": "on"})
        assert "submitted" in answer.url

    return Act(run, ready=ready)


def draft_field(name: str, answer: Callable[[int], dict[str, object]]) -> Callable[[], Act]:
    """Return how one answer is saved while the form is being filled in: another one each time."""

    def prepare() -> Act:
        client = applicant.browser()

        def run(data: dict) -> None:
            saved = client.post(f"{FORM}draft/", data)
            assert saved.status_code == 200 and saved.json()["errors"] == {}, saved.content.decode()

        return Act(run, ready=lambda: ({**applicant.known(), "save": name, **answer(next(_serial))},))

    return prepare


def genuine() -> Act:
    return page(f"/V/{Certificate.objects.exclude(token='').latest('pk').token}")()


def forged() -> Act:
    number = Certificate.objects.latest("pk").number
    address, client = f"/V/{number}.1.T.{'A' * 103}", Client()
    return Act(lambda: client.get(address))


def review_screen() -> Act:
    """The screen of a file that waits, with its papers."""
    reviewer = account(accounts.ASSOCIATION_REVIEWER)
    case = queues.files_to_check(reviewer).filter(kind=ApplicationKind.FIRST_ENROLMENT, stamped_forms__isnull=False)[0]
    address, client = f"/admin/review/enrolments/{case.pk}/", client_of(reviewer)
    assert client.get(address).status_code == 200
    return Act(lambda: client.get(address))


def qr_code() -> Act:
    """A signed link; another one each time, for the last ones are remembered."""

    def link() -> tuple[str]:
        signature = base64.b32encode(hashlib.sha512(f"{next(_serial)}".encode()).digest()).decode().rstrip("=")
        return (certificate_face.link_of(f"M1650002054A.1.T.{signature}"),)

    return Act(qr.qr_svg, ready=link)


def form_pdf() -> Act:
    sheet = form_sheet.sheet_of(Application.objects.filter(submitted_at__isnull=False).latest("pk"))
    return Act(lambda: form.render(sheet))


def certificate_pdf() -> Act:
    issued = Certificate.objects.select_related("member").latest("pk")
    face = certificate_face.face_of(issued, certificates.lines(issued.member, today=shanghai_date(timezone.now())))
    return Act(lambda: certificate.render(face))


LINES = (
    Line("cached public page: home", page("/"), goal=0.75, queries=0),
    Line("cached public page: guide", page(CHAPTER), goal=0.75, queries=0),
    Line("cached public page: news", page("/news/"), goal=0.75, queries=0),
    Line("guide page uncached", uncached(CHAPTER), goal=20, queries=8),
    Line("member centre", page("/member/", accounts.MEMBER), goal=60, queries=12),
    Line("review screen", review_screen, goal=80, queries=16),
    Line("application form: page", application_form, goal=60),
    Line("application form: submit without files", whole_form, goal=60),
    Line("application form: submit the checked answers", checked_answers, goal=60),
    Line("saving a draft field", draft_field("department", lambda number: {"department": f"第 {number} 科"}), goal=8, queries=4),
    Line("saving a draft field: the document's number", draft_field("document_number", applicant.another_number), goal=None),
    Line("login by password", password_login(accounts.MEMBER.phone, PASSWORD), goal=90),
    Line(
        "login by password: unknown number",
        password_login(UNKNOWN, "Wrong-2026"),
        goal=1.05,
        least=0.95,
        against=password_login(accounts.MEMBER.phone, "Wrong-2026"),
        compared_with=AS_WELL,
        unit="×",
    ),
    Line("login by SMS code", code_login, goal=6),
    Line("login by SMS code: asking for it", ask_for_code(accounts.MEMBER.phone)),
    Line(
        "login by SMS code: unknown number",
        ask_for_code(UNKNOWN),
        goal=1.05,
        least=0.95,
        against=ask_for_code(accounts.MEMBER.phone),
        compared_with=AS_WELL,
        unit="×",
    ),
    Line("verification: genuine", genuine, goal=2, queries=1),
    Line("verification: forged", forged, goal=1.3, queries=0),
    Line("QR code", qr_code, goal=8, needs_site=False),
    # Their goals are multiples of the same page drawn by hand; until that is drawn here, the price alone.
    Line("application form PDF", form_pdf),
    Line("certificate PDF", certificate_pdf),
    *lists.lines(),
)
