"""
What narrows a list: status, institution, member type, deadline, who took it on (REV-1, REV-9). Every filter stands in the URL, reads
columns that an index of the list has, and is offered only where it can make a difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from membership.enums import MemberType
from membership.models import Institution, User
from membership.review.desks import WAITING, Desk

if TYPE_CHECKING:
    from membership.review.queue import Asked

DUE = {"over": "超期", "today": "今天", "three": "3 天内", "week": "本周", "later": "本周以后"}
MINE, FREE = "mine", "free"
WHOSE = {MINE: "我领取的", FREE: "无人领取"}
LABELS = {"status": "审核状态", "institution": "申请机构", "type": "会员类型", "due": "期限", "whose": "领取"}
_ALL = {"status": "全部状态", "institution": "全部机构", "type": "全部类型", "due": "全部期限", "whose": "全部"}
_SELECTED = SafeString(" selected")
# Names of institutions are kept so long: they change once in a blue moon.
NAMES_SECONDS = 60


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Filter:
    """A select of the form over a list; the first choice takes the filter off."""

    name: str
    label: str
    choices: Sequence[Choice]

    @property
    def options(self) -> SafeString:
        """The choices as the select holds them; of institutions there are more than a hundred, for each list anew."""
        drawn = ((one.value, _SELECTED if one.is_chosen else "", one.label) for one in self.choices)
        return format_html_join("", '<option value="{}"{}>{}</option>', drawn)


def narrowed(desk: Desk, reviewer: User, cases: QuerySet, asked: "Asked", *, today: date) -> QuerySet:
    """Return the cases that every filter of a URL lets through. One that this tab does not offer lets everything through."""
    offered = set(names_of(desk, asked.tab))
    if asked.status and asked.status in desk.statuses.get(asked.tab, {}):
        cases = cases.filter(**{desk.status_field: asked.status})
    if asked.member_type:
        cases = cases.filter(member_type=asked.member_type)
    if asked.due and "due" in offered:
        cases = cases.filter(_due(desk.due_field, asked.due, today))
    if asked.whose and "whose" in offered:
        cases = cases.filter(assigned_to=reviewer) if asked.whose == MINE else cases.filter(assigned_to__isnull=True)
    if asked.institution and "institution" in offered:
        cases = desk.at_institution(cases, asked.institution)
    return cases


def names_of(desk: Desk, tab: str) -> list[str]:
    """Return the filters that can make a difference on a tab."""
    found = ["status"] if len(desk.statuses.get(tab, {})) > 1 else []
    found += ["type"]
    if desk.has_institutions:
        found.insert(len(found) - 1, "institution")
    return [*found, "due", "whose"] if tab == WAITING else found


def filters_of(desk: Desk, reviewer: User, asked: "Asked") -> list[Filter]:
    """Return the selects over a list, without those that have nothing to choose from."""
    choices: dict[str, Mapping[str, str]] = {
        "status": desk.statuses.get(asked.tab, {}),
        "type": {one.value: one.label for one in MemberType},
        "due": DUE,
        "whose": WHOSE,
    }
    found = []
    for name in names_of(desk, asked.tab):
        offered = names_of_institutions(desk, reviewer) if name == "institution" else choices[name]
        if len(offered) > 1:
            found.append(_filter(name, offered, asked.value_of(name)))
    return found


def in_words(desk: Desk, reviewer: User, asked: "Asked") -> dict[str, str]:
    """Return, by name, what each filter in force says, e.g. {"type": "会员类型：学生会员"}."""
    return words_of(filters_of(desk, reviewer, asked))


def words_of(filters: Sequence[Filter]) -> dict[str, str]:
    """Return the same of filters at hand."""
    found = {}
    for one in filters:
        chosen = next((choice for choice in one.choices if choice.is_chosen and choice.value), None)
        if chosen is not None:
            found[one.name] = f"{one.label}：{chosen.label}"
    return found


def names_of_institutions(desk: Desk, reviewer: User) -> Mapping[str, str]:
    """Return the institutions of a desk by id, as text, in the order of their kinds; kept for a moment, since every list names them."""
    key = f"review.institutions.{desk.url_prefix}.{reviewer.pk}"
    names = cache.get(key)
    if names is None:
        found: QuerySet[Institution] = desk.institutions(reviewer).order_by("kind", "code")
        names = {str(pk): name for pk, name in found.values_list("pk", "name")}
        cache.set(key, names, NAMES_SECONDS)
    return names


def _filter(name: str, offered: Mapping[str, str], chosen: str) -> Filter:
    choices = [Choice("", _ALL[name], not chosen)]
    return Filter(name, LABELS[name], [*choices, *(Choice(value, label, value == chosen) for value, label in offered.items())])


def _due(field: str, word: str, today: date) -> Q:
    sunday = today + timedelta(days=6 - today.weekday())
    ranges = {
        "over": {"lt": today},
        "today": {"gte": today, "lte": today},
        "three": {"gte": today, "lte": today + timedelta(days=3)},
        "week": {"gte": today, "lte": sunday},
        "later": {"gt": sunday},
    }
    return Q(**{f"{field}__{side}": day for side, day in ranges[word].items()})
