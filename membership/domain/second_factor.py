"""Taking the second factor off an account from outside, where its person has lost telephone and recovery codes (ACC-6)."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from membership.domain import audit
from membership.domain.errors import DomainError
from membership.models import Member, User


class ReasonMissing(DomainError):
    """Why it is done, and how the person was recognised, is part of the record."""

    field = "reason"
    message = "请写明原因，以及如何核实了本人身份。"


class NoSecondFactor(DomainError):
    """There is nothing to take off."""

    message = "这个账号没有开启动态验证码。"


@transaction.atomic
def reset(*, user: User, reason: str, at: datetime) -> None:
    """
    Delete dynamic codes and recovery codes of an account. Whoever calls this ends its sessions too.

    :param reason: goes into the record: a ticket's number, how the person was recognised; no names, no numbers of documents or phones.
    :raises ReasonMissing: it is blank.
    :raises NoSecondFactor: the account has none.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing()
    account = User.objects.select_for_update().get(pk=user.pk)
    _count, deleted = Authenticator.objects.filter(user=account).delete()
    if not deleted:
        raise NoSecondFactor()
    about = Member.objects.filter(user=account).first()
    audit.log("account.second_factor_reset", account, by=None, at=at, about=about, reason=reason)
