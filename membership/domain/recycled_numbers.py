"""
Telephone numbers that may have passed to another person, for telephone companies hand them out again (L-3, L-4).

A code by text message proves who has the number today, not that it is the account's owner. Where an account was long unused, its person
is asked for name and document first; whoever says «this is not me» sets the number free for an account of their own.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from membership import identity
from membership.domain import audit, members, verification
from membership.domain.announcements import announce
from membership.domain.errors import DomainError
from membership.models import AuditEntry, InstitutionReviewer, Member, MemberDocument, User
from membership.models import settings as society
from membership.periods import shanghai_date

ASKED_CHARACTERS = 4
# Tries are counted by account, so that neither a new code nor another browser brings new ones.
COUNTED_FOR = timedelta(hours=24)
_REFUSED = "identity.refused"


class NotTheOwner(DomainError):
    """Name or document do not fit. One text for both: it never says which."""


class NoTriesLeft(DomainError):
    """``legacy_tries`` wrong answers within a day."""

    message = "核对次数已用完，请明天再试"


class AlreadyReleased(DomainError):
    """The account has lost its number before."""

    message = "手机号已经解除绑定，可以直接注册"


class NeedsSupport(DomainError):
    """A person must decide: an account of the staff, one that is frozen, or one that somebody entered a moment ago."""

    message = "这个手机号不能在网上解除绑定，请联系协会办理"


def is_in_question(user: User, *, at: datetime) -> bool:
    """
    Whether a proved number is not enough to enter the account (L-3): unused for more than ``idle_login_days``, and its person has
    name and document on file. Without these there is nothing to ask for, and little to protect.
    """
    if at - _last_entered(user) <= timedelta(days=society.current().idle_login_days):
        return False
    return MemberDocument.objects.filter(member__user=user).exclude(member__name="").exists()


def is_password_from_code(user: User) -> bool:
    """Whether the password was set by a code to the number since the account was last entered: it then proves no more than the number."""
    return _entries(user, "account.password_reset").filter(at__gt=_last_entered(user)).exists()


def tries_left(user: User, *, at: datetime) -> int:
    """Return how many answers the account still takes now; wrong ones count for a day."""
    used = _entries(user, _REFUSED).filter(at__gt=at - COUNTED_FOR).count()
    return max(0, society.current().legacy_tries - used)


def confirm(*, user: User, name: str, document_number: str, at: datetime) -> None:
    """
    Take the answer of whoever holds the number: name, and the document's last four characters (L-3). Both may come as typed; more
    characters do no harm.

    :raises NoTriesLeft: too many wrong answers today; this one was not looked at.
    :raises NotTheOwner: they do not fit; the try is counted.
    """
    # The refusal is raised outside the transaction, or the try would be rolled back with it.
    left = _try(user, name, document_number, at=at)
    if left is None:
        return
    if left == 0:
        raise NoTriesLeft()
    raise NotTheOwner(f"姓名或证件号码后 4 位不对，请核对，还可以再试 {left} 次")


@transaction.atomic
def _try(user: User, name: str, document_number: str, *, at: datetime) -> int | None:
    """None if the answer fits, else the number of tries left."""
    member = members.lock(user.member)
    left = tries_left(user, at=at)
    if left == 0:
        raise NoTriesLeft()
    # Both are always compared, so that the time of the answer does not tell which was wrong.
    if all([_has_document(member, document_number), verification.is_same_name(member.name, name)]):
        audit.log("identity.confirmed", user, by=user, at=at, about=member)
        return None
    audit.log(_REFUSED, user, by=None, at=at, about=member)
    if left == 1:
        audit.log("identity.locked", user, by=None, at=at, about=member)
    return left - 1


@transaction.atomic
def release(*, user: User, entered_at: datetime | None, at: datetime) -> None:
    """
    Take the number from an account whose holder proved it and says «this is not me» (L-4). The account keeps its person and all data;
    support finds it by the audit entry and by the empty number.

    ``entered_at`` is the account's last login as it was when the holder was asked. The password goes too: it opens nothing without a
    number, and with it all sessions end.

    :raises AlreadyReleased: somebody was faster.
    :raises NeedsSupport: staff, frozen, or entered since.
    """
    member = members.member_of(user)
    if member is not None:
        members.lock(member)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.phone is None:
        raise AlreadyReleased()
    if user.last_login != entered_at or _needs_a_person(user, member):
        raise NeedsSupport()
    user.phone = None
    user.phone_verified = False
    user.set_unusable_password()
    user.save(update_fields=["phone", "phone_verified", "password"])
    audit.log("phone.released", user, by=None, at=at, about=member)
    _leave_word(user, at=at)


def _last_entered(user: User) -> datetime:
    return user.last_login or user.date_joined


def _entries(user: User, action: str) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(target=user._meta.model_name, target_id=user.pk, action=action)


def _has_document(member: Member, typed: str) -> bool:
    """Whether ``typed`` ends as one of the person's documents does, former ones included (D-6)."""
    fits = [
        constant_time_compare(document.number[-ASKED_CHARACTERS:], identity.normalise(document.kind, typed)[-ASKED_CHARACTERS:])
        for document in member.documents.all()
    ]
    return any(fits)


def _needs_a_person(user: User, member: Member | None) -> bool:
    if user.is_staff or user.is_superuser or user.groups.exists():
        return True
    if InstitutionReviewer.objects.active().filter(user=user).exists():
        return True
    return member is not None and members.is_frozen(member)


def _leave_word(user: User, *, at: datetime) -> None:
    """Leave a message in the account, for its owner to find once they have it back."""
    announce("phone-released", user, at=at, application=None, on=shanghai_date(at))
