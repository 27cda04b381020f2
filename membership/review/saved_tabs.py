"""A reviewer's named views of a list, as tabs beside the list's own (REV-12)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from membership.models import SavedView, User
from membership.review.desks import Desk

if TYPE_CHECKING:
    from membership.review.queue import Asked


@dataclass(frozen=True)
class View:
    """One view. ``is_current``: the list is this one; ``rename_url`` and ``delete_url`` take a POST."""

    name: str
    url: str
    is_current: bool
    rename_url: str
    delete_url: str


@dataclass(frozen=True)
class Saved:
    """The views of a list. ``query``: the present list, to be saved at ``save_url``; ``current``: the view that is shown, if it is one."""

    views: Sequence[View]
    save_url: str
    query: str
    current: View | None = None


def of(desk: Desk, reviewer: User, asked: "Asked", base: str) -> Saved:
    """Return the reviewer's views of a desk's list, in the order in which they were made."""
    found = [
        View(
            name=view.name,
            url=f"{base}?{view.query}{'&' if view.query else ''}view={view.pk}",
            is_current=view.pk == asked.view,
            rename_url=reverse(f"{desk.url_prefix}_view_rename", args=[view.pk]),
            delete_url=reverse(f"{desk.url_prefix}_view_delete", args=[view.pk]),
        )
        for view in SavedView.objects.filter(reviewer=reviewer, desk=desk.url_prefix)
    ]
    query = urlencode(replace(asked, view=0).parameters(), doseq=True)
    return Saved(found, reverse(f"{desk.url_prefix}_view_save"), query, next((view for view in found if view.is_current), None))
