"""The number an account is entered by: who may change it, and the change (D-14, ACC-3)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from membership.domain import audit, members
from membership.domain.errors import DomainError
from membership.models import Member, User


class NumberTaken(DomainError):
    """Another account bears the number. Said only to who has proved it by a code."""

    field = "phone"
    message = "这个手机号已有账号，请换一个号码"


class FrozenHere(DomainError):
    """A frozen person changes the password only (Table E)."""

    message = "会员资格冻结期间不能更换手机号。请联系技术支持"


def may_change(user: User) -> bool:
    """Whether the account may bind another number: all but the frozen (Table E)."""
    member = Member.objects.filter(user=user).first()
    return member is None or not members.is_frozen(member)


@transaction.atomic
def change(user: User, *, to: str, at: datetime) -> None:
    """
    Bind the account to the number ``to`` (E.164), which a code has just proved, as one has proved the present number.

    :raises FrozenHere: the person is frozen.
    :raises NumberTaken: another account bears the number.
    """
    account = User.objects.select_for_update().get(pk=user.pk)
    if not may_change(account):
        raise FrozenHere()
    account.phone, account.phone_verified = to, True
    try:
        with transaction.atomic():
            account.save(update_fields=["phone", "phone_verified"])
    except IntegrityError:
        raise NumberTaken() from None
    audit.log("account.number_changed", account, by=account, at=at, about=Member.objects.filter(user=account).first())
