"""Province, city, county: chosen step by step, with and without JavaScript (籍贯, 省份/城市)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from membership.forms import offered_lists
from membership.forms.widgets import options
from membership.models import Division


class DivisionSteps(forms.Widget):
    """
    Province, city, county in as many selects as there are ``steps`` (their names for screen readers).

    The lists below a choice are written by the server (:meth:`offer`), so that it works without JavaScript; with it components/cascade.html
    fills them on the spot. ``cities_only``: the second step is that of 省份/城市, without the districts of a city that is a province.
    """

    use_fieldset = True

    def __init__(self, steps: Sequence[str], *, cities_only: bool = False) -> None:
        super().__init__()
        self.steps = steps
        self.cities_only = cities_only
        self.lists: list[list[tuple[str, str]]] = [[] for _ in steps]

    def value_from_datadict(self, data, files, name: str) -> list[str]:  # Django's name
        return [data.get(f"{name}_{step}", "").strip() for step in range(len(self.steps))]

    def value_omitted_from_data(self, data, files, name: str) -> bool:  # Django's name
        return f"{name}_0" not in data

    def id_for_label(self, id_: str, index: Any = None) -> str:  # Django's name
        return f"{id_}_{index or 0}"

    def offer(self, codes: Sequence[str]) -> list[str]:
        """Load the lists for these choices and return the codes that hang together: a city of another province counts as not chosen."""
        self.lists = [offered_lists.provinces()]
        path: list[str] = []
        for step in range(len(self.steps)):
            if step:
                below = offered_lists.divisions_below(path[-1], cities_only=self.cities_only) if len(path) == step else []
                self.lists.append(below)
            code = codes[step] if step < len(codes) else ""
            if len(path) == step and code in dict(self.lists[step]):
                path.append(code)
        return path

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        attrs = dict(attrs or {})
        id_ = attrs.pop("id", f"id_{name}")
        codes = list(value or [])
        selects = []
        for step, label in enumerate(self.steps):
            code = codes[step] if step < len(codes) else ""
            offered = options([("", label), *self.lists[step]], code)
            # Nothing to choose: the division above is not chosen, or has none below it.
            rests = step > 0 and not self.lists[step]
            attributes = flatatt({**attrs, "disabled": rests, "name": f"{name}_{step}", "id": f"{id_}_{step}", "aria-label": label})
            selects.append(format_html("<select{}>{}</select>", attributes, offered))
        return mark_safe("".join(selects))


class DivisionField(forms.Field):
    """
    A division as far down as it was chosen; ``gaps`` says whether that is far enough. ``chosen`` is the one that is stored.
    """

    def __init__(self, steps: tuple[str, ...], *, cities_only: bool = False) -> None:
        super().__init__(required=False, widget=DivisionSteps(steps, cities_only=cities_only))
        self.chosen: Division | None = None

    def prepare_value(self, value: Any) -> Any:
        return offered_lists.path_to(value.code) if isinstance(value, Division) else value

    def clean(self, value: list[str] | None) -> Division | None:
        path = self.widget.offer(value or [])
        if not path:
            return None
        if self.chosen is not None and self.chosen.code == path[-1]:
            return self.chosen
        return Division.objects.get(pk=path[-1])
