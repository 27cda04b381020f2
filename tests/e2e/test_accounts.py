"""
Every way into an account and around it, as people of any age take it, at phone and desktop size (ACC-1 to ACC-7).

axe reads each page on the way. Pictures are left in build/screens/.
"""

import re
import sqlite3
import time
from contextlib import closing

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import DATABASES, log_in, shoot
from tests.e2e.people import PASSWORD, Applicant, answer_captcha, register

# Each test has people of its own: a number receives one code a minute.
SIZES = ("phone", "desktop")
NEW_PASSWORD = "Jinmen-2027-bridge"


def look(page: Page, name: str) -> None:
    """Keep a picture, and let axe read the page."""
    shoot(page, f"account-{name}")
    assert_accessible(page)


def shown_code(page: Page) -> str:
    """The code that development shows instead of sending it."""
    return page.locator("[data-shown-code]").get_attribute("data-shown-code")


def fill_code(page: Page, button: str) -> None:
    page.locator("input[name=code]").fill(shown_code(page))
    page.get_by_role("button", name=button, exact=True).click()


def ask_for_code(page: Page, phone: str) -> None:
    page.locator("input[name=phone]").fill(phone)
    answer_captcha(page)
    page.get_by_role("button", name="获取验证码").click()


def log_out(page: Page, size: str) -> None:
    page.goto("/member/")
    if size == "phone":
        page.get_by_role("button", name="我的").click()
        page.locator("#me").get_by_role("button", name="退出登录").click()
    else:
        page.locator(".user-menu > button").click()
        page.locator(".user-menu").get_by_role("button", name="退出登录").click()
    page.wait_for_url(lambda url: "/member/" not in url)


def newcomer(page: Page, phone: str) -> None:
    register(page, Applicant(phone, "", ""), f"account-{phone}")


@pytest.mark.parametrize("size", SIZES)
def test_a_newcomer_registers_leaves_and_comes_back_by_password(size, open_page):  # ACC-1, ACC-2
    phone = {"phone": "18812341001", "desktop": "18812341002"}[size]
    page = open_page(size)
    page.goto("/accounts/signup/")
    look(page, f"signup-{size}")
    page.get_by_role("button", name="注册", exact=True).click()
    look(page, f"signup-empty-{size}")
    newcomer(page, phone)
    log_out(page, size)

    page.goto("/accounts/login/")
    look(page, f"login-{size}")
    page.locator("input[name=login]").fill(phone)
    page.locator("input[name=password]").fill("Wrong-2026")
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_text("手机号或密码不对，请核对").wait_for()
    look(page, f"login-wrong-{size}")
    log_in(page, phone)

    assert "/member/" in page.url


@pytest.mark.parametrize("size", SIZES)
def test_a_stranger_is_led_to_the_registration_by_the_right_code(size, open_page):  # ACC-2, ACC-5
    page = open_page(size)
    page.goto("/accounts/login/code/")
    look(page, f"code-{size}")
    ask_for_code(page, {"phone": "18812341003", "desktop": "18812341004"}[size])
    look(page, f"code-sent-{size}")
    assert page.locator("[data-code-countdown]").is_disabled()
    fill_code(page, "登录")

    page.get_by_text("账号不存在，请点击用户注册").wait_for()
    look(page, f"code-unknown-{size}")
    page.get_by_role("link", name="用户注册").first.click()
    page.wait_for_url("**/accounts/signup/**")


@pytest.mark.parametrize("size", SIZES)
def test_a_former_member_enters_by_code_and_sets_a_password(size, open_page, server):  # ACC-2, ACC-3
    phone = {"phone": "18812341005", "desktop": "18812341006"}[size]
    add_account_without_password(server, f"+86{phone}")
    page = open_page(size)
    page.goto("/accounts/login/code/")
    ask_for_code(page, phone)
    fill_code(page, "登录")
    page.wait_for_url("**/member/**")

    page.goto("/accounts/")
    look(page, f"overview-without-password-{size}")
    page.get_by_role("link", name=re.compile(r"设置\s*登录密码")).click()
    page.locator("input[name=password1]").fill(NEW_PASSWORD)
    page.locator("input[name=password2]").fill(NEW_PASSWORD)
    look(page, f"password-set-{size}")
    page.locator("main form button[type=submit]").click()
    log_in(open_page(size), phone, NEW_PASSWORD)


