"""The first page of the admin: who is here, and what waits for them, by role (REV-1, UI-9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import RecentEditsPanel, WorkflowObjectsToModeratePanel
from wagtail.models import Page, Revision, TaskState

from membership import rules
from membership.domain import deadlines, delivery_log, queues, work_unit_requests
from membership.domain.wording import day
from membership.enums import DeliveryState
from membership.models import Institution, ReadOnlyMode, User, read_only
from membership.periods import shanghai_date
from membership.review import counts, message_log, unit_requests_admin
from membership.review.desks import DESKS, FILES, REPORTED, ROWS, Desk
from membership.review.permissions import FilePermissions, RowPermissions

Context = Mapping[str, object]
_DESKS: tuple[tuple[Desk, type], ...] = tuple((desk, FilePermissions if desk.is_of_files else RowPermissions) for desk in DESKS)
MOST_SCHEDULED = 10
MOST_LATEST = 5
MOST_NAMED = 3
MOST_INSTITUTIONS = 3
# So far ahead the longest deadlines lie, and so long the State Council's plan for the year is out.
AHEAD_DAYS = 40
# How far back texts that were not sent are counted; older ones have been seen to, or never will be.
UNSENT_DAYS = 7
# Where the changes that wait stand on the first page itself: after the cards.
CHANGES_ORDER = 90
CHANGES_PLACE = "#awaiting-review-section"


class RolePanel(Component):
    """A part of the first page that belongs to some roles; ``order`` places it among Wagtail's."""

    roles: tuple[str, ...] = ()

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def is_shown(self) -> bool:
        """Whether whoever asks has one of the roles."""
        return rules.has_role(self.request.user, *self.roles)


class WhoPanel(RolePanel):
    """The person, their roles, and the institutions they decide for."""

    name = "who"
    order = 10
    roles = tuple(rules.ROLES)
    template_name = "membership/review/home/who.html"

    def get_context_data(self, parent_context: Context) -> Context:  # Wagtail's name
        return {"words": list(dict.fromkeys([str(self.request.user), *roles_in_words(self.request.user)])), "places": self._places()}

    def _places(self) -> str:
        ids = rules.institutions_reviewed_by(self.request.user)
        names = [institution.name for institution in Institution.objects.filter(pk__in=ids).order_by("kind", "code")]
        shown = "、".join(names[:MOST_INSTITUTIONS])
        return f"{shown}等 {len(names)} 个机构" if len(names) > MOST_INSTITUTIONS else shown


@dataclass(frozen=True)
class Waiting:
    """A desk: its list, how many cases wait there, how many of them are overdue (empty: none), and the first deadline."""

    title: str
    url: str
    count: str
    overdue: str = ""
    soonest: str = ""
    word: str = "待审核"


class WaitingPanel(RolePanel):
    """「待审核 N 份」 for each desk at which this person sits."""

    name = "review"
    order = 30
    roles = (rules.ASSOCIATION_REVIEWER, rules.INSTITUTION_REVIEWER)
    template_name = "membership/review/waiting_panel.html"

    def is_shown(self) -> bool:
        """Also for an administrator who has cases to decide, since no reviewer of the association is left for them (S-7)."""
        return super().is_shown() or queues.association_is_missing(self.request.user)

    def get_context_data(self, parent_context: Context) -> Context:  # Wagtail's name
        return {"desks": desks_of(self.request)}


class ChangesPanel(RolePanel):
    """「待您审阅 N 处」: changes of pages that others have submitted; the list stands below, where Wagtail's panel draws it (CMS-1)."""

    name = "changes"
    order = 72
    roles = (rules.EDITOR, rules.ADMINISTRATOR)
    template_name = "membership/review/home/changes.html"

    def get_context_data(self, parent_context: Context) -> Context:  # Wagtail's name
        waiting = TaskState.objects.reviewable_by(self.request.user).select_related("revision")[: counts.MOST + 1]
        titles = [state.revision.object_str for state in waiting]
        return {"count": counts.shown(len(titles)) if titles else "", "titles": titles[:MOST_NAMED], "url": CHANGES_PLACE}


