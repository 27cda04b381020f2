"""A verdict on many cases: choosing, confirming, watching it being carried out (REV-6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from membership import encryption
from membership.domain import bulk_decisions, queues
from membership.domain.errors import DomainError
from membership.enums import BulkItemState, BulkState, Verdict
from membership.models import BulkItem, BulkRun
from membership.periods import shanghai_date
from membership.review import bulk_choosing, bulk_tasks, counts, list_acts
from membership.review.bulk_form import ConfirmForm
from membership.review.queue import Asked
from membership.review.queue_views import DeskView, QueueView

FEW = 10  # names that are shown at once; the others unfold
ALL = "all"
_VERDICTS = (Verdict.APPROVED, Verdict.REFUSED)


class ListView(QueueView):
    """GET: the list, with what can be done with all of it."""

    def get_context_data(self, **kwargs) -> dict[str, object]:
        """``bulk`` and ``export``: the bar over the list and the way to its file, where there are such."""
        queues.look_up_once(self.request.user)
        query = list_acts.query_of(self.request.GET)
        if Asked.of(self.request.GET).is_all_that_waits:
            count = list_acts.ListCount(counts.of(self.desk, self.request).waiting)
        else:
            count = list_acts.count_of(self.desk, self.request.user, query, today=shanghai_date(timezone.now()))
        acts = {"bulk": list_acts.bulk_of(self.desk, query, count), "export": list_acts.export_of(self.desk, query, count)}
        return super().get_context_data(**{**acts, **kwargs})


@dataclass(frozen=True)
class Line:
    """One case of a run. ``url`` is empty where this reviewer may not open it any more, and so is ``name``."""

    url: str
    name: str
    number: str
    institution: str
    round: int
    note: str
    warnings: Sequence[str]


class BulkView(DeskView):
    """A page about runs of this desk; another person's run does not exist."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.permission_helper.user_can_list(request.user):
            raise Http404
        self.at = timezone.now()
        self.today = shanghai_date(self.at)
        if "pk" in kwargs:
            runs = BulkRun.objects.filter(reviewer=request.user, desk=self.desk.url_prefix)
            self.run = get_object_or_404(runs, pk=int(kwargs["pk"]))
        return super().dispatch(request, *args, **kwargs)

    def http_method_not_allowed(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Lead whoever comes to an act by its address to the run, or to the list."""
        if request.method in ("GET", "HEAD"):
            return redirect(self.url("bulk_run") if "pk" in kwargs else self.index_url)
        return super().http_method_not_allowed(request, *args, **kwargs)

    def url(self, action: str) -> str:
        """Return the address of a page or an act of this run."""
        return reverse(f"{self.desk.url_prefix}_{action}", args=[self.run.pk])

    def list_url(self, query: str) -> str:
        return f"{self.index_url}?{query}" if query else self.index_url


class ChooseBulk(BulkView):
    """POST: what was chosen on the list is kept, to be confirmed on the next page. Nothing is decided yet."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        query = list_acts.query_of(QueryDict(request.POST.get("list", "")))
        verdict = request.POST.get("verdict", "")
        try:
            if verdict not in _VERDICTS:
                raise DomainError("请选择「审批通过」或「审批不通过」。")
            self.run = self._prepare(Verdict(verdict), query)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(self.list_url(query))
        return redirect(self.url("bulk_run"))

    def _prepare(self, verdict: Verdict, query: str) -> BulkRun:
        is_everything = self.request.POST.get("scope") == ALL
        chosen_by = (self.desk, self.request.user)
        if is_everything:
            choice = bulk_choosing.everything(*chosen_by, Asked.of(QueryDict(query)), verdict, today=self.today)
        else:
            choice = bulk_choosing.ticked(*chosen_by, self.request.POST.getlist("case"), verdict, today=self.today)
        return bulk_decisions.prepare(
            reviewer=self.request.user,
            desk=self.desk.url_prefix,
            verdict=verdict,
            chosen=choice.cases,
            left_out=choice.left_out,
            is_everything=is_everything,
            asked=query,
            at=self.at,
        )


class BulkRunView(BulkView):
    """GET: a run, to be confirmed, under way, or done."""

    form: ConfirmForm | None = None

    def get_template_names(self) -> list[str]:
        name = "confirm" if self.run.state == BulkState.PREPARED else "run"
        return [f"membership/review/bulk/{name}.html"]

    def get_context_data(self, **kwargs) -> dict[str, object]:
        """``run``, its ``progress``, and its cases by what becomes of them; the rest says what the page offers."""
        lines = self._lines()
        waiting, skipped = lines[BulkItemState.WAITING], lines[BulkItemState.SKIPPED] + lines[BulkItemState.FAILED]
        warned = [line for line in waiting if line.warnings]
        query = encryption.decrypt(self.run.asked)
        return {
            "run": self.run,
            "approves": self.run.verdict == Verdict.APPROVED,
            "desk_title": self.desk.title,
            "progress": bulk_decisions.progress(self.run),
            "first": waiting[:FEW],
            "more": waiting[FEW:],
            "warned": warned,
            "unwarned_count": len(waiting) - len(warned),
            "skipped": skipped,
            "done": lines[BulkItemState.DONE],
            "form": self.form or ConfirmForm(run=self.run),
            "is_running": self.run.state == BulkState.RUNNING,
            "is_stale": bulk_decisions.is_stale(self.run, at=self.at),
            "start_url": self.url("bulk_start"),
            "resume_url": self.url("bulk_resume"),
            "list_url": self.list_url(query),
            **kwargs,
        }

    def _lines(self) -> dict[BulkItemState, list[Line]]:
        items = list(self.run.items.select_related("application__member", "row__institution"))
        subjects = [item.row_id or item.application_id for item in items]
        may_open = set(self.desk.open_to(self.request.user).filter(pk__in=subjects).values_list("pk", flat=True))
        found: dict[BulkItemState, list[Line]] = {state: [] for state in BulkItemState}
        for item, subject in zip(items, subjects, strict=True):
            found[BulkItemState(item.state)].append(self._line(item, subject, is_open=subject in may_open))
        return found

    def _line(self, item: BulkItem, subject: int, *, is_open: bool) -> Line:
        return Line(
            url=reverse(f"{self.desk.url_prefix}_open", args=[subject]) if is_open else "",
            name=item.application.member.name if is_open else "",
            number=item.application.number,
            institution=item.row.institution.name if item.row else "",
            round=item.round,
            note=item.note,
            warnings=item.warnings if is_open else (),
        )


class StartBulk(BulkRunView):
    """POST: confirmed; a worker decides from now on. A second press finds it started."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.form = ConfirmForm(request.POST, run=self.run)
        if not self.form.is_valid():
            return super().get(request, *args, **kwargs)
        try:
            self._start()
        except bulk_decisions.AlreadyStarted:
            return redirect(self.url("bulk_run"))
        except DomainError as refusal:
            self.form.add_error(refusal.field if refusal.field in self.form.fields else None, refusal.message)
            return super().get(request, *args, **kwargs)
        return redirect(self.url("bulk_run"))

    @transaction.atomic
    def _start(self) -> None:
        answers = self.form.cleaned_data
        bulk_decisions.start(
            run=self.run,
            reviewer=self.request.user,
            at=self.at,
            reason=answers["reason"],
            reasons=list(answers["reasons"]),
            leaves_warned=answers["leaves_warned"],
        )
        bulk_tasks.send_off(self.run.pk)


class ResumeBulk(BulkView):
    """POST: a run that stands still goes on."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            with transaction.atomic():
                bulk_decisions.resume(run=self.run, reviewer=request.user, at=self.at)
                bulk_tasks.send_off(self.run.pk)
        except DomainError as refusal:
            messages.info(request, refusal.message)
        return redirect(self.url("bulk_run"))
