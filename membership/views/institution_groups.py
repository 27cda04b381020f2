"""The institutions one may apply to, as components/institution_picker.html takes them."""

from collections.abc import Sequence
from dataclasses import dataclass

from membership.domain import limits
from membership.enums import InstitutionKind
from membership.forms.enrolment import EnrolmentForm
from membership.models import Institution
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
    key: str
    title: str
    limit: int
    options: Sequence[Option]


def groups_of(form: EnrolmentForm) -> list[Group]:
    """Return the three groups that share a ceiling each (A-8, APP-3), the chosen ones marked."""
    bound = form["institutions"]
    chosen = set(bound.value() or ())
    offered: list[Institution] = list(form.fields["institutions"].objects.values())
    note = _youth_note(form)
    today = shanghai_date(form.at)
    # Committees come first; the summary of errors leads to the first box of all.
    first = next((one for limit in limits.limits() for one in offered if one.kind in limit.kinds), None)
    return [
        Group(
            key=limit.kinds[0],
            title=limit.label,
            limit=limit.most,
            options=[
                Option(
                    id=f"{bound.auto_id}_{0 if one is first else one.pk}",
                    value=str(one.pk),
                    label=one.name,
                    selected=str(one.pk) in chosen,
                    search=f"{one.name_pinyin} {one.name_initials}",
                    note=_note(one, note) if one.is_open_on(today) else "现在不接受申请，请去掉",
                )
                for one in offered
                if one.kind in limit.kinds
            ],
        )
        for limit in limits.limits()
    ]


def _note(institution: Institution, youth_note: str) -> str:
    if institution.kind == InstitutionKind.YOUTH_COUNCIL:
        return youth_note
    return institution.get_kind_display() if institution.kind == InstitutionKind.OVERSEAS_BRANCH else ""


def _youth_note(form: EnrolmentForm) -> str:
    born_on = form.application.proposed_dossier.born_on
    ceiling = society.current().youth_council_age
    if born_on is None:
        return f"须小于 {ceiling} 周岁"
    today = shanghai_date(form.at)
    age = age_on(born_on, today)
    verdict = f"须小于 {ceiling} 周岁" if limits.too_old_for_the_youth_council(born_on, on=today) else "符合条件"
    return f"您 {age} 周岁，{verdict}"
