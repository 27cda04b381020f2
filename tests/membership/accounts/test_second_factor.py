"""动态验证码: setting it up, passing it at every way in, and demanding it of the staff."""

import json
import re
import time
from io import StringIO
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from membership import encryption, rules
from membership.accounts import roles
from membership.domain import second_factor
from membership.models import AuditEntry, Member, User
from tests.factories.browser import client_of
from tests.factories.people import staff
from tests.membership.accounts.conftest import PASSWORD, PHONE, wrong
from tests.settings.test_environments import COMPLETE, start

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
AUTHENTICATE = "/accounts/2fa/authenticate/"
REAUTHENTICATE = "/accounts/2fa/reauthenticate/"
OVERVIEW = "/accounts/2fa/"
ACTIVATE = "/accounts/2fa/totp/activate/"
DEACTIVATE = "/accounts/2fa/totp/deactivate/"
RECOVERY = "/accounts/2fa/recovery-codes/"
RENEW = "/accounts/2fa/recovery-codes/generate/"
DOWNLOAD = "/accounts/2fa/recovery-codes/download/"
HOME = "/member/"


def dynamic_code(secret: str, later: int = 0) -> str:
    """What an authenticator shows now, or ``later`` steps of 30 seconds from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def give(user: User) -> str:
    """Switch dynamic codes and recovery codes on for an account; return the secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def recovery_codes_of(user: User) -> list[str]:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def log_in(browser: Client, **more):
    return browser.post(LOGIN, {"login": PHONE, "password": PASSWORD, **more})


def confirm(browser: Client) -> None:
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})


def text_of(response) -> str:
    return response.content.decode()


