"""How often codes are sent and passwords tried."""

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client, RequestFactory

from membership.accounts import allowance
from membership.models import User
from membership.outbox.sms.base import Backend, SMSNotSent
from tests.membership.accounts.conftest import PASSWORD, PHONE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

SIGNUP = {"phone": "18800000001", "password1": PASSWORD, "password2": PASSWORD, "privacy": "on"}
REQUEST = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
VERIFY = "/accounts/phone/verify/"


class SilentProvider(Backend):
    """A provider that takes nothing today."""

    def send(self, message):
        raise SMSNotSent("daily limit")


def from_address(number: int) -> Client:
    return Client(REMOTE_ADDR=f"203.0.113.{number}")


class TestAllowance:  # ACC-5, field case 39
    def test_a_second_code_within_a_minute_is_refused_beside_the_field(self, visitor, member, sms_outbox):
        visitor.post(REQUEST, {"phone": "18800000001"})

        answer = from_address(2).post(REQUEST, {"phone": "18800000001"})

        assert answer.status_code == 200
        assert "太频繁" in answer.context["form"].errors["phone"][0]
        assert len(sms_outbox) == 1

    def test_one_allowance_serves_every_way_to_a_code(self, member, sms_outbox):
        from_address(1).post(REQUEST, {"phone": "18800000001"})

        answer = from_address(2).post("/accounts/signup/", SIGNUP)

        assert answer.context["form"].has_error("phone")
        assert len(sms_outbox) == 1

    @pytest.mark.parametrize("phone", ["18800000001", "18800000002"])
    def test_sending_again_draws_on_it_known_number_or_not(self, visitor, member, sms_outbox, phone):
        visitor.post(REQUEST, {"phone": phone})

        answer = visitor.post(CONFIRM, {"action": "resend"}, follow=True)

        assert "太频繁" in answer.content.decode()
        assert len(sms_outbox) == 1

    @pytest.mark.parametrize("phone", ["18800000001", "18800000002"])
    def test_sending_again_after_registration_draws_on_it_too(self, visitor, member, sms_outbox, phone):
        visitor.post("/accounts/signup/", {**SIGNUP, "phone": phone})

        answer = visitor.post(VERIFY, {"action": "resend"}, follow=True)

        assert "太频繁" in answer.content.decode()
        assert len(sms_outbox) == 1

    def test_a_refused_sending_does_not_void_the_code_that_is_on_its_way(self, visitor, member, latest_code):
        visitor.post(REQUEST, {"phone": "18800000001"})
        visitor.post(CONFIRM, {"action": "resend"})

        visitor.post(CONFIRM, {"code": latest_code()})

        assert visitor.session["_auth_user_id"] == str(member.pk)

    def test_ten_a_day_for_a_number_from_wherever(self, settings, sms_outbox):
        settings.ACCOUNT_RATE_LIMITS = {"verify_phone": "10/d/key,30/h/ip", "request_login_code": ""}

        for address in range(12):
            from_address(address).post(REQUEST, {"phone": "18800000001"})

        assert len(sms_outbox) == 10

    def test_thirty_an_hour_for_an_address_whatever_the_numbers(self, sms_outbox):
        for number in range(33):
            from_address(1).post(REQUEST, {"phone": f"188000001{number:02d}"})

        assert len(sms_outbox) == 30

    def test_a_made_up_forwarding_header_is_not_another_address(self, sms_outbox):
        for number in range(33):
            Client(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}").post(REQUEST, {"phone": f"188000001{number:02d}"})

        assert len(sms_outbox) == 30

    def test_looking_whether_one_is_left_uses_nothing_up(self):
        request = RequestFactory().post("/")

        assert allowance.is_left(request, PHONE)
        assert allowance.take(request, PHONE)
        assert not allowance.is_left(request, PHONE)
        assert not allowance.take(request, PHONE)

    def test_where_nobody_catches_the_limit_the_answer_is_a_page_not_a_server_error(self, visitor, sms_outbox):
        User.objects.create_user(PHONE, PASSWORD)
        from_address(1).post(REQUEST, {"phone": "18800000001"})

        answer = from_address(2).post("/accounts/login/", {"login": "18800000001", "password": PASSWORD})

        assert answer.status_code == 429
        assert "操作太频繁" in answer.content.decode()
        assert len(sms_outbox) == 1


