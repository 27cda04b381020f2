"""The staff's roles: what each may do, written out, and which pages of the administration it reaches (ACC-6, REV-8)."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from membership import rules
from membership.accounts import roles
from membership.models import User
from tests.factories.browser import client_of
from tests.factories.people import staff

pytestmark = pytest.mark.django_db

# Written out on purpose: whoever gives a role more has to say so here too.
PERMISSIONS = {
    "association_reviewer": {"wagtailadmin.access_admin"},
    "institution_reviewer": {"wagtailadmin.access_admin"},
    "administrator": {
        "wagtailadmin.access_admin",
        "guide_pages.change_sitesettings", "membership.change_readonlymode",
        "membership.add_institution", "membership.change_institution", "membership.view_institution",
        "membership.add_workunit", "membership.change_workunit", "membership.view_workunit",
        "membership.add_title", "membership.change_title", "membership.view_title",
        "membership.add_qualificationkind", "membership.change_qualificationkind", "membership.view_qualificationkind",
        "membership.add_reviewreason", "membership.change_reviewreason", "membership.view_reviewreason",
        "membership.add_fieldofinterest", "membership.change_fieldofinterest", "membership.view_fieldofinterest",
        "membership.add_calendarday", "membership.change_calendarday", "membership.view_calendarday",
        "membership.change_ethnicgroup", "membership.view_ethnicgroup",
        "membership.change_politicalaffiliation", "membership.view_politicalaffiliation",
        "membership.change_educationlevel", "membership.view_educationlevel",
        "membership.change_changecategory", "membership.view_changecategory",
        "membership.change_societysettings", "membership.view_societysettings",
        "membership.change_messagetemplate", "membership.view_messagetemplate",
    },
    "editor": {
        "wagtailadmin.access_admin", "guide_pages.change_sitesettings",
        "wagtailredirects.add_redirect", "wagtailredirects.change_redirect", "wagtailredirects.delete_redirect",
    },
    "support": {
        "wagtailadmin.access_admin",
        "membership.add_workunit", "membership.change_workunit", "membership.view_workunit",
        "membership.view_messagetemplate",
    },
}  # fmt: skip
PAGES = {"editor": {"add_page", "change_page", "publish_page", "lock_page", "unlock_page"}, "administrator": {"change_page"}}
MEDIA = {"editor": {"add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document"}}

ASSOCIATION, INSTITUTION, ADMINISTRATOR, EDITOR, SUPPORT = (
    "association_reviewer", "institution_reviewer", "administrator", "editor", "support",
)  # fmt: skip
EVERYBODY = {ASSOCIATION, INSTITUTION, ADMINISTRATOR, EDITOR, SUPPORT}
# Page of the administration → the roles that reach it.
REACHED_BY = {
    "/admin/": EVERYBODY,
    "/admin/account/": EVERYBODY,
    "/admin/review/enrolments/": {ASSOCIATION},
    "/admin/review/rows/": {ASSOCIATION, INSTITUTION},
    "/admin/feedback/": {ADMINISTRATOR, SUPPORT},
    "/admin/seats/": {ADMINISTRATOR},
    "/admin/unit-requests/": {ADMINISTRATOR, SUPPORT},
    "/admin/snippets/membership/institution/": {ADMINISTRATOR},
    "/admin/snippets/membership/institution/add/": {ADMINISTRATOR},
    "/admin/snippets/membership/workunit/add/": {ADMINISTRATOR, SUPPORT},
    "/admin/snippets/membership/reviewreason/": {ADMINISTRATOR},
    "/admin/snippets/membership/ethnicgroup/": {ADMINISTRATOR},
    "/admin/snippets/membership/ethnicgroup/add/": set(),  # a standard's rows
    "/admin/snippets/membership/societysettings/": {ADMINISTRATOR},
    "/admin/snippets/membership/messagetemplate/": {ADMINISTRATOR, SUPPORT},
    "/admin/snippets/membership/messagetemplate/row-refused/": {ADMINISTRATOR, SUPPORT},
    "/admin/snippets/membership/messagetemplate/row-refused/restore/": {ADMINISTRATOR},
    "/admin/message-log/": {ADMINISTRATOR, SUPPORT},
    "/admin/settings/guide_pages/sitesettings/": {ADMINISTRATOR, EDITOR},
    "/admin/settings/membership/readonlymode/1/": {ADMINISTRATOR},
    "/admin/pages/": {ADMINISTRATOR, EDITOR},
    "/admin/images/": {EDITOR},
    "/admin/documents/": {EDITOR},
    "/admin/redirects/": {EDITOR},
    "/admin/users/": set(),
    "/admin/users/new/": set(),
    "/admin/groups/": set(),
    "/admin/sites/": set(),
    "/admin/collections/": set(),
}


def permissions_of(role: str) -> set[str]:
    held = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in held}


class TestEnsureGroups:  # ACC-6
    def test_every_role_is_a_group_named_by_its_code_and_has_a_name_for_people(self):
        groups = roles.ensure_groups()

        assert {group.name for group in groups} == set(PERMISSIONS) == set(rules.ROLES)

    @pytest.mark.parametrize("role", PERMISSIONS)
    def test_a_role_holds_exactly_its_permissions(self, role):
        roles.ensure_groups()

        assert permissions_of(role) == PERMISSIONS[role]

    @pytest.mark.parametrize("role", PERMISSIONS)
    def test_a_role_holds_exactly_its_pages_and_media(self, role):
        roles.ensure_groups()
        group = Group.objects.get(name=role)
        root, everything = Site.objects.get().root_page, Collection.get_first_root_node()

        pages = set(group.page_permissions.values_list("permission__codename", "page"))
        media = set(group.collection_permissions.values_list("permission__codename", "collection"))

        assert pages == {(codename, root.pk) for codename in PAGES.get(role, ())}
        assert media == {(codename, everything.pk) for codename in MEDIA.get(role, ())}

    def test_the_command_says_what_it_made_and_running_it_again_changes_nothing(self):
        out = StringIO()
        call_command("ensure_groups", stdout=out)
        before = self.everything_held()

        call_command("ensure_groups", stdout=StringIO())

        assert out.getvalue().startswith("5 roles: ")
        assert self.everything_held() == before

    def test_what_was_given_by_hand_is_taken_back(self):
        roles.ensure_groups()
        reviewer, editor = Group.objects.get(name="association_reviewer"), Group.objects.get(name="editor")
        reviewer.permissions.add(Permission.objects.get(codename="change_user"))
        editor.permissions.clear()
        page_permission = Permission.objects.get(content_type__app_label="wagtailcore", codename="publish_page")
        GroupPagePermission.objects.create(group=reviewer, page=Page.get_first_root_node(), permission=page_permission)

        call_command("ensure_groups", stdout=StringIO())

        assert permissions_of("association_reviewer") == PERMISSIONS["association_reviewer"]
        assert permissions_of("editor") == PERMISSIONS["editor"]
        assert not reviewer.page_permissions.exists()

    def test_accounts_keep_their_roles(self):
        roles.ensure_groups()
        reviewer = staff("association_reviewer")

        roles.ensure_groups()

        assert rules.roles_of(User.objects.get(pk=reviewer.pk)) == {"association_reviewer"}

    def test_a_permission_nobody_knows_stops_it(self, monkeypatch):
        monkeypatch.setitem(roles.PERMISSIONS, rules.EDITOR, frozenset({"wagtailadmin.access_everything"}))

        with pytest.raises(CommandError, match="wagtailadmin.access_everything"):
            call_command("ensure_groups", stdout=StringIO())

    def everything_held(self) -> tuple:
        return (
            list(Group.objects.order_by("pk").values_list("pk", "name", "permissions").order_by("pk", "permissions")),
            list(GroupPagePermission.objects.order_by("pk").values_list("pk", "group", "page", "permission")),
            list(GroupCollectionPermission.objects.order_by("pk").values_list("pk", "group", "collection", "permission")),
        )


class TestTheAdministration:  # ACC-6, REV-8
    @pytest.fixture
    def people(self) -> dict[str, User]:
        roles.ensure_groups()
        return {role: staff(role) for role in PERMISSIONS}

    @pytest.mark.parametrize("page", REACHED_BY)
    def test_a_page_is_reached_by_its_roles_and_no_others(self, page, people):
        assert {role for role, user in people.items() if self.reaches(user, page)} == REACHED_BY[page]

    @pytest.mark.parametrize("page", REACHED_BY)
    def test_who_has_no_role_reaches_none(self, page, client):
        visitor = User.objects.create_user("+8618800000002", phone_verified=True)

        assert client.get(page).url.startswith("/accounts/login/")
        assert client_of(visitor).get(page).status_code == 403

    def test_who_is_staff_without_a_role_reaches_none_either(self):
        User.objects.create_user("+8618800000002", phone_verified=True, is_staff=True)

        assert client_of(User.objects.get()).get("/admin/").status_code == 403

    def reaches(self, user: User, page: str) -> bool:
        """Wagtail sends whoever may not back to its first page; the review's desks do not exist for others."""
        answer = client_of(user).get(page)
        assert answer.status_code in (200, 302, 404)
        return answer.status_code == 200 or (answer.status_code == 302 and answer.url != "/admin/")
