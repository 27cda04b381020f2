"""A text that finds things on a list: suggestions while one types, a button and radios where there is no JavaScript."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from membership.domain import lookups
from membership.domain.lookups import Found
from membership.models import Seat, User

# Values of the buttons that look something up.
FIND_UNIT, FIND_SEAT, FIND_MEMBER = "find_unit", "find_seat", "find_member"
UNIT_MISSING = "名单里没有？请联系技术支持进行添加，或在下面「申请添加单位」"
SEAT_MISSING = "委员名录中没有找到，请核对姓名"


class Typed(NamedTuple):
    """What came of a :class:`Finder`: the text, the suggestion it stands for, and the candidate that was marked below it."""

    text: str = ""
    chosen: str = ""
    pick: str = ""


class Finder(forms.TextInput):
    """
    A text that finds things on a list: suggestions while typing (``url``), and without JavaScript a button that lists candidates as radios.

    ``act`` is the value of that button. ``always`` shows it to everybody: what is found by the whole name only has no suggestions.
    """

    template_name = "membership/widgets/finder.html"

    def __init__(self, *, url: str = "", act: str, always: bool = False, nothing: str = "", attrs: dict | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.url, self.act, self.always, self.nothing = url, act, always, nothing
        self.candidates: Sequence[Found] = ()

    def value_from_datadict(self, data, files, name: str) -> Typed:  # Django's name
        return Typed(*(data.get(key, "").strip() for key in (name, f"{name}_chosen", f"{name}_pick")))

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:  # Django's name
        typed = value if isinstance(value, Typed) else Typed(value or "")
        context = super().get_context(name, typed.text, attrs)
        context["finder"] = {
            "url": self.url,
            "act": self.act,
            "always": self.always,
            "nothing": self.nothing,
            "chosen": typed.chosen,
            "pick": typed.pick,
            "candidates": self.candidates,
        }
        return context


def seat_finder() -> Finder:
    """The control that names a committee member."""
    return Finder(url=reverse_lazy("lookup_seats"), act=FIND_SEAT, nothing=SEAT_MISSING)


def unit_finder() -> Finder:
    """The control that names a work unit; any text may stand in it."""
    return Finder(url=reverse_lazy("lookup_work_units"), act=FIND_UNIT, nothing=UNIT_MISSING)


def clean_seat(widget: Finder, entered: Typed, *, person: User, today: date) -> Seat:
    """
    Return the seat that is meant: the candidate that was marked, or the suggestion that was left as it was, or the only seat of a holder of
    exactly this name.

    :raises ValidationError: none of them; what the text finds is offered below the control.
    """
    for value in filter(None, (entered.pick, entered.chosen)):
        seat = lookups.seat_of(value, today=today)
        if seat is not None and (entered.pick or lookups.found_seat(seat).label == entered.text):
            return seat
    widget.candidates = lookups.seats(entered.text, asked_by=person, today=today)
    if len(widget.candidates) == 1:
        seat = lookups.seat_of(widget.candidates[0].value, today=today)
        if seat is not None and seat.member.name == entered.text:
            widget.candidates = ()
            return seat
    raise ValidationError(_("请从下面的结果中选择推荐委员") if widget.candidates else SEAT_MISSING)
