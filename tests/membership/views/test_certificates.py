"""下载会员证书: check, look, download; the same document ever after."""

from datetime import timedelta

import pytest
from django.conf import settings

from membership.domain import certificates
from membership.enums import MemberType
from membership.models import AuditEntry, Certificate, Feedback, Freeze, User, Violation
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, association_reviewer
from tests.membership.documents.reading import by_pypdf, pages
from tests.membership.views.pages import Browser

pytestmark = pytest.mark.django_db
CONFIRM, PREVIEW, DOWNLOAD = "/member/certificate/", "/member/certificate/preview/", "/member/certificate/download/"
PICTURE = "/member/certificate/preview.png"


def member(at, **options) -> User:
    application = stories.approved(at=at, **options)
    return User.objects.get(pk=application.member.user_id)


def body(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def person(clock) -> User:
    return member(clock, name="沈砚秋", specialty="胸部肿瘤")


@pytest.fixture
def browser(person) -> Browser:
    return Browser(person)


class TestConfirm:  # CERT-1, P-5
    def test_it_shows_what_has_to_be_checked(self, browser):
        page = browser.get(CONFIRM)

        for text in ("姓名 沈砚秋", "性别 男", "出生日期 1984-09-30", "专业 胸部肿瘤", "职称 副高级,副主任医师", "工作单位 第"):
            assert text in page.main
        assert page.soup.main.find("img")["src"].startswith("/files/")

    def test_it_says_the_three_notes(self, browser):
        page = browser.get(CONFIRM)

        assert "证书一经下载，个人信息将无法修改。下载后如需修改，请走申请资料变更。" in page.main
        assert "如发现信息有误，请先联系协会更正" in page.main
        assert "合法用途" in page.main

    def test_a_student_is_shown_no_title_and_reads_school(self, clock):
        page = Browser(member(clock, member_type=MemberType.STUDENT)).get(CONFIRM)

        assert "职称" not in page.main
        assert "就读学校" in page.main

    def test_确认_leads_to_the_preview(self, browser):
        page = browser.post(CONFIRM)

        assert page.heading == "证书预览"
        assert page.has_button("下载证书")

    @pytest.mark.parametrize("url", [CONFIRM, PREVIEW, PICTURE])
    def test_who_has_none_reads_why_in_the_member_centre(self, url, clock):
        response = Browser(UserFactory()).client.get(url, follow=True)

        assert response.redirect_chain[-1][0] == "/member/"
        assert "现在没有可以下载的会员证书" in response.content.decode()

    def test_nobody_is_let_in_without_a_login(self):
        assert Browser().client.get(CONFIRM)["Location"].startswith("/accounts/login/")

    def test_the_frozen_are_led_back(self, browser, person, clock):
        staff = association_reviewer()
        violation = Violation.objects.create(member=person.member, text="核实不符的详细情况", recorded_by=staff, recorded_at=clock)
        Freeze.objects.create(member=person.member, violation=violation, reason="核实", frozen_by=staff, started_at=clock)

        assert browser.client.get(CONFIRM).status_code == 302
        assert browser.client.post(DOWNLOAD).status_code == 302
        assert Certificate.objects.get().document is None


class TestPreview:  # N-10
    @pytest.mark.parametrize("url", [PREVIEW, PICTURE])
    def test_before_confirming_it_leads_to_the_check(self, browser, url):
        assert browser.client.get(url)["Location"] == CONFIRM

    def test_it_is_a_picture_that_no_cache_keeps(self, browser):
        browser.post(CONFIRM)

        response = browser.client.get(PICTURE)

        assert response["Content-Type"] == "image/png"
        assert response.content.startswith(b"\x89PNG")
        assert "no-store" in response["Cache-Control"]

    def test_looking_is_no_download(self, browser):
        browser.post(CONFIRM)
        browser.client.get(PICTURE)

        assert Certificate.objects.get().first_downloaded_at is None


class TestDownload:  # CERT-1, CERT-2, N-10, N-13
    def test_it_is_a_pdf_named_after_the_number(self, browser):
        browser.post(CONFIRM)

        response = browser.client.post(DOWNLOAD)
        document = body(response)

        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == ("attachment; filename*=utf-8''%E4%BC%9A%E5%91%98%E8%AF%81%E4%B9%A6-M1650000001D.pdf")
        assert pages(document) == 1
        text = by_pypdf(document)
        for printed in ("沈砚秋", "M1650000001D", "胸部肿瘤", "2026-03-17至2027-03-17", "有效期以扫码查询为准"):
            assert printed in text

    def test_the_first_time_keeps_it_and_the_second_is_the_same_to_the_byte(self, browser, person, clock, monkeypatch):
        browser.post(CONFIRM)
        first = body(browser.client.post(DOWNLOAD))

        with monkeypatch.context() as later:
            later.setattr("django.utils.timezone.now", lambda: clock + timedelta(days=9))
            second = body(Browser(person).client.post(DOWNLOAD))

        kept = Certificate.objects.get()
        assert first == second
        assert kept.first_downloaded_at == clock
        assert AuditEntry.objects.filter(action="certificate.download").count() == 2

    def test_a_link_downloads_nothing(self, browser):
        browser.post(CONFIRM)

        assert browser.client.get(DOWNLOAD)["Location"] == CONFIRM
        assert Certificate.objects.get().first_downloaded_at is None

    def test_without_confirming_nothing_is_downloaded(self, browser):
        assert browser.client.post(DOWNLOAD)["Location"] == CONFIRM
        assert Certificate.objects.get().first_downloaded_at is None

    def test_a_new_edition_is_confirmed_anew(self, browser, person, clock):
        browser.post(CONFIRM)
        body(browser.client.post(DOWNLOAD))
        edition = Certificate.objects.get()
        certificates.issue(person.member, dossier=edition.dossier, decision=None, at=clock)

        assert browser.client.post(DOWNLOAD)["Location"] == CONFIRM

    def test_the_task_is_done_then(self, browser):
        assert "下载会员证书" in browser.get("/member/todo/").main

        browser.post(CONFIRM)
        body(browser.client.post(DOWNLOAD))

        assert "现在没有需要您做的事" in browser.get("/member/todo/").main


class TestUnprintable:  # CERT-5, field case 15
    @pytest.fixture
    def browser(self, clock) -> Browser:
        return Browser(member(clock, name="王\U00030edd"))

    def test_the_page_is_calm_names_the_character_and_says_that_support_was_told(self, browser):
        page = browser.post(CONFIRM)

        assert page.heading == "证书暂时不能生成"
        assert "\U00030edd" in page.main
        assert "已告知技术支持" in page.main
        assert Feedback.objects.get().category == certificates.UNPRINTABLE

    def test_nothing_is_kept_and_nothing_half_made_is_handed_out(self, browser):
        browser.post(CONFIRM)

        page = browser.post(DOWNLOAD)

        assert page.heading == "证书暂时不能生成"
        assert Certificate.objects.get().document is None

    def test_the_membership_is_untouched(self, browser):
        browser.post(CONFIRM)

        assert "证书有效" in browser.get("/verify/M1650000001D/").main

    def test_a_host_name_too_long_for_the_code_is_found_before_drawing(self, clock, monkeypatch):
        monkeypatch.setattr(settings, "SITE_URL", f"https://{'members.' * 12}example.org")

        page = Browser(member(clock)).post(CONFIRM)

        assert page.heading == "证书暂时不能生成"
