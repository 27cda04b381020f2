"""
Accounts whose number was never proved.

allauth stores an account before the code comes back. So a stranger may have put any number there, with a password of theirs: such
an account must give way to whoever proves the number, and vanish if nobody does.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from membership.models import User

# Longer than the sign-up that made it can still be finished (ACCOUNT_LOGIN_TIMEOUT, 15 minutes).
PATIENCE = timedelta(minutes=30)


def abandoned(at: datetime) -> QuerySet[User]:
    """Return accounts nobody can still prove or has ever entered, as of ``at``; staff and people of the society are not among them."""
    return User.objects.filter(
        phone_verified=False,
        last_login__isnull=True,
        is_staff=False,
        is_superuser=False,
        groups__isnull=True,
        member__isnull=True,
        date_joined__lt=at - PATIENCE,
    )


def release(phone: str, *, at: datetime) -> bool:
    """Free ``phone`` (E.164) for registration if an abandoned account holds it; return whether one did."""
    return any(_remove(user) for user in abandoned(at).filter(phone=phone))


def sweep(*, at: datetime) -> int:
    """Remove all abandoned accounts and return how many went."""
    return sum(_remove(user) for user in abandoned(at))


def forget_password(user: User) -> bool:
    """
    Drop the password of an account that is proved for the first time by someone who did not give it; return whether there was one.

    Its sessions end with it: Django binds them to the password.
    """
    had_password = user.has_usable_password()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return had_password


def _remove(user: User) -> bool:
    try:
        with transaction.atomic():
            user.consents.all().delete()
            user.delete()
    except ProtectedError:
        # Something of the society hangs on it after all: it stays for staff to look at.
        return False
    return True
