"""
Who reaches the review screens: roles alone, never Django's model permissions (REV-4, D-5, S-6).

ModelAdmin's own helper lets anybody with any permission on the model list, and its object views load whatever id they are given. Here no
model permission is offered to any group, and nothing can be created, edited or deleted; which cases a reviewer may open is answered by
``domain.queues``.
"""

from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet
from wagtail_modeladmin.helpers import PermissionHelper

from membership import rules
from membership.domain import queues
from membership.models import User


class CasePermissions(PermissionHelper):
    """Refuses everything; a subclass names the roles that may list."""

    roles: tuple[str, ...] = ()

    def get_all_model_permissions(self) -> QuerySet[Permission]:  # ModelAdmin's name
        """No permission on a case is given to groups by hand."""
        return Permission.objects.none()

    @classmethod
    def roles_include(cls, user: User) -> bool:
        """Whether an account has one of the roles now."""
        return rules.has_role(user, *cls.roles)

    def user_can_list(self, user: User) -> bool:
        return self.roles_include(user)

    def user_can_create(self, user: User) -> bool:
        return False

    def user_can_inspect_obj(self, user: User, obj: Model) -> bool:
        return False

    def user_can_edit_obj(self, user: User, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: User, obj: Model) -> bool:
        return False


class FilePermissions(CasePermissions):
    """入会审核 is the association's; where none of its reviewers is left for a case, the administrators' (S-7)."""

    roles = (rules.ASSOCIATION_REVIEWER,)

    def user_can_list(self, user: User) -> bool:
        return super().user_can_list(user) or queues.association_is_missing(user)


class RowPermissions(CasePermissions):
    """机构审核 is the institutions', and the association's where they have nobody or are long overdue (K-6, K-7)."""

    roles = (rules.INSTITUTION_REVIEWER, rules.ASSOCIATION_REVIEWER)

    def user_can_list(self, user: User) -> bool:
        return super().user_can_list(user) or queues.association_is_missing(user)
