"""Controls that Django lacks: fast selects, and radios with a line of help each."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Choices = Sequence[tuple[str, Any]]


class PlainSelect(forms.Widget):
    """
    A select whose options are joined as text and kept: Django renders a template for each, which two hundred countries make slow.

    ``choices`` are pairs of what is sent and what is read; a group is a pair of its name and a tuple of such pairs. They are shared by all
    forms, and copied for none.
    """

    input_type = "select"

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Choices = ()) -> None:
        super().__init__(attrs)
        self.choices = choices

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", attributes, with_chosen(_grouped_options(tuple(self.choices)), value))


def options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """Return the options of a select, the chosen one marked."""
    return with_chosen(_plain_options(tuple(choices)), chosen)


def with_chosen(written: str, value: Any) -> SafeString:
    """Mark the option that is chosen in options, or in a whole select, written without one."""
    option = format_html('<option value="{}"', "" if value is None else value)
    return mark_safe(written.replace(f"{option}>", f"{option} selected>", 1))


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


class HelpedRadios(forms.RadioSelect):
    """Radios with a line of help each: ``help_lines`` maps values to sentences (components/field.html shows them)."""

    def __init__(self, help_lines: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.help_lines = help_lines

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None) -> dict:
        option = super().create_option(name, value, label, selected, index, subindex=subindex, attrs=attrs)
        option["help"] = self.help_lines.get(str(value), "")
        return option


class LockableRadios(forms.RadioSelect):
    """Radios of which ``only`` one can be taken, where the answer follows from another one; it is sent all the same."""

    only = ""

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None) -> dict:  # Django's name
        option = super().create_option(name, value, label, selected, index, subindex=subindex, attrs=attrs)
        if self.only and str(value) != self.only:
            option["attrs"]["disabled"] = True
        return option
