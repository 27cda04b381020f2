"""
提交盖章文件 as people do it: several pages from a telephone, put in order, a doubtful one replaced, handed in; with JavaScript and without,
at phone and desktop size; over a bad connection; from two devices; inside WeChat. And what the reviewer sees of it.

axe reads each step. Pictures are left in build/screens/stamped-form-*.png.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import DATABASES, ROOT, environment_of, shoot

ASSOCIATION = "18800000005"
REVIEWED = "令狐望舒"
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; 22081212C) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0 Mobile Safari/537.36 "
    "XWEB/1160 MicroMessenger/8.0.50"
)


@dataclass(frozen=True)
class Applicant:
    """Somebody whose signed form is awaited, and the pictures they took of it."""

    name: str
    phone: str
    application: str
    folder: Path

    @property
    def address(self) -> str:
        return f"/member/applications/{self.application}/stamped-form/"

    def file(self, kind: str) -> Path:
        return self.folder / f"{self.name}-{kind}.jpg"


@pytest.fixture(scope="module")
def applicants(server, tmp_path_factory) -> dict[str, Applicant]:
    folder = tmp_path_factory.mktemp("scans")
    environment = environment_of(DATABASES[server].parent, server) | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"}
    made = subprocess.run(
        [sys.executable, "-m", "tests.e2e.stamped_form_people", str(folder)],
        env=environment, cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    lines = [line.split() for line in made.stdout.splitlines()]
    return {name: Applicant(name, phone, application, folder) for name, phone, application in lines}


def choose(page: Page, *files: Path) -> None:
    page.locator("[data-scan-upload] input[type=file]").set_input_files(files)


def expect_pages(page: Page, *files: Path) -> None:
    """The files whose pages are laid out, in order."""
    expect(page.locator(".scan-page__name span")).to_have_text([file.name for file in files])


def doubts(page: Page) -> list[str]:
    return page.locator(".scan-doubt b").all_inner_texts()


def send_beside(page: Page, file: Path) -> None:
    """Send a file as the page would, without the page noticing."""
    token = page.locator("[data-scan-upload] input[name=csrfmiddlewaretoken]").input_value()
    sent = {"name": file.name, "mimeType": "image/jpeg", "buffer": file.read_bytes()}
    address = page.locator("[data-scan-upload]").get_attribute("action")
    page.context.request.post(address, multipart={"csrfmiddlewaretoken": token, "scans": sent}, headers={"Referer": page.url})


def press(page: Page, number: int, label: str) -> None:
    """Press a button of a page."""
    page.locator(".scan-page").nth(number - 1).get_by_role("button", name=label).click()


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="提交盖章文件", exact=True).click()
    page.get_by_role("heading", name="盖章文件已收到").wait_for()


def show(page: Page, name: str) -> None:
    """Keep a picture of the page once its pictures are there, and have axe read it."""
    page.wait_for_load_state("networkidle")
    assert_accessible(page)
    shoot(page, f"stamped-form-{name}")


def assert_nothing_sticks_out(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("size", ["phone", "desktop"])
class TestWithJavaScript:  # APP-11, UI-7
    def test_pages_are_laid_out_checked_mended_and_handed_in_without_leaving_the_page(self, size, open_page, applicants):
        applicant = applicants[f"script-{size}"]
        page = open_page(size, applicant.phone)
        page.goto(applicant.address)
        show(page, f"1-empty-{size}")

        choose(page, applicant.file("doubtful"), applicant.file("second"))
        expect(page.locator(".scan-page")).to_have_count(2)
        assert page.url.endswith(applicant.address)
        assert doubts(page)[:2] == ["没有找到红色印章", "扫描件可能不清晰"]
        assert page.locator(".scan-doubt svg image").count() >= 2
        show(page, f"2-doubtful-{size}")
        assert_nothing_sticks_out(page)

        page.locator("[name=basis][value=stamp]").check()
        with page.expect_file_chooser() as chooser:
            page.locator("[data-scan-replace]").first.click()
        chooser.value.set_files(applicant.file("good"))
        page.locator(".scan-check .is-doubtful", has_text="印章").wait_for(state="detached")
        expect_pages(page, applicant.file("good"), applicant.file("second"))

        press(page, 2, "上移")
        expect_pages(page, applicant.file("second"), applicant.file("good"))
        assert page.evaluate("document.activeElement.textContent.trim()") == "下移"
        press(page, 1, "旋转")
        expect(page.locator("[data-scan-said]")).to_have_text("第 1 页已旋转")
        show(page, f"3-in-order-{size}")
        press(page, 1, "删除")
        expect(page.locator(".scan-page")).to_have_count(1)
        assert page.locator(".scan-check .is-doubtful").count() == 0
        assert page.locator("[name=basis][value=stamp]").is_checked()
        show(page, f"4-checked-{size}")

        hand_in(page)

        assert page.locator(".page-pictures img").count() == 1
        show(page, f"5-received-{size}")

    def test_a_refused_file_keeps_its_line_until_it_is_read(self, size, open_page, applicants, tmp_path):
        applicant = applicants[f"script-{size}"]
        page = open_page(size, applicant.phone)
        page.goto(applicant.address)
        heic, word = tmp_path / "IMG_0815.HEIC", tmp_path / "申请表.docx"
        heic.write_bytes(b"\x00\x00\x00\x18ftypheic" + bytes(400))
        word.write_bytes(b"PK\x03\x04" + bytes(400))

        choose(page, heic, word)

        lines = page.locator("[data-scan-sending] .is-refused")
        expect(lines).to_have_count(2)
        assert "兼容性最佳" in lines.first.inner_text()
        assert "请换成 JPG、PNG 图片或 PDF 文件" in lines.last.inner_text()
        show(page, f"refused-{size}")
        lines.first.get_by_role("button", name="知道了").click()
        expect(lines).to_have_count(1)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_without_javascript_each_step_is_a_page_of_its_own(size, open_page, applicants):  # UI-7
    applicant = applicants[f"plain-{size}"]
    cookies = open_page(size, applicant.phone).context.cookies()
    page = open_page(size, java_script_enabled=False)
    page.context.add_cookies(cookies)
    page.goto(applicant.address)
    shoot(page, f"stamped-form-plain-1-empty-{size}")

    choose(page, applicant.file("grey"), applicant.file("second"))
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator(".scan-doubt b").first).to_have_text("黑白扫描看不到红色印章，请彩色扫描")
    shoot(page, f"stamped-form-plain-2-grey-{size}")

    page.locator("[data-scan-replace]").first.click()
    page.get_by_text("第 1 页换成").wait_for()
    shoot(page, f"stamped-form-plain-3-replace-{size}")
    choose(page, applicant.file("good"))
    page.get_by_role("button", name="上传并检查").click()
    press(page, 2, "上移")
    expect_pages(page, applicant.file("second"), applicant.file("good"))
    press(page, 1, "删除")
    expect_pages(page, applicant.file("good"))

    page.get_by_role("button", name="提交盖章文件", exact=True).click()
    expect(page.locator(".error-summary")).to_contain_text("请至少勾选一项")
    page.locator("[name=basis][value=stamp]").check()
    hand_in(page)
    shoot(page, f"stamped-form-plain-4-received-{size}")


class TestBadConnection:  # field case 41
    def test_what_the_network_lost_is_sent_again_without_choosing_it_again(self, open_page, applicants):
        applicant = applicants["network"]
        page = open_page("phone", applicant.phone)
        page.goto(applicant.address)
        page.route("**/stamped-form/add/", lambda route: route.abort("connectionreset"))

        choose(page, applicant.file("good"), applicant.file("second"))
        lost = page.locator("[data-scan-sending] .is-refused")
        expect(lost).to_have_count(2)
        assert "网络断开，没有传完" in lost.first.inner_text()
        show(page, "lost-phone")

        page.unroute("**/stamped-form/add/")
        lost.first.get_by_role("button", name="重试").click()
        expect(page.locator(".scan-page")).to_have_count(1)
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator(".scan-page")).to_have_count(2)
        assert page.locator("[data-scan-sending] li").count() == 0

    def test_an_answer_that_was_lost_lays_nothing_out_twice(self, open_page, applicants):
        applicant = applicants["network"]
        page = open_page("phone", applicant.phone)
        page.goto(applicant.address)
        for left in range(page.locator(".scan-page").count(), 0, -1):
            press(page, 1, "删除")
            expect(page.locator(".scan-page")).to_have_count(left - 1)

        page.route("**/stamped-form/add/", lambda route: route.abort("connectionreset"))
        choose(page, applicant.file("good"))
        page.get_by_role("button", name="重试").wait_for()
        # The browser takes it for lost; the site has it.
        send_beside(page, applicant.file("good"))
        page.unroute("**/stamped-form/add/")
        page.get_by_role("button", name="重试").click()

        expect(page.locator(".scan-page")).to_have_count(1)
        assert "没有重复添加" in page.locator("[data-scan-sending] .is-refused").inner_text()


def test_a_photograph_that_is_too_large_is_made_smaller_in_the_browser(open_page, applicants, tmp_path):  # APP-7
    applicant = applicants["large"]
    page = open_page("phone", applicant.phone)
    page.goto(applicant.address)
    photo = tmp_path / "IMG_4711.jpg"
    noise = Image.frombytes("RGB", (4200, 3100), Random(1).randbytes(4200 * 3100 * 3)).resize((4100, 3000))
    Image.blend(noise, Image.new("RGB", noise.size, "white"), 0.5).save(photo, quality=95)
    assert photo.stat().st_size > 5 * 1024 * 1024

    choose(page, photo)

    expect(page.locator(".scan-page")).to_have_count(1, timeout=60_000)
    expect_pages(page, photo)


def test_what_was_handed_in_on_the_phone_is_told_on_the_desktop(open_page, applicants):  # field case 42
    applicant = applicants["twice"]
    phone, desktop = open_page("phone", applicant.phone), open_page("desktop", applicant.phone)
    phone.goto(applicant.address)
    choose(phone, applicant.file("good"))
    phone.locator(".scan-page").wait_for()
    desktop.goto(applicant.address)
    for page in (phone, desktop):
        page.locator("[name=basis][value=stamp]").check()
    hand_in(phone)

    desktop.get_by_role("button", name="提交盖章文件", exact=True).click()

    desktop.get_by_text("盖章文件已提交，没有重复提交").first.wait_for()
    assert desktop.locator(".page-pictures img").count() == 1


def test_inside_wechat_the_form_is_a_picture_to_keep(open_page, applicants):  # field case 41, UI-2
    applicant = applicants["wechat"]
    page = open_page("phone", applicant.phone, user_agent=WECHAT)
    page.goto(applicant.address)

    page.get_by_text("在微信里怎样保存和打印").click()
    picture = page.locator(".wechat-form img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1654)
    show(page, "wechat-phone")
    assert_nothing_sticks_out(page)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_reviewer_pages_through_the_form_and_reads_the_same_hints(size, open_page, applicants):  # REV-2, E-7
    applicant = applicants["review"]
    page = open_page(size, applicant.phone)
    page.goto(applicant.address)
    if not page.get_by_role("heading", name="盖章文件已收到").count():
        choose(page, applicant.file("doubtful"), applicant.file("second"))
        expect(page.locator(".scan-page")).to_have_count(2)
        page.locator("[name=basis][value=stamp]").check()
        hand_in(page)
    told = doubts(page)

    reviewer = open_page(size, ASSOCIATION)
    people.open_case(reviewer, "enrolments", REVIEWED)

    hints = reviewer.locator(".hints").inner_text()
    assert all(text in hints for text in told)
    assert reviewer.locator(".hints svg image").count() == len(told)
    assert [tab for tab in reviewer.locator("[data-picture-tab]").all_inner_texts() if "盖章申请表" in tab] == [
        "盖章申请表 1",
        "盖章申请表 2",
    ]
    reviewer.locator("[data-picture-tab]", has_text="盖章申请表 2").click()
    shoot(reviewer, f"stamped-form-review-{size}")
