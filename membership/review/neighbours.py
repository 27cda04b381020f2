"""The cases beside one in the list a reviewer came from: previous, next, and back to it with every filter kept (REV-12)."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from membership.models import Application, ApplicationInstitution, User
from membership.review import list_acts
from membership.review.case_urls import LIST_PARAMETER, case_url, with_query
from membership.review.desks import Desk
from membership.review.queue import Asked, cases_of, order_of

LONGEST = 1_000  # characters; no list's URL is longer


@dataclass(frozen=True)
class CameFrom:
    """The list of a desk as its URL asked for it; an empty ``query`` is the one that opens first."""

    desk: Desk
    query: str = ""

    @classmethod
    def of(cls, desk: Desk, request: HttpRequest) -> "CameFrom":
        """Read it from a case's URL, without the place one had read to."""
        typed = request.GET.get(LIST_PARAMETER, "")[:LONGEST].replace("\x00", "")
        return cls(desk, list_acts.query_of(QueryDict(typed)))

    @property
    def list_url(self) -> str:
        return with_query(reverse(f"{self.desk.url_prefix}_index"), self.query)

    def url(self, action: str, pk: int) -> str:
        """Return the address of a case's screen, or of an act on it, that still knows the list."""
        return case_url(self.desk.url_prefix, action, pk, self.query)

    def beside(self, case: Application | ApplicationInstitution, reviewer: User, *, today: date, backwards: bool = False) -> str:
        """
        Return the screen of the next case of the list, or of the one before; nothing at its ends. After a case that is in the list no
        more, e.g. since a colleague decided it, comes the first.
        """
        asked = Asked.of(QueryDict(self.query))
        order = order_of(self.desk, reviewer, asked)
        listed = cases_of(self.desk, reviewer, asked, today=today)
        place = "" if order.day and getattr(case, order.day) is None else order.place_of(case)
        if not place and backwards:
            return ""
        beyond = listed.filter(order.beyond(place, backwards=backwards)) if place else listed.exclude(pk=case.pk)
        pk = order.sorted(beyond, backwards=backwards).values_list("pk", flat=True).first()
        return self.url("open", pk) if pk else ""
