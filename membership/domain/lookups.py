"""
Finding committee members, members and work units while a form is filled in (APP-5, APP-6, E-13, E-14, E-18).

Seats and work units are lists that anybody may search. Members are no list: they are found by their whole name or their number, so many
times a day, and only a candidate that was offered can be chosen.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q

from membership import pinyin, validators
from membership.domain import audit, divisions
from membership.domain.errors import DomainError
from membership.domain.prefixes import prefix
from membership.enums import Standing
from membership.models import Application, AuditEntry, Freeze, Member, Seat, Title, User, WorkUnit, WorkUnitAlias
from membership.models import settings as society
from membership.periods import end_of_day, shanghai_date

MOST_SUGGESTIONS = 8
# A list sorted in memory: enough to find the best among them, not enough to list the society.
MOST_COMPARED = 60
LONGEST_TERM = 60


class TooManyLookups(DomainError):
    """The account looked for members ``member_lookups_per_day`` times today (E-14)."""

    field = "referrer"
    message = "今天查找推荐会员的次数已用完，请明天再试，或换一种推荐方式"


@dataclass(frozen=True)
class Found:
    """
    One suggestion: ``value`` goes back when it is chosen, ``label`` stands in the field, ``note`` helps to tell it from others.
    """

    value: str
    label: str
    note: str = ""


# --- Committee members -----------------------------------------------------------------------------


def seats(term: str, *, asked_by: User, today: date) -> list[Found]:
    """
    Return running seats whose holder's name, pinyin or initials begin with ``term``; never the asking person's own.

    Shown with institution and role, never with phone or document (E-13); who has not activated their account is marked (E-18). Who may not
    endorse now, since frozen or no active member, is left out: the request would be void at once (E-9).
    """
    term = _term(term)
    if not term:
        return []
    found = _choosable_seats(today).filter(named(term, through="member__")).exclude(member__user=asked_by)
    return [found_seat(seat) for seat in found.order_by("member__name_pinyin", "pk")[:MOST_SUGGESTIONS]]


def named(term: str, *, through: str = "") -> Q:
    """
    Return a filter on persons: the name, its pinyin or its initials begin with ``term``; ``through`` leads to the person.

    Every reading of a surname counts. Dots may be typed in any of their forms, or left out (阿依古丽买买提).
    """
    spelled = pinyin.spelling(term).pinyin
    if _HAN.search(term) is None:
        return _spelled(spelled, through) if spelled else prefix(f"{through}name", term)
    try:
        name = validators.clean_person_name(term.strip(_DOTS), maximum=LONGEST_TERM)
    except ValidationError:
        return Q(pk__in=())
    found = prefix(f"{through}name", name)
    # Of a long name without a dot nobody can say where it belongs: how it sounds decides.
    return found | _spelled(spelled, through) if len(name) >= _LONG_NAME and "·" not in name else found


_HAN = re.compile("[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_DOTS = "·•・.。 "
_LONG_NAME = 4


def _spelled(spelled: str, through: str) -> Q:
    found = Q()
    for column in (f"{through}name_pinyin", f"{through}name_initials"):
        # A name with two readings keeps both, separated by a space.
        found |= prefix(column, spelled) | Q(**{f"{column}__contains": f" {spelled}"})
    return found


def seat_of(value: str, *, today: date) -> Seat | None:
    """Return the running seat behind a suggestion's value, or None."""
    return _choosable_seats(today).filter(pk=int(value)).first() if value.isdecimal() and len(value) < 19 else None


def found_seat(seat: Seat) -> Found:
    """Return a seat as it is shown."""
    label = f"{seat.member.name}（{seat.committee.name} {seat.get_role_display()}）"
    return Found(str(seat.pk), label, "" if seat.member.user_id else "未激活，只能手写签字或盖章")


def _choosable_seats(today: date):
    frozen = Freeze.objects.filter(ended_at__isnull=True).values("member")
    active = Q(member__standing=Standing.MEMBER, member__last_valid_to__gte=today)
    running = Seat.objects.running_on(today).filter(active | Q(member__user__isnull=True)).exclude(member__in=frozen)
    return running.exclude(member__name="").select_related("member", "committee")


# --- Members ---------------------------------------------------------------------------------------


def find_members(text: str, *, asked_by: User, application: Application, at: datetime) -> list[Found]:
    """
    Return members of exactly this name, or with this certificate number: at most ``member_lookup_candidates``, each with unit and province.

    Who does not want to be found is answered for as for nobody. Every call counts (E-14).

    :raises TooManyLookups: ``member_lookups_per_day`` is used up.
    """
    figures = society.current()
    today = shanghai_date(at)
    midnight = end_of_day(today) - timedelta(days=1)
    if AuditEntry.objects.filter(actor=asked_by, action="member.lookup", at__gte=midnight).count() >= figures.member_lookups_per_day:
        raise TooManyLookups()
    audit.log("member.lookup", application, by=asked_by, at=at, about=application.member)
    found = _referring_members(today).filter(_named(text)).exclude(user=asked_by).order_by("pk")
    return [_found_member(member, asked_by) for member in found[: figures.member_lookup_candidates]]


