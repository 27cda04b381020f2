"""
Searching the site from its header and from the phone's menu, at both sizes (CMS-3).

axe reads each page on the way. Pictures are left in build/screens/.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import shoot

SIZES = ("phone", "desktop")


def look(page: Page, name: str) -> None:
    """Keep a picture, let axe read the page, and let nothing stick out at its side."""
    shoot(page, f"search-{name}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def search_from_frame(page: Page, size: str, words: str) -> None:
    """Type into the field of the header, on the phone into that of the menu, and press enter."""
    if size == "phone":
        page.get_by_role("button", name="打开菜单").click()
    field = page.get_by_role("searchbox", name="在网站内搜索" if size == "phone" else "站内搜索")
    field.fill(words)
    if size == "phone":
        look(page, "menu")
    field.press("Enter")
    page.wait_for_url("**/search/?q=*")


@pytest.mark.parametrize("size", SIZES)
def test_a_visitor_finds_the_chapter_about_certificates(size, open_page):  # CMS-3
    page = open_page(size)
    page.goto("/")

    search_from_frame(page, size, "会员 证书")

    expect(page.get_by_role("status").filter(has_text="找到")).to_be_visible()
    expect(page.get_by_role("searchbox", name="搜索指南、新闻和页面")).to_have_value("会员 证书")
    look(page, f"found-{size}")
    page.locator(".search-results").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("会员")


@pytest.mark.parametrize("size", SIZES)
def test_a_visitor_who_mistyped_comes_to_what_they_meant(size, open_page):  # CMS-3
    page = open_page(size)
    page.goto("/search/")
    look(page, f"empty-{size}")
    page.get_by_role("searchbox", name="搜索指南、新闻和页面").fill("委员推见")
    page.locator("main").get_by_role("button", name="搜索").click()
    expect(page.get_by_text("没有找到「委员推见」")).to_be_visible()
    look(page, f"nothing-{size}")

    page.get_by_role("link", name="委员推荐", exact=True).click()

    expect(page.locator(".search-results mark").first).to_have_text("委员推荐")


@pytest.mark.parametrize("size", SIZES)
def test_results_are_read_in_the_dark(size, open_page):  # CMS-3, UI-7
    page = open_page(size, color_scheme="dark")
    page.goto("/search/?q=盖章")

    look(page, f"dark-{size}")


def test_search_works_without_javascript_on_the_phone(open_page):  # CMS-3, UI-7
    page = open_page("phone", java_script_enabled=False)
    page.goto("/guide/")

    page.get_by_role("searchbox", name="站内搜索").fill("证书")
    page.get_by_role("searchbox", name="站内搜索").press("Enter")

    expect(page.locator(".search-results > li").first).to_be_visible()
