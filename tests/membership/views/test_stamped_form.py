"""Print, stamp, upload as a browser does it: the form's PDF, 提交盖章文件, 更换推荐人, 撤回修改."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse

from membership.documents import form, form_sheet, pdf_pictures, scans
from membership.domain import endorsements, enrolment
from membership.enums import ApplicationState, Basis, EndorsementState
from membership.models import Application, Message, StampedForm
from tests.factories import enrolment as stories
from tests.factories.browser import client_of, picture_bytes, upload
from tests.factories.people import UserFactory, committee_member
from tests.membership.documents.stamped_forms import as_file, blank_form, stamped_form

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


def hand_in(application: Application, file, *, basis=("stamp",), browser=None, doing: str | None = None):
    browser = browser or browser_of(application)
    page = address("member_stamped_form", application)
    doing = doing if doing is not None else _doing(browser, page)
    data = {"doing": doing, "basis": list(basis)} | ({"scan": file} if file else {})
    return browser.post(page, data)


def _doing(browser, page: str) -> str:
    found = re.search(r'name="doing" value="([^"]*)"', text_of(browser.get(page)))
    return found[1] if found else ""


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

        page = pdf_pictures.picture_of(content, dpi=200)
        read = scans.findings(scans.clean(as_file(page)), expected=scans.form_qr_text(application.number, 1))

        assert read.qr_matches

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


class TestHandingIn:  # APP-11, E-1, E-2
    def test_a_stamped_form_brings_the_file_to_the_association(self, at):
        application = stories.submitted(at=at)

        answer = hand_in(application, stamped_file(application))
        page = browser_of(application).get(answer.url)

        assert answer.url == address("member_stamped_form", application)
        assert fresh(application).state == ApplicationState.CHECKING
        assert fresh(application).basis == [Basis.STAMP]
        assert "盖章文件已收到" in text_of(page)
        assert "自动检查有疑问" not in text_of(page)
        form_here = StampedForm.objects.get(application=application)
        assert form_here.original.original_name == "申请表（盖章）.jpg"
        assert reverse("private_file", args=[form_here.pages.get().attachment_id]) in text_of(page)

    def test_a_form_without_a_seal_is_taken_with_a_warning(self, at):
        application = stories.submitted(at=at)
        plain = blank_form(qr_text=scans.form_qr_text(application.number, 1))

        answer = hand_in(application, upload("a.jpg", as_file(plain).read()))

        assert fresh(application).state == ApplicationState.CHECKING
        assert "没有找到红色印章" in text_of(browser_of(application).get(answer.url))

    def test_an_old_version_is_named(self, at):
        application = stories.submitted(at=at)
        enrolment.recall(application=application, person=application.member.user, at=at)
        later = at + timedelta(minutes=5)
        enrolment.submit(application=fresh(application), person=application.member.user, consents_given=stories.CONSENTS, at=later)

        answer = hand_in(application, stamped_file(application, version=1))

        assert "此表为旧版（资料第 1 版，现在是第 2 版）" in text_of(browser_of(application).get(answer.url))

    def test_the_form_of_another_application_is_named(self, at):
        application, other = stories.submitted(at=at), stories.submitted(at=at)

        answer = hand_in(application, stamped_file(other))

        assert "这张表属于另一份申请" in text_of(browser_of(application).get(answer.url))

    def test_without_a_tick_there_is_nothing_to_rest_on(self, at):
        application = stories.submitted(at=at)

        answer = hand_in(application, stamped_file(application), basis=())

        assert answer.status_code == 422
        assert "请至少勾选一项" in text_of(answer)
        assert fresh(application).state == ApplicationState.AWAITING_FORM

    def test_without_a_file_it_asks_for_one(self, at):
        application = stories.submitted(at=at)

        answer = hand_in(application, None)

        assert answer.status_code == 422
        assert "请选择盖章文件" in text_of(answer)

    @pytest.mark.parametrize(
        ("name", "content", "word"),
        [
            ("表.jpg", picture_bytes(format="GIF"), "GIF"),
            ("表.pdf", b"%PDF-1.7\nrubbish", "PDF"),
            ("表.docx", b"PK\x03\x04" + b"0" * 100, "Word"),
            ("表.jpg", b"", "文件是空的"),
        ],
        ids=["gif", "broken pdf", "word", "empty"],
    )
    def test_what_is_no_scan_is_refused_with_the_way_out(self, at, name, content, word):
        application = stories.submitted(at=at)

        answer = hand_in(application, upload(name, content))

        assert answer.status_code == 422
        assert word in text_of(answer)
        assert fresh(application).state == ApplicationState.AWAITING_FORM

    def test_the_printed_pdf_handed_in_is_drawn_as_pictures(self, at):
        application = stories.submitted(at=at)
        content = form.render(form_sheet.sheet_of(application))

        hand_in(application, upload("申请表.pdf", content))

        form_here = StampedForm.objects.get(application=application)
        assert form_here.original.content_type == "application/pdf"
        assert form_here.pages.get().attachment.content_type in ("image/png", "image/jpeg")
        assert form_here.findings["qr_matches"]

    def test_a_second_click_makes_no_second_upload(self, at):
        application = stories.submitted(at=at)
        browser = browser_of(application)
        doing = _doing(browser, address("member_stamped_form", application))

        for _ in range(2):
            answer = hand_in(application, stamped_file(application), browser=browser, doing=doing)

        assert answer.url == address("member_stamped_form", application)
        assert StampedForm.objects.filter(application=application).count() == 1
        assert Message.objects.filter(code="file-arrived").count() == 1

    def test_before_the_submission_and_after_the_check_there_is_nothing_to_hand_in(self, at):
        for application in (stories.draft(at=at), stories.deciding(at=at)):
            answer = hand_in(application, stamped_file(application), doing="")

            assert answer.url == reverse("member_home")
        assert not StampedForm.objects.filter(application__state=ApplicationState.DRAFT).exists()


class TestReplacing:
    def test_until_a_reviewer_opened_the_file_the_scan_is_replaced(self, at):
        application = stories.checking(at=at)

        hand_in(application, stamped_file(application, name="更清楚.jpg"))

        current = StampedForm.objects.get(application=application, superseded_at=None)
        assert current.original.original_name == "更清楚.jpg"
        assert StampedForm.objects.filter(application=application).count() == 2
        assert fresh(application).basis == [Basis.STAMP]

    def test_afterwards_the_page_offers_it_no_more_and_the_act_is_refused(self, at):
        application = stories.checking(at=at)
        page = address("member_stamped_form", application)
        doing = _doing(browser_of(application), page)
        Application.objects.filter(pk=application.pk).update(first_opened_at=at)

        answer = hand_in(application, stamped_file(application), doing=doing)

        assert answer.status_code == 422
        assert "不能再更换" in text_of(answer)
        assert 'type="file"' not in text_of(browser_of(application).get(page))


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
