"""Print, stamp, upload as a browser without JavaScript does it: the form's PDF, 提交盖章文件, 更换推荐人, 撤回修改."""

import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.urls import reverse
from PIL import Image

from membership.documents import form, form_sheet, pdf_pictures, pictures, qr_reading, scans
from membership.domain import endorsements, enrolment, scan_pages
from membership.enums import ApplicationState, Basis, EndorsementState
from membership.models import Application, Message, StampedForm
from membership.views import stamped_form_pages
from tests.factories import enrolment as stories
from tests.factories.browser import client_of, photograph, picture_bytes, upload
from tests.factories.people import UserFactory, association_reviewer, committee_member
from tests.membership.documents.stamped_forms import as_file, blank_form, stamped_form
from tests.membership.documents.test_scans import pdf, rewritten

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def browser_of(application: Application):
    return client_of(application.member.user)


def address(name: str, application: Application) -> str:
    return reverse(name, args=[application.pk])


def text_of(response) -> str:
    return response.content.decode()


def stamped_file(application: Application, *, version: int = 1, name: str = "申请表（盖章）.jpg"):
    """The form of this application with a red seal, as a scanner sees it."""
    page = stamped_form(qr_text=scans.form_qr_text(application.number, version))
    return upload(name, as_file(page, quality=80).read())


def unstamped_file(application: Application):
    """The form of this application as it left the printer, the photograph on it in colour."""
    page = blank_form(qr_text=scans.form_qr_text(application.number, 1), photo_ground=(60, 120, 200))
    return upload("a.jpg", as_file(page).read())


def lay_out(application: Application, *files, browser=None, **data):
    """Upload files, as the form of the page sends them."""
    browser = browser or browser_of(application)
    return browser.post(address("member_stamped_form_add", application), {"scans": list(files), **data})


def hand_in(application: Application, file=None, *, basis=("stamp",), browser=None, sent: dict | None = None):
    """Upload a file if one is given, look at the page, hand in what is laid out on it; ``sent`` instead of what the page holds."""
    browser = browser or browser_of(application)
    if file:
        lay_out(application, file, browser=browser)
    page = address("member_stamped_form", application)
    return browser.post(page, {**(_hidden_on(browser, page) if sent is None else sent), "basis": list(basis)})


def _hidden_on(browser, page: str) -> dict[str, str]:
    """What the page says was seen on it."""
    text = text_of(browser.get(page))
    return {name: found[1] for name in ("doing", "seen") if (found := re.search(rf'name="{name}" value="([^"]*)"', text))}


def act(application: Application, verb: str, number: int = 1, *, browser=None):
    """Press a button of the page of this number."""
    page = scan_pages.pages_of(application)[number - 1]
    return (browser or browser_of(application)).post(address("member_stamped_form_change", application), {"act": f"{verb}-{page.pk}"})


def order(application: Application) -> list[str]:
    return [page.source_name for page in scan_pages.pages_of(application)]


