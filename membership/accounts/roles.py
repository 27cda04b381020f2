"""
The staff's roles as Django groups.

A group bears the code of its role (``membership.rules``), never its Chinese name: what a role is called may change.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from membership import rules

ENTERS_THE_ADMIN = "wagtailadmin.access_admin"
# Role → permissions as «app_label.codename». A role holds exactly these: what is taken out of the table is taken away.
PERMISSIONS: dict[str, frozenset[str]] = {role: frozenset({ENTERS_THE_ADMIN}) for role in rules.ROLES}


class UnknownPermission(ValueError):
    """The table names a permission the database does not know: a misspelling, or migrations that have not run."""


@transaction.atomic
def ensure_groups() -> list[Group]:
    """
    Make the groups of all roles, each with exactly the permissions of ``PERMISSIONS``. May run again at any time (ACC-6).

    :raises UnknownPermission: a permission is missing in the database.
    """
    return [_ensure(role, names) for role, names in PERMISSIONS.items()]


def _ensure(role: str, names: frozenset[str]) -> Group:
    group, _created = Group.objects.get_or_create(name=role)
    group.permissions.set([_permission(name) for name in sorted(names)])
    return group


def _permission(name: str) -> Permission:
    app_label, codename = name.split(".")
    try:
        return Permission.objects.get(content_type__app_label=app_label, codename=codename)
    except Permission.DoesNotExist as missing:
        raise UnknownPermission(f"权限 {name} 不存在，请先运行 migrate") from missing
