"""
Who is logged in, and what they may do, in as few queries as there are questions: every page asks this before anything else (Speed).

What an account is known by is asked together with the account. What a role holds, its table says (``accounts.roles``); the database is
asked for the rest: accounts in other groups, and permissions that were given by hand.
"""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, Model, OuterRef

from membership import rules
from membership.accounts import roles
from membership.models import Freeze, User


class AccountBackend(AuthenticationBackend):
    """allauth's, which alone logs in."""

    def get_user(self, user_id: object) -> User | None:
        """Return an account with its person and its settings; ``User`` says what is known of it besides."""
        totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        frozen = Freeze.objects.filter(member__user=OuterRef("pk"), ended_at__isnull=True)
        by_hand = User.user_permissions.through.objects.filter(user=OuterRef("pk"))
        known = {"has_dynamic_codes": Exists(totp), "is_frozen": Exists(frozen), "has_own_permissions": Exists(by_hand)}
        user = User.objects.select_related("member", "wagtail_userprofile").annotate(**known).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_user_permissions(self, user_obj: User, obj: Model | None = None) -> set[str]:
        """Ask only where there are any."""
        is_certain = not user_obj.is_superuser and getattr(user_obj, "has_own_permissions", None) is False
        return set() if is_certain else super().get_user_permissions(user_obj, obj)

    def get_group_permissions(self, user_obj: User, obj: Model | None = None) -> set[str]:
        """Read them from the roles' table where an account has no other group."""
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser:
            return super().get_group_permissions(user_obj, obj)
        held = roles.permissions_of(rules.groups_of(user_obj))
        return super().get_group_permissions(user_obj, obj) if held is None else held
