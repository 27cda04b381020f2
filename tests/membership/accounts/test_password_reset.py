"""忘记密码: a code to the number, then a new password (ACC-4)."""

import pytest
from django.test import Client
from django.urls import reverse

from membership.models import AuditEntry, LegacyMember, User
from tests.membership.accounts.conftest import PASSWORD, wrong

pytestmark = pytest.mark.django_db

START, CODE, NEW = "/accounts/password/reset/", "/accounts/password/reset/code/", "/accounts/password/reset/new/"
NEW_PASSWORD = "Jinmen-2027-bridge"


def prove(visitor: Client, latest_code, phone: str = "18800000001"):
    visitor.post(START, {"phone": phone})
    return visitor.post(CODE, {"code": latest_code()})


def choose(visitor: Client, password: str = NEW_PASSWORD):
    return visitor.post(NEW, {"password1": password, "password2": password})


class TestForgottenPassword:  # ACC-4
    def test_code_and_new_password_log_in_and_the_old_password_is_void(self, visitor, member, latest_code):
        assert visitor.post(START, {"phone": "188 0000 0001"}).url == CODE
        assert visitor.post(CODE, {"code": latest_code()}).url == NEW

        assert choose(visitor).url == reverse("member_home")

        member.refresh_from_db()
        assert member.check_password(NEW_PASSWORD)
        assert visitor.session["_auth_user_id"] == str(member.pk)
        assert AuditEntry.objects.filter(action="account.password_reset", target_id=member.pk).exists()

    def test_an_account_that_never_had_a_password_gets_one(self, visitor, latest_code):
        former = User.objects.create_user("+8618800000001", phone_verified=True)

        prove(visitor, latest_code)
        choose(visitor)

        former.refresh_from_db()
        assert former.check_password(NEW_PASSWORD)

    def test_a_former_member_who_never_came_gets_an_account(self, visitor, latest_code):
        LegacyMember.objects.create(phone="+8618800000001", old_number="A-1")

        assert prove(visitor, latest_code).url == NEW
        choose(visitor)

        assert User.objects.get().check_password(NEW_PASSWORD)

    def test_a_number_without_an_account_learns_it_only_by_the_right_code(self, visitor, latest_code):
        assert visitor.post(START, {"phone": "18800000002"}).url == CODE
        visitor.post(CODE, {"code": wrong(latest_code())})

        answer = visitor.post(CODE, {"code": latest_code()}, follow=True)

        assert "账号不存在，请点击用户注册" in answer.content.decode()
        assert not User.objects.exists()

    def test_every_other_session_of_the_account_ends(self, visitor, member, latest_code):
        elsewhere = Client()
        elsewhere.post("/accounts/login/", {"login": "18800000001", "password": PASSWORD})
        assert elsewhere.get("/member/").status_code == 200

        prove(visitor, latest_code)
        choose(visitor)

        assert elsewhere.get("/member/").status_code == 302
        assert visitor.get("/member/").status_code == 200

    def test_the_way_on_is_kept(self, visitor, member, latest_code):
        assert visitor.post(START, {"phone": "18800000001", "next": "/guide/"}).url == f"{CODE}?next=%2Fguide%2F"
        assert visitor.post(CODE, {"code": latest_code(), "next": "/guide/"}).url == f"{NEW}?next=%2Fguide%2F"


class TestNewPassword:  # ACC-4
    def test_without_a_code_nobody_sets_one(self, visitor, member):
        visitor.post(START, {"phone": "18800000001"})

        for answer in (visitor.get(NEW), choose(visitor)):
            assert answer.url == START
        member.refresh_from_db()
        assert member.check_password(PASSWORD)

    @pytest.mark.parametrize("password", ["short1", "12345678", "password1", "18800000001a", " " * 12, "只有汉字没有数字的密码"])
    def test_it_has_the_rules_of_any_password(self, visitor, member, latest_code, password):
        prove(visitor, latest_code)

        answer = choose(visitor, password)

        assert answer.status_code == 200
        assert answer.context["form"].errors

    def test_the_code_serves_for_one_new_password(self, visitor, member, latest_code):
        prove(visitor, latest_code)
        choose(visitor)
        visitor.post("/accounts/logout/")

        assert choose(visitor, "Another-2028-one").url == START

    def test_a_closed_account_stays_outside(self, visitor, member, latest_code):
        User.objects.update(is_active=False)
        prove(visitor, latest_code)

        choose(visitor)

        assert "_auth_user_id" not in visitor.session


class TestItsCode:  # ACC-5
    def test_five_wrong_ones_end_it(self, visitor, member, latest_code):
        visitor.post(START, {"phone": "18800000001"})
        for _try in range(5):
            answer = visitor.post(CODE, {"code": wrong(latest_code())})

        assert answer.url == START
        assert visitor.post(CODE, {"code": latest_code()}).url == START

    def test_an_empty_field_is_no_try(self, visitor, member, latest_code):
        visitor.post(START, {"phone": "18800000001"})
        for _try in range(7):
            visitor.post(CODE, {"code": ""})

        assert visitor.post(CODE, {"code": latest_code()}).url == NEW

    def test_it_is_too_old_after_five_minutes(self, visitor, member, latest_code, settings):
        visitor.post(START, {"phone": "18800000001"})
        settings.ACCOUNT_PHONE_VERIFICATION_TIMEOUT = -1

        answer = visitor.post(CODE, {"code": latest_code()}, follow=True)

        assert "验证码已过期" in answer.content.decode()

    def test_sent_again_it_is_another_and_has_all_its_tries(self, visitor, member, latest_code, sms_outbox):
        visitor.post(START, {"phone": "18800000001"})
        for _try in range(4):
            visitor.post(CODE, {"code": wrong(latest_code())})
        first = latest_code()

        assert visitor.post(CODE, {"action": "resend"}).url == CODE

        assert len(sms_outbox) == 2
        if first != latest_code():
            assert visitor.post(CODE, {"code": first}).status_code == 200
        assert visitor.post(CODE, {"code": latest_code()}).url == NEW

    def test_the_session_holds_a_fingerprint_only(self, visitor, member, latest_code):
        visitor.post(START, {"phone": "18800000001"})

        assert latest_code() not in str(dict(visitor.session))