class SwitchesPanel(RolePanel):
    """What changes every page: the maintenance mode and the site notice, as they stand (UI-9)."""

    name = "switches"
    roles = (rules.ADMINISTRATOR, rules.EDITOR)
    template_name = "membership/review/home/switches.html"

    @property
    def order(self) -> int:
        """Before everything else while nobody can submit anything, else after what waits."""
        return 20 if read_only.current().is_in_force_at(timezone.now()) else 80

    def get_context_data(self, parent_context: Context) -> Context:  # Wagtail's name
        may_switch = rules.has_role(self.request.user, rules.ADMINISTRATOR)
        mode = read_only.current()
        return {
            "settings": parent_context.get("settings", {}),
            "mode": mode if may_switch else None,
            "state": state_of(mode, at=timezone.now()),
            "mode_url": settings_url(ReadOnlyMode._meta.app_label, ReadOnlyMode._meta.model_name),
            # The published site's settings are known by their address only.
            "notice_url": settings_url("guide_pages", "sitesettings"),
        }


class UnitRequestsPanel(RolePanel):
    """Units that applicants miss in the list (APP-5)."""

    name = "work-unit-requests"
    order = 70
    roles = (rules.SUPPORT, rules.ADMINISTRATOR)
    template_name = "membership/review/home/unit_requests.html"

    def get_context_data(self, parent_context: Context) -> Context:  # Wagtail's name
        waiting = list(work_unit_requests.waiting(self.request.user)[: counts.MOST + 1])
        url = reverse(f"{unit_requests_admin.NAMESPACE}:list" if waiting else "wagtailsnippets_membership_workunit:list")
        return {"count": counts.shown(len(waiting)) if waiting else "", "names": [unit.name for unit in waiting[:MOST_NAMED]], "url": url}


class CalendarPanel(RolePanel):
    """That nobody has entered the moved days of the coming year yet, on which deadlines already rest (REV-1)."""

    name = "calendar"
    order = 78
    roles = (rules.ADMINISTRATOR,)
    template_name = "membership/review/home/calendar.html"

    @cached_property
    def year(self) -> int:
        """The coming year, once deadlines may lie in it."""
        return (shanghai_date(timezone.now()) + timedelta(days=AHEAD_DAYS)).year

    def is_shown(self) -> bool:
        return super().is_shown() and deadlines.calendar().is_estimated(self.year)

    def get_context_data(self, parent_context: Context) -> Context:  # Wagtail's name
        return {"year": self.year, "url": reverse("wagtailsnippets_membership_calendarday:list")}


class UnsentPanel(RolePanel):
    """Text messages that certainly were not sent, so that somebody sends them again (UI-8)."""

    name = "unsent"
    order = 75
    roles = (rules.SUPPORT, rules.ADMINISTRATOR)
    template_name = "membership/review/home/unsent.html"

    def get_context_data(self, parent_context: Context) -> Context:  # Wagtail's name
        since = shanghai_date(timezone.now()) - timedelta(days=UNSENT_DAYS)
        asked = {"state": str(DeliveryState.FAILED), "since": since.isoformat()}
        wanted = delivery_log.Wanted(state=DeliveryState.FAILED, since=since)
        number = len(delivery_log.find(wanted).values_list("pk")[: counts.MOST + 1])
        list_url = reverse(f"{message_log.NAMESPACE}:list")
        return {
            "count": counts.shown(number) if number else "",
            "days": UNSENT_DAYS,
            "url": f"{list_url}?{urlencode(asked)}" if number else list_url,
        }


@dataclass(frozen=True)
class PageLine:
    """A page with what happened to it, or will, and when."""

    title: str
    url: str
    at: datetime
    word: str


class ScheduledPanel(RolePanel):
    """Pages that will go live or away at a set time, the next first."""

    name = "scheduled"
    order = 230
    roles = (rules.EDITOR,)
    template_name = "membership/review/home/pages.html"

    def is_shown(self) -> bool:
        return super().is_shown() and bool(self.entries)

    @cached_property
    def entries(self) -> list[PageLine]:
        """The next pages, at most ``MOST_SCHEDULED``."""
        going_live = [_line(plan.content_object, plan.approved_go_live_at, "发布") for plan in _plans()]
        going_away = [_line(page, page.expire_at, "下线") for page in Page.objects.live().filter(expire_at__isnull=False)]
        return sorted([*going_live, *going_away], key=lambda entry: entry.at)[:MOST_SCHEDULED]

    def get_context_data(self, parent_context: Context) -> Context:  # Wagtail's name
        return {"name": self.name, "heading": "定时发布与下线", "entries": self.entries}


