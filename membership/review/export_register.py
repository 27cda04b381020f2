"""导出记录 in the Wagtail admin: which lists left the house, what for, and who fetched them; each person's own files (REV-13)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.generic import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from membership import rules
from membership.accounts.asking_again import ask_again, has_confirmed
from membership.domain import exports
from membership.domain.errors import DomainError
from membership.domain.wording import Status
from membership.enums import ExportFormat, ExportState
from membership.exports import files, keeping
from membership.models import AuditEntry, ExportRun
from membership.periods import shanghai_date
from membership.review.export_tasks import DESKS
from membership.review.keyset import Order, page_of

TITLE = "导出记录"
NAMESPACE = "exports"
PAGE_SIZE = 50
_KINDS = {ExportState.QUEUED: "pending", ExportState.RUNNING: "pending", ExportState.DONE: "plain", ExportState.FAILED: "rejected"}
_READERS = (rules.ASSOCIATION_REVIEWER, rules.INSTITUTION_REVIEWER, rules.ADMINISTRATOR)


def may_read(user) -> bool:
    """Whether somebody reads the register at all: the whole of it, or their own lines."""
    return rules.has_role(user, *_READERS)


@dataclass(frozen=True)
class Line:
    """One list. ``kept_until`` is None where there is no file, or not any more; ``fetches``: when it was fetched, the latest first."""

    url: str
    at: datetime
    who: str
    list_name: str
    filter_words: str
    rows: int | None
    purpose: str
    format: str
    has_identity: bool
    status: Status
    kept_until: date | None
    fetches: list[datetime]


class ExportPage(View):
    """A page of the register; to who does not read it, it does not exist."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not may_read(request.user):
            raise Http404
        self.at = timezone.now()
        self.today = shanghai_date(self.at)
        return super().dispatch(request, *args, **kwargs)

    def run_of(self, pk: int) -> ExportRun:
        """Return a line that this person reads, or answer that there is none."""
        return get_object_or_404(exports.visible_to(self.request.user), pk=pk)

    def lines_of(self, runs: list[ExportRun]) -> list[Line]:
        """Return the lines with their fetches, in one query."""
        fetched = defaultdict(list)
        entries = AuditEntry.objects.filter(
            target=ExportRun._meta.model_name, target_id__in=[run.pk for run in runs], action=exports.FETCHED
        )
        for target, at in entries.order_by("-at").values_list("target_id", "at"):
            fetched[target].append(at)
        return [self._line(run, fetched[run.pk]) for run in runs]

    def _line(self, run: ExportRun, fetches: list[datetime]) -> Line:
        state = ExportState(run.state)
        desk = DESKS.get(run.list_name)
        return Line(
            url=reverse(f"{NAMESPACE}:run", args=[run.pk]),
            at=run.requested_at,
            who=run.requested_by.get_full_name() or f"账号 {run.requested_by_id}",
            list_name=desk.title if desk else run.list_name,
            filter_words=run.filter_words,
            rows=run.row_count if state == ExportState.DONE else None,
            purpose=run.purpose,
            format=ExportFormat(run.format).value,
            has_identity=run.has_identity,
            status=Status(state.label, _KINDS[state]),
            kept_until=run.kept_until if exports.is_kept(run, self.today) else None,
            fetches=fetches,
        )


class Register(ExportPage):
    """GET: the newest first, read on by key; the association's and administrators' is everybody's, others' their own."""

    def get(self, request: HttpRequest) -> HttpResponse:
        after, before = request.GET.get("after", ""), request.GET.get("before", "")
        page = page_of(exports.visible_to(request.user), Order(), after=after, before=before, size=PAGE_SIZE)
        context = {
            "title": TITLE,
            "lines": self.lines_of(list(page.rows)),
            "sees_all": rules.has_role(request.user, rules.ASSOCIATION_REVIEWER, rules.ADMINISTRATOR),
            "previous_url": _url(before=page.before),
            "next_url": _url(after=page.after),
        }
        return TemplateResponse(request, "membership/review/exports/register.html", context)


class RunPage(ExportPage):
    """GET: one list: being made, ready to be fetched by who asked for it, or a line of the register."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        [line] = self.lines_of([run])
        is_own = run.requested_by_id == request.user.pk
        desk = DESKS.get(run.list_name)
        context = {
            "title": TITLE,
            "run": run,
            "line": line,
            "is_own": is_own,
            "is_running": run.state in (ExportState.QUEUED, ExportState.RUNNING),
            "is_failed": run.state == ExportState.FAILED,
            "file": run.file if is_own and line.kept_until else None,
            "asks_again": not has_confirmed(request),
            "file_url": reverse(f"{NAMESPACE}:file", args=[pk]),
            "confirm_url": reverse(f"{NAMESPACE}:confirm", args=[pk]),
            "register_url": reverse(f"{NAMESPACE}:list"),
            "list_url": reverse(f"{run.list_name}_index") if desk and is_own else "",
            "list_title": line.list_name,
        }
        return TemplateResponse(request, "membership/review/exports/run.html", context)


class Confirm(ExportPage):
    """GET: the person confirms again, and comes back to the page from which the file is fetched (ACC-7)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        return ask_again(lambda _: redirect(f"{NAMESPACE}:run", run.pk))(request)


class RunFile(ExportPage):
    """POST: the file, for who made it; once they confirmed again; each fetch is written down."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        if not has_confirmed(request):
            return redirect(f"{NAMESPACE}:confirm", pk)
        try:
            file = exports.fetch(run=run, person=request.user, at=self.at)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(f"{NAMESPACE}:run", pk)
        response = StreamingHttpResponse(keeping.pieces_of(file), content_type=files.CONTENT_TYPES[ExportFormat(run.format)])
        response.headers["Content-Length"] = str(file.size)
        response.headers["Content-Disposition"] = content_disposition_header(True, file.original_name)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


class ExportViewSet(ViewSet):
    """The register's pages; roles open them, there is nothing to tick in a group's form."""

    name = NAMESPACE
    url_prefix = "exports"
    icon = "download"
    menu_label = TITLE
    menu_name = "exports"
    menu_order = 55
    add_to_admin_menu = True

    @property
    def menu_item_class(self) -> type[MenuItem]:  # Wagtail's name
        """An entry for whoever reads the register."""
        return RegisterMenuItem

    def get_urlpatterns(self) -> list:  # Wagtail's name
        return [
            path("", Register.as_view(), name="list"),
            path("<int:pk>/", RunPage.as_view(), name="run"),
            path("<int:pk>/confirm/", Confirm.as_view(), name="confirm"),
            path("<int:pk>/file/", RunFile.as_view(), name="file"),
        ]


class RegisterMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read(request.user)


def _url(**place: str) -> str:
    """Return the address of the register from another place, or an empty text where there is none."""
    return f"{reverse(f'{NAMESPACE}:list')}?{urlencode(place)}" if any(place.values()) else ""
