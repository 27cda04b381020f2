"""
The review's screen as its two kinds of reviewer use it, at phone and desktop size: claims and who else looks, pictures, keys, notes, the
way on, recusal, a report; and all of it without JavaScript.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import shoot

ASSOCIATION, INSTITUTION = "18800000005", "18800000004"
LINES = "table tbody a[href*='/admin/review/']"


def open_first(page: Page, queue: str, place: int = 0) -> str:
    """Open a case of a list and return whose it is."""
    page.goto(f"/admin/review/{queue}/")
    page.goto(page.locator(LINES).nth(place).get_attribute("href"))
    return page.locator(".case__head h1").inner_text()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("size", ["phone", "desktop"])
class TestAssociation:  # REV-2, REV-9, REV-12
    def test_data_papers_and_decision_are_there_and_accessible(self, size, open_page):
        page = open_page(size, ASSOCIATION)
        open_first(page, "enrolments")
        shoot(page, f"review-{size}-screen")

        expect(page.locator("[data-picture-scale]")).to_have_text("100%")
        expect(page.locator(".decide__approve")).to_be_in_viewport()
        expect(page.locator(".decide__refusal > summary")).to_be_in_viewport()
        # Whom one decides on is in sight, whatever the papers do while they are drawn.
        expect(page.locator(".case__head h1")).to_be_in_viewport()
        assert page.evaluate("window.scrollY") == 0
        assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]
        assert_accessible(page)

    def test_taken_on_let_go_and_a_note_left(self, size, open_page):
        page = open_page(size, ASSOCIATION)
        open_first(page, "enrolments")

        page.get_by_role("button", name="领取", exact=True).click()
        expect(page.locator(".claim")).to_contain_text("您 已于")
        page.get_by_role("button", name="释放").click()
        expect(page.locator(".claim")).to_contain_text("还没有人领取")

        page.get_by_label("写备注").fill("已电话核实单位名称")
        page.get_by_label("写备注").press("Control+Enter")
        expect(page.locator("#notes li").last).to_contain_text("已电话核实单位名称")

    def test_a_paper_is_zoomed_turned_fitted_and_paged_by_keys_alone(self, size, open_page):
        page = open_page(size, ASSOCIATION)
        open_first(page, "enrolments")
        view, scale = page.locator("[data-picture-view]"), page.locator("[data-picture-scale]")
        view.focus()
        width = page.locator("[data-picture]:not([hidden]) img").bounding_box()["width"]

        press(page, "+", "+")
        expect(scale).to_have_text("150%")
        assert page.locator("[data-picture]:not([hidden]) .paper__frame").bounding_box()["width"] == pytest.approx(1.5 * width, rel=0.05)
        press(page, "0")
        expect(scale).to_have_text("100%")
        press(page, "r")
        assert "rotate(90deg)" in page.locator("[data-picture]:not([hidden]) img").get_attribute("style")
        page.get_by_role("button", name="整页").click()
        frame, room = (page.locator(one).bounding_box()["height"] for one in ("[data-picture]:not([hidden]) .paper__frame", ".paper-view"))
        assert frame <= room

        page.get_by_role("button", name="下一个附件").click()
        expect(page.locator("[data-picture-place]")).to_have_text(re.compile(r"^2 / \d"))
        press(page, ",")
        expect(page.locator("[data-picture-place]")).to_have_text(re.compile(r"^1 / \d"))

    def test_the_file_comes_as_a_pdf(self, size, open_page):
        page = open_page(size, ASSOCIATION, accept_downloads=True)
        open_first(page, "enrolments")

        with page.expect_download() as download:
            page.get_by_role("link", name="下载档案").click()

        assert download.value.suggested_filename.startswith("审核档案-")


class TestTwoReviewers:  # REV-9, REV-12
    def test_each_sees_the_other_and_takes_over_only_after_a_question(self, open_page):
        page = open_page("desktop", ASSOCIATION)
        name = open_first(page, "enrolments", place=1)
        page.get_by_role("button", name="领取", exact=True).click()

        again = open_page("desktop", ASSOCIATION)
        assert open_first(again, "enrolments", place=1) == name
        # One person is nobody else to themself.
        expect(again.locator("[data-presence-others]")).to_be_hidden()
        expect(again.locator(".claim")).to_contain_text("您 已于")
        again.get_by_role("button", name="释放").click()

    def test_approve_and_next_costs_one_chord_and_keeps_the_list(self, open_page):
        page = open_page("desktop", ASSOCIATION)
        page.goto("/admin/review/enrolments/?type=student")
        if page.locator(LINES).count() < 1:
            page.goto("/admin/review/enrolments/")
        query = page.url.partition("?")[2]
        page.goto(page.locator(LINES).first.get_attribute("href"))
        name = page.locator(".case__head h1").inner_text()

        press(page, "Control+Enter")

        page.wait_for_load_state()
        expect(page.get_by_text(f"审批通过：{name}").first).to_be_visible()
        assert not query or query.replace("=", "%3D") in page.url or page.url.endswith(f"?{query}")

    def test_a_refusal_costs_three_strokes_and_none_counts_while_one_types(self, open_page):
        page = open_page("desktop", ASSOCIATION)
        name = open_first(page, "enrolments")
        page.get_by_label("写备注").fill("")
        page.get_by_label("写备注").press("n")
        expect(page.locator(".decide__refusal")).not_to_have_attribute("open", "")
        page.locator("h1").first.click()
        page.evaluate("document.activeElement.blur()")

        press(page, "n", "1")
        expect(page.locator("input[name=reasons]").first).to_be_checked()
        press(page, "Control+Enter")

        page.wait_for_load_state()
        expect(page.get_by_text(f"审批不通过：{name}").first).to_be_visible()

    def test_single_keys_are_listed_and_can_be_switched_off(self, open_page):  # WCAG 2.1.4
        page = open_page("desktop", ASSOCIATION)
        open_first(page, "enrolments")
        press(page, "?")
        expect(page.locator("dialog[data-keys]")).to_be_visible()
        assert_accessible(page)
        page.locator("[data-keys-switch]").uncheck()
        page.locator("dialog[data-keys]").get_by_role("button", name="关闭").click()

        press(page, "n")
        expect(page.locator(".decide__refusal")).not_to_have_attribute("open", "")
        page.reload()
        press(page, "n")
        expect(page.locator(".decide__refusal")).not_to_have_attribute("open", "")
        page.locator("[data-keys-open]").click()
        page.locator("[data-keys-switch]").check()


@pytest.mark.parametrize("size", ["phone", "desktop"])
class TestInstitution:  # S-2, S-7, M-18
    def test_it_sees_its_part_and_reports_what_looks_wrong(self, size, open_page):
        page = open_page(size, INSTITUTION)
        open_first(page, "rows", place=0 if size == "phone" else 1)
        shoot(page, f"review-{size}-row")
        expect(page.locator(".case__data")).not_to_contain_text("证件")
        assert_accessible(page)

        page.get_by_role("link", name="上报违规").click()
        shoot(page, f"review-{size}-report")
        assert_accessible(page)
        page.get_by_label("违规情况").fill("太短")
        page.get_by_role("button", name="上报违规").click()
        expect(page.get_by_role("alert")).to_contain_text("至少 10 字")
        page.get_by_label("违规情况").fill("资质证书编号查不到，疑似伪造")
        page.get_by_role("button", name="上报违规").click()

        expect(page.locator(".case__report")).to_contain_text("等待协会处理")
        expect(page.locator(".decide")).to_have_count(0)
        row = page.url.partition("?")[0]
        association = open_page(size, ASSOCIATION)
        association.goto(row)
        association.goto("/admin/review/rows/?tab=reported")
        expect(association.locator("[data-queue] tbody tr")).to_have_count(1)
        association.goto(row)
        association.get_by_role("link", name="驳回上报").click()
        shoot(association, f"review-{size}-dismiss")
        assert_accessible(association)
        association.get_by_label("驳回的理由").fill("已核实，资质证书真实有效")
        association.get_by_role("button", name="驳回上报").click()
        expect(association.locator(".case__report")).to_contain_text("协会已驳回")
        page.goto(row)
        expect(page.locator(".decide__approve")).to_be_visible()

    def test_passing_a_case_on_is_asked_first(self, size, open_page):
        page = open_page(size, INSTITUTION)
        open_first(page, "rows")
        page.get_by_role("link", name="回避").click()
        shoot(page, f"review-{size}-recuse")

        expect(page.locator("main")).to_contain_text("不能恢复")
        assert_accessible(page)
        page.get_by_role("link", name="不回避").click()
        expect(page.locator(".decide__approve")).to_be_visible()


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_without_javascript_everything_is_plain_and_works(size, open_page):
    page = open_page(size, ASSOCIATION)
    href = f"{open_first(page, 'enrolments') and page.url}"
    cookies = page.context.cookies()
    plain = open_page(size, java_script_enabled=False)
    plain.context.add_cookies(cookies)
    plain.goto(href)

    assert plain.locator(".paper:visible").count() == plain.locator(".paper").count() > 1
    expect(plain.locator("[data-picture-tools]")).to_be_hidden()
    expect(plain.get_by_role("button", name="快捷键")).to_be_hidden()
    plain.get_by_role("button", name="领取", exact=True).click()
    expect(plain.locator(".claim")).to_contain_text("您 已于")
    plain.get_by_role("button", name="释放").click()
    plain.locator("summary", has_text="审批不通过").click()
    expect(plain.locator("button[value=refused]")).to_be_visible()
