"""
Pictures of 医护会员注册 as people send them: previewed, sent at once, turned, cut, removed; over a bad connection, from two devices, too
large, twenty at once; with JavaScript and without, at phone and desktop size. And the screenshots of 意见反馈.

axe reads each step. Pictures are left in build/screens/uploads-*.png.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e import people
from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import DATABASES, shoot

APPLICANT, OTHER_APPLICANT, MEMBER = "18800000010", "18800000001", "18800000002"
MEGABYTE = 1024 * 1024
ADDRESS = "**/member/apply/pictures/*/"


def open_form(open_page, size: str, phone: str = APPLICANT, **options) -> Page:
    page = open_page(size, phone, **options)
    page.goto("/member/apply/")
    if page.get_by_role("button", name="开始申请").count():
        page.get_by_role("button", name="开始申请").click()
    page.wait_for_load_state("networkidle")
    tile(page).hover()
    page.locator("form.is-live").wait_for()
    return page


def tile(page: Page, name: str = "portrait") -> Locator:
    return page.locator(f"#id_{name}_field")


def choose(page: Page, file: Path, name: str = "portrait") -> None:
    tile(page, name).locator("input[type=file]").set_input_files(file)


def expect_uploaded(page: Page, file_name: str, name: str = "portrait") -> None:
    """The tile is as the server drew it, with this picture."""
    expect(tile(page, name).locator("[data-picture] .upload__name")).to_have_text(file_name, timeout=60_000)
    expect(tile(page, name).locator(".upload--sending")).to_have_count(0, timeout=60_000)


def upload(page: Page, file: Path, name: str = "portrait") -> None:
    choose(page, file, name)
    expect_uploaded(page, file.name, name)


def press(page: Page, label: str, name: str = "portrait") -> None:
    tile(page, name).get_by_role("button", name=label, exact=True).click()


def ratio(image: Locator) -> float:
    """Width by height of a picture as it was sent, once it is there."""
    expect(image).not_to_have_js_property("naturalWidth", 0)
    return image.evaluate("image => image.naturalWidth / image.naturalHeight")


def crop_of(page: Page) -> list[int]:
    """Width and height of the whole photo; left, top, width and height of what is stored of it."""
    return [int(number) for number in tile(page).locator("[data-crop]").get_attribute("data-crop").split()]


def show(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    assert_accessible(page)
    shoot(page, f"uploads-{name}")


def assert_nothing_sticks_out(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def padded(folder: Path, size: int) -> Path:
    """A photograph of exactly so many bytes, which any reader takes."""
    photo = people.photograph(folder, "IMG_2031.jpg", (1600, 1130))
    photo.write_bytes(photo.read_bytes().ljust(size, b"\0"))
    return photo


def twelve_megapixels(folder: Path) -> Path:
    """A photograph as a telephone takes it, over 5 MB."""
    noise = Image.frombytes("RGB", (2100, 1550), Random(1).randbytes(2100 * 1550 * 3)).resize((4032, 3024), Image.Resampling.NEAREST)
    photo = folder / "IMG_4711.jpg"
    Image.blend(noise, Image.new("RGB", noise.size, "white"), 0.6).save(photo, quality=95)
    assert photo.stat().st_size > 5 * MEGABYTE
    return photo


@pytest.mark.parametrize("size", ["phone", "desktop"])
class TestWithJavaScript:  # APP-7, APP-8
    def test_a_picture_is_seen_at_once_sent_with_a_bar_and_part_of_the_draft(self, size, open_page, tmp_path):
        page = open_form(open_page, size)
        held: list[Route] = []
        page.route(ADDRESS, lambda route: held.append(route))
        photo = people.photograph(tmp_path, "寸照.jpg", (1200, 1400))

        choose(page, photo)

        expect(tile(page).get_by_alt_text("所选图片的预览")).to_be_visible()
        expect(tile(page).get_by_role("progressbar", name="上传进度")).to_be_visible()
        expect(tile(page).get_by_role("button", name="旋转")).to_have_count(0)
        show(page, f"1-sending-{size}")
        held[0].continue_()
        expect_uploaded(page, "寸照.jpg")
        expect(page.locator(".form-bar [data-save-note]")).to_contain_text("已保存")
        assert ratio(tile(page).locator(".upload__frame img")) == pytest.approx(5 / 7, abs=0.01)
        show(page, f"2-uploaded-{size}")
        assert_nothing_sticks_out(page)

        page.reload()
        expect_uploaded(page, "寸照.jpg")

    def test_turned_and_removed_after_a_question(self, size, open_page, tmp_path):
        page = open_form(open_page, size)
        upload(page, people.photograph(tmp_path, "变更页.jpg", (1600, 1130)), "qualification_changes")

        press(page, "旋转", "qualification_changes")

        expect(tile(page, "qualification_changes").locator(".upload__ok")).to_contain_text("1130 × 1600 像素")
        assert page.evaluate("document.activeElement.textContent.trim()") == "旋转"

        press(page, "删除", "qualification_changes")
        show(page, f"3-remove-{size}")
        page.get_by_role("button", name="保留图片").click()
        expect_uploaded(page, "变更页.jpg", "qualification_changes")
        press(page, "删除", "qualification_changes")
        page.get_by_role("button", name="删除图片").click()
        expect(tile(page, "qualification_changes").locator("[data-upload-verb]")).to_have_text("选择文件")
        expect(tile(page, "qualification_changes").locator("[data-picture]")).to_have_count(0)

    def test_cut_by_keyboard(self, size, open_page, tmp_path):
        page = open_form(open_page, size)
        upload(page, people.photograph(tmp_path, "横.jpg", (2000, 1400)))
        assert crop_of(page) == [2000, 1400, 500, 0, 1000, 1400]

        tile(page).get_by_role("button", name="裁剪").focus()
        page.keyboard.press("Enter")
        page.locator(".crop__stage:focus").wait_for()
        show(page, f"4-cut-{size}")
        assert_nothing_sticks_out(page)
        for key in ("+", "+", "ArrowLeft", "ArrowLeft", "Shift+ArrowUp"):
            page.keyboard.press(key)
        for _ in range(6):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "裁剪":
                break
        page.keyboard.press("Enter")
        page.locator("dialog.crop").wait_for(state="detached")

        _, _, left, top, width, height = crop_of(page)
        assert width == pytest.approx(1000 / 1.1**2, abs=2)
        assert height == pytest.approx(width * 7 / 5, abs=1)
        # The photo went to the left and up: more of its right and its foot is seen.
        assert left == pytest.approx(1000 - width / 2 + 0.04 * width, abs=3)
        assert top == pytest.approx(700 - height / 2 + 0.10 * width, abs=3)
        assert page.evaluate("document.activeElement.textContent.trim()") == "裁剪"

    def test_cut_by_mouse_and_given_up(self, size, open_page, tmp_path):
        page = open_form(open_page, size)
        upload(page, people.photograph(tmp_path, "横.jpg", (2000, 1400)))

        press(page, "裁剪")
        stage, frame = page.locator(".crop__stage"), page.locator(".crop__frame").bounding_box()
        stage.hover()
        page.mouse.down()
        page.mouse.move(frame["x"] + frame["width"], frame["y"] + frame["height"] / 2)
        page.mouse.up()
        page.locator("dialog.crop").get_by_role("button", name="裁剪").click()
        page.locator("dialog.crop").wait_for(state="detached")

        assert crop_of(page)[2] == pytest.approx(0, abs=2)
        before = crop_of(page)

        press(page, "裁剪")
        stage.hover()
        page.mouse.wheel(0, -300)
        page.keyboard.press("Escape")
        page.locator("dialog.crop").wait_for(state="detached")
        assert crop_of(page) == before

    def test_the_sample_opens_over_the_page_and_closes_again(self, size, open_page):
        page = open_form(open_page, size)

        tile(page).get_by_role("link", name="参考示例").click()

        sample = page.get_by_alt_text("个人寸照的参考示例")
        expect(sample).to_be_visible()
        assert sample.bounding_box()["width"] > 200
        show(page, f"5-sample-{size}")
        page.get_by_role("button", name="关闭").click()
        expect(sample).not_to_be_visible()
        assert page.url.endswith("/member/apply/")


def test_cut_with_two_fingers(open_page, tmp_path):  # APP-7
    page = open_form(open_page, "phone", has_touch=True)
    upload(page, people.photograph(tmp_path, "横.jpg", (2000, 1400)))
    tile(page).get_by_role("button", name="裁剪").tap()
    box = page.locator(".crop__stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    fingers = page.context.new_cdp_session(page)

    for kind, apart in (("touchStart", 40), ("touchMove", 60), ("touchMove", 80), ("touchEnd", 0)):
        points = [{"x": x - apart / 2, "y": y, "id": 0}, {"x": x + apart / 2, "y": y, "id": 1}] if apart else []
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.locator("dialog.crop").get_by_role("button", name="裁剪").tap()
    page.locator("dialog.crop").wait_for(state="detached")

    assert crop_of(page)[4] == pytest.approx(500, rel=0.1)


class TestBadConnection:  # APP-8, field case 41
    def test_what_the_network_lost_is_sent_by_itself_when_it_is_back(self, open_page, tmp_path):
        page = open_form(open_page, "phone")
        page.context.set_offline(True)

        choose(page, people.photograph(tmp_path, "地铁里.jpg"))

        expect(tile(page).locator("[data-upload-error]")).to_contain_text("网络断开，没有传完")
        assert_accessible(page)
        page.get_by_role("button", name="核对并提交").click()
        expect(tile(page).get_by_role("button", name="重试")).to_be_focused()
        page.context.set_offline(False)
        expect_uploaded(page, "地铁里.jpg")

    def test_it_is_sent_again_when_asked_and_given_up_when_asked(self, open_page, tmp_path):
        page = open_form(open_page, "phone")
        upload(page, people.photograph(tmp_path, "一.jpg"))
        page.route(ADDRESS, lambda route: route.abort("connectionreset"))
        choose(page, people.photograph(tmp_path, "二.jpg"))
        press(page, "不传了")
        expect_uploaded(page, "一.jpg")

        choose(page, people.photograph(tmp_path, "三.jpg"))
        expect(tile(page).get_by_role("button", name="重试")).to_be_visible()
        shoot(page, "uploads-6-lost-phone")
        page.unroute(ADDRESS)
        press(page, "重试")
        expect_uploaded(page, "三.jpg")

    def test_a_form_sent_while_a_picture_is_on_its_way_waits_for_it(self, open_page, tmp_path):
        page = open_form(open_page, "desktop")
        held: list[Route] = []
        page.route(ADDRESS, lambda route: held.append(route))
        choose(page, people.photograph(tmp_path, "最后一张.jpg"))
        tile(page).get_by_role("progressbar").wait_for()

        page.get_by_role("button", name="稍后再填").click()
        expect(page.get_by_text("图片传完后会继续")).to_be_attached()
        held[0].continue_()

        page.wait_for_url("**/member/")
        page.goto("/member/apply/")
        expect_uploaded(page, "最后一张.jpg")


class TestSizes:  # APP-7
    def test_a_photograph_of_five_megabytes_and_a_byte_is_made_smaller_without_a_word(self, open_page, tmp_path):
        page = open_form(open_page, "phone")

        upload(page, padded(tmp_path, 5 * MEGABYTE + 1), "qualification")

        expect(tile(page, "qualification").locator("[data-upload-error]")).not_to_be_visible()

    def test_a_file_of_five_megabytes_and_a_byte_that_is_no_picture_is_refused_before_it_is_sent(self, open_page, tmp_path):
        page = open_form(open_page, "phone")
        broken = tmp_path / "坏了.jpg"
        broken.write_bytes(b"\xff\xd8\xff".ljust(5 * MEGABYTE + 1, b"0"))
        sent = []
        page.on("request", lambda request: sent.append(request.url) if "/pictures/" in request.url and request.method == "POST" else None)

        choose(page, broken, "qualification")

        expect(tile(page, "qualification").locator("[data-upload-error]")).to_contain_text("文件 5.1 MB，超过 5 MB，而且打不开")
        assert sent == []
        page.get_by_role("button", name="稍后再填").click()
        expect(tile(page, "qualification").get_by_role("button", name="不换了")).to_be_focused()
        show(page, "7-refused-phone")

    @pytest.mark.parametrize(
        ("name", "content", "word"),
        [
            ("IMG_0815.HEIC", b"\0\0\0\x18ftypheic".ljust(400, b"\0"), "兼容性最佳"),
            ("IMG_0815.jpg", b"\0\0\0\x18ftypheic".ljust(400, b"\0"), "兼容性最佳"),
            ("证书.pdf", b"%PDF-1.7".ljust(400), "PDF"),
            ("证书.docx", b"PK\x03\x04".ljust(400, b"\0"), "不是图片"),
            ("空.jpg", b"", "文件是空的"),
        ],
    )
    def test_what_is_no_picture_is_said_before_it_is_sent(self, open_page, tmp_path, name, content, word):
        page = open_form(open_page, "desktop")
        (tmp_path / name).write_bytes(content)

        choose(page, tmp_path / name)

        expect(tile(page).locator("[data-upload-error]")).to_contain_text(word)

    def test_twelve_megapixels_over_five_megabytes_are_made_smaller_and_keep_what_printing_takes(self, open_page, tmp_path):
        page = open_form(open_page, "phone")

        upload(page, twelve_megapixels(tmp_path), "qualification")

        expect(tile(page, "qualification").locator(".upload__ok")).to_contain_text("4000 × 3000 像素")
        expect(tile(page, "qualification").locator("[data-upload-warning]")).not_to_be_visible()

    def test_too_few_pixels_are_said_before_it_is_sent_and_afterwards(self, open_page, tmp_path):
        page = open_form(open_page, "phone")
        held: list[Route] = []
        page.route(ADDRESS, lambda route: held.append(route))
        warning = tile(page).locator("[data-upload-warning]")

        choose(page, people.photograph(tmp_path, "小.jpg", (200, 280)))

        expect(warning).to_contain_text("图片 200 × 280 像素，不足 300 dpi")
        said = warning.inner_text()
        tile(page).get_by_role("progressbar").wait_for()
        held[0].continue_()
        expect_uploaded(page, "小.jpg")
        assert warning.inner_text() == said
        show(page, "8-small-phone")


class TestSeveralDevices:  # field case 42
    def test_a_picture_replaced_on_the_phone_is_shown_on_the_desktop(self, open_page, tmp_path):
        desktop, phone = open_form(open_page, "desktop"), open_form(open_page, "phone")
        upload(phone, people.photograph(tmp_path, "手机.jpg"))

        press(desktop, "旋转")

        expect_uploaded(desktop, "手机.jpg")
        expect(tile(desktop).locator("[data-upload-error]")).to_contain_text("刚在别处更换过")

    def test_it_is_shown_when_the_desktop_saves_an_answer(self, open_page, tmp_path):
        desktop, phone = open_form(open_page, "desktop"), open_form(open_page, "phone")
        upload(phone, people.photograph(tmp_path, "又一张.jpg"))

        desktop.locator("input[name=duty]").fill("科主任")
        desktop.locator("input[name=duty]").press("Tab")

        expect_uploaded(desktop, "又一张.jpg")
        expect(tile(desktop)).to_contain_text("已在另一台设备更换")
        expect(desktop.locator(".dispute")).to_have_count(0)

    def test_twenty_at_once_leave_four_pictures_and_no_file_without_an_owner(self, open_page, server, tmp_path):
        page = open_form(open_page, "desktop", OTHER_APPLICANT)
        photo = people.photograph(tmp_path, "并发.jpg", (900, 1300)).read_bytes()

        answers = page.evaluate(
            """async (bytes) => {
              const form = document.querySelector("[data-pictures-url]");
              const send = (field, number) => {
                const body = new FormData();
                body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
                body.append("seen", form.elements.seen.value);
                body.append("act", "upload");
                body.append(field, new File([new Uint8Array(bytes)], `${field}-${number}.jpg`, { type: "image/jpeg" }));
                return fetch(`${form.dataset.picturesUrl}${field}/`, { method: "POST", body });
              };
              const fields = ["portrait", "qualification", "qualification_changes", "student_card"];
              const all = [0, 1, 2, 3, 4].flatMap((number) => fields.map((field) => send(field, number)));
              return Promise.all(all.map(async (one) => (await one).status));
            }""",
            list(photo),
        )

        assert answers == [200] * 20
        with closing(sqlite3.connect(DATABASES[server])) as database:
            dossier = "FROM membership_dossier d JOIN membership_member m ON m.id = d.member_id JOIN membership_user u ON u.id = m.user_id"
            columns = "d.portrait_id, d.qualification_id, d.qualification_changes_id, d.student_card_id, m.id"
            [(*pictures, member)] = database.execute(f"SELECT {columns} {dossier} WHERE u.phone LIKE ?", [f"%{OTHER_APPLICANT}"]).fetchall()
            assert None not in pictures
            assert len(database.execute("SELECT 1 FROM membership_attachment WHERE member_id = ?", [member]).fetchall()) == 5
            kept = {name for [name] in database.execute("SELECT file FROM membership_attachment").fetchall()}
        private = DATABASES[server].parent / "private"
        on_disk = {path.relative_to(private).as_posix() for path in private.rglob("*.jpg")}
        assert {
            one for one in on_disk if one.split("/")[0] in ("portrait", "qualification", "qualification_changes", "student_card")
        } <= kept
        page.reload()
        for name in ("portrait", "qualification_changes"):
            expect(tile(page, name).locator("[data-picture]")).to_have_count(1)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_without_javascript_a_picture_goes_with_the_form_and_is_turned_and_removed_by_pages(size, open_page, tmp_path):  # UI-7
    cookies = open_page(size, APPLICANT).context.cookies()
    page = open_page(size, java_script_enabled=False)
    page.context.add_cookies(cookies)
    page.goto("/member/apply/")
    assert not page.get_by_role("button", name="裁剪").is_visible()

    choose(page, people.photograph(tmp_path, "无脚本.jpg", (1600, 1130)), "qualification_changes")
    page.get_by_role("button", name="稍后再填").click()
    page.goto("/member/apply/")
    expect_uploaded(page, "无脚本.jpg", "qualification_changes")
    page.locator("input[name=duty]").fill("副主任医师兼教学秘书")

    press(page, "旋转", "qualification_changes")
    expect(tile(page, "qualification_changes")).to_contain_text("1130 × 1600 像素")
    expect(page.locator("input[name=duty]")).to_have_value("副主任医师兼教学秘书")
    shoot(page, f"uploads-9-plain-{size}")

    press(page, "删除", "qualification_changes")
    page.get_by_text("删除这张图片？").wait_for()
    shoot(page, f"uploads-10-plain-remove-{size}")
    page.get_by_role("button", name="删除图片").click()
    expect(tile(page, "qualification_changes").locator("[data-picture]")).to_have_count(0)


class TestScreenshotsOfFeedback:  # UI-5
    def write(self, open_page, text: str) -> Page:
        page = open_page("phone", MEMBER)
        page.goto("/member/feedback/")
        page.locator("select[name=category]").select_option(index=1)
        page.locator("textarea[name=text]").fill(text)
        return page

    def test_one_that_is_too_large_is_made_smaller_and_arrives(self, open_page, tmp_path):
        page = self.write(open_page, "证书下载以后打不开。")
        choose(page, twelve_megapixels(tmp_path), "screenshot_1")

        page.get_by_role("button", name="提交反馈").click()

        expect(page.locator(".feedback li").first).to_contain_text("证书下载以后打不开。", timeout=60_000)
        expect(page.locator(".feedback li").first.locator("img")).to_have_count(1)

    def test_one_that_cannot_be_taken_holds_the_form_until_the_person_decides(self, open_page, tmp_path):
        page = self.write(open_page, "消息页面的字太小。")
        (tmp_path / "IMG_1.HEIC").write_bytes(b"\0\0\0\x18ftypheic".ljust(400, b"\0"))
        choose(page, tmp_path / "IMG_1.HEIC", "screenshot_1")
        expect(tile(page, "screenshot_1").locator("[data-upload-error]")).to_contain_text("兼容性最佳")

        page.get_by_role("button", name="提交反馈").click()
        assert page.locator("textarea[name=text]").input_value()
        expect(tile(page, "screenshot_1").locator("input[type=file]")).to_be_focused()
        show(page, "11-feedback-phone")

        press(page, "不传了", "screenshot_1")
        page.get_by_role("button", name="提交反馈").click()
        expect(page.locator(".feedback li").first).to_contain_text("消息页面的字太小。", timeout=60_000)
