"""One's own application: all of it, the ways to withdraw it or one row of it, to give up what came of it, or to try again (APP-12)."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from membership.domain import affiliations, enrolment, own_application, own_records, own_rows, rows, transitions, withdrawals
from membership.domain.errors import DomainError
from membership.enums import RowState
from membership.forms.giving_up import GivingUpForm
from membership.forms.row_resubmission import RowResubmissionForm
from membership.models import Affiliation, ApplicationInstitution
from membership.models.applications import ENDED_STATES
from membership.periods import shanghai_date
from membership.views.own_applications import any_own_enrolment
from membership.views.presenting import ROUND_COLUMNS, ListRow, file_address, record, summary_row, whole_dates

REFERRER = ("referrer", "referrer_seat__member", "referrer_seat__committee")


def own_row(request: HttpRequest, pk: int) -> ApplicationInstitution:
    """Return a row of the person's own; another's answers 404."""
    found = ApplicationInstitution.objects.select_related("application__member", "institution")
    return get_object_or_404(found, pk=pk, member__user=request.user)


class Details(LoginRequiredMixin, View):
    """申请记录: the submitted answers, the papers, every round; ``?version=`` shows an earlier submission."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = any_own_enrolment(request, pk, *REFERRER)
        own_records.fetch_rounds([application])
        wanted = request.GET.get("version", "")
        try:
            shown = own_application.details(
                application, version=int(wanted) if wanted.isdecimal() else None, today=shanghai_date(timezone.now())
            )
        except own_application.NoSuchVersion as missing:
            raise Http404 from missing
        context = {
            "menu_item": "member",
            "details": shown,
            "rounds": [record(decided, application.pk if shown.versions else None) for decided in shown.rounds],
            "round_columns": ROUND_COLUMNS,
            "rows": [summary_row(answer) for answer in shown.answers],
            "pages": [file_address(page) for page in shown.scan.pages] if shown.scan else [],
            "institutions": [
                ListRow(title=row.institution, texts=tuple(whole_dates(line) for line in row.lines), status=row.status)
                for row in shown.rows
            ],
        }
        return render(request, "membership/application.html", context)


class Withdraw(LoginRequiredMixin, View):
    """申请撤销 of the whole application, asked once more."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = any_own_enrolment(request, pk)
        prospect = withdrawals.of_file(application)
        if not prospect.is_possible:
            return _already(request, application.state in ENDED_STATES)
        context = {"menu_item": "member", "number": application.number, "title": "撤销整份申请？", "consequence": prospect.consequence}
        return render(request, "membership/withdraw.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = any_own_enrolment(request, pk)
        if application.state in ENDED_STATES:
            return _already(request, True)
        try:
            enrolment.withdraw(application=application, person=request.user, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "申请已撤销")
        return redirect("member_home")


class WithdrawRow(LoginRequiredMixin, View):
    """申请撤销 of one institution, asked once more where there is no JavaScript."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = own_row(request, pk)
        prospect = withdrawals.of_row(row)
        if not prospect.is_possible:
            return _already(request, row.state == RowState.WITHDRAWN)
        context = {
            "menu_item": "member",
            "number": row.application.number,
            "title": f"撤销对{row.institution.name}的申请？",
            "consequence": prospect.consequence,
        }
        return render(request, "membership/withdraw.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = own_row(request, pk)
        if row.state == RowState.WITHDRAWN:
            return _already(request, True)
        try:
            rows.withdraw_row(row=row, person=request.user, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"已撤销对{row.institution.name}的申请")
        return redirect("member_home")


class GiveUp(LoginRequiredMixin, View):
    """申请撤销 of an approved row: what follows is said, and asked once more where the membership ends with it (M-13)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        affiliation = _own_affiliation(request, pk)
        giving = withdrawals.of_affiliation(affiliation, today=shanghai_date(timezone.now()))
        if not giving.is_possible:
            return _already(request, affiliation.ended_on is not None)
        return self._page(request, affiliation, giving, GivingUpForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        affiliation = _own_affiliation(request, pk)
        at = timezone.now()
        giving = withdrawals.of_affiliation(affiliation, today=shanghai_date(at))
        form = GivingUpForm(request.POST)
        form.is_valid()
        try:
            affiliations.give_up(affiliation=affiliation, person=request.user, at=at, **form.cleaned_data)
        except affiliations.NotHeld:
            return _already(request, affiliation.ended_on is not None)
        except affiliations.MembershipWouldEnd as refusal:
            if "asked" in request.POST:
                form.add_error(refusal.field, refusal.message)
            return self._page(request, affiliation, giving, form, status=422)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            left = giving.ends_membership
            messages.success(request, "您已退会。会员编号为您保留" if left else f"已撤销{affiliation.institution.name}的会员资格")
        return redirect("member_home")

    def _page(
        self, request: HttpRequest, affiliation: Affiliation, giving: withdrawals.Giving, form: GivingUpForm, *, status: int = 200
    ) -> HttpResponse:
        ends = giving.ends_membership
        title = "撤销后，您将退会" if ends else f"撤销{affiliation.institution.name}的会员资格？"
        context = {"menu_item": "member", "affiliation": affiliation, "title": title, "giving": giving, "form": form}
        return render(request, "membership/give_up.html", context, status=status)


def _own_affiliation(request: HttpRequest, pk: int) -> Affiliation:
    """Return an affiliation of the person's own; another's, or a void one, answers 404."""
    found = Affiliation.objects.filter(voided_at__isnull=True).select_related("institution", "member")
    return get_object_or_404(found, pk=pk, member__user=request.user)


class ResubmitRow(LoginRequiredMixin, View):
    """补充材料再申请: a statement and pictures go to an institution that refused (A-4)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = own_row(request, pk)
        if not transitions.is_possible(row, "resubmit row"):
            return _already(request, row.state == RowState.PENDING and row.statement != "", "已再次提交，请等候答复")
        return self._page(request, row, RowResubmissionForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = own_row(request, pk)
        if row.state == RowState.PENDING:
            return _already(request, True, "已再次提交，请等候答复")
        form = RowResubmissionForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, row, form, status=422)
        try:
            rows.resubmit_row(
                row=row,
                person=request.user,
                statement=form.cleaned_data["statement"],
                supplements=form.supplements(),
                at=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self._page(request, row, form, status=422)
        messages.success(request, f"已向{row.institution.name}再次提交")
        return redirect("member_home")

    def _page(self, request: HttpRequest, row: ApplicationInstitution, form: RowResubmissionForm, *, status: int = 200) -> HttpResponse:
        own_records.fetch_rounds([row.application])
        context = {
            "menu_item": "member",
            "row": row,
            "last": own_rows.last_round_of(row),
            "form": form,
            "chose_files": bool(request.FILES),
        }
        return render(request, "membership/row_resubmit.html", context, status=status)


def _already(request: HttpRequest, is_done: bool, done: str = "已撤销，不用再操作") -> HttpResponse:
    messages.info(request, done if is_done else "这一步现在不能进行，请看会员中心的提示")
    return redirect("member_home")