def is_inside(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


@pytest.fixture
def at_home(member) -> Client:
    """A browser of the member, logged in and confirmed."""
    browser = Client()
    log_in(browser)
    confirm(browser)
    return browser


@pytest.fixture
def demanded(settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def reviewer(member) -> User:
    """The same account as a reviewer of the association."""
    roles.ensure_groups()
    member.groups.add(*staff(rules.ASSOCIATION_REVIEWER).groups.all())
    return User.objects.get(pk=member.pk)


def set_up(browser: Client, **more):
    secret = browser.get(ACTIVATE).context["form"].secret
    return secret, browser.post(ACTIVATE, {"code": dynamic_code(secret), **more})


class TestSettingUp:  # ACC-6, ACC-7
    def test_the_password_is_asked_first(self, visitor, member):
        log_in(visitor)

        assert visitor.get(ACTIVATE).url.startswith("/accounts/reauthenticate/?next=")

    def test_an_account_without_a_password_is_asked_for_a_code(self):
        browser = client_of(User.objects.create_user(PHONE, phone_verified=True))

        assert browser.get(ACTIVATE, follow=True).redirect_chain[-1][0].startswith("/accounts/reauthenticate/code/")

    def test_a_right_code_switches_it_on_and_the_recovery_codes_come_next(self, at_home, member):
        _secret, answer = set_up(at_home)

        assert answer.url == RECOVERY
        page = text_of(at_home.get(RECOVERY))
        assert len(recovery_codes_of(member)) == 10
        assert all(f"{code[:4]} {code[4:]}" in page for code in recovery_codes_of(member))
        assert "已开启" in text_of(at_home.get(OVERVIEW))

    def test_the_way_on_is_kept_and_a_way_off_the_site_is_not(self, at_home):
        _secret, answer = set_up(at_home, next="/guide/")

        assert 'href="/guide/"' in text_of(at_home.get(answer.url))
        assert "example.com" not in text_of(at_home.get(f"{RECOVERY}?next=https://example.com/"))

    def test_a_code_may_be_typed_in_groups_and_in_full_width(self, at_home, member):
        secret = at_home.get(ACTIVATE).context["form"].secret
        code = dynamic_code(secret)

        at_home.post(ACTIVATE, {"code": f"{code[:3]} {code[3:]}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))})

        assert member.authenticator_set.filter(type="totp").exists()

    def test_a_wrong_code_switches_nothing_on_and_says_what_to_do(self, at_home, member):
        secret = at_home.get(ACTIVATE).context["form"].secret

        answer = at_home.post(ACTIVATE, {"code": wrong(dynamic_code(secret))})

        assert "请核对手机的时间" in answer.context["form"].errors["code"][0]
        assert not member.authenticator_set.exists()

    def test_a_reload_shows_what_was_scanned_already(self, at_home):
        assert at_home.get(ACTIVATE).context["form"].secret == at_home.get(ACTIVATE).context["form"].secret

    def test_the_qr_code_names_the_society_and_masks_the_number(self, at_home):
        address = unquote(at_home.get(ACTIVATE).context["totp_url"])

        assert address.startswith("otpauth://totp/188****0001?")
        assert "issuer=中国抗癌协会" in address

    def test_the_page_has_the_picture_and_the_secret_to_type(self, at_home):
        answer = at_home.get(ACTIVATE)
        page = text_of(answer)

        assert 'src="data:image/svg+xml;base64,' in page
        assert answer.context["form"].secret in page.replace(" ", "")
        assert "腾讯身份验证器" in page
        assert 'inputmode="numeric"' in page
        assert 'autocomplete="one-time-code"' in page

    def test_the_rows_hold_neither_secret_nor_seed(self, at_home, member):
        secret, _answer = set_up(at_home)

        rows = {row.type: json.dumps(row.data) for row in member.authenticator_set.all()}

        assert secret not in rows["totp"]
        sealed = json.loads(rows["recovery_codes"])["seed"]
        assert re.fullmatch(r"[0-9a-f]{80}", encryption.decrypt(sealed))
        assert encryption.decrypt(sealed) not in rows["recovery_codes"]
        assert not any(code in rows["recovery_codes"] for code in recovery_codes_of(member))
        assert secret not in str(dict(at_home.session))

    def test_it_is_recorded_and_nothing_goes_by_mail(self, at_home, member, django_capture_on_commit_callbacks):
        User.objects.update(email="gu@example.org")

        with django_capture_on_commit_callbacks(execute=True):
            set_up(at_home)

        entry = AuditEntry.objects.get(action="account.second_factor_activated")
        assert (entry.actor, entry.target, entry.target_id) == (member, "user", member.pk)
        assert not mail.outbox


def by_password(browser: Client, latest_code):
    return log_in(browser)


def by_code(browser: Client, latest_code):
    browser.post("/accounts/login/code/", {"phone": PHONE})
    return browser.post("/accounts/login/code/confirm/", {"code": latest_code()})


def by_new_password(browser: Client, latest_code):
    browser.post("/accounts/password/reset/", {"phone": PHONE})
    browser.post("/accounts/password/reset/code/", {"code": latest_code()})
    return browser.post("/accounts/password/reset/new/", {"password1": "Haihe-2027-bank", "password2": "Haihe-2027-bank"})


def by_proving_the_number(browser: Client, latest_code):
    User.objects.update(phone_verified=False)
    log_in(browser)
    return browser.post("/accounts/phone/verify/", {"code": latest_code()})


WAYS_IN = [by_password, by_code, by_new_password, by_proving_the_number]


class TestEveryWayIn:  # ACC-6
    @pytest.mark.parametrize("way_in", WAYS_IN)
    def test_stops_at_the_second_factor(self, way_in, visitor, member, latest_code):
        give(member)

        assert way_in(visitor, latest_code).url == AUTHENTICATE
        assert not is_inside(visitor)
        assert visitor.get(HOME).status_code == 302

    @pytest.mark.parametrize("way_in", WAYS_IN)
    def test_goes_on_with_a_dynamic_code(self, way_in, visitor, member, latest_code):
        secret = give(member)
        way_in(visitor, latest_code)

        assert visitor.post(AUTHENTICATE, {"code": wrong(dynamic_code(secret))}).status_code == 200
        assert not is_inside(visitor)
        visitor.post(AUTHENTICATE, {"code": dynamic_code(secret)})
        assert is_inside(visitor)

    def test_registering_the_same_number_again_opens_nothing(self, visitor, member, sms_outbox):
        give(member)

        visitor.post("/accounts/signup/", {"phone": PHONE, "password1": PASSWORD, "password2": PASSWORD, "privacy": "on"})

        assert sms_outbox[-1].template == "account_already_registered"
        assert not is_inside(visitor)
        assert User.objects.count() == 1

    def test_the_way_on_is_kept(self, visitor, member):
        secret = give(member)
        log_in(visitor, next="/guide/")

        assert visitor.post(AUTHENTICATE, {"code": dynamic_code(secret)}).url == "/guide/"

    def test_recovery_codes_alone_ask_nothing(self, visitor, member):
        RecoveryCodes.activate(member)

        assert log_in(visitor).url == HOME


class TestCodes:  # ACC-6
    def test_a_recovery_code_serves_once_and_the_page_says_how_many_are_left(self, member):
        give(member)
        code = recovery_codes_of(member)[0]
        first, second = Client(), Client()
        log_in(first)
        log_in(second)

        answer = first.post(AUTHENTICATE, {"code": f"{code[:4]} {code[4:]}"}, follow=True)
        second.post(AUTHENTICATE, {"code": code})

        assert is_inside(first)
        assert "还剩 9 个" in text_of(answer)
        assert not is_inside(second)

    def test_a_dynamic_code_serves_once_for_as_long_as_it_is_good(self, member, monkeypatch):
        secret = give(member)
        now = time.time()
        code = dynamic_code(secret, later=1)
        first, second = Client(), Client()
        log_in(first)
        log_in(second)

        first.post(AUTHENTICATE, {"code": code})
        # Longer than allauth remembers it, while the tolerance still lets it pass.
        monkeypatch.setattr(time, "time", lambda: now + 45)
        second.post(AUTHENTICATE, {"code": code})

        assert is_inside(first)
        assert not is_inside(second)

    @pytest.mark.parametrize(("later", "gets_in"), [(-2, False), (-1, True), (1, True), (2, False)])
    def test_half_a_minute_late_or_early_is_taken(self, visitor, member, monkeypatch, later, gets_in):
        middle = time.time() // 30 * 30 + 15
        monkeypatch.setattr(time, "time", lambda: middle)
        secret = give(member)
        log_in(visitor)

        visitor.post(AUTHENTICATE, {"code": dynamic_code(secret, later)})

        assert is_inside(visitor) is gets_in

    def test_five_wrong_codes_lock_it_for_a_while_and_the_text_speaks_of_no_text_message(self, visitor, member, limits):
        secret = give(member)
        log_in(visitor)

        for _try in range(5):
            visitor.post(AUTHENTICATE, {"code": wrong(dynamic_code(secret))})
        answer = visitor.post(AUTHENTICATE, {"code": dynamic_code(secret)})

        assert answer.context["form"].errors["code"] == ["输错的次数太多，请 5 分钟后再试"]
        assert not is_inside(visitor)

    def test_the_login_page_says_that_a_recovery_code_will_do(self, visitor, member):
        give(member)
        log_in(visitor)

        assert "恢复码" in text_of(visitor.get(AUTHENTICATE))


PLACES = ["/admin/", "/admin/pages/", "/admin/review/enrolments/?tab=all", "/files/1/"]


class TestStaffMustHaveIt:  # ACC-6
    @pytest.mark.parametrize("path", PLACES)
    def test_whoever_has_none_is_led_to_set_it_up(self, path, reviewer, demanded):
        answer = client_of(reviewer).get(path)

        assert answer.url.startswith(f"{ACTIVATE}?next=")
        assert unquote(answer.url).endswith(f"?next={path}")

    def test_the_page_says_why(self, reviewer, demanded):
        browser = client_of(reviewer)
        confirm(browser)

        assert "工作人员账号需要开启动态验证" in text_of(browser.get(ACTIVATE))

    def test_setting_it_up_opens_the_administration(self, reviewer, demanded):
        browser = client_of(reviewer)
        confirm(browser)

        _secret, answer = set_up(browser, next="/admin/review/enrolments/")

        assert 'href="/admin/review/enrolments/"' in text_of(browser.get(answer.url))
        assert browser.get("/admin/review/enrolments/").status_code == 200

    def test_what_was_posted_does_not_get_through(self, reviewer, demanded):
        answer = client_of(reviewer).post("/admin/account/", {"name_email-first_name": "Eve"})

        assert answer.url == f"{ACTIVATE}?next=/admin/"
        assert User.objects.get(pk=reviewer.pk).first_name == ""

    def test_htmx_is_refused_with_the_address_to_lead_to(self, reviewer, demanded):
        answer = client_of(reviewer).get("/admin/", headers={"HX-Request": "true"})

        assert (answer.status_code, answer["HX-Redirect"]) == (403, ACTIVATE)

    @pytest.mark.parametrize("headers", [{"X-Requested-With": "XMLHttpRequest"}, {"Accept": "application/json"}])
    def test_a_script_is_refused_in_json(self, reviewer, demanded, headers):
        answer = client_of(reviewer).get("/admin/", headers=headers)

        assert answer.status_code == 403
        assert answer.json() == {"error": "请刷新页面，通过动态验证后再继续", "url": ACTIVATE}

    @pytest.mark.parametrize("role", sorted(rules.ROLES))
    def test_it_is_demanded_of_every_role(self, role, demanded):
        roles.ensure_groups()

        assert client_of(staff(role)).get("/admin/").url.startswith(ACTIVATE)

    def test_a_role_whose_group_holds_no_permission_yet_is_a_role_too(self, demanded):
        reviewer = staff(rules.INSTITUTION_REVIEWER)
        User.objects.update(is_staff=False)

        assert client_of(User.objects.get(pk=reviewer.pk)).get("/files/1/").url.startswith(ACTIVATE)

    def test_it_is_demanded_of_nobody_else_and_nowhere_else(self, visitor, member, reviewer, demanded):
        Member.objects.create(user=reviewer)
        stranger = client_of(User.objects.create_user("+8618800000002", phone_verified=True))

        assert stranger.get("/files/1/").status_code == 404
        assert visitor.get("/admin/").url.startswith(LOGIN)
        assert client_of(reviewer).get(HOME).status_code == 200

    def test_where_it_is_not_required_staff_work_without(self, reviewer):
        assert client_of(reviewer).get("/admin/").status_code == 200

    def test_production_requires_it_unless_told_otherwise(self):
        code = "from django.conf import settings as s; print(s.STAFF_SECOND_FACTOR_REQUIRED)"

        assert start(code, "production", **COMPLETE).stdout.split() == ["True"]
        assert start(code, "production", **COMPLETE, STAFF_SECOND_FACTOR_REQUIRED="0").stdout.split() == ["False"]


class TestASessionThatDidNotPassIt:  # ACC-6
    @pytest.mark.parametrize("path", PLACES)
    def test_is_asked_where_the_staff_work(self, path, reviewer):
        give(reviewer)

        answer = client_of(reviewer).get(path)

        assert answer.url.startswith(f"{REAUTHENTICATE}?next=")

    def test_goes_on_after_the_code(self, reviewer):
        secret = give(reviewer)
        browser = client_of(reviewer)
        browser.get("/admin/review/enrolments/")

        answer = browser.post(REAUTHENTICATE, {"code": dynamic_code(secret), "next": "/admin/review/enrolments/"})

        assert answer.url == "/admin/review/enrolments/"
        assert browser.get(answer.url).status_code == 200

    def test_nothing_else_will_do_in_its_place(self, reviewer):
        give(reviewer)
        browser = client_of(reviewer)

        page = text_of(browser.get(REAUTHENTICATE))
        confirm(browser)

        assert "用登录密码" not in page
        assert "用短信验证码" not in page
        assert browser.get("/admin/").url.startswith(REAUTHENTICATE)

    def test_a_script_is_refused(self, reviewer):
        give(reviewer)

        answer = client_of(reviewer).post("/admin/", headers={"X-Requested-With": "XMLHttpRequest"})

        assert (answer.status_code, answer.json()["url"]) == (403, REAUTHENTICATE)

    def test_a_form_from_elsewhere_is_refused_and_not_kept_for_later(self, reviewer):
        give(reviewer)
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(reviewer)

        assert browser.post("/admin/account/", {"name_email-first_name": "Wen"}).status_code == 403
        assert "account_reauthentication_state" not in browser.session

    @pytest.mark.parametrize("path", [DEACTIVATE, RECOVERY, RENEW, DOWNLOAD])
    def test_cannot_change_or_see_the_second_factor_of_a_member_either(self, path, member):
        give(member)
        browser = client_of(member)
        confirm(browser)

        assert browser.get(path).url.startswith(REAUTHENTICATE)
        assert browser.post(path).url.startswith(REAUTHENTICATE)
        assert member.authenticator_set.count() == 2

    def test_a_login_that_passed_it_is_asked_nothing(self, visitor, reviewer):
        secret = give(reviewer)
        log_in(visitor)
        visitor.post(AUTHENTICATE, {"code": dynamic_code(secret)})

        assert visitor.get("/admin/").status_code == 200


class TestTurningItOff:  # ACC-7
    @pytest.fixture
    def browser(self, at_home) -> Client:
        set_up(at_home)
        return at_home

    def test_it_asks_before_and_takes_the_recovery_codes_along(self, browser, member):
        assert "关闭动态验证码？" in text_of(browser.get(DEACTIVATE))
        assert member.authenticator_set.count() == 2

        assert browser.post(DEACTIVATE).url == OVERVIEW

        assert not member.authenticator_set.exists()
        assert AuditEntry.objects.get(action="account.second_factor_deactivated").actor == member
        assert log_in(Client()).url == HOME

    @pytest.mark.parametrize("path", [DEACTIVATE, RECOVERY, RENEW, DOWNLOAD])
    def test_a_quarter_of_an_hour_later_the_person_is_asked_again(self, path, browser, settings):
        settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0

        assert browser.get(path).url.startswith("/accounts/reauthenticate/?next=")

    def test_staff_who_cannot_work_without_set_up_the_next_one_at_once(self, reviewer, demanded, browser):
        question = browser.get(DEACTIVATE)

        answer = browser.post(DEACTIVATE)

        assert "更换验证器？" in text_of(question)
        assert answer.url == ACTIVATE
        assert browser.get("/admin/").url.startswith(ACTIVATE)
        set_up(browser)
        assert browser.get("/admin/").status_code == 200

    def test_new_recovery_codes_void_the_old_ones(self, browser, member):
        old = recovery_codes_of(member)

        assert browser.post(RENEW).url == RECOVERY

        assert not set(old) & set(recovery_codes_of(member))
        assert AuditEntry.objects.get(action="account.recovery_codes_renewed").actor == member

    def test_they_can_be_saved_as_a_file(self, browser, member):
        answer = browser.get(DOWNLOAD)

        assert answer["Content-Disposition"].startswith("attachment")
        assert [line.replace(" ", "") for line in text_of(answer).splitlines() if re.match(r"\d{4} ", line)] == recovery_codes_of(member)


class TestReset:  # ACC-6
    def reset(self, phone: str = "188 0000 0001", reason: str = "工单 17，视频核实本人") -> str:
        out = StringIO()
        call_command("reset_second_factor", phone, reason=reason, stdout=out)
        return out.getvalue()

    def test_it_takes_everything_off_and_ends_the_sessions(self, visitor, member):
        secret = give(member)
        log_in(visitor)
        visitor.post(AUTHENTICATE, {"code": dynamic_code(secret)})

        said = self.reset()

        assert "188****0001" in said
        assert not member.authenticator_set.exists()
        assert visitor.get(HOME).status_code == 302
        assert log_in(Client()).url == HOME

    def test_it_is_recorded_with_its_reason(self, member):
        give(member)

        self.reset()

        entry = AuditEntry.objects.get(action="account.second_factor_reset")
        assert (entry.target_id, entry.details["reason"]) == (member.pk, "工单 17，视频核实本人")

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_without_a_reason_nothing_happens(self, member, reason):
        give(member)

        with pytest.raises(CommandError, match=second_factor.ReasonMissing.message):
            self.reset(reason=reason)

        assert member.authenticator_set.count() == 2

    @pytest.mark.parametrize("phone", ["+8618800000009", "12345", "abc"])
    def test_an_unknown_number_is_refused(self, member, phone):
        with pytest.raises(CommandError, match="No account has this number"):
            self.reset(phone=phone)

    def test_an_account_without_one_is_refused(self, member):
        with pytest.raises(CommandError, match=second_factor.NoSecondFactor.message):
            self.reset()

        assert not AuditEntry.objects.filter(action="account.second_factor_reset").exists()


class TestEveryPage:  # UI-7
    @pytest.mark.parametrize("path", [OVERVIEW, ACTIVATE, DEACTIVATE, RECOVERY, RENEW, REAUTHENTICATE, AUTHENTICATE])
    def test_is_in_chinese_with_a_title_unique_ids_and_nothing_inline(self, path, at_home, member):
        if path not in (OVERVIEW, ACTIVATE):
            set_up(at_home)
        browser = at_home
        if path == AUTHENTICATE:
            browser = Client()
            log_in(browser)

        page = text_of(browser.get(path))

        assert re.search(r"<title>[\u4e00-\u9fff]+ · 中国抗癌协会</title>", page)
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert sorted(ids) == sorted(set(ids))
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|<style", page)
        assert "placeholder" not in page
        assert not re.search(r">\s*(Code|Authenticator|Two-Factor|Recovery|Activate|Enter)\b", page)
