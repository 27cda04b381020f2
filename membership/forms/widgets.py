"""Controls that Django lacks: fast selects, and radios with a line of help each."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class PlainSelect(forms.Select):
    """
    A select whose options are joined as text and kept: Django renders a template for each, which two hundred countries make slow.

    A group is a pair of its name and a list of choices.
    """

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        listed = tuple((key, tuple(label) if isinstance(label, list) else label) for key, label in self.choices)
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", attributes, _with_chosen(_grouped_options(listed), value))


def options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """Return the options of a select, the chosen one marked."""
    return _with_chosen(_plain_options(tuple(choices)), chosen)


@lru_cache(64)
def _grouped_options(choices: tuple) -> SafeString:
    parts = [
        format_html('<optgroup label="{}">{}</optgroup>', key, _plain_options(label))
        if isinstance(label, tuple)
        else _plain_options(((key, label),))
        for key, label in choices
    ]
    return mark_safe("".join(parts))


@lru_cache(256)
def _plain_options(choices: tuple) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', choices)


def _with_chosen(written: SafeString, value: Any) -> SafeString:
    option = format_html('<option value="{}"', "" if value is None else value)
    return mark_safe(written.replace(f"{option}>", f"{option} selected>", 1))


class HelpedRadios(forms.RadioSelect):
    """Radios with a line of help each: ``help_lines`` maps values to sentences (components/field.html shows them)."""

    def __init__(self, help_lines: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.help_lines = help_lines

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None) -> dict:
        option = super().create_option(name, value, label, selected, index, subindex=subindex, attrs=attrs)
        option["help"] = self.help_lines.get(str(value), "")
        return option
