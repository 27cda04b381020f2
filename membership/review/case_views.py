"""One case: its screen, the decision on it, and the look at a document's number (REV-2 to REV-5)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from membership import rules
from membership.domain import queues, review, rulings, viewing
from membership.domain.errors import DomainError
from membership.domain.rulings import Ruling
from membership.domain.visibility import Reader
from membership.enums import Verdict
from membership.periods import shanghai_date
from membership.review import desks
from membership.review.case import Case, file_case, row_case
from membership.review.decision_form import DecisionForm
from membership.review.keyset import Order
from membership.review.queue_views import DeskView
from membership.review.screen import screen_of


class CaseView(DeskView):
    """A case among those this reviewer may open; any other does not exist for them, whoever's it is."""

    template_name = "membership/review/case.html"
    form: DecisionForm | None = None
    document_number = ""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.permission_helper.user_can_list(request.user):
            raise Http404
        self.at = timezone.now()
        self.today = shanghai_date(self.at)
        self.case = self._case(int(kwargs["pk"]))
        return super().dispatch(request, *args, **kwargs)

    def _case(self, pk: int) -> Case:
        cases = self.desk.open_to(self.request.user)
        if self.desk is desks.FILES:
            return file_case(get_object_or_404(cases.select_related(*_FILE), pk=pk))
        row = get_object_or_404(cases.select_related("institution", "member", *(f"application__{one}" for one in _FILE)), pk=pk)
        return row_case(row, acts_for_institution=rules.acts_for_the_institution(self.request.user, row))

    def url(self, action: str) -> str:
        """Return the address of an act on this case."""
        return reverse(f"{self.desk.url_prefix}_{action}", args=[self.subject.pk])

    @property
    def subject(self):
        """What is decided: the file or the row."""
        return self.case.row or self.case.application

    def ruling(self) -> Ruling:
        """Return whether this reviewer may decide now."""
        if self.case.row is None:
            return rulings.of_file(self.request.user, self.case.application)
        return rulings.of_row(self.request.user, self.case.row, today=self.today)

    def get_context_data(self, **kwargs) -> dict[str, object]:
        """``screen`` and ``form``: everything the page shows; ``previous_url`` and ``next_url``: the neighbours in the queue."""
        screen = screen_of(
            self.case, self.ruling(), today=self.today, document_number=self.document_number, row_urls=self._rows_decided_here()
        )
        return {
            "screen": screen,
            "form": self.form or DecisionForm(case=self.case, initial={"dossier": screen.dossier, "round": screen.round}),
            "desk_title": self.desk.title,
            "list_url": self.index_url,
            "decide_url": self.url("decide"),
            "document_url": self.url("document"),
            "previous_url": self._neighbour(backwards=True),
            "next_url": self._neighbour(),
            **kwargs,
        }

    def _rows_decided_here(self) -> dict[int, str]:
        """The rows of this file that the association decides, each with its screen (K-6, K-7)."""
        if self.case.row is not None or self.case.reader is not Reader.ASSOCIATION:
            return {}
        rows = queues.rows_to_decide(self.request.user, today=self.today).filter(application=self.case.application)
        return {pk: reverse(f"{desks.ROWS.url_prefix}_open", args=[pk]) for pk in rows.values_list("pk", flat=True)}

    def _neighbour(self, *, backwards: bool = False) -> str:
        """Return the screen of the waiting case beside this one, or nothing."""
        order = Order(self.desk.due_field)
        if getattr(self.subject, self.desk.due_field) is None:
            return ""
        waiting = self.desk.waiting(self.request.user, today=self.today)
        beside = waiting.filter(order.beyond(order.place_of(self.subject), backwards=backwards))
        pk = order.sorted(beside, backwards=backwards).values_list("pk", flat=True).first()
        return reverse(f"{self.desk.url_prefix}_open", args=[pk]) if pk else ""


_FILE = ("member", "referrer", "referrer_seat__member", "referrer_seat__committee")


class OpenCase(CaseView):
    """GET: the screen. That it was looked at is written down (S-8)."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        institution = self.case.institution if self.case.reader is Reader.INSTITUTION else None
        review.opened(application=self.case.application, reviewer=request.user, at=self.at, institution=institution)
        return super().get(request, *args, **kwargs)


class ShowDocument(CaseView):
    """POST: the screen with the whole number of the document; asked for, permitted, written down (S-2, S-8)."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.case.reader is not Reader.ASSOCIATION:
            raise Http404
        case = self.case
        try:
            self.document_number = viewing.document_number(
                application=case.application, dossier=case.dossier, reviewer=request.user, at=self.at
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return super().get(request, *args, **kwargs)


class DecideCase(CaseView):
    """POST: a verdict; one call into the domain, then the next case that waits (REV-5)."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.form = DecisionForm(request.POST, case=self.case)
        if not self.form.is_valid():
            return super().get(request, *args, **kwargs)
        next_url = self._neighbour()
        try:
            self._decide(Verdict(self.form.cleaned_data["verdict"]))
        except DomainError as refusal:
            self.form.add_error(refusal.field if refusal.field in self.form.fields else None, refusal.message)
            self.case = self._case(self.subject.pk)
            return super().get(request, *args, **kwargs)
        return self._decided(next_url)

    def _decide(self, verdict: Verdict) -> None:
        """Make the one call that this verdict on this subject means."""
        answers = self.form.cleaned_data
        shown = {"dossier": answers["dossier"], "seen_round": answers["round"], "reviewer": self.request.user, "at": self.at}
        why = {"reason": answers["reason"], "reasons": list(answers["reasons"])}
        where = {"fields": answers["fields_concerned"]}
        if self.case.row is not None:
            self._decide_row(verdict, shown, why, where)
        elif verdict is Verdict.APPROVED:
            review.approve_file(application=self.case.application, **shown)
        elif verdict is Verdict.REFUSED:
            waives = answers["waives_stamp"]
            review.refuse_file(application=self.case.application, waives_stamp=waives, **shown, **why, **where)
        else:
            review.not_accept_file(application=self.case.application, is_ineligible=answers["is_ineligible"], **shown, **why)

    def _decide_row(self, verdict: Verdict, shown: dict, why: dict, where: dict) -> None:
        if verdict is Verdict.APPROVED:
            review.approve_row(row=self.case.row, reason=why["reason"], **shown)
        else:
            review.refuse_row(row=self.case.row, **shown, **why, **where)

    def _decided(self, next_url: str) -> HttpResponseRedirect:
        """Say what was done, and go on to the case that came after this one in the queue, or back to the list."""
        verdict = Verdict(self.form.cleaned_data["verdict"]).label
        said = f"{verdict}：{self.case.dossier.name}（{self.case.application.number}）"
        messages.success(self.request, said if not next_url else f"{said}。下面是下一份。")
        return redirect(next_url or self.index_url)
