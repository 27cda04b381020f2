"""What the page 医护会员注册 shows: its parts in order, each field with its look, what is hidden for whom, and how far one has come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.forms import BoundField
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from membership.domain import gaps, requirements
from membership.domain.gaps import Gap
from membership.domain.requirements import Need
from membership.enums import DocumentKind, MemberType
from membership.forms.enrolment import UPLOADS, EnrolmentForm
from membership.views.apply_drawing import Item, draw
from membership.views.apply_layout import BY_REFERRAL, CASCADE, LOOKS, NOTHING_CHOSEN, PARTS, PLAIN, REFERRERS, Part
from membership.views.shown_pictures import current_of, sample_url_of

HIDDEN = mark_safe(" hidden")
# What stands below a field beside its component.
AFTER = {"document_number": "membership/apply/after_document.html", "work_unit_name": "membership/apply/after_unit.html"}


@dataclass(frozen=True)
class ShownPart:
    """A part with its fields, and its line in the list of progress."""

    anchor: str
    label: str | SafeString
    items: Sequence[Item]
    note: str
    wrong: bool
    done: bool


@dataclass(frozen=True)
class Page:
    """
    The form as the template takes it.

    ``must_list_unit``: the work unit has to be one of the list (APP-5). ``chosen`` are institutions that cannot be changed any more.
    ``open`` are the fields that still keep the form from being submitted, in their order.
    """

    parts: Sequence[ShownPart]
    count: str
    line: str
    must_list_unit: bool
    chosen: Sequence[str]
    open: Sequence[BoundField]

    @property
    def open_names(self) -> str:
        return " ".join(field.name for field in self.open)


def page_of(form: EnrolmentForm, found: Iterable[Gap]) -> Page:
    """Return the page for a form, and what is still missing in the stored draft."""
    needs = _needs(form)
    open_fields = {gap.field for gap in found}
    items = {name: _item(name, form, needs) for part in PARTS for name in part.fields if name in form.fields}
    draw(form, items.values())
    parts = [_part(part, form, items, needs, open_fields) for part in PARTS]
    required = [name for name, need in needs.items() if need is Need.REQUIRED]
    done = sum(name not in open_fields for name in required)
    wrong = sum(part.wrong for part in parts)
    return Page(
        parts=parts,
        count=f"{done} / {len(required)} 必填项",
        line=f"共 {len(parts)} 部分" + (f"，{wrong} 部分有误" if wrong else ""),
        must_list_unit=form.value_now("member_type") == MemberType.PROFESSIONAL,
        chosen=() if "institutions" in form.fields else tuple(one.name for one in gaps.institutions_of(form.application)),
        open=[item.field for item in items.values() if _asked_as(item.field.name) in open_fields and not item.hidden],
    )


def _needs(form: EnrolmentForm) -> dict[str, Need]:
    """What is asked here: of a returned file no institutions, which have rows by now (A-14)."""
    asked = requirements.asked(
        member_type=form.value_now("member_type"),
        document_kind=form.value_now("document_kind"),
        referral_method=form.value_now("referral_method"),
    )
    return {name: need for name, need in asked.items() if name != "institutions" or name in form.fields}


def _part(part: Part, form: EnrolmentForm, drawn: Mapping[str, Item], needs: Mapping[str, Need], open_fields: set[str]) -> ShownPart:
    items = [drawn[name] for name in part.fields if name in drawn]
    names = {_asked_as(name) for name in part.fields}
    required = [name for name, need in needs.items() if name in names and need is Need.REQUIRED]
    done = sum(name not in open_fields for name in required)
    errors = sum(bool(item.field.errors) for item in items)
    note = f"{errors} 处有误" if errors else f"{done}/{len(required)}" if required else "选填"
    label = _either(part.title, part.student_title, form.value_now("member_type")) if part.student_title else part.title
    return ShownPart(part.anchor, label, items, note, wrong=bool(errors), done=bool(required) and done == len(required) and not errors)


def _item(name: str, form: EnrolmentForm, needs: Mapping[str, Need]) -> Item:
    look = LOOKS.get(name, PLAIN)
    bound = form[name]
    label = bound.label
    if name in gaps.STUDENT_LABELS:
        label = _either(gaps.LABELS[name], gaps.STUDENT_LABELS[name], form.value_now("member_type"))
    return Item(
        field=bound,
        id=f"{bound.auto_id}_field",
        look=look,
        label=label,
        # A referrer is asked for by one of two controls; the one that is shown has to be filled in (E-16).
        required=name in ("phone", *REFERRERS) or needs.get(name) is Need.REQUIRED,
        hidden=not _is_shown(name, form, needs),
        conditions=conditions_of(name),
        current=current_of(getattr(form.application.proposed_dossier, name)) if name in UPLOADS else None,
        url=_cascade_url(name) if look.template == CASCADE else "",
        sample_url=sample_url_of(look.sample) if look.sample else "",
        after=AFTER.get(name, ""),
    )


def _asked_as(name: str) -> str:
    """The society asks for one referrer; the form has two controls for it."""
    return "referrer" if name in REFERRERS else name


def _is_shown(name: str, form: EnrolmentForm, needs: Mapping[str, Need]) -> bool:
    if name in BY_REFERRAL:
        return (form.value_now("referral_method") or NOTHING_CHOSEN) in BY_REFERRAL[name]
    return name == "phone" or name in needs


@lru_cache
def conditions_of(name: str) -> Mapping[str, str]:
    """
    Return for whom a field is shown and starred, as the words of components/field_conditions.html; nothing where it is so for all.
    """
    if name in BY_REFERRAL:
        return {"show_for_referral": " ".join(BY_REFERRAL[name])}
    if name not in requirements.ALWAYS:
        return {}
    types = {key: requirements.need_of(name, member_type=key, document_kind="") for key in ("", *MemberType.values)}
    kinds = {key: requirements.need_of(name, member_type="", document_kind=key) for key in ("", *DocumentKind.values)}
    words = {
        "show_for": _words(types, lambda need: need is not Need.ABSENT),
        "show_for_document": _words(kinds, lambda need: need is not Need.ABSENT),
        "require_for": _words(types, lambda need: need is Need.REQUIRED),
        "require_for_document": _words(kinds, lambda need: need is Need.REQUIRED),
    }
    return {key: value for key, value in words.items() if value}


def _words(needs: Mapping[str, Need], holds) -> str:
    """The keys for which it holds; nothing where that is all of them or none, since then nothing ever changes."""
    held = [key or NOTHING_CHOSEN for key, need in needs.items() if holds(need)]
    return "" if len(held) in (0, len(needs)) else " ".join(held)


def _either(usual: str, for_students: str, member_type: str) -> SafeString:
    """Two words of which one is shown: students read another one."""
    student = member_type == MemberType.STUDENT
    return format_html(
        '<span data-show-for="{} professional ordinary"{}>{}</span><span data-show-for="student"{}>{}</span>',
        NOTHING_CHOSEN,
        HIDDEN if student else "",
        usual,
        "" if student else HIDDEN,
        for_students,
    )


def _cascade_url(name: str) -> str:
    return reverse("lookup_divisions") + ("?cities_only=1" if name == "work_region" else "")
