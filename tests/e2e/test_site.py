"""
The public site as visitors meet it, at phone and desktop size, by light and by dark, with and without JavaScript (CMS-1, CMS-5, UI-7).

axe reads every page type and error page. Pictures are left in build/screens/.
"""

from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import LOOKS, shoot

SIZES = ("phone", "desktop")
CHAPTER = "/guide/phone-enrolment/"
PAGES = {
    "home": "/",
    "guide": "/guide/",
    "chapter": CHAPTER,
    "news": "/news/",
    "article": "/news/stamped-form/",
    "plain": "/privacy/",
    "error-400": "/_errors/400/",
    "error-403": "/_errors/403/",
    "error-404": "/_errors/404/",
    "error-429": "/_errors/429/",
    "error-500": "/_errors/500/",
}


def is_wider_than_the_screen(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_every_page_is_accessible_and_fits_the_screen(size, theme, open_page):
    page = open_page(size, color_scheme=theme)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None)

    for name, address in PAGES.items():
        page.goto(address)
        shoot(page, f"site-{name}-{size}-{theme}")
        assert_accessible(page)
        assert not is_wider_than_the_screen(page), address

    assert complaints == []


def test_the_other_device_is_a_tab_reached_by_keyboard(open_page):
    page = open_page("desktop")
    page.goto(CHAPTER)
    tabs = page.get_by_role("navigation", name="选择设备")
    expect(tabs.get_by_role("link", name="移动端")).to_have_attribute("aria-current", "page")

    tabs.get_by_role("link", name="移动端").focus()
    page.keyboard.press("Shift+Tab")
    expect(tabs.get_by_role("link", name="网页端")).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url("**/guide/web-enrolment/")


@pytest.mark.parametrize("size", SIZES)
def test_a_picture_opens_over_the_page_and_closes_with_escape(size, open_page):
    page = open_page(size)
    page.goto(CHAPTER)
    picture = page.locator("a[data-enlarge]").first
    picture.focus()

    page.keyboard.press("Enter")

    dialog = page.get_by_role("dialog", name="放大的图片")
    shown = dialog.get_by_role("img")
    expect(shown).to_have_attribute("alt", picture.locator("img").get_attribute("alt"))
    expect(shown).to_have_js_property("complete", True)
    shoot(page, f"site-enlarged-{size}")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(picture).to_be_focused()


def test_without_javascript_a_picture_is_followed_and_an_answer_is_given(open_page):
    page = open_page("phone", java_script_enabled=False)
    page.goto(CHAPTER)
    page.get_by_role("button", name="没有帮助").click()
    expect(page.locator(".helpful [role=status]")).to_contain_text("我们会改进这一页")

    page.goto(CHAPTER)
    page.locator("a[data-enlarge]").first.click()

    page.wait_for_url("**/media/**")


def test_the_contents_of_a_chapter_lead_to_its_steps_on_the_phone(open_page):
    page = open_page("phone")
    page.goto(CHAPTER)

    page.get_by_text("本页内容", exact=True).first.click()
    page.get_by_role("link", name="下载会员证书").first.click()

    assert page.url.endswith("#step-7")


def test_feed_and_sitemap_are_valid_and_lead_to_pages(open_page):
    page = open_page("desktop")
    feed = ElementTree.fromstring(page.request.get("/news/feed/").body())
    sitemap = ElementTree.fromstring(page.request.get("/sitemap.xml").body())

    addresses = [item.findtext("link") for item in feed.iter("item")]
    addresses += [place.text for place in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(addresses) > 15
    assert {page.request.get(address).status for address in addresses} == {200}


def test_a_chapter_prints_without_what_only_a_screen_can_do(open_page):
    page = open_page("desktop")
    page.goto(CHAPTER)
    page.emulate_media(media="print")

    expect(page.locator(".helpful")).to_be_hidden()
    expect(page.locator(".figure__hint").first).to_be_hidden()
    expect(page.get_by_role("heading", name="下载会员证书")).to_be_visible()
