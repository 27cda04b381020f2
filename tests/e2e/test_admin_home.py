"""The admin as each role opens it, at a desk and on the phone; the site notice and the maintenance, as members meet them (UI-9)."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import shoot

STAFF = {
    "institution-reviewer": "18800000004", "association-reviewer": "18800000005", "administrator": "18800000006",
    "editor": "18800000007", "support": "18800000008",
}  # fmt: skip
NOTICE = "续会自 12 月 1 日开始，请在会员中心办理"


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("role", STAFF)
def test_the_first_page_of_a_role(open_page, role, size):
    page = open_page(size, STAFF[role])
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="中国抗癌协会")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    shoot(page, f"admin-home-{role}-{size}")


def test_a_notice_is_written_by_an_editor_and_closed_by_a_visitor(open_page):
    write_notice(open_page, NOTICE)
    visitor = open_page("phone")
    visitor.goto("/")
    notice = visitor.get_by_role("complementary", name="网站公告")
    expect(notice).to_contain_text(NOTICE)
    assert_fits(visitor)
    assert_accessible(visitor)
    shoot(visitor, "site-notice-phone")

    notice.get_by_role("button", name="关闭公告").click()
    expect(notice).to_be_hidden()
    visitor.goto("/accounts/login/")
    expect(notice).to_be_hidden()

    write_notice(open_page, f"{NOTICE}。")
    visitor.reload()
    expect(notice).to_be_visible()
    write_notice(open_page, "")


def test_without_javascript_the_notice_simply_shows(open_page):
    write_notice(open_page, NOTICE)
    visitor = open_page("phone", java_script_enabled=False)
    visitor.goto("/")
    expect(visitor.get_by_text(NOTICE)).to_be_visible()
    expect(visitor.get_by_role("button", name="关闭公告")).to_be_hidden()
    write_notice(open_page, "")


def test_during_a_maintenance_a_member_reads_and_submits_nothing(open_page):
    administrator = open_page("desktop", STAFF["administrator"])
    member = open_page("phone", "18800000002")
    member.goto("/member/messages/")
    switch(administrator, on=True)
    try:
        member.reload()
        expect(member.get_by_text("网站正在维护，可以查看，暂时不能提交。")).to_be_visible()
        member.goto("/accounts/password/change/")
        member.locator("main form button[type=submit]").first.click()
        expect(member.get_by_role("heading", name="正在维护，暂时不能提交")).to_be_visible()
        assert_fits(member)
        assert_accessible(member)
        shoot(member, "read-only-phone")
        administrator.goto("/admin/")
        expect(administrator.get_by_text("完成后请关闭")).to_be_visible()
        shoot(administrator, "admin-home-read-only")
    finally:
        switch(administrator, on=False)


def test_the_bar_with_save_leaves_the_focused_field_in_sight(open_page):
    page = open_page("desktop", STAFF["administrator"])
    page.goto("/admin/snippets/membership/societysettings/edit/1/")
    bar = page.locator("form .footer").bounding_box()
    for field in page.locator("form input[type=number]").all():
        field.focus()
        box = field.bounding_box()
        assert box["y"] + box["height"] <= bar["y"] + 1, field.get_attribute("name")
    shoot(page, "admin-save-bar")


def assert_fits(page: Page) -> None:
    """Nothing may stand out at the side, once styles and fonts are there."""
    page.wait_for_load_state("networkidle")
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], page.url


def write_notice(open_page, text: str) -> None:
    editor = open_page("desktop", STAFF["editor"])
    editor.goto("/admin/settings/guide_pages/sitesettings/")
    editor.locator("input[name=notice_text]").fill(text)
    editor.get_by_role("button", name="保存").click()
    editor.get_by_text("网站信息已更新").first.wait_for()
    if text:
        shoot(editor, "admin-site-notice")


def switch(administrator: Page, *, on: bool) -> None:
    administrator.goto("/admin/settings/membership/readonlymode/")
    administrator.locator("input[name=is_on]").set_checked(on)
    administrator.get_by_role("button", name="保存").click()
    administrator.wait_for_load_state()
