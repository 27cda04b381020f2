"""
The staff's roles as Django groups, each with what its screens need.

A group bears the code of its role (``membership.rules``), never its Chinese name: what a role is called may change. The review's screens
ask for the role itself (``membership.review.permissions``); no permission in these tables opens or closes them.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, GroupSitePermission, Page, Site

from membership import rules
from membership.models import User

ENTERS_THE_ADMIN = "wagtailadmin.access_admin"
# Entries are added and edited; nobody deletes them (I-2, I-7).
KEPT = ("institution", "workunit", "title", "qualificationkind", "reviewreason", "fieldofinterest", "calendarday")
# Entries of standards, one row for each case: edited alone (``membership.review.snippets``).
FIXED = ("ethnicgroup", "politicalaffiliation", "educationlevel", "changecategory", "societysettings", "messagetemplate")


def _of(app_label: str, models: Iterable[str], *actions: str) -> frozenset[str]:
    return frozenset(f"{app_label}.{action}_{model}" for model in models for action in actions)


# Role → permissions as «app_label.codename». A role holds exactly these: what is taken out of the table is taken away.
PERMISSIONS: dict[str, frozenset[str]] = {
    rules.ASSOCIATION_REVIEWER: frozenset({ENTERS_THE_ADMIN}),
    rules.INSTITUTION_REVIEWER: frozenset({ENTERS_THE_ADMIN}),
    rules.ADMINISTRATOR: frozenset({ENTERS_THE_ADMIN, "guide_pages.change_sitesettings", "membership.change_readonlymode"})
    | _of("membership", KEPT, "add", "change", "view")
    | _of("membership", FIXED, "change", "view"),
    rules.EDITOR: frozenset({ENTERS_THE_ADMIN, "guide_pages.change_sitesettings"})
    | _of("wagtailredirects", ("redirect",), "add", "change", "delete"),
    rules.SUPPORT: frozenset({ENTERS_THE_ADMIN})
    | _of("membership", ("workunit",), "add", "change", "view")
    | _of("membership", ("messagetemplate",), "view"),
}
# Role → what it does with the pages of the site, and with images and documents, all of them.
PAGES: dict[str, frozenset[str]] = {
    # Administrators read what editors submit, and correct it: without this Wagtail shows them neither what changed nor the history.
    rules.ADMINISTRATOR: _of("wagtailcore", ("page",), "change"),
    rules.EDITOR: _of("wagtailcore", ("page",), "add", "change", "publish", "lock", "unlock"),
}
MEDIA: dict[str, frozenset[str]] = {
    rules.EDITOR: _of("wagtailimages", ("image",), "add", "change", "choose")
    | _of("wagtaildocs", ("document",), "add", "change", "choose"),
}


class UnknownPermission(ValueError):
    """The table names a permission the database does not know: a misspelling, or migrations that have not run."""


def permissions_of(groups: frozenset[str]) -> set[str] | None:
    """Return what these groups hold together, as the tables say; None where one of them is no role."""
    return set().union(*(PERMISSIONS[name] for name in groups)) if groups <= PERMISSIONS.keys() else None


def close_rooms(user: User) -> None:
    """Tell Wagtail on the account of a request which of pages, media and sites none of its roles works with, so that it does not ask."""
    groups = rules.groups_of(user)
    if user.is_superuser or not groups <= PERMISSIONS.keys():
        return
    user._site_permission_cache = GroupSitePermission.objects.none()
    if not groups & PAGES.keys():
        user._page_permission_cache = GroupPagePermission.objects.none()
    if not groups & MEDIA.keys():
        user._collection_permission_cache = GroupCollectionPermission.objects.none()


@transaction.atomic
def ensure_groups() -> list[Group]:
    """
    Make the groups of all roles, each with exactly what the tables say. May run again at any time, and should after the site's root page
    was exchanged, which takes the editors' permission on it along (ACC-6).

    :raises UnknownPermission: a permission is missing in the database.
    """
    return [_ensure(role) for role in PERMISSIONS]


def _ensure(role: str) -> Group:
    group, _created = Group.objects.get_or_create(name=role)
    group.permissions.set(_permissions(PERMISSIONS[role]))
    _hold(group.page_permissions, GroupPagePermission, "page", _site_root(), PAGES.get(role, frozenset()))
    _hold(
        group.collection_permissions,
        GroupCollectionPermission,
        "collection",
        Collection.get_first_root_node(),
        MEDIA.get(role, frozenset()),
    )
    return group


def _hold(held, model, where: str, root, names: frozenset[str]) -> None:
    """Let the group hold these permissions on this root and no others anywhere."""
    wanted = {permission.pk: permission for permission in _permissions(names)}
    held.exclude(**{where: root, "permission__in": wanted}).delete()
    present = set(held.values_list("permission", flat=True))
    for pk, permission in wanted.items():
        if pk not in present:
            model.objects.create(group=held.instance, permission=permission, **{where: root})


def _site_root() -> Page:
    """Return the root page of the site, or the root of the tree where there is no site yet."""
    site = Site.objects.select_related("root_page").order_by("-is_default_site", "pk").first()
    return site.root_page if site else Page.get_first_root_node()


def _permissions(names: frozenset[str]) -> list[Permission]:
    labels = {name.split(".")[0] for name in names}
    found = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(content_type__app_label__in=labels).select_related("content_type")
    }
    missing = sorted(names - found.keys())
    if missing:
        raise UnknownPermission(f"权限 {missing[0]} 不存在，请先运行 migrate")
    return [found[name] for name in sorted(names)]
