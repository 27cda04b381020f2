"""Pages by key of a list in the order of moments: the latest first."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Model, Q, QuerySet

from membership.review.keyset import Order

_PLACE = re.compile(r"([0-9]{1,17})\.([0-9]{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ByMoment(Order):
    """The latest first by the column ``moment``, then the one written last. A place is the microseconds since 1970 and the id."""

    moment: str = "created_at"

    def sorted(self, rows: QuerySet, *, backwards: bool = False) -> QuerySet:
        return rows.order_by(self.moment, "id") if backwards else rows.order_by(f"-{self.moment}", "-id")

    def place_of(self, row: Model) -> str:
        return f"{(getattr(row, self.moment) - _EPOCH) // timedelta(microseconds=1)}.{row.pk}"

    def beyond(self, place: str, *, backwards: bool = False) -> Q | None:
        found = _PLACE.fullmatch(place)
        if found is None:
            return None
        at, number = _EPOCH + timedelta(microseconds=int(found[1])), int(found[2])
        side = "gt" if backwards else "lt"
        # The first condition says nothing new, but it is the one that an index starts from.
        return Q(**{f"{self.moment}__{side}e": at}) & (Q(**{f"{self.moment}__{side}": at}) | Q(**{f"id__{side}": number}))
