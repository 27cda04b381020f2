"""The reviewers' lists: found, narrowed, arranged and kept under a name, at phone and desktop size, without JavaScript (REV-1, REV-12)."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import log_in, shoot

ASSOCIATION, INSTITUTION = "18800000005", "18800000004"
QUEUE, ROWS = "/admin/review/enrolments/", "/admin/review/rows/"
ANYBODY = "沈砚秋"


def names(page: Page) -> list[str]:
    return page.locator("[data-queue] tbody th a").all_inner_texts()


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize(("who", "where", "title"), [(ASSOCIATION, QUEUE, "入会审核"), (INSTITUTION, ROWS, "机构审核")])
def test_what_waits_is_in_sight_at_once(open_page, size, who, where, title):
    page = open_page(size, who)
    page.goto(where)

    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("[data-queue] tbody th").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)
    shoot(page, f"queue-{'rows' if where == ROWS else 'files'}-{size}")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_filters_are_taken_on_and_off_one_by_one(open_page, size):
    page = open_page(size, ASSOCIATION)
    page.goto(QUEUE)
    if size == "phone":
        expect(page.get_by_role("combobox", name="会员类型")).to_have_count(0)
        button(page, "筛选条件").click()
    page.get_by_role("combobox", name="会员类型").select_option(label="学生会员")
    page.get_by_role("combobox", name="期限").select_option(label="本周以后")
    button(page, "查找").click()

    chips = page.get_by_role("list", name="正在使用的筛选")
    expect(chips).to_contain_text("会员类型：学生会员")
    assert "type=student" in page.url and "due=later" in page.url
    expect(page.get_by_role("combobox", name="会员类型")).to_be_visible()
    assert_accessible(page)
    shoot(page, f"queue-filtered-{size}")
    chips.get_by_role("link", name="期限：本周以后").click()
    expect(chips).not_to_contain_text("期限")
    assert "due=later" not in page.url and "type=student" in page.url
    page.get_by_role("link", name="清除筛选").first.click()
    expect(chips).to_have_count(0)


@pytest.mark.parametrize("typed", [ANYBODY, "砚秋", "shenyanqiu", "syq", "0101"])
def test_a_person_is_found_by_what_is_at_hand(open_page, typed):
    page = open_page("desktop", ASSOCIATION)
    page.goto(QUEUE)

    page.get_by_role("searchbox").fill(typed)
    page.keyboard.press("Enter")

    expect(page.get_by_role("list", name="正在使用的筛选")).to_contain_text(typed)
    assert names(page) == [ANYBODY]


def test_nothing_found_says_what_to_do(open_page):
    page = open_page("phone", ASSOCIATION)
    page.goto(f"{QUEUE}?q=没有这个人")

    expect(page.locator(".review-empty")).to_contain_text("没有找到「没有这个人」")
    assert_accessible(page)
    shoot(page, "queue-empty-phone")
    page.locator(".review-empty").get_by_role("link", name="清除筛选").click()
    expect(page.locator("[data-queue] tbody th").first).to_be_visible()


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_list_is_kept_under_a_name_renamed_and_let_go(open_page, size):
    page = open_page(size, ASSOCIATION)
    page.goto(f"{QUEUE}?type=professional")
    page.locator("summary", has_text="显示的列").click()
    page.get_by_label("收到", exact=True).uncheck()
    button(page, "更新列表").click()
    assert "type=professional" in page.url
    expect(page.get_by_role("columnheader", name="收到", include_hidden=True)).to_have_count(0)

    page.locator("summary", has_text="保存为我的视图").click()
    page.get_by_label("给现在的筛选和列起一个名称").fill(f"专业会员 {size}")
    button(page, "保存").click()
    view = page.get_by_role("link", name=f"专业会员 {size}")
    expect(view).to_have_attribute("aria-current", "page")
    page.goto(QUEUE)
    view.click()
    assert "type=professional" in page.url
    expect(page.get_by_role("columnheader", name="收到", include_hidden=True)).to_have_count(0)
    shoot(page, f"queue-view-{size}")

    page.locator(".queue-views summary").click()
    page.get_by_label("名称", exact=True).fill(f"只看专业 {size}")
    button(page, "改名").click()
    expect(page.get_by_role("link", name=f"只看专业 {size}")).to_be_visible()
    page.locator(".queue-views summary").click()
    button(page, "删除这个视图").click()
    expect(page.get_by_role("link", name=f"只看专业 {size}")).to_have_count(0)


def test_without_javascript_every_filter_is_there(browser, server):
    context = browser.new_context(base_url=server, java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN")
    page = context.new_page()
    log_in(page, ASSOCIATION)
    page.goto(QUEUE)

    expect(button(page, "筛选条件")).to_be_hidden()
    page.get_by_role("combobox", name="领取").select_option(label="无人领取")
    button(page, "查找").click()

    assert "whose=free" in page.url
    context.close()
