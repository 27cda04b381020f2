"""A reviewer's own views of a list: saved, renamed, brought up to date, deleted; nobody else sees them (REV-12)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from membership import validators
from membership.domain.errors import DomainError
from membership.models import SavedView, User

MOST = 12
LONGEST_NAME = 20
LONGEST_QUERY = 1_000


class ViewNotSaved(DomainError):
    """Name or number of the views does not allow it; the message says what to do."""

    field = "name"


@transaction.atomic
def save(*, reviewer: User, desk: str, name: str, query: str, at: datetime) -> SavedView:
    """
    Keep a list under a name; one of that name is brought up to date.

    :raises ViewNotSaved: the name is empty or too long, or there are ``MOST`` views already.
    """
    name = _name(name)
    mine = SavedView.objects.filter(reviewer=reviewer, desk=desk)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        raise ViewNotSaved(f"最多保存 {MOST} 个视图，请先删除不用的")
    if len(query) > LONGEST_QUERY:
        raise ViewNotSaved("筛选条件太长，无法保存")
    view, _ = SavedView.objects.update_or_create(reviewer=reviewer, desk=desk, name=name, defaults={"query": query, "saved_at": at})
    return view


def rename(*, view: SavedView, name: str) -> SavedView:
    """
    Give a view another name.

    :raises ViewNotSaved: the name is empty, too long, or another view's.
    """
    view.name = _name(name)
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as taken:
        raise ViewNotSaved(f"已有名为「{view.name}」的视图") from taken
    return view


def delete(*, view: SavedView) -> None:
    view.delete()


def _name(text: str) -> str:
    try:
        name = validators.clean_line(text)
    except ValidationError as wrong:
        raise ViewNotSaved("名称中有不能使用的字符") from wrong
    if not name:
        raise ViewNotSaved("请填写视图的名称")
    if len(name) > LONGEST_NAME:
        raise ViewNotSaved(f"名称最多 {LONGEST_NAME} 个字")
    return name