class TestFormPdf:  # APP-10, A-14
    def test_it_exists_from_the_submission_only(self, at):
        draft = stories.draft(at=at)
        submitted = stories.submitted(at=at)

        assert browser_of(draft).get(address("member_form_pdf", draft)).status_code == 404
        answer = browser_of(submitted).get(address("member_form_pdf", submitted))
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF")

    def test_it_is_shown_in_the_browser_under_a_chinese_name(self, at):
        application = stories.submitted(at=at)

        answer = browser_of(application).get(address("member_form_pdf", application))

        assert answer.headers["Content-Type"] == "application/pdf"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("inline; filename*=utf-8''")
        assert unquote(disposition).endswith(f"会员入会申请表-沈砚秋-{application.number}.pdf")

    def test_its_code_names_application_and_version(self, at):
        application = stories.submitted(at=at)
        content = browser_of(application).get(address("member_form_pdf", application)).content

        page = pictures.clean(as_file(pdf_pictures.picture_of(content, dpi=200)))

        assert [code.text for code in qr_reading.read(page)] == [scans.form_qr_text(application.number, 1)]

    def test_a_recalled_form_is_gone(self, at):
        application = stories.submitted(at=at)
        enrolment.recall(application=application, person=application.member.user, at=at)

        answer = browser_of(application).get(address("member_form_pdf", application))

        assert answer.status_code == 410
        assert "此表已作废" in text_of(answer)

    def test_inside_wechat_it_says_to_open_a_browser(self, at):
        application = stories.submitted(at=at)
        browser, page = browser_of(application), address("member_form_pdf", application)
        wechat = {"user-agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"}

        assert "请点右上角 … 用浏览器打开" in text_of(browser.get(page, headers=wechat))
        assert browser.get(page, {"open": "1"}, headers=wechat).content.startswith(b"%PDF")

    def test_anothers_form_is_not_there(self, at):
        application = stories.submitted(at=at)

        for name in ("member_form_pdf", "member_stamped_form", "member_referrer", "member_recall"):
            assert client_of(UserFactory()).get(address(name, application)).status_code == 404, name

    def test_a_character_no_font_has_is_said_and_not_an_error(self, at):
        application = stories.submitted(at=at, name="王\U00030000")

        answer = browser_of(application).get(address("member_form_pdf", application))

        assert answer.status_code == 409
        assert "申请表格印不出来" in text_of(answer)


