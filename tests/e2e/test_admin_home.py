"""The admin as each role opens it, at a desk and on the phone; lists and forms; notice and maintenance as members meet them (UI-9)."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import LOOKS, shoot

STAFF = {
    "institution-reviewer": "18800000004", "association-reviewer": "18800000005", "administrator": "18800000006",
    "editor": "18800000007", "support": "18800000008",
}  # fmt: skip
NOTICE = "续会自 12 月 1 日开始，请在会员中心办理"
# Screens of our own, with a role that opens them.
SCREENS = [
    ("support", "/admin/feedback/"), ("support", "/admin/feedback/?tab=answered"), ("support", "/admin/message-log/"),
    ("support", "/admin/message-log/?q=zzzz"), ("administrator", "/admin/snippets/membership/messagetemplate/"),
    ("administrator", "/admin/snippets/membership/messagetemplate/row-refused/"), ("editor", "/admin/reports/guide-helpfulness/"),
    ("administrator", "/admin/account/"),
]  # fmt: skip
LISTS = [
    ("administrator", "/admin/snippets/membership/institution/"), ("administrator", "/admin/snippets/membership/reviewreason/"),
    ("editor", "/admin/pages/"), ("editor", "/admin/images/"), ("editor", "/admin/images/?layout=list"),
    ("editor", "/admin/reports/guide-helpfulness/"), ("editor", "/admin/reports/site-history/"),
]  # fmt: skip


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
    page = open_page("desktop", STAFF["administrator"], reduced_motion="reduce")
    page.goto("/admin/snippets/membership/societysettings/edit/1/")
    bar = page.locator("form .footer").bounding_box()
    for field in page.locator("form input[type=number]").all():
        field.focus()
        box = field.bounding_box()
        assert box["y"] + box["height"] <= bar["y"] + 1, field.get_attribute("name")
    shoot(page, "admin-save-bar")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_our_own_screens_fit_and_can_be_read_by_everybody(open_page, size, scheme):
    for role in dict.fromkeys(role for role, _address in SCREENS):
        page = open_page(size, STAFF[role], color_scheme=scheme)
        for address in ["/admin/", *(address for whose, address in SCREENS if whose == role)]:
            page.goto(address)
            assert_fits(page)
            assert_accessible(page)


def test_on_a_phone_the_rows_of_a_list_stand_as_blocks_and_nothing_is_cut_off(open_page):
    for role in dict.fromkeys(role for role, _address in LISTS):
        page = open_page("phone", STAFF[role])
        for address in [address for whose, address in LISTS if whose == role]:
            page.goto(address)
            assert_fits(page)
            assert_whole(page, "header input, header select, header button, .listing td.title a")
            shoot(page, f"admin-list-{address.strip('/').split('/')[-1].strip('?=') or 'list'}-phone")
    page = open_page("phone", STAFF["administrator"])
    page.goto("/admin/snippets/membership/institution/")
    title = page.locator(".listing td.title").first.bounding_box()
    assert title["width"] > 200


def test_on_a_phone_the_button_of_the_menu_covers_nothing_after_a_notice(open_page):
    page = open_page("phone", STAFF["administrator"])
    page.goto("/admin/account/")
    page.get_by_role("button", name="保存").click()
    notice = page.locator(".messages li")
    notice.wait_for()
    notice.evaluate("notice => Promise.all(notice.closest('.messages').getAnimations({subtree: true}).map(one => one.finished))")
    button = page.get_by_role("button", name="展开或收起菜单").bounding_box()
    assert button["y"] + button["height"] <= notice.bounding_box()["y"] + notice.bounding_box()["height"]
    shoot(page, "admin-notice-phone")


def test_the_blocks_to_choose_from_lie_beside_the_menu_and_show_themselves(open_page):
    page = open_page("desktop", STAFF["editor"])
    page.goto("/admin/pages/")
    page.get_by_role("link", name="「新闻」的下级页面").click()
    page.get_by_role("link", name="新建下级页面").first.click()
    page.get_by_role("button", name="插入内容块").first.click()
    options = page.get_by_role("option")
    options.first.wait_for()
    edge = page.locator(".sidebar").bounding_box()["width"]
    for option in options.all():
        assert option.bounding_box()["x"] >= edge
    page.locator(".w-combobox__option-preview").nth(1).click()
    shown = page.frame_locator("iframe[src*='block-preview']")
    shown.locator("figure img").wait_for()
    shoot(page, "admin-blocks")


def test_the_bar_with_save_begins_where_the_form_does(open_page):
    page = open_page("desktop", STAFF["editor"])
    page.goto("/admin/pages/")
    page.get_by_role("link", name="关于协会").first.click()
    bar = page.get_by_role("button", name="保存草稿").first.bounding_box()
    field = page.locator("textarea[name=intro]").bounding_box()
    assert bar["x"] >= field["x"]


def test_a_figure_without_a_description_is_not_published(open_page):
    page = open_page("desktop", STAFF["editor"])
    page.goto("/admin/pages/")
    page.get_by_role("link", name="「新闻」的下级页面").click()
    page.get_by_role("link", name="新建下级页面").first.click()
    page.get_by_placeholder("页面标题*").fill("年会通知")
    page.locator("textarea[name=intro]").fill("定于五月召开。")
    page.locator("input[name=date]").fill("2026-11-27")
    page.get_by_role("button", name="插入内容块").first.click()
    page.get_by_role("option", name="图片").click()
    page.locator(".footer [data-w-dropdown-target=toggle]").click()
    page.locator(".footer").get_by_role("button", name="发布", exact=True).click()
    page.get_by_text("填写有误，页面没有新建。").wait_for()
    description = page.locator("[data-contentpath=alt]")
    expect(description.get_by_text("请填写", exact=True).first).to_be_visible()


def test_a_time_to_publish_is_set_and_stands_on_the_first_page(open_page):
    page = open_page("desktop", STAFF["editor"])
    page.goto("/admin/pages/")
    page.get_by_role("link", name="联系我们").first.click()
    page.locator("[data-side-panel-toggle=status]").click()
    page.get_by_role("button", name="设定时间").first.click()
    page.get_by_label("发布时间").fill("2030-01-05 09:00")
    expect(page.get_by_label("下线时间")).to_be_visible()
    calendar = page.locator(".xdsoft_datetimepicker:visible")
    calendar.get_by_text("星期一").wait_for()
    page.get_by_text("发布时间才生效").first.click()
    expect(calendar).to_have_count(0)
    page.get_by_role("button", name="保存时间").click()
    page.get_by_text("「联系我们」已保存。").wait_for()
    page.locator(".footer [data-w-dropdown-target=toggle]").click()
    page.locator(".footer").get_by_role("button", name="定时发布").click()
    page.get_by_text("「联系我们」已发布，这个版本将按时发布。").wait_for()
    page.goto("/admin/")
    expect(page.get_by_text("2030-01-05 09:00 发布")).to_be_visible()


def test_a_change_of_the_guide_is_read_by_another_and_is_on_the_site(open_page):
    editor, reader = open_page("desktop", STAFF["editor"]), open_page("desktop", STAFF["administrator"])
    editor.goto("/admin/pages/")
    editor.get_by_role("link", name="「会员指南」的下级页面").click()
    editor.get_by_role("link", name="原会员激活（网页端）").first.click()
    address = editor.get_by_role("link", name="打开已发布的页面").first.get_attribute("href")
    editor.locator("textarea[name=intro]").fill("改过的引言。")
    editor.locator(".footer [data-w-dropdown-target=toggle]").click()
    editor.locator(".footer").get_by_role("button", name="提交「会员指南修改审阅」").click()
    editor.get_by_text("「原会员激活（网页端）」已提交审阅。").wait_for()

    reader.goto("/admin/")
    reader.get_by_role("link", name="待您审阅 1 处").click()
    waiting = reader.get_by_role("region", name="等您审阅的修改")
    expect(waiting).to_be_in_viewport()
    assert_accessible(reader)
    shoot(reader, "admin-home-second-reading")
    waiting.get_by_role("button", name="操作").click()
    reader.get_by_role("link", name="与已发布的版本比较").click()
    expect(reader.get_by_text("改过的引言。")).to_be_visible()
    reader.goto("/admin/")
    waiting.get_by_role("link", name="原会员激活").click()
    reader.locator(".footer [data-w-dropdown-target=toggle]").click()
    reader.locator(".footer").get_by_role("button", name="批准并发布", exact=True).click()
    reader.get_by_text("「原会员激活（网页端）」已保存。").wait_for()
    expect(reader.get_by_text("没有权限")).to_have_count(0)
    reader.goto("/admin/")
    expect(reader.get_by_text("没有待审阅的")).to_be_visible()

    visitor = open_page("phone")
    visitor.goto(address)
    expect(visitor.get_by_text("改过的引言。")).to_be_visible()


def assert_whole(page: Page, selector: str) -> None:
    """Whatever of these is shown lies within the window from side to side."""
    width = page.viewport_size["width"]
    for element in page.locator(selector).all():
        box = element.bounding_box() if element.is_visible() else None
        if box:
            assert box["x"] >= 0, (page.url, element)
            assert box["x"] + box["width"] <= width, (page.url, element)


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
    editor.get_by_text("网站信息已保存").first.wait_for()
    if text:
        shoot(editor, "admin-site-notice")


def switch(administrator: Page, *, on: bool) -> None:
    administrator.goto("/admin/settings/membership/readonlymode/")
    administrator.locator("input[name=is_on]").set_checked(on)
    administrator.get_by_role("button", name="保存").click()
    administrator.wait_for_load_state()
