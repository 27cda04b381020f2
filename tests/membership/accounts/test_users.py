"""Accounts in the Wagtail admin."""

import pytest
from django.apps import apps
from django.test import Client

from membership.accounts.roles import ensure_groups
from membership.models import User
from tests.membership.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("+8618800000009", PASSWORD, last_name="霍", first_name="敏"))
    return client


class TestAccountsInTheAdmin:  # ACC-6
    def test_it_is_wagtails_app_under_wagtails_label(self):
        config = apps.get_app_config("wagtailusers")

        assert config.name == "wagtail.users"
        assert config.user_viewset == "membership.accounts.users.AccountViewSet"

    def test_a_number_and_a_password_make_an_account(self, office):
        group = ensure_groups()[0]

        answer = office.post(
            "/admin/users/new/", {"phone": "194 0000 0001", "password1": PASSWORD, "password2": PASSWORD, "groups": [group.pk]}
        )

        assert answer.status_code == 302
        user = User.objects.get(phone="+8619400000001")
        assert user.check_password(PASSWORD)
        assert not user.phone_verified
        assert list(user.groups.all()) == [group]

    def test_a_number_has_one_account_however_it_is_written(self, office):
        User.objects.create_user("+8618800000001")

        answer = office.post("/admin/users/new/", {"phone": "+86 188 0000 0001", "password1": PASSWORD, "password2": PASSWORD})

        assert answer.status_code == 200
        assert User.objects.filter(phone="+8618800000001").count() == 1

    def test_numbers_from_elsewhere_are_typed_with_their_prefix(self, office):
        office.post("/admin/users/new/", {"phone": "+65 9123 4567", "password1": PASSWORD, "password2": PASSWORD})

        assert User.objects.filter(phone="+6591234567").exists()

    def test_an_account_no_library_holds_for_valid_can_be_changed(self, office):  # field case 09
        user = User.objects.create_user("+8614900000001")

        answer = office.post(f"/admin/users/edit/{user.pk}/", {"phone": "+8614900000001", "last_name": "王", "is_active": "on"})

        assert answer.status_code == 302
        user.refresh_from_db()
        assert (user.get_username(), user.last_name) == ("+8614900000001", "王")

    def test_accounts_without_a_number_do_not_collide(self, office):  # L-4
        for user in (User.objects.create_user("+8618800000001"), User.objects.create_user("+8618800000002")):
            answer = office.post(f"/admin/users/edit/{user.pk}/", {"phone": "", "is_active": "on"})
            assert answer.status_code == 302

        assert User.objects.filter(phone=None).count() == 2

    def test_an_account_is_found_by_its_number(self, office):
        User.objects.create_user("+8618800000001", last_name="王", first_name="芳")

        assert "王芳" in office.get("/admin/users/?q=18800000001").content.decode()