class TestLayingOut:  # APP-11
    def test_an_uploaded_page_is_shown_with_what_the_check_says(self, at):
        application = stories.submitted(at=at)

        answer = lay_out(application, stamped_file(application))
        page = text_of(browser_of(application).get(answer.url))

        assert answer.url == address("member_stamped_form", application)
        assert fresh(application).state == ApplicationState.AWAITING_FORM
        assert re.findall(r'aria-label="(通过|有疑问)">.*?</svg>\s*(\w+)</li>', page) == [
            ("通过", "印章"),
            ("通过", "清晰"),
            ("通过", "申请编号"),
        ]
        assert "申请表（盖章）.jpg" in page

    def test_several_files_are_several_pages(self, at):
        application = stories.submitted(at=at)

        lay_out(application, stamped_file(application, name="1.jpg"), photograph("2.jpg"), upload("3.pdf", pdf(pages=2)))

        assert order(application) == ["1.jpg", "2.jpg", "3.pdf", "3.pdf"]

    def test_a_page_that_lies_on_its_side_is_set_upright(self, at):
        application = stories.submitted(at=at)
        form_page = stamped_form(qr_text=scans.form_qr_text(application.number, 1))

        lay_out(application, upload("a.jpg", as_file(form_page.rotate(90, expand=True)).read()))

        [page] = scan_pages.pages_of(application)
        assert page.picture.height > page.picture.width

    def test_a_good_file_is_kept_though_another_is_refused(self, at):
        application = stories.submitted(at=at)

        answer = lay_out(application, stamped_file(application, name="好的.jpg"), upload("坏的.jpg", picture_bytes(format="GIF")))

        assert answer.status_code == 422
        assert order(application) == ["好的.jpg"]
        assert "「坏的.jpg」" in text_of(answer)
        assert "第 1 页" in text_of(answer)

    @pytest.mark.parametrize(
        ("name", "content", "word"),
        [
            ("表.jpg", picture_bytes(format="GIF"), "GIF"),
            ("表.jpg", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "兼容性最佳"),
            ("表.pdf", b"%PDF-1.7\nrubbish", "PDF 不完整"),
            ("表.pdf", pdf(pages=200), "200 页，超过 10 页"),
            ("表.pdf", rewritten(pdf(), lambda writer: writer.encrypt("secret")), "去掉密码"),
            ("表.docx", b"PK\x03\x04" + b"0" * 100, "Word"),
            ("表.jpg", b"", "文件是空的"),
            ("表.jpg", picture_bytes().ljust(6_000_000, b"0"), "超过 5 MB"),
            ("表.png", picture_bytes(size=(13_000, 10), format="PNG"), "一边超过 12000 像素"),
        ],
        ids=["gif", "heic", "broken pdf", "200 pages", "password", "word", "empty", "large", "too many pixels"],
    )
    def test_what_is_no_scan_is_refused_with_the_way_out(self, at, name, content, word):
        application = stories.submitted(at=at)

        answer = lay_out(application, upload(name, content))

        assert answer.status_code == 422
        assert word in text_of(answer)
        assert order(application) == []

    def test_the_limits_are_said_before_anything_is_sent(self, at):
        application = stories.submitted(at=at)

        page = text_of(browser_of(application).get(address("member_stamped_form", application)))

        assert "JPG、PNG 图片每张不超过 5 MB，PDF 不超过 20 MB；最多 10 页，共 40 MB" in page

    def test_an_eleventh_page_is_refused(self, at):
        application = stories.submitted(at=at)
        lay_out(application, upload("10.pdf", pdf(pages=10)))

        answer = lay_out(application, photograph("11.jpg"))

        assert "超过 10 页" in text_of(answer)
        assert len(order(application)) == 10

    def test_eleven_files_at_once_are_not_even_looked_at(self, at):
        application = stories.submitted(at=at)

        answer = lay_out(application, *(photograph(f"{number}.jpg") for number in range(11)))

        assert "一次最多 10 个" in text_of(answer)
        assert order(application) == []

    def test_the_same_file_again_is_told_and_not_added(self, at):
        application = stories.submitted(at=at)

        for _ in range(2):
            answer = lay_out(application, stamped_file(application))

        assert "没有重复添加" in text_of(answer)
        assert len(order(application)) == 1

    def test_without_a_file_it_asks_for_one(self, at):
        assert "请选择盖章文件" in text_of(lay_out(stories.submitted(at=at)))

    def test_anothers_pages_and_pictures_are_not_there(self, at):
        application = stories.submitted(at=at)
        lay_out(application, stamped_file(application))
        [page] = scan_pages.pages_of(application)
        stranger = client_of(UserFactory())
        own = stories.submitted(at=at)

        assert lay_out(application, photograph(), browser=stranger).status_code == 404
        assert act(application, "remove", browser=stranger).status_code == 404
        for one, browser in ((application, stranger), (own, browser_of(own))):
            small = reverse("member_stamped_form_picture", args=[one.pk, page.picture_id])
            assert browser.get(small).status_code == 404
        assert stranger.get(reverse("private_file", args=[page.picture_id])).status_code == 404

    def test_nobody_of_the_association_sees_what_is_only_laid_out(self, at):
        application = stories.submitted(at=at)
        lay_out(application, stamped_file(application))
        [page] = scan_pages.pages_of(application)

        assert client_of(association_reviewer()).get(reverse("private_file", args=[page.picture_id])).status_code == 404

    def test_who_sends_without_end_is_asked_to_wait(self, at):
        application = stories.submitted(at=at)
        browser = browser_of(application)
        for _ in range(stamped_form_pages.FILES_PER_MINUTE):
            lay_out(application, browser=browser)

        assert lay_out(application, photograph(), browser=browser).status_code == 429
        assert order(application) == []


