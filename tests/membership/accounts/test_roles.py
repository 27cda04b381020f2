"""The staff's roles."""

import pytest
from django.contrib.auth.models import Group, Permission

from membership import rules
from membership.accounts import roles
from membership.models import User

pytestmark = pytest.mark.django_db


class TestEnsureGroups:  # ACC-6
    def test_every_role_is_a_group_named_by_its_code(self):
        groups = roles.ensure_groups()

        assert {group.name for group in groups} == set(rules.ROLES)

    def test_running_again_changes_nothing(self):
        roles.ensure_groups()
        before = list(Group.objects.order_by("pk").values_list("pk", "name"))

        roles.ensure_groups()

        assert list(Group.objects.order_by("pk").values_list("pk", "name")) == before

    @pytest.mark.parametrize("role", sorted(rules.ROLES))
    def test_a_role_holds_exactly_its_permissions(self, role):
        roles.ensure_groups()

        permissions = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")

        assert {f"{app}.{codename}" for app, codename in permissions} == roles.PERMISSIONS[role]

    def test_what_was_given_by_hand_is_taken_back(self):
        roles.ensure_groups()
        group = Group.objects.get(name=rules.EDITOR)
        group.permissions.add(Permission.objects.exclude(codename="access_admin").first())

        roles.ensure_groups()

        assert set(group.permissions.values_list("codename", flat=True)) == {name.split(".")[1] for name in roles.PERMISSIONS[rules.EDITOR]}

    def test_who_has_a_role_enters_the_admin_and_nobody_else(self, client):
        roles.ensure_groups()
        reviewer = User.objects.create_user("+8618800000001", phone_verified=True)
        reviewer.groups.add(Group.objects.get(name=rules.ASSOCIATION_REVIEWER))
        visitor = User.objects.create_user("+8618800000002", phone_verified=True)

        client.force_login(reviewer)
        assert client.get("/admin/").status_code == 200

        client.force_login(visitor)
        assert client.get("/admin/").status_code == 302

    def test_a_permission_nobody_knows_stops_it(self, monkeypatch):
        monkeypatch.setitem(roles.PERMISSIONS, rules.EDITOR, frozenset({"wagtailadmin.access_everything"}))

        with pytest.raises(roles.UnknownPermission):
            roles.ensure_groups()
