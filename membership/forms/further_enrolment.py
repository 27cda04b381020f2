"""加入更多机构: the institutions, what each existing one is changed for, and the tick 资料仍然属实 (APP-13, A-10, A-11)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from membership.domain.further_enrolment import Choice, Room
from membership.domain.gaps import Gap
from membership.forms import reference_choices
from membership.forms.typed_fields import CodeField
from membership.models import Affiliation, Institution

KEEP = ("", "保留")


class FurtherEnrolmentForm(forms.Form):
    """
    The picker adds; a select beside each affiliation exchanges it. What is chosen in a select need not be ticked in the picker too.

    ``rooms`` and ``taken`` are the society's answers for this member (``further_enrolment``); ``kept`` is the stored draft's choice.
    """

    is_still_true = forms.BooleanField(required=False, label="资料仍然属实：上面的内容就是我现在的情况")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kept: Choice,
        rooms: Sequence[Room],
        taken: Mapping[int, str],
        today: date,
        preselected: Institution | None = None,
    ) -> None:
        replaceable = {one.pk for room in rooms for one in room.replaceable}
        exchanged = {one.pk: key for key, one in kept.replaced.items() if one.pk in replaceable}
        added = [one for one in kept.institutions if one.pk not in exchanged.values()]
        if preselected is not None and preselected not in kept.institutions:
            added.append(preselected)
        super().__init__(data, label_suffix="", initial={"institutions": added})
        self.rooms = rooms
        self.fields["institutions"] = reference_choices.institutions_field(list(kept.institutions), today=today)
        self.fields["institutions"].label = "要加入的机构"
        if any(room.replaceable and not room.left for room in rooms):
            self.fields["institutions"].help_text = "已满的一类想加入新的，请在下面「更换现有的机构」里选择"
        for room in rooms:
            for affiliation in room.replaceable:
                self.fields[_name(affiliation)] = field = CodeField(
                    self._exchanges(room, taken),
                    label=affiliation.institution.name,
                    help_text=f"会员有效期至 {affiliation.valid_to:%Y-%m-%d}",
                )
                field.initial = str(exchanged.get(affiliation.pk, ""))
        self.order_fields(["institutions", *(name for name in self.fields if name.startswith("replaces_")), "is_still_true"])

    def _exchanges(self, room: Room, taken: Mapping[int, str]) -> list[tuple[str, str]]:
        offers = [one for one in self.fields["institutions"].offers if one.kind in room.limit.kinds and int(one.value) not in taken]
        return [KEEP, *((one.value, f"换成{one.text}") for one in offers)]

    @property
    def exchanges(self) -> list[BoundField]:
        """The select of each affiliation that may be exchanged, for the page."""
        return [self[_name(one)] for room in self.rooms for one in room.replaceable]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wanted = [cleaned.get(_name(one)) for room in self.rooms for one in room.replaceable if cleaned.get(_name(one))]
        for room in self.rooms:
            for one in room.replaceable:
                if wanted.count(cleaned.get(_name(one))) > 1:
                    self.add_error(_name(one), "两个机构不能换成同一个，请改选")
        return cleaned

    def choice(self) -> Choice:
        """Return what was chosen, as far as it could be read."""
        by_key = {one.pk: one for one in self.cleaned_data.get("institutions") or ()}
        replaced = {int(key): one for room in self.rooms for one in room.replaceable if (key := self.cleaned_data.get(_name(one)))}
        missing = replaced.keys() - by_key.keys()
        by_key |= {one.pk: one for one in Institution.objects.filter(pk__in=missing)} if missing else {}
        return Choice(tuple(by_key.values()), replaced)

    def add_gaps(self, found: Sequence[Gap]) -> None:
        """Put what the society says beside its field; what is about a replacement beside the institutions it makes room for."""
        for gap in found:
            self.add_error(gap.field if gap.field in self.fields else "institutions", gap.message)


def _name(affiliation: Affiliation) -> str:
    return f"replaces_{affiliation.pk}"