@pytest.mark.parametrize("size", SIZES)
def test_a_forgotten_password_is_replaced_by_a_code(size, open_page):  # ACC-4
    phone = {"phone": "18800000010", "desktop": "18800000007"}[size]
    page = open_page(size)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="忘记密码").click()
    look(page, f"reset-{size}")
    ask_for_code(page, phone)
    look(page, f"reset-code-{size}")
    fill_code(page, "下一步")
    page.locator("input[name=password1]").fill("12345678")
    page.locator("input[name=password2]").fill("12345678")
    page.get_by_role("button", name="保存并登录").click()
    page.get_by_text("这个密码太常见").or_(page.get_by_text("没有字母")).first.wait_for()
    look(page, f"reset-refused-{size}")
    page.locator("input[name=password1]").fill(NEW_PASSWORD)
    page.locator("input[name=password2]").fill(NEW_PASSWORD)
    page.get_by_role("button", name="保存并登录").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)

    again = open_page(size)
    log_in(again, phone, NEW_PASSWORD)


@pytest.mark.parametrize("size", SIZES)
def test_the_number_is_changed_by_codes_to_both(size, open_page):  # ACC-3, D-14
    old, new = {"phone": ("18800000001", "18812341007"), "desktop": ("18800000003", "18812341008")}[size]
    page = open_page(size, old)
    page.goto("/accounts/")
    look(page, f"overview-{size}")
    page.get_by_role("link", name=re.compile(r"更换\s*登录手机号")).click()
    look(page, f"number-present-{size}")
    page.get_by_role("button", name="获取验证码").click()
    fill_code(page, "确认")
    look(page, f"number-new-{size}")
    page.locator("input[name=phone]").fill(new)
    page.get_by_role("button", name="获取验证码").click()
    look(page, f"number-code-{size}")
    fill_code(page, "完成更换")

    page.get_by_text("手机号已更换为").wait_for()
    look(page, f"number-changed-{size}")
    log_in(open_page(size), new)


@pytest.mark.parametrize("size", SIZES)
def test_other_devices_are_seen_and_ended(size, open_page):  # ACC-3
    account = {"phone": "18800000002", "desktop": "18800000011"}[size]
    elsewhere, page = open_page("desktop", account), open_page(size, account)
    page.goto("/accounts/devices/")
    look(page, f"devices-{size}")
    page.get_by_role("link", name="退出其他设备").click()
    look(page, f"devices-end-{size}")
    page.get_by_role("button", name="退出其他设备").click()
    page.get_by_text("其他设备上的登录已退出").wait_for()

    elsewhere.goto("/member/")
    assert "/accounts/login/" in elsewhere.url
    page.goto("/member/")
    assert "/member/" in page.url


