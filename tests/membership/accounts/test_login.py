"""登录: by password, by code; where it leads; logging out; the password."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from membership.models import Member, User
from tests.membership.accounts.conftest import PASSWORD, PHONE, wrong

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
REQUEST = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"


def text_of(response) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r'data-code-countdown="\d+"', "", text)


def log_in(visitor: Client, password: str = PASSWORD, phone: str = "18800000001", **more):
    return visitor.post(LOGIN, {"login": phone, "password": password, **more})


class TestByPassword:  # ACC-2
    def test_number_and_password_lead_to_the_member_centre(self, visitor, member):
        assert log_in(visitor).url == reverse("member_home")
        assert visitor.session["_auth_user_id"] == str(member.pk)

    @pytest.mark.parametrize("phone", ["188 0000 0001", "+8618800000001", "008618800000001", "１８８０００００００１"])
    def test_the_number_may_be_written_in_any_way(self, visitor, member, phone):
        assert log_in(visitor, phone=phone).url == reverse("member_home")

    def test_a_number_from_elsewhere_logs_in_under_its_country(self, visitor):
        User.objects.create_user("+6591234567", PASSWORD, phone_verified=True)

        assert log_in(visitor, phone="91234567", login_country="SG").url == reverse("member_home")

    def test_wrong_password_and_unknown_number_answer_alike(self, member):
        answers = [log_in(Client(), password="Wrong-2026"), log_in(Client(), phone="18800000002")]

        assert [answer.context["form"].non_field_errors() for answer in answers] == [["手机号或密码不对，请核对"]] * 2
        assert text_of(answers[0]).replace("18800000001", "") == text_of(answers[1]).replace("18800000002", "")

    def test_the_way_on_is_kept(self, visitor, member):
        assert log_in(visitor, next="/guide/").url == "/guide/"

    def test_a_way_off_the_site_is_not_taken(self, visitor, member):
        assert log_in(visitor, next="https://example.com/").url == reverse("member_home")

    def test_the_session_key_changes_at_login(self, visitor, member):
        visitor.get(LOGIN)
        visitor.post(REQUEST, {"phone": "18800000003"})
        before = visitor.session.session_key

        visitor.post("/accounts/logout/", {"next": LOGIN})
        log_in(visitor)

        assert visitor.session.session_key != before

    def test_an_unproved_number_has_to_be_proved_first(self, visitor, latest_code):
        User.objects.create_user(PHONE, PASSWORD)

        assert log_in(visitor).url == "/accounts/phone/verify/"
        visitor.post("/accounts/phone/verify/", {"code": latest_code()})

        user = User.objects.get()
        assert user.phone_verified
        assert user.check_password(PASSWORD)
        assert visitor.session["_auth_user_id"] == str(user.pk)

    def test_a_closed_account_stays_outside_and_is_told(self, visitor, member):
        User.objects.update(is_active=False)

        answer = log_in(visitor)

        assert answer.url == "/accounts/inactive/"
        assert "账号已停用" in visitor.get(answer.url).content.decode()
        assert "_auth_user_id" not in visitor.session


class TestByCode:  # ACC-2, ACC-5
    def test_a_code_logs_in(self, visitor, member, latest_code):
        assert visitor.post(REQUEST, {"phone": "18800000001"}).url == CONFIRM

        answer = visitor.post(CONFIRM, {"code": latest_code()})

        assert answer.url == reverse("member_home")
        assert visitor.session["_auth_user_id"] == str(member.pk)

    def test_an_account_without_a_password_gets_in_and_its_number_is_proved(self, visitor, latest_code):
        former_member = User.objects.create_user(PHONE)
        visitor.post(REQUEST, {"phone": "18800000001"})

        visitor.post(CONFIRM, {"code": latest_code()})

        former_member.refresh_from_db()
        assert former_member.phone_verified
        assert visitor.session["_auth_user_id"] == str(former_member.pk)

    def test_the_way_on_is_kept(self, visitor, member, latest_code):
        answer = visitor.post(REQUEST, {"phone": "18800000001", "next": "/guide/"})

        assert answer.url == f"{CONFIRM}?next=%2Fguide%2F"
        assert visitor.post(answer.url, {"code": latest_code(), "next": "/guide/"}).url == "/guide/"

    def test_the_session_never_holds_the_code(self, visitor, member, latest_code):
        visitor.post(REQUEST, {"phone": "18800000001"})
        assert latest_code() not in str(dict(visitor.session))

        visitor.post(REQUEST, {"phone": "18800000002"})
        assert latest_code() not in str(dict(visitor.session))

    def test_five_wrong_codes_end_it(self, visitor, member, latest_code):
        visitor.post(REQUEST, {"phone": "18800000001"})
        code = latest_code()

        for _try in range(5):
            answer = visitor.post(CONFIRM, {"code": wrong(code)})

        assert answer.url == REQUEST
        assert visitor.post(CONFIRM, {"code": code}).url == REQUEST

    def test_a_code_serves_once(self, visitor, member, latest_code):
        visitor.post(REQUEST, {"phone": "18800000001"})
        code = latest_code()
        visitor.post(CONFIRM, {"code": code})
        visitor.post("/accounts/logout/")

        assert visitor.post(CONFIRM, {"code": code}).url == REQUEST

    def test_after_five_minutes_a_new_one_is_needed(self, visitor, member, latest_code, settings):
        visitor.post(REQUEST, {"phone": "18800000001"})
        settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1

        answer = visitor.post(CONFIRM, {"code": latest_code()}, follow=True)

        assert "验证码已过期，请重新获取" in text_of(answer)
        assert "_auth_user_id" not in visitor.session

    def test_sending_again_voids_the_first(self, visitor, member, latest_code, sms_outbox):
        visitor.post(REQUEST, {"phone": "18800000001"})

        assert visitor.post(CONFIRM, {"action": "resend"}).url == CONFIRM

        assert len(sms_outbox) == 2
        assert visitor.post(CONFIRM, {"code": latest_code()}).url == reverse("member_home")


class TestUnknownNumber:  # ACC-2
    def test_only_after_the_right_code_it_is_said_that_there_is_no_account(self, visitor, latest_code):
        visitor.post(REQUEST, {"phone": "18800000002"})

        answer = visitor.post(CONFIRM, {"code": wrong(latest_code())})
        assert answer.context["form"].errors["code"] == ["验证码不对，还可以再试 4 次"]

        answer = visitor.post(CONFIRM, {"code": latest_code()}, follow=True)
        assert "账号不存在，请点击用户注册" in text_of(answer)
        assert not User.objects.exists()
        assert "_auth_user_id" not in visitor.session

    def test_a_stranger_sees_the_same_for_known_and_unknown_numbers(self, member, sms_outbox):
        known, unknown = Client(), Client()

        answers = [known.post(REQUEST, {"phone": "18800000001"}), unknown.post(REQUEST, {"phone": "18800000002"})]
        assert [(a.status_code, a.url, sorted(a.cookies)) for a in answers[:1]] == [
            (a.status_code, a.url, sorted(a.cookies)) for a in answers[1:]
        ]

        steps = ({}, {"code": "12345x"}, {"action": "resend"}, {"code": ""}, *[{"code": "12345x"}] * 5)
        for step in steps:
            pages = [visitor.post(CONFIRM, step, follow=True) if step else visitor.get(CONFIRM) for visitor in (known, unknown)]
            assert text_of(pages[0]).replace("188****0001", "") == text_of(pages[1]).replace("188****0002", "")
            assert [page.redirect_chain for page in pages if step][:1] == [page.redirect_chain for page in pages if step][1:]

        assert len(sms_outbox) == 4
        assert {message.template for message in sms_outbox} == {"account_code"}

    def test_its_code_ends_after_five_wrong_tries_and_serves_once(self, visitor, latest_code):
        visitor.post(REQUEST, {"phone": "18800000002"})
        code = latest_code()

        for _try in range(5):
            visitor.post(CONFIRM, {"code": wrong(code)})

        assert visitor.post(CONFIRM, {"code": code}).url == REQUEST

    def test_its_code_does_not_open_another_number(self, visitor, member, latest_code):
        visitor.post(REQUEST, {"phone": "18800000002"})
        code_of_unknown = latest_code()
        visitor.post("/accounts/logout/", {"next": REQUEST})
        visitor.post(REQUEST, {"phone": "18800000001"})
        if code_of_unknown != latest_code():
            visitor.post(CONFIRM, {"code": code_of_unknown})

        assert "_auth_user_id" not in visitor.session

    def test_registration_is_open_from_there(self, visitor):
        visitor.post(REQUEST, {"phone": "18800000002"})

        assert visitor.get("/accounts/signup/").status_code == 200


class TestWhereItLeads:  # ACC-6
    def admin_role(self) -> Group:
        group = Group.objects.create(name="editor")
        group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
        return group

    def test_staff_go_to_the_admin(self, visitor, member):
        member.groups.add(self.admin_role())

        assert log_in(visitor).url == reverse("wagtailadmin_home")

    def test_a_superuser_goes_to_the_admin(self, visitor):
        User.objects.create_superuser(PHONE, PASSWORD)

        assert log_in(visitor).url == reverse("wagtailadmin_home")

    def test_a_reviewer_who_is_a_member_goes_to_the_member_centre(self, visitor, member):
        member.groups.add(self.admin_role())
        Member.objects.create(user=member)

        assert log_in(visitor).url == reverse("member_home")

    def test_the_admin_sends_to_this_login_and_back(self, visitor, member):
        member.groups.add(self.admin_role())

        answer = visitor.get("/admin/", follow=True)

        assert answer.redirect_chain[-1][0].startswith(LOGIN)
        assert log_in(visitor, next="/admin/").url == "/admin/"
        assert visitor.get("/admin/").status_code == 200

    def test_wagtails_own_login_form_lets_nobody_in(self, visitor, member):
        member.groups.add(self.admin_role())

        visitor.post("/admin/login/", {"username": PHONE, "password": PASSWORD})

        assert "_auth_user_id" not in visitor.session


class TestLogout:
    def test_a_link_asks_a_button_does(self, visitor, member):
        log_in(visitor)

        assert "要退出登录吗" in visitor.get("/accounts/logout/").content.decode()
        assert visitor.session.get("_auth_user_id")
        assert visitor.post("/accounts/logout/").url == "/"
        assert "_auth_user_id" not in visitor.session


class TestPassword:  # ACC-3
    NEW = "Haihe-2027-bank"

    def test_it_changes_with_the_present_one_and_other_sessions_end(self, member):
        here, elsewhere = Client(), Client()
        log_in(here)
        log_in(elsewhere)

        here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": self.NEW, "password2": self.NEW})

        member.refresh_from_db()
        assert member.check_password(self.NEW)
        assert here.get(reverse("member_home")).status_code == 200
        assert elsewhere.get(reverse("member_home")).status_code == 302

    def test_it_does_not_change_without_the_present_one(self, visitor, member):
        log_in(visitor)

        answer = visitor.post("/accounts/password/change/", {"oldpassword": "Wrong-2026", "password1": self.NEW, "password2": self.NEW})

        assert answer.context["form"].errors["oldpassword"] == ["当前密码不对，请核对"]

    def test_who_has_none_sets_one(self, visitor, latest_code):
        user = User.objects.create_user(PHONE)
        visitor.post(REQUEST, {"phone": "18800000001"})
        visitor.post(CONFIRM, {"code": latest_code()})

        assert visitor.get("/accounts/password/change/").url == "/accounts/password/set/"
        answer = visitor.post("/accounts/password/set/", {"password1": self.NEW, "password2": self.NEW})

        assert answer.url == "/accounts/"
        user.refresh_from_db()
        assert user.check_password(self.NEW)

    def test_the_own_number_is_no_password(self, visitor, member):
        log_in(visitor)

        own = "wang18800000001"
        answer = visitor.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": own, "password2": own})

        assert answer.context["form"].errors["password1"] == ["密码里不要用您的手机号，请换一个"]
