"""Who is logged in and what they may do: the same as Django would say, in fewer questions (ACC-6, Speed)."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from membership import rules
from membership.accounts import roles
from membership.accounts.backend import AccountBackend
from membership.models import User
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, freeze, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def groups():
    roles.ensure_groups()


def known(user: User) -> User:
    """Return an account as a request has it."""
    return AccountBackend().get_user(user.pk)


def permission(name: str) -> Permission:
    app_label, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


class TestPermissions:
    @pytest.mark.parametrize("role", rules.ROLES)
    def test_a_role_holds_what_the_database_says_too(self, role):
        person = staff(role)
        held = Permission.objects.filter(group__user=person).values_list("content_type__app_label", "codename")

        assert known(person).get_all_permissions() == {".".join(names) for names in held} == roles.PERMISSIONS[role]

    def test_several_roles_add_up(self):
        person = staff(rules.EDITOR)
        person.groups.add(Group.objects.get(name=rules.SUPPORT))

        assert known(person).get_all_permissions() == roles.PERMISSIONS[rules.EDITOR] | roles.PERMISSIONS[rules.SUPPORT]

    def test_another_group_counts_as_the_database_has_it(self):
        person = staff(rules.SUPPORT)
        group = Group.objects.create(name="auditors")
        group.permissions.add(permission("membership.view_institution"))
        person.groups.add(group)

        assert known(person).has_perm("membership.view_institution") and known(person).has_perm("membership.add_workunit")

    def test_one_given_by_hand_counts(self):
        person = UserFactory()
        assert not known(person).get_all_permissions()
        person.user_permissions.add(permission("membership.view_institution"))

        assert known(person).get_all_permissions() == {"membership.view_institution"}

    def test_a_superuser_may_all_a_closed_account_nothing(self):
        superuser, closed = User.objects.create_superuser("+8618811110000"), staff(rules.EDITOR)
        User.objects.filter(pk=closed.pk).update(is_active=False)

        assert known(superuser).has_perm("membership.view_institution")
        assert known(closed) is None

    def test_nobody_is_nobody(self):
        assert AccountBackend().get_user(999_999) is None


class TestWhatIsKnown:
    def test_a_frozen_person_has_no_role_from_the_next_request_on(self, at):
        person = staff(rules.ASSOCIATION_REVIEWER)
        member = stories.draft(at=at, user=person).member
        assert rules.roles_of(known(person)) == {rules.ASSOCIATION_REVIEWER}

        freeze(member, at=at, by=staff(rules.ASSOCIATION_REVIEWER))

        assert not rules.roles_of(known(person))

    def test_the_person_comes_along_and_so_does_that_there_is_none(self, at):
        applicant, nobody = stories.draft(at=at).member.user, UserFactory()
        with CaptureQueriesContext(connection) as asked:
            assert known(applicant).member.user_id == applicant.pk
            assert not hasattr(known(nobody), "member")

        assert len(asked) == 2


class TestPrice:
    def test_a_page_of_the_staff_asks_twice_who_it_is_for(self):
        browser = client_of(staff(rules.ASSOCIATION_REVIEWER))
        browser.get("/admin/review/enrolments/")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/admin/review/enrolments/")

        about_the_reviewer = [query for query in asked if "auth_" in query["sql"] or "wagtailcore_group" in query["sql"]]
        assert len(about_the_reviewer) == 1
        assert len(asked) <= 8

    def test_who_edits_pages_is_asked_for_by_wagtail(self):
        assert client_of(staff(rules.EDITOR)).get("/admin/pages/", follow=True).status_code == 200
