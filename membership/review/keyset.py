"""
Pages by key: a long list is read on from a row, never by counting rows or skipping them.

A place in the list is the row's values of the ordering columns, as text in the URL: ``2026-12-11.417``, or ``417``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Model, Q, QuerySet

_PLACE = re.compile(r"(?:([0-9]{4}-[0-9]{2}-[0-9]{2})\.)?([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class Page:
    """One page of rows, and the places from which the one before and the one after go on; empty at either end."""

    rows: Sequence[Model]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Order:
    """
    The order of a list: by the date column ``day`` and then by id, both ascending; without ``day`` by id, the latest first.
    """

    day: str = ""

    def sorted(self, rows: QuerySet, *, backwards: bool = False) -> QuerySet:
        """Return the rows in this order, or in its reverse."""
        if not self.day:
            return rows.order_by("id" if backwards else "-id")
        sign = "-" if backwards else ""
        return rows.order_by(f"{sign}{self.day}", f"{sign}id")

    def place_of(self, row: Model) -> str:
        """Return where a row stands, for the URL."""
        return f"{getattr(row, self.day):%Y-%m-%d}.{row.pk}" if self.day else str(row.pk)

    def beyond(self, place: str, *, backwards: bool = False) -> Q | None:
        """Return the filter of the rows after a place (before it, if backwards), or None for a text that is no place in this order."""
        found = _PLACE.fullmatch(place)
        if found is None or bool(found[1]) != bool(self.day):
            return None
        number = int(found[2])
        if not self.day:
            return Q(id__gt=number) if backwards else Q(id__lt=number)
        try:
            day = date.fromisoformat(found[1])
        except ValueError:
            return None
        side = "lt" if backwards else "gt"
        # The first condition says nothing new, but it is the one that an index starts from.
        return Q(**{f"{self.day}__{side}e": day}) & (Q(**{f"{self.day}__{side}": day}) | Q(**{f"id__{side}": number}))


def page_of(rows: QuerySet, order: Order, *, after: str = "", before: str = "", size: int) -> Page:
    """Return a page of ``size`` rows after or before a place; the first page where there is none, or it means nothing."""
    for place, backwards in ((after, False), (before, True)):
        beyond = order.beyond(place, backwards=backwards) if place else None
        found = _read(rows.filter(beyond), order, size, backwards=backwards) if beyond is not None else None
        if found is not None and found.rows:
            return found
    return _read(rows, order, size, is_first=True)


def _read(rows: QuerySet, order: Order, size: int, *, backwards: bool = False, is_first: bool = False) -> Page:
    # One more than the page tells whether there is a next one.
    found = list(order.sorted(rows, backwards=backwards)[: size + 1])
    there_is_more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page(())
    there_is_before = there_is_more if backwards else not is_first
    there_is_after = True if backwards else there_is_more
    return Page(
        found,
        before=order.place_of(found[0]) if there_is_before else "",
        after=order.place_of(found[-1]) if there_is_after else "",
    )
