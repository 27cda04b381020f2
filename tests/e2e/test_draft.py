"""
医护会员注册 as it is filled in by people who are interrupted: it saves itself, goes on on another device, outlives a lost network, and is
submitted once. With JavaScript and without.
"""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import log_in, shoot
from tests.e2e.people import PASSWORD, Applicant

SIZES = ("phone", "desktop")
# Waits until the browser keeps no answer any more.
FORGOTTEN = """async () => {
  while (Object.keys(localStorage).some((key) => key.startsWith("draft:"))) await new Promise((then) => setTimeout(then, 50));
}"""


def applicant(last_digits: int) -> Applicant:
    """Return somebody new; the digits tell them apart, and are odd for a woman's number."""
    return Applicant(f"1881235{last_digits:04d}", "欧阳雪汀", "120103198604124548", date(1986, 4, 12))


def begin(page: Page, someone: Applicant) -> None:
    people.register(page, someone, "draft")
    page.goto("/member/apply/")
    page.get_by_role("button", name="开始申请").click()
    page.locator("form[data-draft]").wait_for()
    page.wait_for_load_state("load")  # its scripts listen from now on


def field(page: Page, name: str):
    return page.locator(f"input[name={name}]")


def saved(page: Page) -> None:
    expect(page.locator("[data-save-note]").last).to_have_text(re.compile(r"^已保存 \d\d:\d\d$"))


def type_and_leave(page: Page, name: str, text: str) -> None:
    """Type, and wait until the server has answered."""
    with page.expect_response("**/member/apply/draft/"):
        field(page, name).fill(text)
        field(page, name).blur()


@pytest.mark.parametrize("size", SIZES)
def test_it_saves_itself_and_goes_on_on_another_device(size, open_page):  # APP-8
    someone = applicant(1 + SIZES.index(size))
    page = open_page(size)
    begin(page, someone)

    asked = page.locator("[data-progress-count]").last.text_content()
    type_and_leave(page, "name", someone.name)
    expect(page.locator("[data-progress-count]").last).to_have_text(asked.replace("0 /", "1 /"))
    people.check(page, "member_type", "professional")
    people.choose_place(page, "origin", "天津市", "河西区")
    with page.expect_response("**/member/apply/draft/"):
        page.get_by_label("肺癌专业委员会", exact=True).check()
    saved(page)
    shoot(page, f"draft-{size}-1-saved")

    other = open_page("phone")
    log_in(other, someone.phone, PASSWORD)
    other.goto("/member/apply/")
    expect(field(other, "name")).to_have_value(someone.name)
    expect(other.locator("select[name=origin_1] option:checked")).to_have_text("河西区")
    expect(other.get_by_label("肺癌专业委员会", exact=True)).to_be_checked()


@pytest.mark.parametrize("size", SIZES)
def test_what_was_typed_without_a_network_is_kept_in_the_browser_and_sent_later(size, open_page):  # APP-8
    page = open_page(size)
    begin(page, applicant(11 + SIZES.index(size)))

    page.context.set_offline(True)
    field(page, "department").fill("胸部肿瘤科")
    field(page, "department").blur()
    expect(page.locator("[data-save-note]").last).to_have_text("网络断开，已存在本机")
    page.close()

    # The page sent it as it closed, or the next one finds it in the browser: either way it is there, and kept twice nowhere.
    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto("/member/apply/")
    expect(field(page, "department")).to_have_value("胸部肿瘤科")
    page.evaluate(FORGOTTEN)
    page.reload()
    expect(field(page, "department")).to_have_value("胸部肿瘤科")


def test_an_identity_number_typed_without_a_network_goes_with_the_tab(open_page):  # S-5
    page = open_page("phone")
    begin(page, applicant(21))
    people.check(page, "document_kind", "resident_id")

    page.context.set_offline(True)
    field(page, "document_number").fill("120103198604124548")
    field(page, "document_number").blur()
    expect(page.locator("[data-save-note]").last).to_have_text("网络断开，已存在本机")

    assert "120103198604124548" not in page.evaluate("JSON.stringify(localStorage)")
    assert "120103198604124548" in page.evaluate("JSON.stringify(sessionStorage)")


