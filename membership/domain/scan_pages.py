"""
The signed form before it is handed in: its pages are laid out, looked at and put in order (APP-11).

Nothing here changes the application. What lies here is the applicant's alone; nobody else reads it until it is handed in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction

from membership.domain import attachments, members, transitions
from membership.domain.attachments import NewFile
from membership.domain.errors import DomainError, NotAllowed
from membership.enums import ApplicationState
from membership.models import Application, Attachment, ScanPage, User

MEGABYTE = 1024 * 1024
MOST_PAGES = 10
MOST_BYTES = 40 * MEGABYTE  # of all files as they were sent

# What handing the form in does, by the state it meets.
ACTIONS = {
    ApplicationState.AWAITING_FORM: "upload form",
    ApplicationState.ENDORSING: "switch to stamp",
    ApplicationState.CHECKING: "replace scan",
}


class NothingAwaited(DomainError):
    """The application is in no state that takes a signed form."""

    message = "盖章文件已提交，现在不用再交。"


class AlreadyOpened(DomainError):
    """A reviewer has opened the file; the scan stays (A-23)."""

    message = "审核员已打开这份申请，盖章文件不能再更换。"


class TooManyPages(DomainError):
    """There is no room for so many pages."""

    def __init__(self, pages: int) -> None:
        super().__init__(f"加上这个文件共 {pages} 页，超过 {MOST_PAGES} 页。请只上传盖章的申请表，或先删除不需要的页")


class TooManyBytes(DomainError):
    """The files together are too large."""

    def __init__(self, size: int) -> None:
        limit = MOST_BYTES // MEGABYTE
        super().__init__(f"加上这个文件共 {size / MEGABYTE:.1f} MB，超过 {limit} MB。请先删除不需要的页，或把图片压缩后上传")


class AlreadyThere(DomainError):
    """The same file was laid out before: sent twice over a bad connection, or chosen twice."""

    message = "这个文件已经在里面了，没有重复添加"


class NoPages(DomainError):
    """Nothing is laid out that could be handed in."""

    message = "请先上传盖章的申请表"


class PagesChanged(DomainError):
    """The pages are not those that the person saw: changed on another device, or in another window."""

    message = "页面刚刚在别处有变动。请看一下现在的页面，再操作一次"


@dataclass(frozen=True)
class NewPage:
    """A page on its way in: its picture, and the facts seen on it."""

    picture: NewFile
    seen: Mapping[str, Any]


@dataclass(frozen=True)
class Upload:
    """What one file brings: its pages, what the person calls it, the SHA-256 and the bytes of the file as it was sent."""

    pages: Sequence[NewPage]
    name: str
    sha256: str
    size: int


def action_of(application: Application) -> str:
    """
    Return what handing in the form would do now, as the table of transitions calls it.

    :raises NothingAwaited, AlreadyOpened: no form can come in.
    """
    action = ACTIONS.get(ApplicationState(application.state))
    if action is None or not transitions.is_possible(application, action):
        raise NothingAwaited()
    if application.state == ApplicationState.CHECKING and application.first_opened_at is not None:
        raise AlreadyOpened()
    return action


def may_come_in(application: Application) -> bool:
    """Whether a signed form can come in now."""
    try:
        return bool(action_of(application))
    except DomainError:
        return False


def pages_of(application: Application) -> list[ScanPage]:
    """Return the pages that are laid out, in order."""
    return list(application.scan_pages.select_related("picture"))


def as_seen(pages: Iterable[ScanPage]) -> str:
    """Return what tells these pages, in this order and as they lie, from any others."""
    return "-".join(str(page.picture_id) for page in pages)


def pages_seen(application: Application, seen: str) -> list[ScanPage]:
    """
    Return the pages that are laid out, if they are those that the person saw (``as_seen``).

    :raises NoPages: nothing is laid out.
    :raises PagesChanged: they are others, or lie otherwise.
    """
    pages = pages_of(application)
    if not pages:
        raise NoPages()
    if as_seen(pages) != seen:
        raise PagesChanged()
    return pages


@transaction.atomic
def add(*, application: Application, person: User, upload: Upload, at: datetime, in_place_of: int | None = None) -> list[ScanPage]:
    """
    Lay out the pages of one file: behind the others, or in the place of one of them. Returns the new ones.

    :raises NothingAwaited, AlreadyOpened: no form can come in now.
    :raises PagesChanged: the page to be replaced is no longer there.
    :raises AlreadyThere, TooManyPages, TooManyBytes: the file is there already, or there is no room for it.
    """
    application = _lock(application, person)
    pages = pages_of(application)
    place = len(pages) if in_place_of is None else _place_of(in_place_of, pages)
    kept = [page for page in pages if page.pk != in_place_of]
    _require_room(kept, upload)
    for page in pages:
        if page.pk == in_place_of:
            _delete(page)
    new = [_laid_out(application, person, upload, number, at=at) for number in range(1, len(upload.pages) + 1)]
    _number([*kept[:place], *new, *kept[place:]])
    return new


@transaction.atomic
def turn(*, application: Application, person: User, page: ScanPage, turned: NewPage, at: datetime) -> ScanPage:
    """
    Put the turned picture in the place of the one that was turned.

    :raises PagesChanged: it is no longer there, or was turned meanwhile.
    """
    application = _lock(application, person)
    current = next((one for one in pages_of(application) if (one.pk, one.picture_id) == (page.pk, page.picture_id)), None)
    if current is None:
        raise PagesChanged()
    before = current.picture
    current.picture = attachments.store(turned.picture, member=application.member, by=person, at=at)
    current.seen = dict(turned.seen)
    current.save(update_fields=["picture", "seen"])
    _delete_file(before)
    return current


@transaction.atomic
def move(*, application: Application, person: User, page: int, steps: int) -> None:
    """
    Move a page so many places towards the end, or with a negative number towards the beginning; at either end it stays.

    :raises PagesChanged: it is no longer there.
    """
    application = _lock(application, person)
    pages = pages_of(application)
    place = _place_of(page, pages)
    moved = pages.pop(place)
    pages.insert(max(place + steps, 0), moved)
    _number(pages)


@transaction.atomic
def remove(*, application: Application, person: User, page: int) -> None:
    """
    Take a page away, and forget it.

    :raises PagesChanged: it is no longer there.
    """
    application = _lock(application, person)
    pages = pages_of(application)
    _delete(pages.pop(_place_of(page, pages)))
    _number(pages)


def hand_over(application: Application) -> None:
    """Clear what is laid out for a form that was just handed in; pictures that have become its pages stay. The caller holds the lock."""
    for page in pages_of(application):
        page.delete()
        if not page.picture.stamped_pages.exists():
            _delete_file(page.picture)


def abandoned(today: date) -> Iterable[int]:
    """Return the applications, by id, for which pages are laid out that can never be handed in any more."""
    laid_out = Application.objects.filter(scan_pages__isnull=False)
    over = laid_out.exclude(state__in=ACTIONS) | laid_out.filter(state=ApplicationState.CHECKING, first_opened_at__isnull=False)
    return over.values_list("pk", flat=True).distinct()


def clear_away(pk: int, at: datetime) -> None:
    """Forget the pages that are laid out for an application."""
    with transaction.atomic():
        hand_over(Application.objects.select_for_update().get(pk=pk))


def _require_room(kept: Sequence[ScanPage], upload: Upload) -> None:
    if any(page.source_sha256 == upload.sha256 for page in kept):
        raise AlreadyThere()
    if len(kept) + len(upload.pages) > MOST_PAGES:
        raise TooManyPages(len(kept) + len(upload.pages))
    sizes = {page.source_sha256: page.source_size for page in kept}
    if sum(sizes.values()) + upload.size > MOST_BYTES:
        raise TooManyBytes(sum(sizes.values()) + upload.size)


def _laid_out(application: Application, person: User, upload: Upload, number: int, *, at: datetime) -> ScanPage:
    page = upload.pages[number - 1]
    return ScanPage(
        application=application,
        picture=attachments.store(page.picture, member=application.member, by=person, at=at),
        seen=dict(page.seen),
        source_name=upload.name[-255:],
        source_sha256=upload.sha256,
        source_size=upload.size,
        source_page=number,
        added_at=at,
    )


def _number(pages: Sequence[ScanPage]) -> None:
    for number, page in enumerate(pages, start=1):
        if page.number != number:
            page.number = number
            page.save()


def _place_of(pk: int, pages: Sequence[ScanPage]) -> int:
    for place, page in enumerate(pages):
        if page.pk == pk:
            return place
    raise PagesChanged()


def _delete(page: ScanPage) -> None:
    page.delete()
    _delete_file(page.picture)


def _delete_file(attachment: Attachment) -> None:
    attachment.delete()
    transaction.on_commit(partial(attachment.file.storage.delete, attachment.file.name or ""))


def _lock(application: Application, person: User) -> Application:
    member = members.lock(application.member_id)
    if member.user_id != person.pk:
        raise NotAllowed()
    locked = Application.objects.select_for_update().get(pk=application.pk)
    locked.member = member
    action_of(locked)
    return locked
