"""Pages by key of what a search for a name found: in the order of the keys it was found by."""

import re
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet

from membership.domain import case_search
from membership.review.keyset import Order

_PLACE = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})\.(.{1,60})", re.DOTALL)


@dataclass(frozen=True)
class ByName(Order):
    """By the key that ``term`` found a person by, the person, and of theirs the latest case first. A place: person, case, key."""

    term: str = ""

    def sorted(self, rows: QuerySet, *, backwards: bool = False) -> QuerySet:
        signs = ("-", "-", "") if backwards else ("", "", "-")
        return rows.order_by(*(f"{sign}{column}" for sign, column in zip(signs, _COLUMNS, strict=True)))

    def place_of(self, row: Model) -> str:
        key = getattr(row, "name_key", None) or case_search.key_of(row.member_id, self.term)
        return f"{row.member_id}.{row.pk}.{key}" if key else ""

    def beyond(self, place: str, *, backwards: bool = False) -> Q | None:
        found = _PLACE.fullmatch(place)
        if found is None or "\x00" in place:
            return None
        member, case, key = int(found[1]), int(found[2]), found[3]
        side, beside = ("lt", "gt") if backwards else ("gt", "lt")
        further = Q(**{f"name_key__{side}": key})
        further |= Q(name_key=key) & (Q(**{f"name_member__{side}": member}) | Q(name_member=member, **{f"id__{beside}": case}))
        # The first condition says nothing new, but it is the one that an index starts from.
        return Q(**{f"name_key__{side}e": key}) & further


_COLUMNS = ("name_key", "name_member", "id")
