"""消息: what the society told one account, read and unread (UI-4)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Q, QuerySet

from membership.models import Message, User
from membership.periods import shanghai_date

PAGE_SIZE = 20
# A body up to here stands in the list as it is; of a longer one the beginning stands there, and the rest unfolds.
SHOWN_WHOLE, GLIMPSE = 160, 100


@dataclass(frozen=True)
class Letter:
    """
    A message as its list shows it. ``glimpse``: the beginning of a long body, else empty. ``link``: a path on this site, or empty.

    ``application``: id of the person's own application that it is about, with its ``number``; None for anything else.
    """

    pk: int
    title: str
    body: str
    glimpse: str
    at: datetime
    is_unread: bool
    link: str
    application: int | None = None
    number: str = ""


@dataclass(frozen=True)
class Group:
    """Messages of one time: 今天, 昨天, or a month."""

    label: str
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class Page:
    """
    A page of messages in their groups, newest first. ``older``: the key of the page after it, None on the last.

    ``newest``: the key of the latest message there is, up to which 全部标为已读 counts; None in an empty box.
    """

    groups: tuple[Group, ...]
    unread: int
    older: int | None
    newest: int | None

    @property
    def letters(self) -> tuple[Letter, ...]:
        """All messages of the page, newest first."""
        return tuple(letter for group in self.groups for letter in group.letters)


def page(user: User, *, at: datetime, before: int | None = None, unread_alone: bool = False) -> Page:
    """
    Return the messages older than the one with the key ``before``, or the newest; all of them or those not opened yet.

    A key that is not this person's counts as none.
    """
    everything = Message.objects.filter(user=user)
    unread = everything.filter(read_at__isnull=True)
    found = _beyond(unread if unread_alone else everything, everything.filter(pk=before).first() if before is not None else None)
    messages = list(found.select_related("application__member").order_by("-created_at", "-pk")[: PAGE_SIZE + 1])
    shown = messages[:PAGE_SIZE]
    return Page(
        groups=_groups(shown, today=shanghai_date(at)),
        unread=unread.count(),
        older=shown[-1].pk if len(messages) > PAGE_SIZE else None,
        newest=everything.order_by("-pk").values_list("pk", flat=True).first(),
    )


def mark_read(*, message: Message, at: datetime) -> None:
    """Note that a message was opened; the first time counts."""
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=at)


def mark_all_read(*, user: User, at: datetime, newest: int | None = None) -> int:
    """
    全部标为已读: note it of every unread message up to the one with the key ``newest``, or of all; return how many they were.

    What arrived after the page was shown stays unread: nobody has seen it.
    """
    unread = Message.objects.filter(user=user, read_at__isnull=True)
    return (unread if newest is None else unread.filter(pk__lte=newest)).update(read_at=at)


def link_of(message: Message) -> str:
    """Return the path on this site that a message leads to, or an empty text."""
    return message.link if message.link.startswith("/") and not message.link.startswith("//") else ""


def _beyond(found: QuerySet[Message], last: Message | None) -> QuerySet[Message]:
    if last is None:
        return found
    return found.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))


def _groups(messages: list[Message], *, today: date) -> tuple[Group, ...]:
    found = groupby(messages, key=lambda message: _label(shanghai_date(message.created_at), today))
    return tuple(Group(label, tuple(_letter(message) for message in group)) for label, group in found)


def _label(day: date, today: date) -> str:
    if day >= today:
        return "今天"
    return "昨天" if day == today - timedelta(days=1) else f"{day.year} 年 {day.month} 月"


def _letter(message: Message) -> Letter:
    application = message.application
    # An application of somebody else, who was to be endorsed, is not this person's to open.
    own = application if application is not None and application.member.user_id == message.user_id and application.submitted_at else None
    return Letter(
        pk=message.pk,
        title=message.title,
        body=message.body,
        glimpse=f"{message.body[:GLIMPSE].rstrip()}…" if len(message.body) > SHOWN_WHOLE else "",
        at=message.created_at,
        is_unread=message.read_at is None,
        link=link_of(message),
        application=own.pk if own else None,
        number=own.number if own else "",
    )
