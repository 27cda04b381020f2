"""The institutions one may apply to, as components/institution_picker.html takes them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.forms import BoundField

from membership.domain import limits
from membership.enums import InstitutionKind
from membership.forms.enrolment import EnrolmentForm
from membership.forms.offered_lists import Offer
from membership.models import settings as society
from membership.periods import age_on, shanghai_date


@dataclass(frozen=True)
class Option:
    id: str
    value: str
    label: str
    selected: bool
    search: str = ""
    disabled: bool = False
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Institutions under one ceiling; ``held``: how many of its places the person takes already, beside what is chosen here."""

    key: str
    title: str
    limit: int
    options: Sequence[Option]
    held: int = 0


def groups_of(
    bound: BoundField,
    *,
    youth_note: str,
    closed: Collection[str] = (),
    taken: Mapping[str, str] = MappingProxyType({}),
    held: Mapping[str, int] = MappingProxyType({}),
) -> list[Group]:
    """
    Return the three groups that share a ceiling each (A-8, APP-3), the chosen ones marked.

    ``youth_note`` stands beside 青年理事会; ``closed``: the keys of those that were chosen and take nothing any more; ``taken``: of those
    that cannot be chosen, and why; ``held``: by the key of a group, how many of its places are taken already.
    """
    chosen = set(bound.value() or ())
    offered: Sequence[Offer] = bound.field.offers
    # Committees come first; the summary of errors leads to the first box of all.
    first = next((one for limit in limits.limits() for one in offered if one.kind in limit.kinds), None)
    return [
        Group(
            key=limit.kinds[0],
            title=limit.label,
            limit=limit.most,
            held=held.get(limit.kinds[0], 0),
            options=[
                Option(
                    id=f"{bound.auto_id}_{0 if one is first else one.value}",
                    value=one.value,
                    label=one.text,
                    # What cannot be chosen any more stays ticked as it was, to be seen and taken out.
                    selected=one.value in chosen,
                    search=one.search,
                    disabled=one.value not in chosen and (one.value in taken or held.get(limit.kinds[0], 0) >= limit.most),
                    note=taken.get(one.value) or ("现在不接受申请，请去掉" if one.value in closed else _note(one, youth_note)),
                )
                for one in offered
                if one.kind in limit.kinds
            ],
        )
        for limit in limits.limits()
    ]


def closed_ones(form: EnrolmentForm) -> set[str]:
    """Return the keys of the institutions that the draft chose and that take nothing any more."""
    today = shanghai_date(form.at)
    return {str(one.pk) for one in form.fields["institutions"].chosen if not one.is_open_on(today)}


def youth_note(form: EnrolmentForm) -> str:
    """Return what stands beside 青年理事会: the age that was computed, and whether it fits (M-11)."""
    born_on = form.application.own_dossier.born_on
    ceiling = society.current().youth_council_age
    if born_on is None:
        return f"须小于 {ceiling} 周岁"
    today = shanghai_date(form.at)
    age = age_on(born_on, today)
    verdict = f"须小于 {ceiling} 周岁" if limits.too_old_for_the_youth_council(born_on, on=today) else "符合条件"
    return f"您 {age} 周岁，{verdict}"


def _note(one: Offer, youth_note: str) -> str:
    if one.kind == InstitutionKind.YOUTH_COUNCIL:
        return youth_note
    return InstitutionKind.OVERSEAS_BRANCH.label if one.kind == InstitutionKind.OVERSEAS_BRANCH else ""
