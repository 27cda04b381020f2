"""审计记录 in the Wagtail admin: who did what, about whom, when; read by the association alone (S-4, S-8, REV-5)."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from membership.domain import audit, audit_reading
from membership.domain.audit_words import DETAILS, value_for, words_for
from membership.models import AuditEntry, Institution, Member
from membership.review.audit_filter import Asked, AuditFilter, Who
from membership.review.export_tasks import DESKS
from membership.review.keyset import page_of
from membership.review.keyset_moments import ByMoment

TITLE = "审计记录"
NAMESPACE = "audit_log"
PAGE_SIZE = 50
# Places of pages never go along to another list.
_BY_WHOM, _ABOUT_WHOM = ("actor", "actor_id"), ("about", "about_id")


@dataclass(frozen=True)
class Line:
    """One entry. The ``…_url`` lead to everything else of that actor, that person, that request; empty where there is nobody."""

    at: datetime
    actor: str
    actor_url: str
    action: str
    about: str
    about_url: str
    target: str
    institution: str
    details: str
    request_id: str
    request_url: str


@dataclass(frozen=True)
class Choice:
    """One of several people of a name, and the list of their entries."""

    name: str
    note: str
    url: str


@dataclass(frozen=True)
class Question:
    """Somebody was looked for and it is not clear whom: the namesakes, or none."""

    label: str
    term: str
    choices: tuple[Choice, ...]
    are_too_many: bool


class AuditList(View):
    """GET: the latest first, narrowed by what is looked for; read on by key. To who does not read it, it does not exist."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not audit_reading.may_read(request.user):
            raise Http404
        asked = Asked(request.GET, reader=request.user)
        page = self._page(asked)
        context = {
            "title": TITLE,
            "list_url": _list_url(),
            "filter": AuditFilter(asked.query),
            "is_filtered": bool(asked.query),
            "questions": _questions(asked),
            "people": [who.found for who in (asked.actor, asked.about) if who.found],
            "lines": _lines(page.rows) if page else [],
            "previous_url": _url(asked.query, before=page.before) if page else "",
            "next_url": _url(asked.query, after=page.after) if page else "",
        }
        return TemplateResponse(request, "membership/review/audit/list.html", context)

    def _page(self, asked: Asked):
        wanted = asked.wanted
        if wanted is None:
            return None
        places = {name: self.request.GET.get(name, "") for name in ("after", "before")}
        page = page_of(audit_reading.find(wanted, reader=self.request.user), ByMoment(moment="at"), size=PAGE_SIZE, **places)
        if wanted.about is not None and not any(places.values()):
            audit_reading.note_reading(about=wanted.about, reader=self.request.user, at=timezone.now())
        return page


class AuditMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return audit_reading.may_read(request.user)


class AuditViewSet(ViewSet):
    """The page of the audit; roles open it, there is nothing to tick in a group's form."""

    name = NAMESPACE
    url_prefix = "audit"
    icon = "history"
    menu_label = TITLE
    menu_name = "audit-log"
    menu_order = 80
    add_to_admin_menu = True

    @property
    def menu_item_class(self) -> type[MenuItem]:  # Wagtail's name
        """An entry for whoever reads it."""
        return AuditMenuItem

    def get_urlpatterns(self) -> list:  # Wagtail's name
        return [path("", AuditList.as_view(), name="list")]


def url_about(member: int) -> str:
    """Return the address of everything that was done about a person."""
    return _url({"about_id": str(member)})


def _questions(asked: Asked) -> list[Question]:
    sides = ((asked.actor, "操作人", _BY_WHOM), (asked.about, "会员", _ABOUT_WHOM))
    return [_question(who, label, names, asked.query) for who, label, names in sides if who.is_unknown]


def _question(who: Who, label: str, names: tuple[str, str], query: dict[str, str]) -> Question:
    typed, key = names
    choices = [Choice(one.name, one.note, _url({**query, typed: who.term, key: str(one.pk)})) for one in who.offered]
    return Question(label, who.term, tuple(choices), who.are_too_many)


def _lines(entries) -> list[Line]:
    """Return the entries with the names of whom they name, asked for once a page."""
    people = Member.objects.in_bulk({entry.about_id for entry in entries if entry.about_id})
    actors = dict(Member.objects.filter(user__in={entry.actor_id for entry in entries if entry.actor_id}).values_list("user", "name"))
    places = Institution.objects.in_bulk({entry.institution_id for entry in entries if entry.institution_id})
    return [_line(entry, people, actors, places) for entry in entries]


def _line(entry: AuditEntry, people: dict[int, Member], actors: dict[int, str], places: dict[int, Institution]) -> Line:
    person = people.get(entry.about_id) if entry.about_id else None
    place = places.get(entry.institution_id) if entry.institution_id else None
    return Line(
        at=entry.at,
        actor=_actor(entry, actors),
        actor_url=_url({"actor_id": str(entry.actor_id)} if entry.actor_id else {"actor": audit_reading.SYSTEM}),
        action=words_for(entry.action),
        about=(person.name if person else "") or (f"会员 {entry.about_id}" if entry.about_id else ""),
        about_url=url_about(entry.about_id) if entry.about_id else "",
        target=_target(entry),
        institution=place.name if place else "",
        details=_details(entry.details),
        request_id=entry.request_id,
        request_url=_url({"request": entry.request_id}) if entry.request_id else "",
    )


def _actor(entry: AuditEntry, names: dict[int, str]) -> str:
    """Name who acted as they were called then; an account without a name of its own by the person behind it, as they are called now."""
    nameless = entry.actor_label == audit.label_of(entry.actor_id)
    return (names.get(entry.actor_id) if entry.actor_id and nameless else "") or entry.actor_label


def _target(entry: AuditEntry) -> str:
    """Say what was acted upon, e.g. «申请 412»; a kind of thing that is no more keeps its code."""
    try:
        word = apps.get_model("membership", entry.target)._meta.verbose_name
    except LookupError:
        word = entry.target
    return f"{word} {entry.target_id}" if entry.target else ""


def _details(details: dict) -> str:
    return "，".join(f"{DETAILS.get(name, name)}：{_said(name, value)}" for name, value in details.items() if value not in (None, ""))


def _said(detail: str, value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_said(detail, one) for one in value)
    if isinstance(value, dict):
        return "；".join(f"{name} {_said(name, one)}" for name, one in value.items())
    if detail == "list" and value in DESKS:
        return DESKS[value].title
    return value_for(detail, str(value))


def _list_url() -> str:
    return reverse(f"{NAMESPACE}:list")


def _url(query: dict[str, str], **place: str) -> str:
    """Return the address of a list, from a place of it where one is named; an empty text for a place that there is not."""
    if place and not any(place.values()):
        return ""
    return f"{_list_url()}?{urlencode({**query, **place})}"