class TestPages:  # APP-11: order, turning, replacing, taking away
    @pytest.fixture
    def application(self, at):
        application = stories.submitted(at=at)
        lay_out(application, stamped_file(application, name="a.jpg"), photograph("b.jpg"))
        return application

    def test_a_page_is_moved(self, application):
        answer = act(application, "down", 1)

        assert answer.url == address("member_stamped_form", application)
        assert order(application) == ["b.jpg", "a.jpg"]
        act(application, "up", 2)
        assert order(application) == ["a.jpg", "b.jpg"]

    def test_a_page_is_turned_clockwise(self, application):
        before = scan_pages.pages_of(application)[0].picture

        act(application, "turn", 1)

        after = scan_pages.pages_of(application)[0]
        assert (after.picture.width, after.picture.height) == (before.height, before.width)
        left, top, _, _ = after.seen["codes"][0]["place"]
        assert left > after.picture.width / 2
        assert top > after.picture.height / 2

    def test_a_page_is_taken_away(self, application):
        act(application, "remove", 1)

        assert order(application) == ["b.jpg"]

    def test_a_page_is_replaced(self, application):
        page = scan_pages.pages_of(application)[0]
        browser = browser_of(application)

        asked = browser.get(address("member_stamped_form", application), {"replace": page.pk})
        lay_out(application, photograph("c.jpg", colour=(90, 90, 90)), browser=browser, replaces=page.pk)

        assert "第 1 页换成" in text_of(asked)
        assert f'name="replaces" value="{page.pk}"' in text_of(asked)
        assert order(application) == ["c.jpg", "b.jpg"]

    def test_a_refused_replacement_keeps_the_page_and_asks_again(self, application):
        page = scan_pages.pages_of(application)[0]

        answer = lay_out(application, upload("c.jpg", b""), replaces=page.pk)

        assert f'name="replaces" value="{page.pk}"' in text_of(answer)
        assert order(application) == ["a.jpg", "b.jpg"]

    def test_what_is_gone_is_told(self, application):
        page, browser = scan_pages.pages_of(application)[0], browser_of(application)
        for verb in ("remove", "remove", "turn"):
            answer = browser.post(address("member_stamped_form_change", application), {"act": f"{verb}-{page.pk}"})

        assert answer.status_code == 409
        assert "页面刚刚在别处有变动" in text_of(answer)

    @pytest.mark.parametrize("act", ["", "turn", "turn-x", "turn--1", "burn-1", "turn-１", f"turn-{'9' * 30}"])
    def test_what_no_button_sends_is_not_found(self, application, act):
        assert browser_of(application).post(address("member_stamped_form_change", application), {"act": act}).status_code == 404

    def test_a_small_picture_of_each_page_is_kept_by_nobody(self, application):
        page = scan_pages.pages_of(application)[0]

        answer = browser_of(application).get(reverse("member_stamped_form_picture", args=[application.pk, page.picture_id]))

        assert answer.headers["Content-Type"] == "image/jpeg"
        assert "no-store" in answer.headers["Cache-Control"]
        assert max(Image.open(BytesIO(answer.content)).size) <= 900

    @pytest.mark.parametrize("name", ["member_stamped_form_add", "member_stamped_form_change"])
    def test_an_address_that_only_takes_leads_back_to_the_page(self, application, name):
        assert browser_of(application).get(address(name, application)).url == address("member_stamped_form", application)


