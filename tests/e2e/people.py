"""What the people of the browser tests do: an applicant who fills in, prints and uploads. Every person and number is invented."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
from PIL import Image, ImageDraw
from playwright.sync_api import Page

from tests.e2e.conftest import DATABASES, shoot

PASSWORD = "Demo-2026"


@dataclass(frozen=True)
class Applicant:
    """A doctor of 天津 who applies to 肺癌专业委员会."""

    phone: str
    name: str
    document_number: str
    born_on: date = date(1986, 4, 12)


def photograph(folder: Path, name: str, size: tuple[int, int] = (708, 992), orientation: int | None = None) -> Path:
    """Return a neutral picture as a JPEG file."""
    image = Image.new("RGB", size, (206, 216, 208))
    ImageDraw.Draw(image).ellipse((size[0] // 4, size[1] // 6, size[0] * 3 // 4, size[1] * 2 // 3), fill=(120, 110, 100))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    image.save(folder / name, "JPEG", quality=88, exif=exif)
    return folder / name


def stamped(pdf: bytes, folder: Path) -> Path:
    """Print the form, press a red seal on it, photograph it: a JPEG."""
    page = pypdfium2.PdfDocument(BytesIO(pdf))[0].render(scale=150 / 72).to_pil().convert("RGB")
    pen = ImageDraw.Draw(page)
    x, y, radius = 968, 1234, 120
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(190, 30, 34), width=9)
    pen.regular_polygon((x, y, 36), 5, fill=(190, 30, 34))
    path = folder / "申请表（盖章）.jpg"
    page.rotate(0.5, fillcolor=(250, 249, 246)).save(path, "JPEG", quality=80)
    return path


def register(page: Page, applicant: Applicant, picture: str) -> None:
    """用户注册: number, password twice, consent, captcha, the code that development shows on the page."""
    page.goto("/accounts/signup/")
    page.locator("input[name=phone]").fill(applicant.phone)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("input[name=password2]").fill(PASSWORD)
    page.locator("main input[type=checkbox]").first.check()
    answer_captcha(page)
    shoot(page, f"{picture}-1-signup")
    page.get_by_role("button", name="注册", exact=True).click()
    code = page.locator("[data-shown-code]").get_attribute("data-shown-code")
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="完成注册").click()
    page.wait_for_url("**/member/**")


def answer_captcha(page: Page) -> None:
    """Type the digits of the picture, as the site's database has them."""
    site = urlsplit(page.url)
    key = page.locator("input[name=captcha_key]").input_value()
    with closing(sqlite3.connect(DATABASES[f"{site.scheme}://{site.netloc}"])) as database:
        [digits] = database.execute("SELECT response FROM captcha_captchastore WHERE hashkey = ?", [key]).fetchone()
    page.locator("input[name=captcha]").fill(digits)


def fill_in(page: Page, applicant: Applicant, folder: Path, *, institution: str = "肺癌专业委员会", sex: str = "male") -> None:
    """Fill in 医护会员注册 for 专业会员, every required field."""
    page.goto("/member/apply/")
    if page.get_by_role("button", name="开始申请").count():
        page.get_by_role("button", name="开始申请").click()
    check(page, "member_type", "professional")
    page.get_by_label(institution, exact=True).check()
    page.locator("input[name=portrait]").set_input_files(photograph(folder, "寸照.jpg"))
    page.locator("input[name=name]").fill(applicant.name)
    check(page, "sex", sex)
    check(page, "document_kind", "resident_id")
    # Before the number, from which the page takes it and lets nobody change it.
    page.locator("input[name=born_on]").fill(f"{applicant.born_on}")
    page.locator("input[name=document_number]").fill(applicant.document_number)
    page.locator("select[name=ethnic_group]").select_option(label="汉族")
    page.locator("select[name=political_affiliation]").select_option(label="无党派人士")
    choose_place(page, "origin", "天津市", "河西区")
    page.locator("select[name=education_level]").select_option(index=1)
    page.locator("input[name=specialty]").fill("胸部肿瘤")
    page.locator("input[name=email]").fill("shen@example.org")
    page.locator("input[name=address]").fill("天津市河西区体院北环湖西路 1 号")
    page.locator("input[name=work_unit_name]").fill("天津医科大学肿瘤医院")
    page.locator("input[name=department]").fill("胸部肿瘤科")
    page.locator("input[name=duty]").fill("科副主任")
    page.locator("select[name=title]").select_option(label=option_with(page, "title", "副主任医师"))
    choose_place(page, "work_region", "天津市")
    page.locator("select[name=qualification_kind]").select_option(label=option_with(page, "qualification_kind", "医师资格证书"))
    page.locator("input[name=qualification_number]").fill("201112110120103")
    page.locator("input[name=qualification]").set_input_files(photograph(folder, "资质证书.jpg", (1600, 1130)))


def check(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value={value}]").check()


def choose_place(page: Page, name: str, *places: str) -> None:
    """Choose province, then what the page offers below it: at once, or without JavaScript once it was saved."""
    for step, place in enumerate(places):
        select = page.locator(f"select[name={name}_{step}]")
        if step and not has_scripts(page):
            page.get_by_role("button", name="稍后再填").click()
            page.goto("/member/apply/")
        select.locator("option", has_text=place).first.wait_for(state="attached")
        select.select_option(label=place)


def has_scripts(page: Page) -> bool:
    return page.locator("noscript p").count() == 0


def option_with(page: Page, name: str, text: str) -> str:
    return page.locator(f"select[name={name}] option", has_text=text).first.inner_text().strip()


def to_check_page(page: Page) -> None:
    page.get_by_role("button", name="核对并提交").click()
    page.wait_for_load_state()


def submit(page: Page) -> None:
    """Tick the consent of the check page and submit."""
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


def upload_form(page: Page, application: str, folder: Path) -> bytes:
    """Download the form, stamp it, send it back; return the PDF."""
    pdf = page.context.request.get(f"/member/applications/{application}/form.pdf").body()
    page.goto(f"/member/applications/{application}/stamped-form/")
    page.locator("main input[type=file]").first.set_input_files(stamped(pdf, folder))
    page.locator(".scan-page").first.wait_for()
    page.locator("input[name=basis][value=stamp]").check()
    page.get_by_role("button", name="提交盖章文件", exact=True).click()
    page.get_by_text("盖章文件已收到").first.wait_for()
    return pdf


def open_case(page: Page, queue: str, name: str) -> None:
    """Open a person's case from a queue of the admin."""
    page.goto(f"/admin/review/{queue}/")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.get_by_role("heading", name=name).first.wait_for()


def approve(page: Page) -> None:
    page.locator("button[name=verdict][value=approved]").click()
    page.wait_for_load_state()


def refuse(page: Page, reason: str) -> None:
    page.locator("summary", has_text="审批不通过").click()
    page.locator("textarea[name=reason]").fill(reason)
    page.locator("button[name=verdict][value=refused]").click()
    page.wait_for_load_state()
