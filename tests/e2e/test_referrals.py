"""
Referral as people do it, at phone and desktop size: a poster is scanned, a stranger registers and applies, the committee member answers;
codes are kept and replaced; an administrator keeps the seats (REF-1 to REF-3, E-17, I-8).

axe reads each page on the way. Pictures are called referral-….
"""

import os
import re
import subprocess
import sys
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e import people
from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import DATABASES, ROOT, SCREENS, TAKES_PICTURES, environment_of, shoot
from tests.e2e.people import PASSWORD, Applicant

SIZES = ("phone", "desktop")
SEATED, ASSOCIATION, ADMINISTRATOR = "18800000003", "18800000005", "18800000006"
# A headless browser counts as nobody; these are read by somebody. The form is uploaded outside WeChat, which keeps no PDF.
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
READER = {"user_agent": f"{IPHONE} Safari/604.1"}
WECHAT = {"user_agent": f"{IPHONE} MicroMessenger/8.0.50"}
STRANGERS = {
    "phone": Applicant("18812370001", "程远帆", "120103198604124695"),
    "desktop": Applicant("18812370002", "阿依努尔·吐尔逊", "120103198604124716"),
}
LINE = "由 顾明修（肺癌专业委员会）推荐"


@pytest.fixture(scope="module")
def phones(server) -> dict[str, str]:
    """The people of these tests, made in the site's own database."""
    environment = environment_of(DATABASES[server].parent, server) | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"}
    made = subprocess.run(
        [sys.executable, "-m", "tests.e2e.referral_people"], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return dict(line.split() for line in made.stdout.splitlines() if re.fullmatch(r"[a-z-]+ 188\d{8}", line))


def look(page: Page, name: str) -> None:
    """Keep a picture, let axe read the page, and see that nothing hangs out at the side."""
    shoot(page, f"referral-{name}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def code_of(page: Page) -> str:
    """Return the link that the QR code on the page of one's own code leads to, as a telephone reads it from the picture."""
    page.goto("/member/referrals/code/")
    source = page.locator("main img").first.get_attribute("src")
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO(page.context.request.get(source).body())).convert("L"))
    return read.text.partition("//")[2].partition("/")[2]


def register_here(page: Page, applicant: Applicant) -> None:
    """Fill in 用户注册 on the page that is open, and prove the number with the code that development shows."""
    page.locator("input[name=phone]").fill(applicant.phone)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("input[name=password2]").fill(PASSWORD)
    page.locator("main input[type=checkbox]").first.check()
    people.answer_captcha(page)
    page.get_by_role("button", name="注册", exact=True).click()
    code = page.locator("[data-shown-code]").get_attribute("data-shown-code")
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="完成注册").click()


def scans_on(page: Page) -> int:
    page.goto("/member/referrals/code/")
    return int(re.search(r"扫码次数\s*(\d+)", page.locator("main").inner_text())[1])


