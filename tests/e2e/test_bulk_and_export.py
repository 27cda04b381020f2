"""Many cases in one go, and a list as a file: with the mouse, by keyboard, on the phone, without JavaScript (REV-6, REV-13, ACC-7)."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import log_in, shoot

ASSOCIATION = "18800000005"
PASSWORD = "Demo-2026"
QUEUE = "/admin/review/enrolments/"
PURPOSE = "2026 年度会员统计"


def boxes(page: Page):
    return page.locator("input[name=case]")


def button(page: Page, name: str):
    return page.get_by_role("button", name=name)


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_bar_says_what_is_chosen_and_the_next_page_names_it(open_page, size):
    page = open_page(size, ASSOCIATION)
    page.goto(QUEUE)
    expect(button(page, "审批通过…")).to_be_disabled()

    boxes(page).first.check()
    expect(page.locator("form[data-bulk]")).to_contain_text("选中的 1 份")
    page.get_by_label("选中本页全部" if size == "desktop" else "本页全选").check()
    expect(page.locator("form[data-bulk]")).to_contain_text(f"选中的 {boxes(page).count()} 份")
    button(page, "取消选择").click()
    expect(button(page, "审批通过…")).to_be_disabled()
    boxes(page).first.focus()
    page.keyboard.press("Space")
    assert_fits(page)
    assert_accessible(page)
    shoot(page, f"bulk-list-{size}")

    button(page, "审批不通过…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("审批不通过：选中的 1 份申请")
    assert_fits(page)
    assert_accessible(page)
    shoot(page, f"bulk-refuse-{size}")
    button(page, "审批不通过这 1 份").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择或填写审批不通过的原因")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_list_is_exported_after_asking_again_and_fetched_once_more(open_page, size, tmp_path):
    page = open_page(size, ASSOCIATION)
    page.goto(f"{QUEUE}?tab=all")
    page.locator(".review-bar").get_by_role("link", name="导出").click()
    assert_fits(page)
    assert_accessible(page)
    shoot(page, f"export-ask-{size}")

    button(page, "导出").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明用途")
    page.get_by_label("用途").fill(PURPOSE)
    page.get_by_label("csv").check()
    page.get_by_label("包含完整的证件号码和手机号").check()
    button(page, "导出").click()

    # Who it is, is asked again; what was filled in goes on by itself.
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form:has(input[name=password]) button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("文件已生成")
    expect(page.get_by_text(PURPOSE)).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    shoot(page, f"export-made-{size}")

    for _ in range(2):
        with page.expect_download() as fetched:
            button(page, "下载文件").click()
        path = tmp_path / fetched.value.suggested_filename
        fetched.value.save_as(path)
        assert path.suffix == ".csv" and Path(path).read_bytes().startswith(b"\xef\xbb\xbf")

    page.goto("/admin/exports/")
    expect(page.get_by_role("row").filter(has_text=PURPOSE).first).to_contain_text("2 次")
    assert_fits(page)
    assert_accessible(page)
    shoot(page, f"export-register-{size}")


def test_without_javascript_the_whole_list_is_approved_and_told(browser, server):
    context = browser.new_context(base_url=server, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    log_in(page, ASSOCIATION)
    page.goto(QUEUE)
    number = boxes(page).count()

    page.get_by_role("radio", name="全部").check()
    button(page, "审批通过…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"审批通过：列表中的全部 {number} 份申请")
    shoot(page, "bulk-approve-desktop")
    button(page, f"审批通过这 {number} 份").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("批量审批通过，已完成")
    expect(page.locator("main").get_by_text(f"审批通过 {number} 份")).to_be_visible()
    shoot(page, "bulk-done-desktop")
    context.close()
