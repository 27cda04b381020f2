"""
Membership after the first approval: a member asks further institutions, one of which replaces another; gives one up; and the last.

Every way is walked on the phone and on the desktop, with JavaScript and without. Each walk has a member of its own.
"""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import DATABASES, ROOT, environment_of, shoot
from tests.e2e.people import approve, open_case, refuse

WAYS = [("phone", True), ("desktop", False)]
IDS = ["phone", "desktop without JavaScript"]
LUNG, LIVER, STOMACH, REGION = "肺癌专业委员会", "肝癌专业委员会", "胃癌专业委员会", "天津市抗癌协会"
# Reviews for 肺癌专业委员会 and 天津市抗癌协会; where an institution has no reviewer, the association decides (K-7).
INSTITUTION, ASSOCIATION = "18800000004", "18800000005"


@pytest.fixture(scope="module")
def members(server) -> dict[str, str]:
    """Members made in the site's own database: «name phone» a line."""
    environment = environment_of(DATABASES[server].parent, server) | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"}
    made = subprocess.run(
        [sys.executable, "-m", "tests.e2e.further_people"], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return dict(line.split() for line in made.stdout.splitlines() if line.count(" ") == 1)


def row(page: Page, institution: str):
    return page.locator(".rows > li", has_text=institution)


def look(page: Page, name: str, javascript: bool) -> None:
    """No sideways scroll, nothing that axe reports; a picture when pictures are taken."""
    if not javascript:
        return
    page.wait_for_load_state("load")  # without its style sheets every page is too wide
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    shoot(page, name)
    assert_accessible(page)


@pytest.mark.parametrize(("size", "javascript"), WAYS, ids=IDS)
def test_a_member_asks_further_institutions_and_sees_what_they_say(size, javascript, open_page, members):  # APP-13, A-10, REV-3
    phone = members[f"joins-{size}"]
    page = open_page(size, phone, java_script_enabled=javascript)

    page.goto("/member/")
    page.get_by_role("link", name="加入更多机构", exact=True).click()
    expect(page.locator(".picker .check", has_text=STOMACH).locator("input")).to_be_disabled()
    look(page, f"further-{size}", javascript)
    if javascript:
        page.locator("[data-picker-search] input").fill("fa")
    page.get_by_label(LUNG, exact=True).check()
    page.get_by_role("button", name="保存，以后再提交").click()
    expect(page.locator("main")).to_contain_text("加入更多机构：继续并提交")

    page.get_by_role("link", name="去提交").first.click()
    expect(page.get_by_label(LUNG, exact=True)).to_be_checked()
    page.locator("summary", has_text="更换现有的机构").click()
    page.get_by_label(STOMACH, exact=True).select_option(label=f"换成{LIVER}")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".error-summary")).to_contain_text("确认仍然属实后勾选")
    look(page, f"further-error-{size}", javascript)
    page.get_by_label("资料仍然属实").check()
    page.get_by_role("button", name="提交", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("已提交给各机构")
    expect(page.locator("main")).to_contain_text(f"通过当天，{STOMACH}的会员资格结束")
    look(page, f"further-submitted-{size}", javascript)

    name = members[f"joins-{size}-name"]
    reviewer = open_page("desktop", INSTITUTION)
    open_case(reviewer, "rows", name)
    expect(reviewer.locator("main, .case").first).to_contain_text("不需要盖章和推荐")
    shoot(reviewer, f"further-review-{size}")
    refuse(reviewer, "本年度名额已满")
    association = open_page("desktop", ASSOCIATION)
    open_case(association, "rows", name)
    expect(association.locator(".case")).to_contain_text(f"通过后换下{STOMACH}")
    approve(association)

    page.goto("/member/")
    expect(row(page, LUNG)).to_contain_text("本年度名额已满")
    expect(row(page, LIVER)).to_contain_text("审批通过")
    expect(row(page, STOMACH)).to_contain_text("已更换")
    look(page, f"further-answered-{size}", javascript)
    row(page, LUNG).get_by_role("link", name=LUNG, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("申请记录")
    expect(page.locator("main")).to_contain_text("本年度名额已满")
    look(page, f"further-record-{size}", javascript)


@pytest.mark.parametrize(("size", "javascript"), WAYS, ids=IDS)
def test_a_member_gives_one_up_and_stays_a_member(size, javascript, open_page, members):  # APP-12, M-13
    page = open_page(size, members[f"leaves-{size}"], java_script_enabled=javascript)
    page.goto("/member/")

    row(page, REGION).get_by_role("link", name=re.compile("申请撤销")).click()
    if javascript:
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("其他机构、会员编号和会员证书不受影响")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        row(page, REGION).get_by_role("link", name=re.compile("申请撤销")).press("Enter")
        look(page, f"give-up-dialog-{size}", javascript)
        dialog.get_by_role("button", name="申请撤销").click()
    else:
        expect(page.locator("main")).to_contain_text("其他机构的会员资格、会员编号和会员证书不受影响")
        page.get_by_role("button", name="申请撤销").click()

    expect(row(page, REGION)).to_contain_text("已撤销")
    expect(row(page, STOMACH)).to_contain_text("审批通过")
    expect(page.get_by_role("link", name="下载会员证书").first).to_be_visible()


@pytest.mark.parametrize(("size", "javascript"), WAYS, ids=IDS)
def test_with_the_last_one_the_membership_ends_only_after_a_second_word(size, javascript, open_page, members):  # M-13
    page = open_page(size, members[f"ends-{size}"], java_script_enabled=javascript)
    page.goto("/member/")

    row(page, STOMACH).get_by_role("link", name=re.compile("申请撤销")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("撤销后，您将退会")
    look(page, f"give-up-last-{size}", javascript)
    page.get_by_role("button", name="退会", exact=True).click()
    expect(page.locator(".error-summary")).to_contain_text("请先勾选确认")
    page.get_by_label("我明白会员资格随之结束，确定退会").check()
    page.get_by_role("button", name="退会", exact=True).click()

    expect(page.locator("main")).to_contain_text("会员编号不变")
    expect(page.get_by_role("link", name="申请会员", exact=True).first).to_be_visible()
    look(page, f"left-{size}", javascript)


@pytest.mark.parametrize(("size", "javascript"), WAYS, ids=IDS)
def test_a_member_withdraws_what_is_still_looked_at(size, javascript, open_page, members):  # APP-12, A-12
    page = open_page(size, members[f"waits-{size}"], java_script_enabled=javascript)
    page.goto("/member/")

    row(page, LUNG).get_by_role("link", name=re.compile("申请撤销")).press("Enter")
    if javascript:
        expect(page.get_by_role("dialog")).to_contain_text("其他机构的审核照常进行")
        look(page, f"withdraw-row-dialog-{size}", javascript)
        page.get_by_role("dialog").get_by_role("button", name="申请撤销").click()
    else:
        expect(page.locator("main")).to_contain_text("其他机构的审核照常进行")
        page.get_by_role("button", name="申请撤销").click()

    expect(row(page, LUNG)).to_contain_text("已撤销")
    expect(row(page, LIVER)).to_contain_text("申请中")
