"""消息: what the society told one account, read and unread (UI-4)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from membership.models import Message, User

PAGE_SIZE = 20


@dataclass(frozen=True)
class Letter:
    """A message as its list shows it; ``link`` is a path on this site, or empty."""

    pk: int
    title: str
    body: str
    at: datetime
    is_unread: bool
    link: str


@dataclass(frozen=True)
class Page:
    """A page of messages, newest first. ``older`` is the key of the page after it, None on the last."""

    letters: tuple[Letter, ...]
    unread: int
    older: int | None


def page(user: User, *, before: int | None = None) -> Page:
    """
    Return the messages older than the one with the key ``before``, or the newest.

    A key that is not this person's counts as none.
    """
    found = Message.objects.filter(user=user).order_by("-created_at", "-pk")
    last = found.filter(pk=before).first() if before is not None else None
    if last is not None:
        found = found.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))
    messages = list(found[: PAGE_SIZE + 1])
    shown = messages[:PAGE_SIZE]
    return Page(
        letters=tuple(_letter(message) for message in shown),
        unread=Message.objects.filter(user=user, read_at__isnull=True).count(),
        older=shown[-1].pk if len(messages) > PAGE_SIZE else None,
    )


def mark_read(*, message: Message, at: datetime) -> None:
    """Note that a message was opened; the first time counts."""
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=at)


def mark_all_read(*, user: User, at: datetime) -> int:
    """全部已读: note it of every unread message; return how many they were."""
    return Message.objects.filter(user=user, read_at__isnull=True).update(read_at=at)


def link_of(message: Message) -> str:
    """Return the path on this site that a message leads to, or an empty text."""
    return message.link if message.link.startswith("/") and not message.link.startswith("//") else ""


def _letter(message: Message) -> Letter:
    return Letter(message.pk, message.title, message.body, message.created_at, message.read_at is None, link_of(message))