def member_of(value: str, *, asked_by: User, today: date) -> Member | None:
    """Return the member behind a candidate's value: only one that was offered to this account, and may still be named."""
    try:
        member, account = signing.loads(value, salt="membership.lookups.member")
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return _referring_members(today).filter(pk=member).first() if account == asked_by.pk else None


def chosen_member(member: Member, *, asked_by: User) -> Found:
    """Return a member who was chosen before, as they were shown then."""
    return _found_member(member, asked_by)


def _referring_members(today: date):
    """Members who may be named as 推荐人: running or in grace, not frozen, findable (E-14, Table E)."""
    frozen = Freeze.objects.filter(ended_at__isnull=True).values("member")
    first_day = today - timedelta(days=society.current().grace_days)
    return (
        Member.objects.in_the_society()
        .filter(findable=True, last_valid_to__gte=first_day)
        .exclude(pk__in=frozen)
        .select_related("current_dossier__work_region__parent__parent")
    )


def _named(text: str) -> Q:
    number = _term(text).replace(" ", "").upper()
    try:
        name = validators.clean_person_name(text, maximum=society.current().name_max_characters)
    except ValidationError:
        name = ""
    return (Q(name=name) & ~Q(name="")) | (Q(number=number) & ~Q(number=""))


def _found_member(member: Member, asked_by: User) -> Found:
    value = signing.dumps([member.pk, asked_by.pk], salt="membership.lookups.member")
    dossier = member.current_dossier
    if dossier is None:
        return Found(value, member.name)
    province = divisions.path_of(dossier.work_region)[0].name if dossier.work_region else ""
    return Found(value, member.name, "，".join(part for part in (dossier.work_unit_name, province) if part))


# --- Work units ------------------------------------------------------------------------------------


def work_units(term: str) -> list[Found]:
    """
    Return listed units whose name or other name contains ``term``, or whose pinyin or initials begin with it; the likeliest first.
    """
    term = _term(term)
    if not term:
        return []
    units = WorkUnit.objects.active()
    ascii_term = term.casefold().replace(" ", "")
    aliases = WorkUnitAlias.objects.filter(_like(term, ascii_term)).values_list("work_unit", "name")[:MOST_COMPARED]
    other_names = dict(aliases)
    found = units.filter(_like(term, ascii_term) | Q(pk__in=other_names)).select_related("province")[:MOST_COMPARED]
    ranked = sorted(found, key=lambda unit: (not unit.name.startswith(term), unit.pk in other_names, len(unit.name), unit.name))
    return [_found_unit(unit, other_names.get(unit.pk, "")) for unit in ranked[:MOST_SUGGESTIONS]]


def titles(term: str) -> list[Found]:
    """Return the titles (职称) offered whose name contains ``term``, or whose pinyin or initials begin with it; the shortest first."""
    term = _term(term)
    if not term:
        return []
    sound = term.casefold().replace(" ", "")
    spelled = ((title, pinyin.spelling(title.name)) for title in Title.objects.active())
    found = [
        title for title, sounds in spelled if term in title.display or sounds.pinyin.startswith(sound) or sounds.initials.startswith(sound)
    ]
    found.sort(key=lambda title: (not title.name.startswith(term), len(title.name), title.order))
    return [Found(str(title.pk), title.name, _kind_of(title)) for title in found[:MOST_SUGGESTIONS]]


def _kind_of(title: Title) -> str:
    return "，".join(part for part in (title.level, title.series) if part not in ("", "无"))


def work_unit_named(text: str) -> WorkUnit | None:
    """Return the listed unit of exactly this name or other name, or None; brackets count the same in either width."""
    spellings = {text, text.translate(_NARROW), text.translate(_WIDE)}
    unit = WorkUnit.objects.active().filter(name__in=spellings).first()
    if unit is None:
        alias = WorkUnitAlias.objects.filter(name__in=spellings, work_unit__is_active=True).select_related("work_unit").first()
        unit = alias.work_unit if alias else None
    return unit


_NARROW, _WIDE = str.maketrans("（）", "()"), str.maketrans("()", "（）")


def _like(term: str, ascii_term: str) -> Q:
    return Q(name__contains=term) | Q(name_pinyin__startswith=ascii_term) | Q(name_initials__startswith=ascii_term)


def _found_unit(unit: WorkUnit, other_name: str) -> Found:
    notes = [f"又名{other_name}"] if other_name else []
    if unit.province:
        notes.append(unit.province.name)
    return Found(unit.name, unit.name, "，".join(notes))


def _term(text: str) -> str:
    """A search begins with something that can be searched for."""
    try:
        return validators.clean_line(text)[:LONGEST_TERM]
    except ValidationError:
        return ""
