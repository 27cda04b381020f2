"""用户注册: a number, a password, a consent, a code."""

import re

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from membership.enums import ConsentKind
from membership.models import Consent, User
from tests.membership.accounts.conftest import PASSWORD, PHONE, wrong

pytestmark = pytest.mark.django_db

SIGNUP = "/accounts/signup/"
VERIFY = "/accounts/phone/verify/"


class SomebodyIsFaster:
    """Registers the number between the form's look at the table and its own insert."""

    def validate(self, password, user=None):
        User.objects.get_or_create(phone=PHONE)


def sign_up(visitor: Client, **changes):
    answers = {"phone": "188 0000 0001", "password1": PASSWORD, "password2": PASSWORD, "privacy": "on", **changes}
    return visitor.post(SIGNUP, {name: value for name, value in answers.items() if value})


def page(response) -> str:
    """The answer without what differs each time it is drawn."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r'data-code-countdown="\d+"', "", text)


class TestRegistration:  # ACC-1
    def test_number_password_consent_and_code_lead_to_the_member_centre(self, visitor, latest_code):
        answer = sign_up(visitor)
        assert answer.url == VERIFY

        answer = visitor.post(VERIFY, {"code": latest_code()})

        assert answer.url == reverse("member_home")
        user = User.objects.get(phone=PHONE)
        assert user.phone_verified
        assert user.check_password(PASSWORD)
        assert visitor.session["_auth_user_id"] == str(user.pk)

    def test_the_consent_is_recorded_with_its_version_and_time(self, visitor, settings):
        sign_up(visitor)

        consent = Consent.objects.get()
        assert (consent.user.get_username(), consent.kind) == (PHONE, ConsentKind.PRIVACY)
        assert consent.version == settings.PRIVACY_NOTICE_VERSION
        assert consent.given_at is not None

    def test_without_consent_nothing_is_stored(self, visitor, sms_outbox):
        answer = sign_up(visitor, privacy="")

        assert answer.context["form"].errors["privacy"] == ["请先阅读并同意《隐私说明》"]
        assert not User.objects.exists()
        assert sms_outbox == []

    def test_the_number_may_be_one_no_library_knows(self, visitor, latest_code):
        sign_up(visitor, phone="19400000001")

        visitor.post(VERIFY, {"code": latest_code()})

        assert User.objects.get().get_username() == "+8619400000001"

    def test_a_registered_number_is_found_however_it_is_written(self, visitor, latest_code):
        for text in ("19400000001", "+86 194 0000 0001", "008619400000001"):
            sign_up(Client(), phone=text)

        assert User.objects.count() == 1

    def test_a_number_from_elsewhere_registers_under_its_country(self, visitor, sms_outbox):
        sign_up(visitor, phone="91234567", phone_country="SG")

        assert sms_outbox[-1].phone == "+6591234567"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"phone": "12345"}, "phone"),
            ({"phone": ""}, "phone"),
            ({"password1": "Haihe26", "password2": "Haihe26"}, "password1"),
            ({"password1": "tianjinhaihe", "password2": "tianjinhaihe"}, "password1"),
            ({"password1": "wang18800000001", "password2": "wang18800000001"}, "password1"),
            ({"password2": "Another-2026"}, "password2"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(self, visitor, changes, field):
        answer = sign_up(visitor, **changes)

        assert answer.status_code == 200
        assert answer.context["form"].has_error(field)
        assert not User.objects.exists()

    def test_nobody_is_in_before_the_code(self, visitor):
        sign_up(visitor)

        assert "_auth_user_id" not in visitor.session
        assert visitor.get(reverse("member_home")).status_code == 302


class TestCode:  # ACC-5
    def test_six_digits_are_sent_by_template(self, visitor, sms_outbox, latest_code):
        sign_up(visitor)

        assert [message.phone for message in sms_outbox] == [PHONE]
        assert sms_outbox[0].template == "account_code"
        assert sms_outbox[0].parameters == {"code": latest_code()}
        assert len(latest_code()) == 6

    def test_the_session_never_holds_it(self, visitor, latest_code):
        sign_up(visitor)

        assert latest_code() not in str(dict(visitor.session))

    def test_a_wrong_one_says_how_many_tries_are_left(self, visitor, latest_code):
        sign_up(visitor)

        answer = visitor.post(VERIFY, {"code": wrong(latest_code())})

        assert answer.context["form"].errors["code"] == ["验证码不对，还可以再试 4 次"]

    def test_five_wrong_ones_kill_it(self, visitor, latest_code):
        sign_up(visitor)
        code = latest_code()

        for _try in range(5):
            answer = visitor.post(VERIFY, {"code": wrong(code)})

        assert answer.url == "/accounts/login/"
        assert visitor.post(VERIFY, {"code": code}).url == "/accounts/login/"
        assert not User.objects.get().phone_verified

    def test_an_empty_field_is_no_try(self, visitor, latest_code):
        sign_up(visitor)

        for _try in range(6):
            answer = visitor.post(VERIFY, {"code": " "})

        assert answer.context["form"].errors["code"] == ["请填写短信验证码"]
        assert visitor.post(VERIFY, {"code": latest_code()}).url == reverse("member_home")

    def test_it_may_be_typed_with_spaces_and_full_width_digits(self, visitor, latest_code):
        sign_up(visitor)
        code = latest_code()
        typed = f"{code[:3]} {code[3:]}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))

        assert visitor.post(VERIFY, {"code": typed}).url == reverse("member_home")

    def test_after_five_minutes_it_is_worth_nothing_and_the_page_says_so(self, visitor, latest_code, settings):
        sign_up(visitor)
        settings.ACCOUNT_PHONE_VERIFICATION_TIMEOUT = -1

        answer = visitor.post(VERIFY, {"code": latest_code()}, follow=True)

        assert "验证码已过期，请重新获取" in page(answer)
        assert not User.objects.get().phone_verified

    def test_sending_again_makes_a_new_one_and_the_old_one_is_void(self, visitor, latest_code, sms_outbox):
        sign_up(visitor)
        first = latest_code()

        answer = visitor.post(VERIFY, {"action": "resend"})

        assert answer.url == VERIFY
        assert len(sms_outbox) == 2
        assert "已重新发送到 188****0001" in page(visitor.get(VERIFY))
        if first != latest_code():
            assert visitor.post(VERIFY, {"code": first}).status_code == 200
        assert visitor.post(VERIFY, {"code": latest_code()}).url == reverse("member_home")

    def test_a_code_sent_again_has_its_full_time_and_all_its_tries(self, visitor, latest_code):
        sign_up(visitor)
        for _try in range(4):
            visitor.post(VERIFY, {"code": wrong(latest_code())})
        before = visitor.session["account_login"]["state"]["stages"]["verify_phone"]["data"]["at"]

        visitor.post(VERIFY, {"action": "resend"})
        answer = visitor.post(VERIFY, {"code": wrong(latest_code())})

        assert answer.context["form"].errors["code"] == ["验证码不对，还可以再试 4 次"]
        assert visitor.session["account_login"]["state"]["stages"]["verify_phone"]["data"]["at"] > before

    def test_a_code_serves_once(self, visitor, latest_code):
        sign_up(visitor)
        code = latest_code()
        visitor.post(VERIFY, {"code": code})
        visitor.post("/accounts/logout/")

        assert visitor.post(VERIFY, {"code": code}).url == "/accounts/login/"
        assert "_auth_user_id" not in visitor.session

    def test_the_page_shows_it_on_a_developers_machine_only(self, settings):
        settings.DEBUG = True
        settings.SMS_SHOW_CODES = True
        visitor = Client()
        sign_up(visitor)
        shown = visitor.get(VERIFY).context["shown_code"]
        assert len(shown) == 6

        settings.DEBUG = False

        assert visitor.get(VERIFY).context["shown_code"] == ""
        assert shown not in page(visitor.get(VERIFY))

    def test_debug_alone_does_not_show_it(self, settings, visitor, latest_code):
        settings.DEBUG = True

        sign_up(visitor)

        assert latest_code() not in page(visitor.get(VERIFY))


class TestRegisteredNumber:  # ACC-1, no enumeration
    def test_the_text_message_says_it_to_the_owner(self, visitor, member, sms_outbox):
        sign_up(visitor)

        assert sms_outbox[-1].phone == PHONE
        assert sms_outbox[-1].template == "account_already_registered"
        assert "已有账号" in sms_outbox[-1].text

    def test_a_stranger_sees_the_same_for_both(self, member, sms_outbox):
        known, unknown = Client(), Client()

        answers = [sign_up(known), sign_up(unknown, phone="18800000002")]
        assert [(a.status_code, a.url, sorted(a.cookies)) for a in answers[:1]] == [
            (a.status_code, a.url, sorted(a.cookies)) for a in answers[1:]
        ]

        for step in ({}, {"code": "12345x"}, {"action": "resend"}, {"code": ""}):
            pages = [visitor.post(VERIFY, step, follow=True) if step else visitor.get(VERIFY) for visitor in (known, unknown)]
            assert page(pages[0]).replace("188****0001", "") == page(pages[1]).replace("188****0002", "")
            assert sorted(pages[0].cookies) == sorted(pages[1].cookies)

    def test_sending_again_takes_a_text_message_either_way(self, member, sms_outbox):
        known, unknown = Client(), Client()
        sign_up(known)
        sign_up(unknown, phone="18800000002")

        known.post(VERIFY, {"action": "resend"})
        unknown.post(VERIFY, {"action": "resend"})

        assert sorted(message.phone for message in sms_outbox) == [PHONE, PHONE, "+8618800000002", "+8618800000002"]

    def test_no_code_opens_it(self, visitor, member):
        sign_up(visitor, password1="Stranger-2026", password2="Stranger-2026")

        for code in ("", "000000", "None"):
            visitor.post(VERIFY, {"code": code})

        member.refresh_from_db()
        assert "_auth_user_id" not in visitor.session
        assert member.check_password(PASSWORD)

    def test_two_at_once_become_one_account_and_no_server_error(self, visitor, settings, sms_outbox):
        settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": f"{__name__}.SomebodyIsFaster"}]

        answer = sign_up(visitor)

        assert answer.url == VERIFY
        assert User.objects.count() == 1
        assert sms_outbox[-1].template == "account_already_registered"

    def test_any_other_broken_constraint_is_not_taken_for_it(self, visitor, settings):
        settings.PRIVACY_NOTICE_VERSION = None

        with pytest.raises(IntegrityError):
            sign_up(visitor)
        assert not User.objects.exists()


class TestWayOut:
    def test_who_mistyped_the_number_can_go_back_and_register_the_right_one(self, visitor, latest_code):
        sign_up(visitor, phone="18800000009")

        answer = visitor.post("/accounts/logout/", {"next": SIGNUP})
        assert answer.url == SIGNUP
        assert visitor.get(SIGNUP).status_code == 200
        sign_up(visitor)
        visitor.post(VERIFY, {"code": latest_code()})

        assert visitor.session["_auth_user_id"] == str(User.objects.get(phone=PHONE).pk)
