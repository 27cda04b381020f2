"""意见反馈 as its sender's browser sees it: the form with every wrong answer, the list, the limits."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from PIL import Image

from membership import rules
from membership.domain import feedback
from membership.enums import FeedbackCategory
from membership.models import Attachment, Feedback, Member
from membership.views.feedback import PER_MINUTE
from tests.factories.browser import client_of, photograph, picture_bytes, upload
from tests.factories.people import UserFactory, active_member, freeze, staff
from tests.membership.views.pages import Browser

pytestmark = pytest.mark.django_db
URL = "/member/feedback/"
WORDS = {"category": "application", "text": "上传时提示文件太大", "contact": ""}


def error_of(page, name: str) -> str:
    """Return what stands beside a field."""
    found = page.soup.find(id=f"id_{name}_error")
    return " ".join(found.get_text().split()) if found else ""


class TestSending:  # UI-5
    def test_it_is_taken_and_stands_in_the_list(self, clock):
        page = Browser(UserFactory()).post(URL, {**WORDS, "contact": "022-00000000", "screenshot_1": photograph("截图.png", format="PNG")})

        assert "已收到您的反馈" in page.text
        assert "待答复" in page.main and "上传时提示文件太大" in page.main and "022-00000000" in page.main
        assert page.soup.select_one(".feedback__pictures img")["src"] == f"/files/{Attachment.objects.get().pk}/"

    def test_three_screenshots_may_come_in_any_of_the_fields(self, clock):
        Browser(UserFactory()).post(URL, {**WORDS, "screenshot_2": photograph(), "screenshot_3": photograph()})

        assert Feedback.objects.get().screenshots.count() == 2

    def test_a_fourth_is_not_even_looked_at(self, clock):
        Browser(UserFactory()).post(URL, {**WORDS, **{f"screenshot_{number}": photograph() for number in range(1, 5)}})

        assert Feedback.objects.get().screenshots.count() == 3

    def test_place_and_time_of_a_photograph_are_not_kept(self, clock):
        exif = Image.Exif()
        exif[0x9286] = "天津市河西区"
        content = BytesIO()
        Image.new("RGB", (60, 80)).save(content, "JPEG", exif=exif)

        Browser(UserFactory()).post(URL, {**WORDS, "screenshot_1": upload("a.jpg", content.getvalue())})

        assert "天津市" not in str(dict(Image.open(Attachment.objects.get().file).getexif()))

    def test_a_person_without_an_account_is_led_to_the_login(self):
        assert Browser().client.get(URL)["Location"].startswith("/accounts/login/")
        assert Browser().client.post(URL, WORDS)["Location"].startswith("/accounts/login/")
        assert not Feedback.objects.exists()

    def test_frozen_and_former_members_are_heard(self, clock):  # Table E
        frozen, former = active_member(), active_member()
        freeze(frozen, at=clock)
        Member.objects.filter(pk=former.pk).update(standing="ended", end_kind="withdrawn", ended_on=clock.date())

        for member in (frozen, former):
            assert "已收到您的反馈" in Browser(member.user).post(URL, WORDS).text

    def test_the_menu_leads_here(self, clock):  # UI-1
        page = Browser(UserFactory()).get(URL)

        assert page.soup.select_one(".shell__menu a[aria-current=page]")["href"] == URL


class TestBadInput:  # UI-5, UI-7
    @pytest.mark.parametrize(
        ("sent", "field", "says"),
        [
            ({"category": ""}, "category", "请选择类别"),
            ({"category": "nonsense"}, "category", "请选择类别"),
            ({"category": FeedbackCategory.UNPRINTABLE.value}, "category", "请选择类别"),
            ({"text": ""}, "text", "请写明遇到的问题或建议"),
            ({"text": " \n　\u200b"}, "text", "请写明遇到的问题或建议"),
            ({"text": "字" * 2001}, "text", "最多 2000 个字，现在是 2001 个"),
            ({"contact": "1" * 121}, "contact", "最多 120 个字"),
        ],
    )
    def test_it_is_said_beside_the_field_and_nothing_is_kept(self, sent, field, says, clock):
        page = Browser(UserFactory()).post(URL, {**WORDS, **sent}, status=422)

        assert says in error_of(page, field)
        assert not Feedback.objects.exists()

    def test_everything_wrong_is_said_at_once(self, clock):
        page = Browser(UserFactory()).post(URL, {}, status=422)

        assert error_of(page, "category") and error_of(page, "text")

    @pytest.mark.parametrize(
        ("name", "content", "says"),
        [
            ("a.jpg", b"", "文件是空的"),
            ("a.jpg", b"GIF89a" + b"0" * 50, "内容却是 GIF 格式"),
            ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "网页或 SVG"),
            ("a.pdf", b"%PDF-1.7", "PDF"),
            ("a.jpg", b"\xff\xd8\xff" + b"0" * 100, "图片不完整"),
            ("a.jpg", picture_bytes() + b"0" * (5 * 1024 * 1024), "超过 5 MB"),
            ("a.heic", b"\x00\x00\x00\x18ftypheic", "HEIC"),
        ],
        ids=["empty", "gif", "svg", "pdf", "broken", "too large", "heic"],
    )
    def test_what_is_no_picture_is_refused_with_the_repair(self, name, content, says, clock):
        page = Browser(UserFactory()).post(URL, {**WORDS, "screenshot_1": upload(name, content)}, status=422)

        assert says in error_of(page, "screenshot_1")
        assert "请重新选择截图" in page.main
        assert page.soup.find(id="id_text").get_text().strip() == WORDS["text"]
        assert not Attachment.objects.exists()

    def test_a_fault_in_a_folded_screenshot_unfolds_it(self, clock):
        page = Browser(UserFactory()).post(URL, {**WORDS, "screenshot_3": upload("a.jpg", b"x")}, status=422)

        assert page.soup.select_one("main details").has_attr("open")

    def test_what_people_type_is_shown_as_text(self, clock):
        hostile = "<script>alert(1)</script>"

        page = Browser(UserFactory()).post(URL, {**WORDS, "text": hostile, "contact": hostile})

        assert page.main.count(hostile) == 2
        assert not page.soup.main.find("script")

    @pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "½", "", "0"])
    def test_a_key_that_is_none_shows_the_newest(self, before, clock):
        person = UserFactory()
        feedback.send_feedback(person=person, category="other", text="在这里", at=clock)

        assert "在这里" in Browser(person).get(f"{URL}?before={before}").main


class TestLimits:  # UI-5
    def test_a_second_click_sends_nothing_twice(self, clock):
        browser = Browser(UserFactory())
        browser.post(URL, WORDS)

        assert "同样的内容已经提交" in browser.post(URL, WORDS).text
        assert Feedback.objects.count() == 1

    def test_an_account_that_tries_too_often_waits_a_minute_and_loses_no_word(self, clock):
        cache.clear()
        person = UserFactory()
        browser = Browser(person)
        for number in range(PER_MINUTE):
            browser.post(URL, {**WORDS, "text": f"第 {number} 条"})

        page = browser.post(URL, {**WORDS, "text": "还有一条"}, status=429)

        assert "请 1 分钟后再试" in page.main
        assert page.response["Retry-After"] == "60"
        assert page.soup.find(id="id_text").get_text().strip() == "还有一条"
        assert Feedback.objects.filter(user=person).count() == PER_MINUTE

    def test_a_colleague_behind_the_same_address_is_not_held_up(self, clock):
        cache.clear()
        first, second = client_of(UserFactory()), client_of(UserFactory())
        for _ in range(PER_MINUTE + 1):
            last = first.post(URL, {})

        assert (last.status_code, second.post(URL, WORDS).status_code) == (429, 302)

    def test_ten_in_a_day_are_the_most(self, clock):
        person = UserFactory()
        for number in range(feedback.MOST_A_DAY):
            feedback.send_feedback(person=person, category="other", text=f"{number}", at=clock - timedelta(hours=1))

        page = Browser(person).post(URL, WORDS, status=422)

        assert "24 小时内最多提交 10 条" in page.main


class TestTheList:  # UI-5
    def test_before_the_first_one_it_says_what_will_stand_there(self, clock):
        assert "还没有反馈" in Browser(UserFactory()).get(URL).main

    def test_an_answer_stands_below_what_it_answers(self, clock):
        person = UserFactory()
        entry = feedback.send_feedback(person=person, category="other", text="问题", at=clock)
        feedback.answer(feedback=entry, person=staff(rules.SUPPORT), text="请看\n帮助文档", seen=None, at=clock)

        page = Browser(person).get(URL)

        assert "已答复" in page.main
        assert page.main.index("问题") < page.main.index("帮助文档")

    def test_the_message_leads_to_it(self, clock):
        person = UserFactory()
        entry = feedback.send_feedback(person=person, category="other", text="问题", at=clock)
        feedback.answer(feedback=entry, person=staff(rules.SUPPORT), text="请看帮助文档", seen=None, at=clock)

        response = client_of(person).post(f"/member/messages/{person.site_messages.get().pk}/open/")

        assert response["Location"] == "/member/feedback/#sent"
        assert Browser(person).get(URL).soup.find(id="sent")

    def test_anothers_is_not_there(self, clock):
        feedback.send_feedback(person=UserFactory(), category="other", text="别人的问题", at=clock)

        assert "别人的问题" not in Browser(UserFactory()).get(URL).main

    def test_older_ones_are_a_page_away(self, clock):
        person = UserFactory()
        for number in range(feedback.PAGE_SIZE + 1):
            feedback.send_feedback(person=person, category="other", text=f"第{number}条", at=clock - timedelta(days=60 - number))

        first = Browser(person).get(URL)
        second = Browser(person).get(first.link("更早的反馈"))

        assert "第0条" not in first.main
        assert "第0条" in second.main and second.link("最新反馈") == URL

    def test_it_costs_no_more_however_many_there_are(self, clock, django_assert_max_num_queries):
        person = UserFactory()
        for number in range(20):
            feedback.send_feedback(person=person, category="other", text=f"{number}", at=clock - timedelta(days=60 - number))
        browser = Browser(person)
        browser.get(URL)

        with django_assert_max_num_queries(10):
            browser.get(URL)
