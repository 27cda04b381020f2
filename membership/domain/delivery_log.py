"""
What was told to whom, by which channel, and what became of it: the log that support reads (UI-8). No code of a login is ever in it.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from membership import rules, validators
from membership.domain import audit
from membership.domain.errors import DomainError, NotAllowed
from membership.domain.prefixes import prefix
from membership.enums import DeliveryState, MessageChannel
from membership.models import Delivery, Member, Message, User
from membership.outbox import delivery
from membership.periods import end_of_day

LONGEST_TERM = 60
# The filter's word for messages that went by no other channel.
ON_THE_SITE_ALONE = "site"
_PHONE_TAIL = re.compile(r"[0-9]{4,8}", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """What a reader of the log looks for. Empty texts and None mean anything; ``until`` is the last day that counts."""

    term: str = ""
    state: str = ""
    code: str = ""
    since: date | None = None
    until: date | None = None


class NotToBeSentAgain(DomainError):
    """A text that was taken, may have been, or is still on its way."""

    message = "这条短信不能重新发送：只有确定没有发出的才可以。"


class KeptFromThem(DomainError):
    """Nothing is sent to this person now (M-15, S-10)."""

    message = "现在不向这位收件人发送短信，没有重新发送。"


def find(wanted: Wanted) -> QuerySet[Message]:
    """Return the messages looked for, each with its person and its way out at hand."""
    found = _in_days(_by_recipient(Message.objects.all(), wanted.term), wanted)
    if wanted.code:
        found = found.filter(code=wanted.code)
    if wanted.state == ON_THE_SITE_ALONE:
        found = found.filter(~Exists(Delivery.objects.filter(message=OuterRef("pk"))))
    elif wanted.state:
        found = found.filter(pk__in=Delivery.objects.filter(state=wanted.state).values("message"))
    return found.select_related("user__member", "application").prefetch_related(
        Prefetch("deliveries", Delivery.objects.filter(channel=MessageChannel.SMS))
    )


def open_entry(*, message: Message, reader: User, at: datetime) -> Message:
    """
    Return a message with its texts for support to read, and write down that they did (S-8).

    :raises NotAllowed: neither support nor administrator.
    """
    _require_reader(reader)
    audit.log("view.message", message, by=reader, at=at, about=Member.objects.filter(user=message.user_id).first(), code=message.code)
    return message


def may_send_again(text: Delivery) -> bool:
    """Whether a text has certainly not been taken by the provider; of one whose outcome is unknown nobody can say that."""
    return text.state == DeliveryState.FAILED


@transaction.atomic
def send_again(*, text: Delivery, by: User, at: datetime) -> None:
    """
    重新发送: put a text that certainly was not sent back into the queue (UI-8).

    :raises NotAllowed: neither support nor administrator.
    :raises KeptFromThem: nothing is sent to this person now.
    :raises NotToBeSentAgain: it was taken, may have been, or is on its way.
    """
    _require_reader(by)
    if delivery.is_silenced(text.message):
        raise KeptFromThem()
    if not delivery.send_again(text.pk):
        raise NotToBeSentAgain()
    about = Member.objects.filter(user=text.message.user_id).first()
    audit.log("sms.send_again", text, by=by, at=at, about=about, code=text.message.code, attempts=text.attempts)


def may_read(user: User) -> bool:
    """Whether an account reads the log."""
    return rules.has_role(user, rules.SUPPORT, rules.ADMINISTRATOR)


def _require_reader(user: User) -> None:
    if not may_read(user):
        raise NotAllowed()


def _in_days(found: QuerySet[Message], wanted: Wanted) -> QuerySet[Message]:
    if wanted.since is not None:
        found = found.filter(created_at__gte=end_of_day(wanted.since - timedelta(days=1)))
    if wanted.until is not None:
        found = found.filter(created_at__lt=end_of_day(wanted.until))
    return found


def _by_recipient(found: QuerySet[Message], term: str) -> QuerySet[Message]:
    """Narrow to a person's messages: by a telephone number or its end, or by the beginning of their name, its pinyin or initials."""
    try:
        term = validators.clean_line(term)[:LONGEST_TERM]
    except ValidationError:
        return found.none()
    if not term:
        return found
    if not any(character.isdecimal() for character in term):
        return found.filter(user__in=Member.objects.filter(_named(term)).values("user"))
    if _PHONE_TAIL.fullmatch(term):
        return found.filter(user__in=User.objects.filter(phone__endswith=term).values("pk"))
    try:
        return found.filter(user__phone=validators.normalise_mobile(term))
    except ValidationError:
        return found.none()


def _named(term: str) -> Q:
    spelled = term.casefold().replace(" ", "").replace("'", "")
    if spelled.isascii():
        return prefix("name_pinyin", spelled) | prefix("name_initials", spelled)
    return prefix("name", term)