class TestHandingIn:  # APP-11, E-1, E-2
    def test_a_stamped_form_brings_the_file_to_the_association(self, at):
        application = stories.submitted(at=at)

        answer = hand_in(application, stamped_file(application))
        page = browser_of(application).get(answer.url)

        assert answer.url == address("member_stamped_form", application)
        assert fresh(application).state == ApplicationState.CHECKING
        assert fresh(application).basis == [Basis.STAMP]
        assert "盖章文件已收到" in text_of(page)
        assert "有疑问，请再看一眼" not in text_of(page)
        form_here = StampedForm.objects.get(application=application)
        assert form_here.original.original_name == "申请表（盖章）.jpg"
        assert reverse("private_file", args=[form_here.pages.get().attachment_id]) in text_of(page)

    def test_pages_are_handed_in_in_their_order_as_one_document(self, at):
        application = stories.submitted(at=at)
        lay_out(application, photograph("b.jpg"), stamped_file(application, name="a.jpg"))
        act(application, "up", 2)

        hand_in(application)

        form_here = StampedForm.objects.get(application=application)
        assert [page.attachment.original_name for page in form_here.pages.all()] == ["a.jpg", "b.jpg"]
        assert (form_here.original.content_type, form_here.original.original_name) == ("application/pdf", "盖章申请表.pdf")
        assert form_here.findings["code"] == "ours"

    def test_a_form_without_a_seal_is_taken_with_a_warning(self, at):
        application = stories.submitted(at=at)

        answer = hand_in(application, unstamped_file(application))

        assert fresh(application).state == ApplicationState.CHECKING
        assert "没有找到红色印章" in text_of(browser_of(application).get(answer.url))

    def test_a_warning_shows_the_place_and_what_to_do(self, at):
        application = stories.submitted(at=at)
        lay_out(application, unstamped_file(application))
        [laid_out] = scan_pages.pages_of(application)

        page = text_of(browser_of(application).get(address("member_stamped_form", application)))

        assert "请确认已盖单位的红色实物章" in page
        assert f'<image href="{reverse("private_file", args=[laid_out.picture_id])}"' in page
        assert "不影响提交" in page

    def test_an_old_version_is_named(self, at):
        application = stories.submitted(at=at)
        enrolment.recall(application=application, person=application.member.user, at=at)
        later = at + timedelta(minutes=5)
        enrolment.submit(application=fresh(application), person=application.member.user, consents_given=stories.CONSENTS, at=later)

        answer = lay_out(application, stamped_file(application, version=1))

        assert "旧版已作废。请下载最新的申请表格" in text_of(browser_of(application).get(answer.url))

    def test_the_form_of_another_application_is_named(self, at):
        application, other = stories.submitted(at=at), stories.submitted(at=at)

        answer = lay_out(application, stamped_file(other))

        assert "这张表属于另一份申请" in text_of(browser_of(application).get(answer.url))

    def test_a_grey_scan_is_told_why_no_seal_is_seen(self, at):
        application = stories.submitted(at=at)
        grey = stamped_form(qr_text=scans.form_qr_text(application.number, 1)).convert("L")

        answer = lay_out(application, upload("a.jpg", as_file(grey).read()))

        assert "黑白扫描看不到红色印章，请彩色扫描" in text_of(browser_of(application).get(answer.url))

    def test_without_a_tick_there_is_nothing_to_rest_on(self, at):
        application = stories.submitted(at=at)

        answer = hand_in(application, stamped_file(application), basis=())

        assert answer.status_code == 422
        assert "请至少勾选一项" in text_of(answer)
        assert fresh(application).state == ApplicationState.AWAITING_FORM
        assert len(order(application)) == 1

    def test_without_a_page_it_asks_for_one(self, at):
        application = stories.submitted(at=at)

        answer = hand_in(application, sent={"doing": "upload form:0", "seen": ""})

        assert answer.status_code == 422
        assert "请先上传盖章的申请表" in text_of(answer)

    def test_the_printed_pdf_handed_in_is_drawn_as_pictures(self, at):
        application = stories.submitted(at=at)
        content = form.render(form_sheet.sheet_of(application))

        hand_in(application, upload("申请表.pdf", content))

        form_here = StampedForm.objects.get(application=application)
        assert form_here.pages.get().attachment.content_type in ("image/png", "image/jpeg")
        assert form_here.findings["code"] == "ours"

    def test_before_the_submission_and_after_the_check_there_is_nothing_to_hand_in(self, at):
        for application in (stories.draft(at=at), stories.deciding(at=at)):
            assert lay_out(application, stamped_file(application)).url == reverse("member_home")
            assert hand_in(application, sent={"doing": ""}).url == reverse("member_home")
            assert browser_of(application).get(address("member_stamped_form", application)).url == reverse("member_home")
        assert not StampedForm.objects.filter(application__state=ApplicationState.DRAFT).exists()


class TestTwoAtOnce:  # field case 42
    def test_a_second_click_makes_no_second_form(self, at):
        application = stories.submitted(at=at)
        browser = browser_of(application)
        lay_out(application, stamped_file(application), browser=browser)
        sent = _hidden_on(browser, address("member_stamped_form", application))

        for _ in range(2):
            answer = hand_in(application, browser=browser, sent=sent)

        assert answer.url == address("member_stamped_form", application)
        assert StampedForm.objects.filter(application=application).count() == 1
        assert Message.objects.filter(code="file-arrived").count() == 1

    def test_the_second_device_is_told_that_it_is_done(self, at):
        application = stories.submitted(at=at)
        phone, desktop = browser_of(application), browser_of(application)
        lay_out(application, stamped_file(application), browser=phone)
        seen_there = _hidden_on(desktop, address("member_stamped_form", application))
        hand_in(application, browser=phone)

        answer = hand_in(application, browser=desktop, sent=seen_there)

        assert "盖章文件已提交，没有重复提交" in text_of(desktop.get(answer.url))
        assert StampedForm.objects.filter(application=application).count() == 1

    def test_pages_changed_on_another_device_are_shown_before_they_are_handed_in(self, at):
        application = stories.submitted(at=at)
        phone, desktop = browser_of(application), browser_of(application)
        lay_out(application, stamped_file(application), browser=phone)
        seen_there = _hidden_on(desktop, address("member_stamped_form", application))
        lay_out(application, photograph("新.jpg"), browser=phone)

        answer = hand_in(application, browser=desktop, sent=seen_there)

        assert answer.status_code == 422
        assert "页面刚刚在别处有变动" in text_of(answer)
        assert "新.jpg" in text_of(answer)
        assert fresh(application).state == ApplicationState.AWAITING_FORM


