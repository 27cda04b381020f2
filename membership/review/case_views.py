"""One case: its screen, the decision on it, and the look at a document's number (REV-2 to REV-5)."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from membership import rules
from membership.domain import amendments, cases, presence, queues, review, rulings, viewing
from membership.domain.errors import DomainError
from membership.domain.rulings import Ruling
from membership.domain.visibility import Reader
from membership.enums import ApplicationState, Verdict
from membership.models import Institution
from membership.models.applications import AMENDMENTS
from membership.periods import shanghai_date
from membership.review import desks
from membership.review.case import Case, file_case, row_case
from membership.review.case_forms import NoteForm
from membership.review.decision_form import DecisionForm
from membership.review.neighbours import CameFrom
from membership.review.queue_views import DeskView
from membership.review.screen import Screen, screen_of
from membership.review.work import work_on


class CaseView(DeskView):
    """A case among those this reviewer may open; any other does not exist for them, whoever's it is."""

    template_name = "membership/review/case.html"
    form: DecisionForm | None = None
    note_form: NoteForm | None = None
    document_number = ""
    others: Sequence[str] = ()

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.permission_helper.user_can_list(request.user):
            raise Http404
        self.at = timezone.now()
        self.today = shanghai_date(self.at)
        self.came_from = CameFrom.of(self.desk, request)
        self.case = self._case(int(kwargs["pk"]))
        return super().dispatch(request, *args, **kwargs)

    def _case(self, pk: int) -> Case:
        theirs = self.desk.open_to(self.request.user)
        if self.desk.is_of_files:
            return file_case(get_object_or_404(theirs.select_related("assigned_to", *_FILE), pk=pk))
        row = get_object_or_404(
            theirs.select_related("assigned_to", "institution", "member", *(f"application__{one}" for one in _FILE)), pk=pk
        )
        return row_case(row, acts_for_institution=row.institution_id in rules.institutions_reviewed_by(self.request.user))

    def http_method_not_allowed(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Lead whoever comes to an act by its address, e.g. after they had to log in again, to the case itself."""
        if request.method in ("GET", "HEAD"):
            return redirect(self.url("open"))
        return super().http_method_not_allowed(request, *args, **kwargs)

    def url(self, action: str) -> str:
        """Return the address of an act on this case; it still knows the list one came from (REV-12)."""
        return self.came_from.url(action, self.subject.pk)

    @property
    def subject(self) -> cases.Case:
        """What is decided: the file or the row."""
        return self.case.row or self.case.application

    def ruling(self) -> Ruling:
        """Return whether this reviewer may decide now."""
        if self.case.row is None:
            return rulings.of_file(self.case.application)
        return rulings.of_row(self.request.user, self.case.row, today=self.today)

    @property
    def scope(self) -> Institution | None:
        """In whose name the reviewer works here: the institution's, or None for the association."""
        return self.case.institution if self.case.reader is Reader.INSTITUTION else None

    @property
    def mark(self) -> str:
        """The state in which the page shows the case; another one says that it has moved on."""
        return f"{self.subject.state}.{self.subject.hold}.{self.case.round}.{self.case.dossier.pk}"

    @property
    def named(self) -> str:
        """The case as messages call it."""
        return f"{self.case.dossier.name}（{self.case.application.number}）"

    def get_context_data(self, **kwargs) -> dict[str, object]:
        """``screen`` and ``form``: everything the page shows; ``urls``: where its acts go; ``others``: who else has it open."""
        screen = screen_of(
            self.case,
            self.ruling(),
            work_on(self.case, self.request.user),
            today=self.today,
            document_number=self.document_number,
            row_urls=self._rows_decided_here(),
        )
        return {
            "screen": screen,
            "form": self.form or DecisionForm(case=self.case, initial={"dossier": screen.dossier, "round": screen.round}),
            "needs_another": self._better_by_another(screen),
            "note_form": self.note_form or NoteForm(),
            "desk_title": self.desk.title,
            "list_url": self.came_from.list_url,
            "urls": {action: self.url(action) for action in (*_ACTS, *(_ACTS_OF_A_ROW if self.case.row else ()))},
            "previous_url": self.neighbour(backwards=True),
            "next_url": self.neighbour(),
            "others": self.others,
            "mark": self.mark,
            **kwargs,
        }

    def act_context(self, **more: object) -> dict[str, object]:
        """What the page of an act that is asked first shows: whose case, and the ways back."""
        return {
            **super().get_context_data(),
            "name": self.case.dossier.name,
            "number": self.case.application.number,
            "institution": self.case.institution,
            "case_url": self.url("open"),
            "list_url": self.came_from.list_url,
            "desk_title": self.desk.title,
            **more,
        }

    def _better_by_another(self, screen: Screen) -> bool:
        """Whether 关键信息 changed, and whoever looks let the person in: said, never a bar (A-21)."""
        changed = any(comparison.has_identity for comparison in screen.comparisons)
        amends = self.case.application.kind in AMENDMENTS
        return amends and changed and rulings.decided_the_enrolment(self.request.user, self.case.application)

    def _rows_decided_here(self) -> dict[int, str]:
        """The rows of this file that the association decides, each with its screen (K-6, K-7)."""
        if self.case.row is not None or self.case.application.state != ApplicationState.DECIDING:
            return {}
        rows = queues.rows_to_decide(self.request.user, today=self.today).filter(application=self.case.application)
        return {pk: reverse(f"{desks.ROWS.url_prefix}_open", args=[pk]) for pk in rows.values_list("pk", flat=True)}

    def neighbour(self, *, backwards: bool = False) -> str:
        """Return the screen of the case beside this one in the list one came from, or nothing."""
        return self.came_from.beside(self.subject, self.request.user, today=self.today, backwards=backwards)


_ACTS = ("decide", "document", "claim", "release", "note", "recuse", "presence", "file")
_ACTS_OF_A_ROW = ("report",)
_FILE = ("member__current_dossier", "base_dossier", "referrer", "referrer_seat__member", "referrer_seat__committee")


class OpenCase(CaseView):
    """GET: the screen. That it was looked at is written down (S-8)."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        review.opened(application=self.case.application, reviewer=request.user, at=self.at, institution=self.scope)
        self.others = presence.note(self.case.application, self.scope, request.user, at=self.at)
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
        next_url = self.neighbour()
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
        elif verdict is Verdict.APPROVED and self.case.application.kind in AMENDMENTS:
            rows = answers["legacy_rows"]
            amendments.approve_amendment(application=self.case.application, legacy_rows=rows, **shown)
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
        presence.leave(self.case.application, self.scope, self.request.user)
        said = f"{Verdict(self.form.cleaned_data['verdict']).label}：{self.named}"
        messages.success(self.request, said if not next_url else f"{said}。下面是下一份。")
        return redirect(next_url or self.came_from.list_url)
