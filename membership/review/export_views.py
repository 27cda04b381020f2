"""A list that leaves the house: asked what for, made at once or by a worker (REV-6, REV-13, ACC-7)."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from membership.accounts.asking_again import ask_again
from membership.domain import exports
from membership.domain.errors import DomainError
from membership.enums import ExportFormat
from membership.models import ExportRun
from membership.periods import shanghai_date
from membership.review import export_tasks, list_acts
from membership.review.export_columns import Columns
from membership.review.export_form import ExportForm
from membership.review.list_words import in_words
from membership.review.queue import Asked
from membership.review.queue_views import DeskView

RUN = "exports:run"


class ExportList(DeskView):
    """GET: what leaves, and what for. POST: it is made, once the person confirmed again: whoever is on it can be known by it."""

    template_name = "membership/review/exports/ask.html"
    http_method_names = ["get", "head", "post", "options"]
    form: ExportForm | None = None

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.form = ExportForm(request.POST, reader=self.reader)
        if not self.form.is_valid():
            return super().get(request, *args, **kwargs)
        # What was filled in is kept meanwhile, and goes on by itself.
        return ask_again(self._export)(request)

    def _export(self, request: HttpRequest) -> HttpResponse:
        try:
            run = self._ask()
        except DomainError as refusal:
            self.form.add_error(refusal.field if refusal.field in self.form.fields else None, refusal.message)
            return super().get(request)
        if self._takes_long(run):
            export_tasks.send_off(run.pk)
        else:
            export_tasks.make_now(run.pk)
        return redirect(RUN, run.pk)

    @transaction.atomic
    def _ask(self) -> ExportRun:
        chosen = self.form.cleaned_data
        query = list_acts.query_of(QueryDict(chosen["list"]))
        return exports.ask(
            person=self.request.user,
            list_name=self.desk.url_prefix,
            query=query,
            filter_words=in_words(self.desk, self.request.user, Asked.of(QueryDict(query))),
            reader=self.reader,
            purpose=chosen["purpose"],
            format=ExportFormat(chosen["format"]),
            with_identity=chosen.get("with_identity", False),
            at=timezone.now(),
        )

    def _takes_long(self, run: ExportRun) -> bool:
        most = settings.EXPORT_AT_ONCE_ROWS
        today = shanghai_date(run.requested_at)
        return list_acts.count_of(self.desk, self.request.user, exports.query_of(run), today=today, most=most).number > most

    @property
    def reader(self):
        return self.desk.reader(self.request.user)

    def get_context_data(self, **kwargs) -> dict[str, object]:
        """``words`` and ``count``: which list; ``labels``: what stands in its columns; ``kept_days``: how long the file stays."""
        query = list_acts.query_of(QueryDict(self.form["list"].value() or "") if self.form else self.request.GET)
        today = shanghai_date(timezone.now())
        count = list_acts.exact_count_of(self.desk, self.request.user, query, today=today)
        columns = Columns(self.reader, is_of_rows=not self.desk.is_of_files, today=today)
        return {
            "form": self.form or ExportForm(initial={"list": query}, reader=self.reader),
            "desk_title": self.desk.title,
            "words": in_words(self.desk, self.request.user, Asked.of(QueryDict(query))),
            "count": count,
            "labels": columns.header,
            "kept_days": settings.EXPORT_KEPT_DAYS,
            "list_url": f"{self.index_url}?{query}" if query else self.index_url,
            **kwargs,
        }
