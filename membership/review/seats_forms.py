"""What an administrator types about seats: whom to find, who holds which, from when until when (I-8)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from membership import validators
from membership.domain import seats
from membership.domain.seats import Wanted
from membership.enums import SeatRole
from membership.models import Institution, Member, Seat

LONGEST_TERM = 60
TABS = {seats.RUNNING: "任期内", seats.ENDING: "快结束", seats.COMING: "未开始", seats.OVER: "已结束", seats.ANY: "全部"}


class DayField(forms.DateField):
    """A day as browsers send it; years that no calendar here goes to are refused."""

    def __init__(self, **options) -> None:
        messages = {"required": "请填写日期", "invalid": "日期不对，例如 2026-03-17"}
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], error_messages=messages, **options)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not 1950 <= value.year <= 2200:
            raise ValidationError(self.error_messages["invalid"])


class SeatFilter(forms.Form):
    """What a list is narrowed to; whatever an address cannot mean is left out."""

    q = forms.CharField(label="委员：姓名、拼音、首字母，或会员编号", required=False, max_length=LONGEST_TERM)
    committee = forms.ModelChoiceField(label="专委会", required=False, queryset=Institution.objects.none(), empty_label="全部")

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.fields["committee"].queryset = Institution.objects.filter(kind__in=seats.COMMITTEES).order_by("kind", "code")
        self.when = data.get("when", "")

    @property
    def wanted(self) -> Wanted:
        """What was understood."""
        self.is_valid()
        found = self.cleaned_data
        committee = found.get("committee")
        when = self.when if self.when in TABS else seats.RUNNING
        return Wanted(when=when, term=_line(found.get("q") or ""), committee=committee.pk if committee else None)

    @property
    def query(self) -> dict[str, str]:
        """What was understood, as an address says it."""
        return query_of(self.wanted)


def query_of(wanted: Wanted, **changes: str) -> dict[str, str]:
    """Return the parameters of a list's address."""
    wanted = replace(wanted, **changes)
    parts = {"when": wanted.when if wanted.when != seats.RUNNING else "", "q": wanted.term, "committee": wanted.committee or ""}
    return {name: str(value) for name, value in parts.items() if value}


class TermForm(forms.Form):
    """Role and term of a seat. A term that has begun keeps its first day."""

    role = forms.ChoiceField(label="任职", choices=SeatRole.choices, error_messages={"invalid_choice": "请从列表中选择任职"})
    starts_on = DayField(label="任期开始")
    ends_on = DayField(label="任期结束")

    def __init__(self, data: Mapping[str, Any] | None = None, *, seat: Seat | None = None, today: date, **options) -> None:
        initial = {name: getattr(seat, name) for name in ("role", "starts_on", "ends_on")} if seat else {"role": SeatRole.MEMBER}
        super().__init__(data, initial=initial, label_suffix="", **options)
        self.fields["starts_on"].disabled = seat is not None and seat.starts_on <= today

    @property
    def term(self) -> dict[str, Any]:
        """Role and term, typed; the form is valid."""
        return {name: self.cleaned_data[name] for name in ("role", "starts_on", "ends_on")}


class NewSeatForm(TermForm):
    """
    A seat to register. The person is found by the whole name or the number and then marked among those found, so that two of one name are
    not taken for one another; what is marked counts only among those that the text finds.
    """

    person = forms.CharField(label="委员", required=False, max_length=200, help_text="完整姓名，或会员编号")
    pick = forms.CharField(required=False, max_length=20)
    committee = forms.ModelChoiceField(
        label="专委会",
        queryset=Institution.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择专委会", "invalid_choice": "请选择现在开放的专委会"},
    )
    field_order = ("person", "committee", "role", "starts_on", "ends_on")

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, **options) -> None:
        super().__init__(data, today=today, **options)
        self.fields["committee"].queryset = seats.committees(today=today)
        self.found: list[Member] = []

    def find(self) -> None:
        """Answer the button 「查找」: those of this name or number stand below the field, and nothing else is said yet."""
        self.full_clean()
        nobody = None if self.found else self.errors.get("person")
        self.errors.clear()
        if nobody:
            self.errors["person"] = nobody

    def clean_person(self) -> Member | None:
        text = _line(self.cleaned_data["person"])
        if not text:
            raise ValidationError("请填写委员的完整姓名，或会员编号")
        self.found = list(seats.candidates(text))
        if not self.found:
            raise ValidationError("没有找到。请填写会员的完整姓名，或会员编号")
        picked = [member for member in self.found if str(member.pk) == self.data.get("pick", "")]
        if not picked:
            raise ValidationError("请核对下面找到的人，选择后再登记")
        return picked[0]


class EndForm(forms.Form):
    """结束任职: the last day."""

    last_day = DayField(label="任期最后一天", help_text="到这一天 24:00 结束；选今天以前的日期，立即生效")


def _line(text: str) -> str:
    try:
        return validators.clean_line(text)[:LONGEST_TERM]
    except ValidationError:
        return ""
