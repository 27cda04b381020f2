"""更换推荐人: a committee member, found by name, pinyin or initials (E-13)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from membership.domain import lookups
from membership.forms import finder
from membership.models import Seat, User
from membership.periods import shanghai_date


class ReferrerForm(forms.Form):
    """One field, the committee member; candidates stand below it where the text is not yet one of them."""

    seat = forms.Field(
        required=False,
        label="推荐委员",
        help_text="输入姓名、拼音或首字母，从委员名录中选择",
        widget=finder.seat_finder(),
    )

    def __init__(self, data: dict[str, Any] | None = None, *, person: User, at: datetime) -> None:
        super().__init__(data, label_suffix="")
        self.person, self.today = person, shanghai_date(at)

    def offer(self) -> None:
        """Answer the button 「查找」: list who fits the text, and choose nobody."""
        text = self["seat"].value().text
        self.errors.clear()
        candidates = lookups.seats(text, asked_by=self.person, today=self.today)
        self.fields["seat"].widget.candidates = candidates
        if not candidates:
            self.add_error("seat", finder.SEAT_MISSING)

    def clean_seat(self) -> Seat:
        entered: finder.Typed = self.cleaned_data["seat"]
        if not (entered.text or entered.pick):
            raise forms.ValidationError(_("请选择推荐委员"))
        return finder.clean_seat(self.fields["seat"].widget, entered, person=self.person, today=self.today)
