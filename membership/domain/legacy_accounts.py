"""Former members who come for the first time: the telephone number of the old system opens an account here (LEG-1, L-1)."""

from datetime import datetime

from membership.domain import audit
from membership.models import LegacyMember, User


def open_account(phone: str, *, at: datetime) -> User | None:
    """
    Return a new account for ``phone`` (E.164), which its holder has just proved, if an old membership nobody has claimed bears it.

    The account has no password and shows nothing of the old membership: a code proves the phone, not the person (L-1). None where no
    such membership bears the number.
    """
    if not LegacyMember.objects.filter(phone=phone, member__isnull=True).exists():
        return None
    user, is_new = User.objects.get_or_create(phone=phone, defaults={"phone_verified": True})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        audit.log("account.opened_by_old_number", user, by=None, at=at)
    return user
