"""
Draws the fields of 医护会员注册. Forty fields through forty templates are most of the page's price, and but for the answers they are the
same for everybody: so each is rendered once without an answer and kept (``offered_lists``), and the answer is then put into its place.

A field that has something to say, an error, candidates, a picture, is rendered as any other. A test compares both ways.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django import forms
from django.forms import BoundField
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from membership.domain import gaps
from membership.enums import MemberType
from membership.forms import offered_lists
from membership.forms.division_steps import DivisionField, DivisionSteps
from membership.forms.enrolment import UPLOADS, EnrolmentForm
from membership.forms.finder import Finder, Typed
from membership.forms.typed_fields import InstancesField
from membership.forms.widgets import PlainSelect, with_chosen
from membership.views import institution_groups
from membership.views.apply_layout import PICKER, Look

TEMPLATE = "membership/apply/field.html"
# Characters that no answer holds: where the answer goes, and what only some of them have beside it.
ANSWER, BESIDE, *CURRENT = "\ue000\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009"


@dataclass
class Item:
    """A field on the page: what the component of its look is given; ``after``, the template of what stands below; ``html``, once drawn."""

    field: BoundField
    id: str
    look: Look
    label: str | SafeString
    required: bool
    hidden: bool
    conditions: Mapping[str, str]
    current: Mapping[str, str] | None = None
    url: str = ""
    sample_url: str = ""
    after: str = ""
    html: SafeString = SafeString("")


def draw(form: EnrolmentForm, items: Iterable[Item]) -> None:
    """Give each item its markup."""
    items = list(items)
    kept = _kept(form, [item for item in items if _is_plain(form, item)])
    for item in items:
        name = item.field.name
        item.html = _filled(form, item, kept[name]) if name in kept else _rendered(form, item)


def _is_plain(form: EnrolmentForm, item: Item) -> bool:
    """Whether nothing stands there but the field, as everybody has it, and its answer."""
    one = item.field.field
    closed = item.look.template == PICKER and institution_groups.closed_ones(form)
    return not (item.field.errors or closed or getattr(one, "is_extended", False) or getattr(one.widget, "candidates", ()))


# --- Rendered once ---------------------------------------------------------------------------------


def _kept(form: EnrolmentForm, items: list[Item]) -> dict[str, str]:
    """Return the fields without their answers, by name. Those of one page are kept together: people differ in few ways."""
    looks = hashlib.sha256("|".join(_looks(form, item) for item in items).encode()).hexdigest()
    return offered_lists.kept(f"fields-{looks}", lambda: {item.field.name: _without_answer(form, item) for item in items})


def _looks(form: EnrolmentForm, item: Item) -> str:
    """All by which a field looks different for different people, but for the answer."""
    name = item.field.name
    looks = "".join("01"[bool(one)] for one in (item.required, item.hidden, name in form.told))
    label = "s" if name in gaps.STUDENT_LABELS and form.value_now("member_type") == MemberType.STUDENT else ""
    choice = item.field.value() or "" if isinstance(item.field.field, forms.ChoiceField) else ""
    has = ".".join(item.current) if item.current else ""
    return f"{name} {looks}{label} {choice} {has}"


def _without_answer(form: EnrolmentForm, item: Item) -> str:
    """Render a field with marks in place of its answer; of radios there are so few that each choice is rendered."""
    one = item.field.field
    if isinstance(one, forms.ChoiceField):
        return _rendered(form, item)
    blank = forms.Form(initial={item.field.name: _marks(one)})
    blank.fields = {item.field.name: _placed(one) if isinstance(one, DivisionField) else one}
    current = dict(zip(item.current, CURRENT, strict=False)) if item.current else None
    return _rendered(form, replace(item, field=blank[item.field.name], current=current), youth_note=BESIDE)


def _marks(one: forms.Field) -> object:
    if isinstance(one, InstancesField):
        return []
    if isinstance(one.widget, Finder):
        return Typed(ANSWER, BESIDE)
    return "" if isinstance(one.widget, PlainSelect) else ANSWER


class _Placed(DivisionSteps):
    """Selects that are written when the answer is known: it decides what they offer."""

    def render(self, *_, **__) -> str:  # Django's name
        return ANSWER


def _placed(one: DivisionField) -> DivisionField:
    blank = DivisionField(one.widget.steps)
    blank.widget = _Placed(one.widget.steps)
    blank.label, blank.help_text = one.label, one.help_text
    return blank


def _rendered(form: EnrolmentForm, item: Item, *, youth_note: str = "") -> SafeString:
    context = {"item": item, "groups": ()}
    if item.look.template == PICKER:
        note = youth_note or institution_groups.youth_note(form)
        context["groups"] = institution_groups.groups_of(item.field, youth_note=note, closed=institution_groups.closed_ones(form))
    return get_template(TEMPLATE).render(context)


# --- The answer put into its place -----------------------------------------------------------------


def _filled(form: EnrolmentForm, item: Item, html: str) -> SafeString:
    bound, one = item.field, item.field.field
    if isinstance(one, forms.ChoiceField):
        return mark_safe(html)
    if item.field.name in UPLOADS:
        return mark_safe(_with_current(html, item.current or {}))
    if isinstance(one, InstancesField):
        ticked = _ticked(html, bound.value() or [])
        return mark_safe(ticked.replace(BESIDE, escape(institution_groups.youth_note(form))) if item.look.template == PICKER else ticked)
    if isinstance(one, DivisionField):
        return mark_safe(html.replace(ANSWER, str(bound)))
    if isinstance(one.widget, PlainSelect):
        return with_chosen(html.replace(' value="" selected', ' value=""', 1), bound.value())
    if isinstance(one.widget, Finder):
        typed: Typed = bound.value()
        return mark_safe(_with_text(html, typed.text).replace(BESIDE, escape(typed.chosen)))
    return mark_safe(_with_text(html, bound.value()))


def _with_text(html: str, text: object) -> str:
    if text in (None, ""):
        return html.replace(f' value="{ANSWER}"', "").replace(ANSWER, "")
    return html.replace(ANSWER, escape(text))


def _with_current(html: str, current: Mapping[str, str]) -> str:
    for mark, text in zip(CURRENT, current.values(), strict=False):
        html = html.replace(mark, escape(text))
    return html


def _ticked(html: str, values: list[str]) -> str:
    """Tick boxes, and say how many of a folded list are ticked."""
    for value in values:
        html = html.replace(f' value="{value}" id', f' value="{value}" checked id', 1)
    if values:
        html = re.sub(r'<details class="fold">(\s*)<summary>[^<]*', rf'<details class="fold" open>\1<summary>已选 {len(values)} 个', html)
    return html