def test_an_answer_changed_on_two_devices_is_decided_by_the_person(open_page):  # field case 42
    someone = applicant(31)
    page = open_page("phone")
    begin(page, someone)
    other = open_page("desktop")
    log_in(other, someone.phone, PASSWORD)
    other.goto("/member/apply/")

    type_and_leave(page, "department", "内科")
    type_and_leave(page, "duty", "科副主任")
    type_and_leave(other, "department", "外科")

    asked = other.locator("#dispute_department")
    expect(asked).to_contain_text("本页：外科")
    expect(asked).to_contain_text("另一台：内科")
    expect(field(other, "duty")).to_have_value("科副主任")  # what only the other one changed is taken over
    assert_accessible(other)
    shoot(other, "draft-desktop-2-dispute")
    with other.expect_response("**/member/apply/draft/"):
        asked.get_by_role("button", name="以本页为准").click()
    saved(other)

    page.reload()
    expect(field(page, "department")).to_have_value("外科")


@pytest.mark.parametrize("size", SIZES)
def test_the_identity_number_fills_in_birth_date_and_sex(size, open_page):  # APP-4
    page = open_page(size)
    begin(page, applicant(41 + SIZES.index(size)))
    people.check(page, "document_kind", "resident_id")

    type_and_leave(page, "document_number", "120103198604124549")
    expect(page.locator("#id_document_number_field .field__error:visible")).to_be_visible()
    type_and_leave(page, "document_number", "120103 19860412 4548")

    expect(field(page, "born_on")).to_have_value("1986-04-12")
    expect(page.locator("input[name=sex][value=female]")).to_be_checked()
    expect(page.locator("#id_document_number_field .field__error:visible")).to_have_count(0)
    expect(page.get_by_text("天津市河西区")).to_be_visible()
    assert_accessible(page)
    shoot(page, f"draft-{size}-3-number")


def test_a_title_is_found_by_its_initials_with_the_keyboard_and_saved(open_page):  # APP-1
    page = open_page("phone")
    begin(page, applicant(71))
    people.check(page, "member_type", "professional")

    search = page.locator("#id_title_field input[type=search]")
    search.fill("zgh")
    page.locator("#id_title_field .finder__list li", has_text="主管护师").wait_for()
    search.press("ArrowDown")
    with page.expect_response("**/member/apply/draft/"):
        search.press("Enter")

    expect(page.locator("select[name=title]")).to_be_focused()
    expect(page.locator("select[name=title] option:checked")).to_contain_text("主管护师")
    saved(page)


@pytest.mark.parametrize("size", SIZES)
def test_checked_changed_and_submitted_once_by_a_double_tap(size, open_page, tmp_path):  # APP-9
    someone = Applicant(f"188123500{51 + SIZES.index(size)}", "欧阳雪汀", ["120103198604124644", "120103198604124660"][SIZES.index(size)])
    page = open_page(size)
    people.register(page, someone, "draft")
    people.fill_in(page, someone, tmp_path, sex="female")
    people.to_check_page(page)

    page.locator("a[href*='id_department_field']").click()
    expect(field(page, "department")).to_be_focused()
    field(page, "department").fill("胸部肿瘤二科")
    page.get_by_role("button", name="改好了，回到核对").click()
    page.wait_for_url("**/member/apply/check/**")
    expect(page.get_by_text("胸部肿瘤二科")).to_be_visible()

    page.locator("main form input[type=checkbox]").check()
    page.locator("main form button[type=submit]").last.dblclick()
    page.wait_for_url("**/submitted/")
    expect(page.locator("h1")).to_contain_text("会员申请提交成功")
    page.goto("/member/apply/")
    expect(page.get_by_text("申请已提交，不用再填")).to_be_visible()


def test_without_javascript_it_is_filled_in_saved_and_submitted(open_page, tmp_path):  # UI-7
    someone = Applicant("18812350061", "欧阳雪汀", "120103198604124687")
    page = open_page("phone", java_script_enabled=False)
    people.register(page, someone, "draft-plain")
    people.fill_in(page, someone, tmp_path, sex="female")

    page.get_by_role("button", name="稍后再填").click()
    page.goto("/member/apply/")
    expect(field(page, "name")).to_have_value(someone.name)
    people.to_check_page(page)
    people.submit(page)

    expect(page.locator("h1")).to_contain_text("会员申请提交成功")
