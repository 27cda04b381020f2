"""Where an account is logged in: seen, ended, moved to a new key (ACC-3, ACC-6)."""

import re

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.test import Client

from membership.models import User
from tests.membership.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

DEVICES = "/accounts/devices/"
IPHONE_WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49"
)
WINDOWS_EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0"
)


def on_device(user_agent: str, phone: str = "18800000001") -> Client:
    client = Client(HTTP_USER_AGENT=user_agent)
    client.post("/accounts/login/", {"login": phone, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/member/").status_code == 200


@pytest.fixture
def phone_in_hand(member) -> Client:
    return on_device(IPHONE_WECHAT)


@pytest.fixture
def office(member) -> Client:
    return on_device(WINDOWS_EDGE)


class TestDevices:  # ACC-3
    def test_they_are_listed_by_names_people_know_and_the_one_in_hand_is_marked(self, office, phone_in_hand):
        page = phone_in_hand.get(DEVICES).content.decode()

        assert re.findall(r"<h3>([^<]+)</h3>", page) == ["iPhone · 微信", "Windows 电脑 · Edge"]
        assert page.index("本机") < page.index("Windows 电脑")

    def test_one_is_ended_after_a_question(self, office, phone_in_hand):
        address = re.search(r"/accounts/devices/\d+/end/", phone_in_hand.get(DEVICES).content.decode())[0]

        assert "退出「Windows 电脑 · Edge」？" in phone_in_hand.get(address).content.decode()
        assert is_in(office)
        phone_in_hand.post(address)

        assert (is_in(office), is_in(phone_in_hand)) == (False, True)

    def test_all_others_are_ended_at_once(self, member, office, phone_in_hand):
        tablet = on_device("Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) AppleWebKit/605.1.15 Version/16.5 Mobile/15E148 Safari/604.1")

        phone_in_hand.post(f"{DEVICES}others/end/")

        assert [is_in(client) for client in (office, tablet, phone_in_hand)] == [False, False, True]

    def test_logging_out_everywhere_includes_this_one(self, office, phone_in_hand):
        answer = phone_in_hand.post(f"{DEVICES}all/end/", follow=True)

        assert "所有设备上的登录已退出" in answer.content.decode()
        assert [is_in(client) for client in (office, phone_in_hand)] == [False, False]
        assert not UserSession.objects.exists()

    def test_nobody_sees_or_ends_anothers(self, office):
        User.objects.create_user("+8618800000002", PASSWORD, phone_verified=True)
        stranger = on_device(IPHONE_WECHAT, phone="18800000002")
        other = UserSession.objects.get(user__phone="+8618800000001")

        assert "Edge" not in stranger.get(DEVICES).content.decode()
        for answer in (stranger.get(f"{DEVICES}{other.pk}/end/"), stranger.post(f"{DEVICES}{other.pk}/end/")):
            assert answer.status_code == 404
        assert is_in(office)

    def test_a_get_ends_nothing(self, office, phone_in_hand):
        for which in ("others", "all"):
            phone_in_hand.get(f"{DEVICES}{which}/end/")

        assert is_in(office)
        assert is_in(phone_in_hand)

    def test_one_alone_offers_no_others(self, phone_in_hand):
        assert "退出其他设备" not in phone_in_hand.get(DEVICES).content.decode()


class TestLastSeen:
    def test_it_is_renewed_after_ten_minutes_and_not_at_each_request(self, member):
        with time_machine.travel("2026-11-25T09:00:00+08:00", tick=False) as clock:
            client = on_device(WINDOWS_EDGE)
            begun = UserSession.objects.get().last_seen_at
            client.get(DEVICES)
            clock.shift(9 * 60)
            client.get(DEVICES)
            assert UserSession.objects.get().last_seen_at == begun
            clock.shift(2 * 60)
            client.get(DEVICES)
            assert (UserSession.objects.get().last_seen_at - begun).seconds == 11 * 60


class TestPrivileges:  # ACC-6
    @pytest.mark.parametrize(
        "change",
        [
            lambda user, group, permission: user.groups.add(group),
            lambda user, group, permission: group.user_set.add(user),
            lambda user, group, permission: user.user_permissions.add(permission),
            lambda user, group, permission: User.objects.get(pk=user.pk).groups.set([group]),
        ],
    )
    def test_a_new_role_ends_the_sessions_begun_without_it(self, member, office, change):
        change(member, Group.objects.create(name="x"), Permission.objects.first())

        assert not is_in(office)

    @pytest.mark.parametrize("take_away", [lambda user: user.groups.clear(), lambda user: user.groups.first().user_set.remove(user)])
    def test_a_role_taken_away_ends_them_too(self, member, take_away):
        member.groups.add(Group.objects.create(name="x"))
        client = on_device(WINDOWS_EDGE)

        take_away(member)

        assert not is_in(client)

    @pytest.mark.parametrize("name", ["is_staff", "is_superuser"])
    def test_so_do_the_marks_of_the_staff(self, member, office, name):
        setattr(member, name, True)
        member.save()

        assert not is_in(office)

    def test_what_gives_no_power_ends_nothing(self, member, office):
        member.last_name = "顾"
        member.save()
        member.groups.set([])

        assert is_in(office)

    def test_the_others_of_the_role_go_on(self, member, office):
        group = Group.objects.create(name="x")

        group.user_set.add(User.objects.create_user("+8618800000002"))

        assert is_in(office)


class TestPassword:  # ACC-3
    def test_a_changed_password_ends_the_others_and_this_one_has_a_new_key(self, office, phone_in_hand):
        before = phone_in_hand.session.session_key
        new = "Jinmen-2027-bridge"

        phone_in_hand.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

        assert (is_in(office), is_in(phone_in_hand)) == (False, True)
        assert phone_in_hand.session.session_key != before
        assert re.findall(r"<h3>([^<]+)</h3>", phone_in_hand.get(DEVICES).content.decode()) == ["iPhone · 微信"]


class TestOverview:  # ACC-3
    def test_it_leads_to_all_that_opens_the_account(self, phone_in_hand):
        page = phone_in_hand.get("/accounts/").content.decode()

        for address in ("/accounts/phone/change/", "/accounts/password/change/", DEVICES):
            assert f'href="{address}"' in page
        assert "188****0001" in page
        assert "18800000001" not in page.replace("188****0001", "")

    def test_without_a_password_it_offers_one(self, visitor):
        visitor.force_login(User.objects.create_user("+8618800000001", phone_verified=True))

        assert 'href="/accounts/password/set/"' in visitor.get("/accounts/").content.decode()