@pytest.mark.parametrize("size", SIZES)
def test_a_reviewer_sets_up_the_second_factor_and_passes_it(size, open_page):  # ACC-6
    account = {"phone": "18800000008", "desktop": "18800000006"}[size]
    page = open_page(size, account)
    page.goto("/accounts/2fa/")
    look(page, f"second-factor-{size}")
    page.get_by_role("link", name="开启动态验证码").click()
    page.locator("input[name=password]").fill(PASSWORD)
    look(page, f"asked-again-{size}")
    page.get_by_role("button", name="确认").click()
    look(page, f"second-factor-setup-{size}")
    secret = re.sub(r"\s", "", page.locator("main code").inner_text())
    page.locator("input[name=code]").fill(dynamic_code(secret))
    page.locator("main form button[type=submit]").last.click()
    recovery_code = page.locator("main ul[translate=no] li").first.inner_text()
    look(page, f"recovery-codes-{size}")

    again = open_page(size)
    again.goto("/accounts/login/")
    again.locator("input[name=login]").fill(account)
    again.locator("input[name=password]").fill(PASSWORD)
    again.get_by_role("button", name="登录", exact=True).click()
    again.wait_for_url("**/2fa/authenticate/**")
    look(again, f"second-factor-asked-{size}")
    again.goto("/admin/")
    assert "/accounts/" in again.url
    again.goto("/accounts/2fa/authenticate/")
    again.locator("input[name=code]").first.fill(recovery_code)
    again.locator("main form button[type=submit]").first.click()
    again.wait_for_url("**/admin/**")


def dynamic_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.parametrize("size", SIZES)
def test_a_long_unused_account_asks_for_the_person(size, open_page, server):  # L-3, L-4
    phone = {"phone": "18800000002", "desktop": "18800000011"}[size]
    leave_alone(server, f"+86{phone}", days=400)
    page = open_page(size)
    page.goto("/accounts/login/code/")
    ask_for_code(page, phone)
    fill_code(page, "登录")
    page.wait_for_url("**/login/identity/")
    look(page, f"identity-{size}")
    page.locator("input[name=name]").fill("别人")
    page.locator("input[name=document_number]").fill("0000")
    page.get_by_role("button", name="确认并登录").click()
    page.get_by_text("还可以再试 4 次").wait_for()
    look(page, f"identity-wrong-{size}")
    page.get_by_role("link", name="这不是我的账号").click()
    look(page, f"identity-not-mine-{size}")


def leave_alone(server: str, phone: str, *, days: int) -> None:
    """Let an account not have been entered for so long."""
    with closing(sqlite3.connect(DATABASES[server])) as database, database:
        database.execute("UPDATE membership_user SET last_login = datetime('now', ?) WHERE phone = ?", [f"-{days} days", phone])


def add_account_without_password(server: str, phone: str) -> None:
    """A former member's account, as the import of the old system leaves it."""
    columns = {"phone": phone, "phone_verified": 1, "password": "!", "is_superuser": 0, "is_staff": 0, "is_active": 1}
    names = {"first_name": "", "last_name": "", "email": ""}
    values = {**columns, **names}
    with closing(sqlite3.connect(DATABASES[server])) as database, database:
        database.execute(
            f"INSERT INTO membership_user ({', '.join(values)}, date_joined) VALUES ({', '.join('?' * len(values))}, datetime('now'))",
            list(values.values()),
        )


class TestWithoutJavaScript:  # ACC-2
    def test_both_ways_in_work(self, open_page):
        page = open_page("phone", java_script_enabled=False)
        log_in(page, "18800000005")
        assert "/admin/" in page.url

        page = open_page("phone", java_script_enabled=False)
        page.goto("/accounts/login/code/")
        ask_for_code(page, "18800000004")
        fill_code(page, "登录")
        page.wait_for_url("**/admin/**")


class TestKeyboard:  # UI-7
    def test_the_login_is_done_without_a_mouse_in_the_order_one_reads(self, open_page):
        page = open_page("desktop")
        page.goto("/accounts/login/")
        page.locator("input[name=login]").focus()
        page.keyboard.type("18800000005")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")

        page.wait_for_url("**/admin/**")

    def test_the_password_is_shown_and_hidden_again(self, open_page):
        page = open_page("phone")
        page.goto("/accounts/login/")
        password = page.locator("input[name=password]")
        password.fill(PASSWORD)

        page.get_by_role("button", name="显示密码").click()
        assert password.get_attribute("type") == "text"
        page.get_by_role("button", name="显示密码").click()
        assert password.get_attribute("type") == "password"