class TestInsideWeChat:  # field case 41, UI-2
    WECHAT = {"user-agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50"}

    def test_the_form_is_a_picture_to_keep_and_the_way_to_a_browser_is_shown(self, at):
        application = stories.submitted(at=at)
        browser = browser_of(application)

        page = text_of(browser.get(address("member_stamped_form", application), headers=self.WECHAT))

        assert f'src="{address("member_form_picture", application)}"' in page
        assert "请点右上角 … 用浏览器打开" in page
        assert "长按图片" not in text_of(browser.get(address("member_stamped_form", application)))

    def test_the_album_stays_reachable(self, at):
        application = stories.submitted(at=at)

        page = text_of(browser_of(application).get(address("member_stamped_form", application), headers=self.WECHAT))

        [chooser] = re.findall(r'<input type="file"[^>]*>', page)
        assert 'accept="image/*,application/pdf"' in chooser
        assert "multiple" in chooser
        assert "capture" not in chooser

    def test_the_picture_of_the_form_can_be_printed_and_scanned(self, at):
        application = stories.submitted(at=at)

        answer = browser_of(application).get(address("member_form_picture", application))

        picture = pictures.clean(BytesIO(answer.content))
        assert (picture.width, picture.height) == (1654, 2339)
        assert [code.text for code in qr_reading.read(picture)] == [scans.form_qr_text(application.number, 1)]

    def test_there_is_none_of_a_void_form_nor_of_one_that_cannot_be_printed(self, at):
        recalled, unprintable = stories.submitted(at=at), stories.submitted(at=at, name="王\U00030000")
        enrolment.recall(application=recalled, person=recalled.member.user, at=at)

        for application in (recalled, unprintable):
            assert browser_of(application).get(address("member_form_picture", application)).status_code == 404


class TestReplacing:
    def test_until_a_reviewer_opened_the_file_the_scan_is_replaced(self, at):
        application = stories.checking(at=at)

        hand_in(application, stamped_file(application, name="更清楚.jpg"))

        current = StampedForm.objects.get(application=application, superseded_at=None)
        assert current.original.original_name == "更清楚.jpg"
        assert StampedForm.objects.filter(application=application).count() == 2
        assert fresh(application).basis == [Basis.STAMP]

    def test_what_is_laid_out_does_not_replace_it_yet(self, at):
        application = stories.checking(at=at)
        lay_out(application, stamped_file(application))

        page = text_of(browser_of(application).get(address("member_stamped_form", application)))

        assert StampedForm.objects.filter(application=application).count() == 1
        assert "收到的文件" in page
        assert "更换盖章文件</button>" in page

    def test_a_reviewer_who_opens_the_file_meanwhile_has_the_scan_that_was_there(self, at):
        application = stories.checking(at=at)
        browser, page = browser_of(application), address("member_stamped_form", application)
        lay_out(application, stamped_file(application), browser=browser)
        sent = _hidden_on(browser, page)
        Application.objects.filter(pk=application.pk).update(first_opened_at=at)

        answer = hand_in(application, browser=browser, sent=sent)

        assert answer.status_code == 422
        assert "不能再更换" in text_of(answer)
        assert StampedForm.objects.filter(application=application).count() == 1
        assert 'type="file"' not in text_of(browser.get(page))

    def test_and_nothing_more_can_be_laid_out(self, at):
        application = stories.checking(at=at)
        Application.objects.filter(pk=application.pk).update(first_opened_at=at)

        answer = lay_out(application, stamped_file(application))

        assert answer.status_code == 422
        assert "不能再更换" in text_of(answer)