class LatestPanel(RolePanel):
    """The pages that were saved last, by whomever: editors work on the same site. Wagtail's own shows one's own alone."""

    name = "latest-pages"
    order = 250
    roles = (rules.EDITOR,)
    template_name = "membership/review/home/pages.html"

    def get_context_data(self, parent_context: Context) -> Context:  # Wagtail's name
        pages = Page.objects.filter(depth__gt=1, latest_revision__isnull=False).select_related("latest_revision__user")
        latest = pages.order_by("-latest_revision_created_at")[:MOST_LATEST]
        entries = [_line(page, page.latest_revision_created_at, _saved(page)) for page in latest]
        return {"name": self.name, "heading": "最近更新的页面", "entries": entries}


PANELS: tuple[type[RolePanel], ...] = (
    WhoPanel,
    WaitingPanel,
    ChangesPanel,
    UnitRequestsPanel,
    UnsentPanel,
    CalendarPanel,
    SwitchesPanel,
    ScheduledPanel,
    LatestPanel,
)


def with_role_panels(request: HttpRequest, panels: list[Component]) -> None:
    """Add to the first page what belongs to the roles of whoever asks."""
    ours = [panel(request) for panel in PANELS]
    panels[:] = [panel for panel in panels if not isinstance(panel, RecentEditsPanel)]
    for panel in panels:
        if isinstance(panel, WorkflowObjectsToModeratePanel):
            panel.order = CHANGES_ORDER
    panels.extend(panel for panel in ours if panel.is_shown())


def desks_of(request: HttpRequest) -> list[Waiting]:
    """Return the desks of whoever asks, with what waits there; of what members ask seldom, only where something waits."""
    stands_in = queues.association_is_missing(request.user)
    theirs = [desk for desk, permissions in _DESKS if stands_in or permissions.roles_include(request.user)]
    found = [_waiting(desk, request) for desk in theirs if desk in (FILES, ROWS) or counts.of(desk, request).waiting]
    return [*found, *_reported(request)] if ROWS in theirs else found


def roles_in_words(user: User) -> list[str]:
    """Return what an account's roles are called, in the order of the table."""
    held = rules.roles_of(user)
    return [word for role, word in rules.ROLES.items() if role in held]


def state_of(mode: ReadOnlyMode, *, at: datetime) -> str:
    """Return how the maintenance mode stands: off, announced, on, overdue (its expected end has passed), or forced by the operator."""
    if not mode.is_in_force_at(at):
        return "announced" if mode.is_announced_at(at) else "off"
    if not mode.is_on:
        return "forced"
    return "overdue" if mode.ends_at and mode.ends_at <= at else "on"


def settings_url(app_label: str, model_name: str | None) -> str:
    """Return the address of a page of settings."""
    return reverse("wagtailsettings:edit", args=[app_label, model_name])


def _waiting(desk: Desk, request: HttpRequest) -> Waiting:
    count = counts.of(desk, request)
    url = reverse(f"{desk.url_prefix}_index")
    return Waiting(desk.title, url, count.text, count.overdue_text if count.overdue else "", day(count.soonest))


def _reported(request: HttpRequest) -> list[Waiting]:
    """The reports of violations that wait for the association, where there are any (M-18)."""
    number = counts.of_tabs(ROWS, request)[REPORTED]
    if number == "0" or not rules.has_role(request.user, rules.ASSOCIATION_REVIEWER):
        return []
    return [Waiting(ROWS.tabs[REPORTED], f"{reverse(f'{ROWS.url_prefix}_index')}?tab={REPORTED}", number, word="待处理")]


def _plans() -> QuerySet[Revision]:
    return Revision.page_revisions.filter(approved_go_live_at__isnull=False).prefetch_related("content_object")


def _line(page: Page, at: datetime, word: str) -> PageLine:
    return PageLine(page.get_admin_display_title(), reverse("wagtailadmin_pages:edit", args=[page.pk]), at, word)


def _saved(page: Page) -> str:
    """Say who saved a page, and whether readers see it."""
    editor = page.latest_revision.user
    state = "有未发布的修改" if page.live and page.has_unpublished_changes else "已发布" if page.live else "草稿"
    return f"{editor} · {state}" if editor else state