@pytest.mark.parametrize("size", SIZES)
def test_a_stranger_scans_registers_applies_and_the_committee_member_endorses(size, open_page, tmp_path):  # APP-6, REF-1, REF-2
    stranger = STRANGERS[size]
    referrer = open_page(size, SEATED)
    before, link = scans_on(referrer), code_of(referrer)
    look(referrer, f"code-{size}")

    page = open_page(size, **READER)
    page.goto(f"/{link}")
    expect(page.get_by_role("heading", name=LINE)).to_be_visible()
    look(page, f"scan-{size}")
    page.get_by_role("link", name="注册账号，开始申请").click()
    register_here(page, stranger)
    page.wait_for_url("**/member/apply/")
    expect(page.locator(".referral-line")).to_contain_text(LINE)
    assert scans_on(referrer) == before + 1
    look(page, f"form-line-{size}")

    people.fill_in(page, stranger, tmp_path)
    people.to_check_page(page)
    expect(page.locator("main")).to_contain_text("顾明修（肺癌专业委员会 常务委员）")
    referrer.goto("/member/referrals/")
    people.submit(page)
    application = re.search(r"/applications/(\d+)/submitted", page.url).group(1)

    # The list that is open learns of it without being loaded again.
    referrer.evaluate("htmx.trigger('[data-live-lists]', 'look-again')")
    expect(referrer.get_by_role("link", name=stranger.name)).to_be_visible()
    expect(referrer.get_by_role("status").filter(has_text="名单有更新")).to_be_visible()
    look(referrer, f"list-{size}")
    referrer.get_by_role("link", name=stranger.name).click()
    assert stranger.document_number not in referrer.content() and stranger.phone not in referrer.content()
    look(referrer, f"endorse-{size}")
    referrer.get_by_role("button", name="同意推荐").click()
    expect(referrer.get_by_text(f"已同意推荐{stranger.name}")).to_be_visible()

    people.upload_form(page, application, tmp_path)
    page.goto("/member/")
    expect(page.locator("main")).to_contain_text("同意推荐")
    reviewer = open_page(size, ASSOCIATION)
    people.open_case(reviewer, "enrolments", stranger.name)
    expect(reviewer.get_by_text("委员已同意推荐").first).to_be_visible()
    shoot(reviewer, f"referral-review-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_without_javascript_a_draft_gets_the_referrer_is_submitted_and_answered(size, open_page, phones):
    options = {"java_script_enabled": False}
    referrer = open_page(size, SEATED, **options)
    link = code_of(referrer)
    page = open_page(size, phones[f"plain-{size}"], **options)

    page.goto(f"/{link}")
    expect(page.locator(".referral-line")).to_contain_text(LINE)
    page.locator("input[name=department]").fill("放射治疗科")
    page.get_by_role("button", name="去掉推荐人").click()
    expect(page.get_by_text("已去掉推荐人，其余内容已保存")).to_be_visible()
    expect(page.locator("input[name=department]")).to_have_value("放射治疗科")
    expect(page.locator(".referral-line")).to_have_count(0)
    page.goto(f"/{link}")
    people.to_check_page(page)
    people.submit(page)
    assert "/submitted/" in page.url

    referrer.goto("/member/referrals/")
    name = {"phone": "江望舒", "desktop": "谢临川"}[size]
    referrer.get_by_role("link", name="刷新").click()
    referrer.get_by_role("link", name=name).click()
    referrer.locator("summary", has_text="不同意推荐").click()
    referrer.get_by_role("button", name="不同意", exact=True).click()
    expect(referrer.get_by_text("请填写不同意的原因，申请人会看到").first).to_be_visible()
    look_without_axe(referrer, f"decline-{size}")
    referrer.get_by_label("不同意的原因").fill("与申请人不相识，不便推荐")
    referrer.get_by_role("button", name="不同意", exact=True).click()
    page.goto("/member/")
    expect(page.locator("main")).to_contain_text("与申请人不相识，不便推荐")


def look_without_axe(page: Page, name: str) -> None:
    """axe itself is JavaScript: where there is none, the picture alone."""
    shoot(page, f"referral-{name}")
    assert "error-summary" in page.content()


def test_a_stranger_without_javascript_registers_from_another_tab_and_finds_the_referrer(open_page):
    page = open_page("phone", java_script_enabled=False, **WECHAT)
    page.goto(f"/{code_of(open_page('phone', SEATED))}")
    page.goto("/")

    page.goto("/accounts/signup/")
    register_here(page, Applicant("18812370003", "", ""))

    page.wait_for_url("**/member/apply/")
    expect(page.locator(".referral-line")).to_contain_text(LINE)


@pytest.mark.parametrize("size", SIZES)
def test_a_draft_that_names_another_is_asked(size, open_page, phones):  # E-17
    link = code_of(open_page(size, SEATED))
    page = open_page(size, phones[f"another-{size}"])

    page.goto(f"/{link}")
    expect(page.get_by_text("您的申请现在写的推荐人是")).to_be_visible()
    look(page, f"replace-{size}")
    page.get_by_role("link", name="保留原来的").click()
    expect(page.locator(".referral-line")).to_have_count(0)
    page.goto(f"/{link}")
    page.get_by_role("button", name="更换为顾明修").click()

    expect(page.locator(".referral-line")).to_contain_text(LINE)


@pytest.mark.parametrize("size", SIZES)
def test_the_applicant_sees_since_when_and_reminds_once(size, open_page, phones):  # REF-3
    page = open_page(size, phones[f"waiting-{size}"])
    page.goto("/member/")
    page.get_by_role("link", name="提醒推荐人").click()
    expect(page.get_by_role("heading", name="推荐人意见")).to_be_visible()
    look(page, f"remind-{size}")

    page.get_by_role("button", name="提醒推荐人").click()

    expect(page.get_by_text("已提醒顾明修")).to_be_visible()
    expect(page.get_by_role("button", name="提醒推荐人")).to_have_count(0)
    expect(page.get_by_text("起可以再次提醒推荐人")).to_be_visible()
    look(page, f"reminded-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_a_holder_makes_a_code_prints_the_poster_and_replaces_the_code(size, open_page, phones):  # REF-2
    page = open_page(size, phones[f"holder-{size}"], accept_downloads=True)
    page.goto("/member/referrals/")
    expect(page.get_by_text("还没有申请人选择您推荐")).to_be_visible()
    look(page, f"empty-{size}")
    page.get_by_role("link", name="我的专属推荐码").click()
    look(page, f"no-code-{size}")
    page.get_by_role("button", name="生成推荐码").click()
    link = code_of(page)

    page.get_by_role("link", name="海报").click()
    page.locator(".referral-poster img").evaluate("image => image.decode()")
    look(page, f"poster-{size}")
    printed = printed_page(page)
    [read] = zxingcpp.read_barcodes(printed)
    assert read.text.endswith(link)
    pdf = page.context.request.get(page.get_by_role("link", name="PDF").get_attribute("href")).body()
    [read] = zxingcpp.read_barcodes(pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil())
    assert read.text.endswith(link)

    page.goto("/member/referrals/code/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载二维码").click()
    assert download.value.suggested_filename.endswith(".png")
    page.get_by_role("link", name="停用或更换").click()
    look(page, f"renew-{size}")
    page.get_by_role("button", name="停用并更换").click()
    expect(page.get_by_text("原来的推荐码已停用，下面是新的推荐码")).to_be_visible()
    assert code_of(page) != link

    visitor = open_page(size)
    visitor.goto(f"/{link}")
    expect(visitor.get_by_role("heading", name="这个推荐码已停用")).to_be_visible()
    look(visitor, f"revoked-{size}")
    visitor.goto("/r/ZZZZ9999/")
    expect(visitor.get_by_role("heading", name="没有这个推荐码")).to_be_visible()
    look(visitor, f"unknown-{size}")


def printed_page(page: Page) -> Image.Image:
    """Print the page to paper as a browser does; there must be one sheet."""
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(document) == 1
    picture = document[0].render(scale=150 / 72).to_pil()
    if TAKES_PICTURES:
        picture.save(SCREENS / "referral-poster-printed.png")
    return picture


@pytest.mark.parametrize(("who", "says"), [("frozen", "会员资格已冻结"), ("former", "结束，不能再推荐")])
def test_who_cannot_refer_reads_why(who, says, open_page, phones):  # E-9
    for size in SIZES:
        page = open_page(size, phones[who])
        page.goto("/member/referrals/")
        expect(page.locator("main")).to_contain_text(says)
        look(page, f"{who}-{size}")
        page.goto("/member/referrals/code/")
        expect(page.get_by_text("推荐码现在不能使用")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_what_a_code_can_and_cannot_do_for_those_who_need_none(size, open_page, phones):  # E-17
    holder = open_page(size, SEATED)
    link = code_of(holder)
    for who, phone, says in (
        ("own", SEATED, "这是您自己的推荐码"),
        ("member", "18800000002", "资料不用再填，也不用打印盖章"),
        ("submitted", phones[f"waiting-{size}"], "推荐码只在提交之前有用"),
        ("start", phones["nobody"], "开始申请"),
    ):
        page = open_page(size, phone)
        page.goto(f"/{link}")
        expect(page.locator("main")).to_contain_text(says)
        look(page, f"scan-{who}-{size}")


# Wagtail's own side menu lies over the page on a telephone without JavaScript; that is not ours to mend.
@pytest.mark.parametrize(("size", "javascript"), [("phone", True), ("desktop", True), ("desktop", False)])
def test_an_administrator_registers_changes_and_ends_a_seat(size, javascript, open_page):  # I-8
    page = open_page(size, ADMINISTRATOR, java_script_enabled=javascript)
    picture = look if javascript else (lambda page, name: None)
    page.goto("/admin/seats/")
    picture(page, f"seats-{size}")
    page.get_by_role("link", name="快结束").click()
    expect(page.get_by_role("link", name=re.compile("单雪松"))).to_be_visible()
    page.get_by_label("委员：姓名").fill("dxs")
    page.get_by_role("button", name="查找", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("单雪松"))).to_be_visible()

    page.get_by_role("link", name="登记任职").click()
    page.get_by_label("委员", exact=True).fill("许静安")
    page.get_by_role("button", name="查找", exact=True).click()
    expect(page.locator("input[name=pick]")).to_be_checked()
    picture(page, f"seats-add-{size}")
    committee = {("phone", True): 2, ("desktop", True): 3, ("desktop", False): 4}[size, javascript]
    page.get_by_label("专委会").select_option(index=committee)
    page.get_by_label("任期开始").fill("2026-01-01")
    page.get_by_label("任期结束").fill("2039-01-01")
    page.get_by_role("button", name="登记任职").click()
    expect(page.get_by_text("一届任期最长 5 年").first).to_be_visible()
    picture(page, f"seats-refused-{size}")
    page.get_by_label("任期结束").fill("2029-01-01")
    page.get_by_role("button", name="登记任职").click()
    expect(page.get_by_text("已登记许静安的任职").first).to_be_visible()

    page.get_by_label("任职", exact=True).select_option(label="副主任委员")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("任职：委员 → 副主任委员")).to_be_visible()
    picture(page, f"seat-{size}")
    page.get_by_role("link", name="结束任职").click()
    picture(page, f"seat-end-{size}")
    page.get_by_role("button", name="结束任职").click()
    expect(page.get_by_text("已登记：任期到").first).to_be_visible()
