"""Numbers registered by somebody who never proved them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from membership.accounts import unproved
from membership.accounts.roles import ensure_groups
from membership.models import Consent, Member, User
from tests.membership.accounts.conftest import PASSWORD, PHONE

pytestmark = pytest.mark.django_db

SIGNUP = {"phone": "18800000001", "password1": PASSWORD, "password2": PASSWORD, "privacy": "on"}
STRANGERS = "Stranger-2026"
VERIFY = "/accounts/phone/verify/"


def squat() -> User:
    """A stranger registers the number with a password of theirs and leaves."""
    Client().post("/accounts/signup/", {**SIGNUP, "password1": STRANGERS, "password2": STRANGERS})
    return User.objects.get(phone=PHONE)


def age(user: User, minutes: int) -> None:
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now() - timedelta(minutes=minutes))


class TestSquatting:  # ACC-1, ACC-2
    def test_who_proves_the_number_by_code_leaves_the_strangers_password_behind(self, visitor, latest_code):
        squat()
        visitor.post("/accounts/login/code/", {"phone": "18800000001"})

        answer = visitor.post("/accounts/login/code/confirm/", {"code": latest_code()}, follow=True)

        owner = User.objects.get(phone=PHONE)
        assert owner.phone_verified
        assert not owner.has_usable_password()
        assert "请重新设置登录密码" in answer.content.decode()
        assert Client().post("/accounts/login/", {"login": "18800000001", "password": STRANGERS}).status_code == 200

    def test_the_owner_who_registers_meanwhile_is_told_the_way(self, visitor, sms_outbox):
        squat()

        visitor.post("/accounts/signup/", SIGNUP)

        assert sms_outbox[-1].template == "account_already_registered"
        assert not User.objects.get().check_password(PASSWORD)

    def test_once_the_strangers_attempt_is_over_the_owner_registers_as_if_nothing_had_been(self, visitor, latest_code):
        age(squat(), minutes=31)

        visitor.post("/accounts/signup/", SIGNUP)
        visitor.post(VERIFY, {"code": latest_code()})

        owner = User.objects.get()
        assert owner.check_password(PASSWORD)
        assert owner.phone_verified
        assert Consent.objects.get().user == owner

    def test_who_proved_the_number_keeps_the_password_when_logging_in_by_code(self, visitor, member, latest_code):
        visitor.post("/accounts/login/code/", {"phone": "18800000001"})
        visitor.post("/accounts/login/code/confirm/", {"code": latest_code()})

        member.refresh_from_db()
        assert member.check_password(PASSWORD)


class TestSweep:
    def test_abandoned_accounts_vanish_with_their_consents(self):
        age(squat(), minutes=31)

        assert unproved.sweep(at=timezone.now()) == 1

        assert not User.objects.exists()
        assert not Consent.objects.exists()

    def test_a_registration_under_way_stays(self):
        squat()

        assert unproved.sweep(at=timezone.now()) == 0
        assert not unproved.release(PHONE, at=timezone.now())

    def test_proved_numbers_staff_and_people_of_the_society_stay(self):
        ensure_groups()
        proved = User.objects.create_user("+8618800000002", phone_verified=True)
        staff = User.objects.create_user("+8618800000003", is_staff=True)
        reviewer = User.objects.create_user("+8618800000004")
        reviewer.groups.set([1])
        person = User.objects.create_user("+8618800000005")
        Member.objects.create(user=person)
        for user in (proved, staff, reviewer, person):
            age(user, minutes=31)

        assert unproved.sweep(at=timezone.now()) == 0

    def test_an_account_something_hangs_on_stays_for_staff_to_look_at(self):
        user = squat()
        user.feedback.create(category="other", text="收不到短信", sent_at=timezone.now())
        age(user, minutes=31)

        assert unproved.sweep(at=timezone.now()) == 0
        assert Consent.objects.filter(user=user).exists()

    def test_the_sweep_clears_abandoned_accounts_away(self):
        age(squat(), minutes=60)

        call_command("sweep", stdout=StringIO())

        assert not User.objects.exists()
