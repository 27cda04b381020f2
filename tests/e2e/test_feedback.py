"""
意见反馈 from the phone to the answer: sent with a screenshot, answered at support's desk, found among the messages (UI-5, UI-4).

axe reads each page on the way. Pictures are left in build/screens/.
"""

import re

import pytest
from playwright.sync_api import Page

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import shoot
from tests.e2e.people import photograph

SUPPORT = "18800000008"
SENDERS = {"phone": "18800000001", "desktop": "18800000011"}  # a bare account, and one that is frozen
WORDS = {"phone": "找不到上传学生证的地方", "desktop": "想了解冻结期间能不能改手机号"}
ANSWER = "在「医护会员注册」里选择学生会员后会出现。"


def look(page: Page, name: str) -> None:
    """Keep a picture, and let axe read the page."""
    shoot(page, f"feedback-{name}")
    assert_accessible(page)


def unread(page: Page) -> int:
    """Return the number beside 消息: in the phone's header, in the desktop's menu."""
    page.goto("/member/")
    badge = page.locator("a[href='/member/messages/'] .badge-count").locator("visible=true")
    return int(re.search(r"\d+", badge.first.inner_text()).group()) if badge.count() else 0


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_question_with_a_screenshot_is_answered_and_the_answer_arrives(size, open_page, tmp_path):  # UI-5, UI-4, Table E
    person = open_page(size, SENDERS[size])
    before = unread(person)
    person.goto("/member/feedback/")
    look(person, f"{size}-1-empty")
    person.get_by_role("button", name="提交反馈").click()
    person.get_by_text("请写明遇到的问题或建议").first.wait_for()
    look(person, f"{size}-2-refused")
    person.locator("select[name=category]").select_option(label="会员申请")
    person.locator("textarea[name=text]").fill(WORDS[size])
    person.locator("input[name=screenshot_1]").set_input_files(photograph(tmp_path, "截图.jpg", (720, 1280)))
    person.get_by_alt_text("所选图片的预览").wait_for()
    person.locator("main details.fold > summary").click()
    person.locator("input[name=screenshot_2]").set_input_files(photograph(tmp_path, "截图二.jpg", (1280, 720)))
    person.locator("input[name=contact]").fill("工作日下午可接电话")
    look(person, f"{size}-3-filled")
    person.get_by_role("button", name="提交反馈").click()
    person.get_by_text("已收到您的反馈").first.wait_for()
    look(person, f"{size}-4-sent")
    assert person.locator(".feedback__pictures img").count() == 2

    support = open_page("desktop", SUPPORT)
    support.goto("/admin/")
    waiting = int(support.locator("section[aria-label='意见反馈'] .waiting__count").inner_text().removeprefix("待答复").removesuffix("条"))
    support.goto("/admin/feedback/")
    look(support, f"{size}-5-queue")
    assert support.locator("table.queue tbody tr").count() == waiting
    support.get_by_role("link", name=WORDS[size]).click()
    support.locator(".paper img").first.wait_for()
    look(support, f"{size}-6-screen")
    support.locator("textarea[name=answer]").fill(ANSWER)
    support.get_by_role("button", name="发送答复").click()
    support.get_by_text("答复已发送").wait_for()
    support.goto("/admin/feedback/")
    assert support.locator("table.queue tbody tr").count() == waiting - 1
    assert support.get_by_role("link", name=WORDS[size]).count() == 0

    assert unread(person) == before + 1
    person.goto("/member/messages/")
    person.get_by_text(ANSWER).wait_for()
    look(person, f"{size}-7-message")
    person.locator(".inbox__letter", has_text=ANSWER).get_by_role("button", name="去查看").click()
    person.wait_for_url("**/member/feedback/#sent")
    person.get_by_text(ANSWER).wait_for()
    look(person, f"{size}-8-answered")
    assert unread(person) == before


def test_it_is_sent_without_javascript_too(open_page, tmp_path):  # UI-7
    page = open_page("phone", "18800000003", java_script_enabled=False)
    page.goto("/member/feedback/")
    page.locator("select[name=category]").select_option(label="功能建议")
    page.locator("textarea[name=text]").fill("推荐列表可以按日期排序吗？")
    page.locator("input[name=screenshot_1]").set_input_files(photograph(tmp_path, "截图.jpg", (720, 1280)))
    page.get_by_role("button", name="提交反馈").click()

    page.get_by_text("已收到您的反馈").first.wait_for()
    assert page.locator(".feedback__pictures img").count() == 1


class TestOthers:  # OPS-2
    def test_a_stranger_sees_no_screenshot_of_anybody(self, open_page):
        owner, stranger = open_page("phone", "18800000010"), open_page("phone", "18800000001")
        owner.goto("/member/feedback/")
        picture = owner.locator(".feedback__pictures a").first.get_attribute("href")

        assert (owner.request.get(picture).status, stranger.request.get(picture).status) == (200, 404)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_待办事项_names_what_is_to_do_and_leads_there(size, open_page):  # UI-3
    page = open_page(size, "18800000010")
    page.goto("/member/todo/")
    look(page, f"{size}-9-todo")

    page.locator("main").get_by_role("link", name="去修改").click()

    page.wait_for_url("**/member/apply/**")
    nothing = open_page(size, "18800000011")
    nothing.goto("/member/todo/")
    nothing.get_by_text("现在没有需要您做的事").wait_for()
    look(nothing, f"{size}-10-nothing-to-do")
