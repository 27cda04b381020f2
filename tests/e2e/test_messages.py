"""
消息 as members read them, and their texts as an administrator edits them, at phone and desktop size (UI-4, UI-8).

axe reads each page on the way. Pictures are left in build/screens/.
"""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import DATABASES, shoot

SIZES = ("phone", "desktop")
TEXTS, LOG = "/admin/snippets/membership/messagetemplate/", "/admin/message-log/"
CODE = "file-approved"
ASSOCIATION, ADMINISTRATOR, SUPPORT = "18800000005", "18800000006", "18800000008"
# Each with two unread messages at least; other files leave these accounts as they are.
READERS = {
    ("phone", True): "18800000002", ("desktop", True): "18800000104", ("phone", False): "18800000102", ("desktop", False): "18800000103",
}  # fmt: skip


def look(page: Page, name: str) -> None:
    """Keep a picture, and let axe read the page."""
    shoot(page, f"messages-{name}")
    assert_accessible(page)


def colleague_of(server: str, phone: str, new: str) -> str:
    """Make another account of the same role and password, without the second factor that an earlier file may have set up."""
    with closing(sqlite3.connect(DATABASES[server])) as database, database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(membership_user)") if row[1] not in ("id", "phone")]
        listed = ", ".join(columns)
        database.execute(
            f"INSERT INTO membership_user (phone, {listed}) SELECT ?, {listed} FROM membership_user WHERE phone = ?",
            [f"+86{new}", f"+86{phone}"],
        )
        database.execute(
            "INSERT INTO membership_user_groups (user_id, group_id) SELECT made.id, held.group_id FROM membership_user made,"
            " membership_user known JOIN membership_user_groups held ON held.user_id = known.id WHERE made.phone = ? AND known.phone = ?",
            [f"+86{new}", f"+86{phone}"],
        )
    return new


def unread(page: Page, size: str) -> int:
    """Return what the badge says: on the phone in the header, else in the menu at the side."""
    if size == "phone":
        words = page.locator(".site-header__mail").get_attribute("aria-label")
    else:
        words = page.locator(".side-menu").get_by_role("link", name="消息").inner_text()
    found = re.search(r"\d+", words)
    return int(found[0]) if found else 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("javascript", [True, False], ids=["", "without-javascript"])
def test_messages_arrive_are_read_one_by_one_and_all_together(size, javascript, open_page):  # UI-4
    page = open_page(size, READERS[size, javascript], java_script_enabled=javascript)
    page.goto("/member/messages/")
    before = unread(page, size)
    assert before > 1
    if javascript:
        look(page, f"inbox-{size}")

    page.get_by_role("button", name=re.compile("^标为已读")).first.click()
    expect(page).to_have_url(re.compile("/member/messages/$"))
    assert unread(page, size) == before - 1

    page.get_by_role("link", name=re.compile("^未读")).click()
    expect(page.locator(".inbox__letter")).to_have_count(before - 1)
    page.get_by_role("button", name=re.compile("^去查看")).first.click()
    page.wait_for_url(lambda url: "/messages/" not in url)

    page.goto("/member/messages/?show=unread")
    assert unread(page, size) == before - 2
    if before > 2:
        page.get_by_role("button", name="全部标为已读").click()
        expect(page.get_by_text(f"{before - 2} 条消息已标为已读")).to_be_visible()
    assert unread(page, size) == 0
    page.goto("/member/messages/?show=unread")
    expect(page.get_by_text("没有未读的消息")).to_be_visible()
    if javascript:
        look(page, f"inbox-read-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_an_administrator_edits_a_text_sees_it_in_the_next_message_and_sets_it_back(size, open_page, server):  # UI-8
    applicant, name = {"phone": ("18800000101", "沈砚秋"), "desktop": ("18800000103", "方知夏")}[size]
    page = open_page(size, colleague_of(server, ADMINISTRATOR, {"phone": "18812342001", "desktop": "18812342002"}[size]))
    page.goto(TEXTS)
    look(page, f"texts-{size}")
    page.get_by_role("link", name="协会会员部审核通过").click()

    page.get_by_label("正文").fill("{nummer} 请耐心等待")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("不认识占位符 {nummer}").first).to_be_visible()
    look(page, f"text-refused-{size}")
    page.get_by_label("正文").fill(f"申请 {{number}} 已转给各机构（{size}），最迟 {{due}} 答复。")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text(f"申请 2026-000041 已转给各机构（{size}），最迟 2026-03-31 答复。")).to_be_visible()
    look(page, f"text-{size}")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("的文本已保存").first).to_be_visible()

    reviewer = open_page(size, ASSOCIATION)
    people.open_case(reviewer, "enrolments", name)
    people.approve(reviewer)
    member = open_page(size, applicant)
    member.goto("/member/messages/")
    expect(member.get_by_text(f"已转给各机构（{size}）")).to_be_visible()

    page.goto(f"{TEXTS}{CODE}/")
    page.get_by_role("link", name="恢复默认文本").click()
    look(page, f"restore-{size}")
    page.get_by_role("button", name="恢复默认文本").click()
    expect(page.get_by_label("正文")).to_have_value(re.compile("现在由您申请的机构审核"))


@pytest.mark.parametrize("size", SIZES)
def test_support_finds_what_was_sent_to_whom(size, open_page, server):  # UI-8
    page = open_page(size, colleague_of(server, SUPPORT, {"phone": "18812342003", "desktop": "18812342004"}[size]))
    page.goto(LOG)
    look(page, f"log-{size}")

    page.get_by_label("收件人").fill("顾明修")
    page.get_by_label("短信", exact=True).select_option(label="已受理")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="顾明修").first.click()

    expect(page.get_by_role("heading", name="短信", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile(r"188\*{4}\d{4}"))).to_be_visible()
    expect(page.get_by_role("button", name="重新发送")).to_have_count(0)
    look(page, f"log-entry-{size}")