class TestProvider:  # field case 39
    def test_a_provider_that_refuses_is_a_message_and_the_page_is_the_same(self, visitor, member, settings):
        settings.SMS_BACKEND = f"{__name__}.SilentProvider"

        for phone in ("18800000001", "18800000002"):
            answer = visitor.post(REQUEST, {"phone": phone}, follow=True)

            assert answer.redirect_chain[-1][0] == CONFIRM
            assert "短信可能没有发出" in answer.content.decode()
            visitor.post("/accounts/logout/", {"next": REQUEST})


class TestFailedLogins:  # ACC-2
    def fail(self, address: int, phone: str = "18800000001", times: int = 5):
        for _try in range(times):
            answer = from_address(address).post("/accounts/login/", {"login": phone, "password": "Wrong-2026"})
        return answer

    def succeed(self, address: int, phone: str = "18800000001"):
        return from_address(address).post("/accounts/login/", {"login": phone, "password": PASSWORD})

    def test_after_five_the_sixth_is_not_even_looked_at(self, member):
        self.fail(1)

        answer = self.succeed(1)

        assert answer.status_code == 200
        assert "输错的次数太多" in answer.content.decode()

    def test_a_strangers_tries_do_not_lock_the_person_out(self, member):
        self.fail(1)

        assert self.succeed(2).status_code == 302

    def test_one_persons_failures_are_not_anothers(self, member):
        User.objects.create_user("+8618800000002", PASSWORD, phone_verified=True)
        self.fail(1, phone="18800000001")

        assert self.succeed(1, phone="18800000002").status_code == 302

    def test_many_numbers_from_one_address_are_stopped_too(self, member):
        for number in range(12):
            answer = self.fail(1, phone=f"188000001{number:02d}", times=1)

        assert "输错的次数太多" in answer.content.decode()

    def test_the_count_is_in_the_shared_cache(self, member):
        self.fail(1)
        cache.clear()

        assert self.succeed(1).status_code == 302


class TestCeiling:  # ACC-5, field case 39
    @pytest.fixture(autouse=True)
    def five_a_day(self, settings):
        settings.SMS_CODES_A_DAY = 5

    def ask(self, count: int):
        for number in range(count):
            answer = Client().post(REQUEST, {"phone": f"188000002{number:02d}"}, follow=True)
        return answer

    def test_beyond_it_the_whole_site_sends_no_more_and_says_what_to_do(self, sms_outbox):
        answer = self.ask(7)

        assert len(sms_outbox) == 5
        assert "今天发出的短信太多" in answer.content.decode()

    def test_the_log_warns_before_and_raises_one_alarm_at_it(self, caplog):
        self.ask(8)

        said = [record.levelname for record in caplog.records if record.name == allowance.__name__]
        assert said == ["WARNING", "CRITICAL"]

    def test_a_stranger_learns_nothing_by_it(self, member):
        self.ask(6)

        answers = [Client().post(REQUEST, {"phone": phone}, follow=True) for phone in ("18800000001", "18800000002")]
        assert [answer.redirect_chain for answer in answers[:1]] == [answer.redirect_chain for answer in answers[1:]]
        assert all("今天发出的短信太多" in answer.content.decode() for answer in answers)

    def test_the_next_day_begins_anew(self, sms_outbox):
        with time_machine.travel("2026-11-25T23:50:00+08:00", tick=False) as clock:
            self.ask(6)
            clock.shift(20 * 60)
            self.ask(1)

        assert len(sms_outbox) == 6

    def test_none_means_as_many_as_are_asked_for(self, settings, sms_outbox):
        settings.SMS_CODES_A_DAY = 0
        self.ask(9)

        assert len(sms_outbox) == 9


class TestRefusal:  # ACC-5
    def refusal_of(self, answer) -> str:
        return answer.context["form"].errors["phone"][0]

    def test_within_the_minute_it_says_so(self, visitor):
        visitor.post(REQUEST, {"phone": "18800000001"})

        assert "每分钟只能发送一次" in self.refusal_of(Client().post(REQUEST, {"phone": "18800000001"}))

    def test_after_ten_a_day_it_says_tomorrow(self):
        with time_machine.travel("2026-11-25T08:00:00+08:00", tick=False) as clock:
            for _hour in range(10):
                from_address(1).post(REQUEST, {"phone": "18800000001"})
                clock.shift(3600)

            assert "请明天再试，或用密码登录" in self.refusal_of(from_address(1).post(REQUEST, {"phone": "18800000001"}))

    def test_where_the_address_has_had_its_share_it_says_that(self):
        for number in range(30):
            from_address(1).post(REQUEST, {"phone": f"188000001{number:02d}"})

        assert "您所在的网络" in self.refusal_of(from_address(1).post(REQUEST, {"phone": "18800000199"}))