class TestReferrer:  # E-2, E-3, E-10
    @pytest.fixture
    def seat(self):
        return committee_member()

    @pytest.fixture
    def application(self, at, seat):
        return stories.submitted(at=at, referral=stories.referred_by(seat))

    def test_the_online_endorsement_is_offered_as_a_ground_and_waits_for_its_answer(self, application):
        answer = hand_in(application, stamped_file(application), basis=("endorsement",))

        assert fresh(application).state == ApplicationState.ENDORSING
        assert "正在等顾明修答复" in text_of(browser_of(application).get(answer.url))

    def test_a_handwritten_signature_drops_the_request(self, application):
        hand_in(application, stamped_file(application), basis=("signature",))

        assert fresh(application).state == ApplicationState.CHECKING
        assert application.endorsements.get().state == EndorsementState.DROPPED

    def test_while_the_answer_is_missing_a_stamp_takes_its_place(self, application):
        hand_in(application, stamped_file(application), basis=("endorsement",))

        hand_in(application, stamped_file(application), basis=("stamp",))

        assert fresh(application).state == ApplicationState.CHECKING

    def test_another_committee_member_is_asked_instead(self, application, at):
        other = committee_member()
        other.member.name = "周砚秋"
        other.member.save()

        answer = browser_of(application).post(address("member_referrer", application), {"seat": "周砚秋", "act": "change"})

        assert answer.url == reverse("member_home")
        assert fresh(application).referrer_seat == other
        assert endorsements.open_endorsement(application).seat == other

    def test_looking_for_somebody_changes_nothing_yet(self, application, seat):
        committee_member()

        page = browser_of(application).post(address("member_referrer", application), {"seat": "顾", "act": "find_seat"})

        assert text_of(page).count('name="seat_pick"') == 2
        assert fresh(application).referrer_seat == seat

    def test_the_same_person_again_is_not_asked_twice(self, application, seat):
        for _ in range(2):
            browser_of(application).post(address("member_referrer", application), {"seat_pick": str(seat.pk), "act": "change"})

        assert application.endorsements.count() == 1

    def test_nobody_chosen_is_asked_for(self, application):
        answer = browser_of(application).post(address("member_referrer", application), {"act": "change"})

        assert answer.status_code == 422
        assert "请选择推荐委员" in text_of(answer)

    def test_with_the_association_it_is_too_late(self, at):
        application = stories.checking(at=at)

        assert browser_of(application).get(address("member_referrer", application)).url == reverse("member_home")


class TestRecall:
    def test_it_is_asked_once_more_and_then_the_form_is_open_again(self, at):
        application = stories.submitted(at=at)
        browser, page = browser_of(application), address("member_recall", application)

        asked = browser.get(page)
        state_after_looking = fresh(application).state
        answer = browser.post(page)

        assert "撤回申请，修改资料？" in text_of(asked)
        assert state_after_looking == ApplicationState.AWAITING_FORM
        assert answer.url == reverse("member_apply")
        assert fresh(application).state == ApplicationState.DRAFT
        assert browser.get(reverse("member_apply")).status_code == 200

    def test_a_second_click_is_told_and_changes_nothing(self, at):
        application = stories.submitted(at=at)
        browser, page = browser_of(application), address("member_recall", application)
        browser.post(page)

        answer = browser.post(page)

        assert answer.url == reverse("member_home")
        assert application.dossiers.count() == 2

    def test_once_the_form_is_uploaded_it_is_too_late(self, at):
        application = stories.checking(at=at)

        assert browser_of(application).get(address("member_recall", application)).url == reverse("member_home")
        browser_of(application).post(address("member_recall", application))
        assert fresh(application).state == ApplicationState.CHECKING
