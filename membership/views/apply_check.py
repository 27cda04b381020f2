"""Check your answers, consent, submit; and what comes next (APP-9, P-1, P-2)."""

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from membership.documents import form_sheet
from membership.domain import claims, deadlines, enrolment, gaps
from membership.domain.answers import dossier_with_answers
from membership.domain.errors import DomainError
from membership.enums import ApplicationState
from membership.forms.consents import ConsentForm
from membership.models import Application, User
from membership.models.applications import ENDED_STATES
from membership.periods import shanghai_date
from membership.views import check_page
from membership.views.apply import elsewhere, is_editable
from membership.views.own_applications import is_in_wechat, own_enrolment


class ApplyCheck(LoginRequiredMixin, View):
    """GET shows everything that will be submitted; POST submits it, once."""

    def get(self, request: HttpRequest) -> HttpResponse:
        application = _checked(request.user)
        if away := _away(request, application):
            return away
        if gaps.gaps_in(application, today=shanghai_date(timezone.now())):
            return _back_to_gaps()
        return _page(request, application, _form(application))

    def post(self, request: HttpRequest) -> HttpResponse:
        application = _checked(request.user)
        if away := _away(request, application):
            return away
        form = _form(application, request.POST)
        if not form.is_valid() or form_sheet.printing_trouble(application):
            return _page(request, application, form, status=422)
        given = form.given(settings.PRIVACY_NOTICE_VERSION)
        try:
            enrolment.submit(application=application, person=request.user, consents_given=given, at=timezone.now())
        except enrolment.Incomplete:
            return _back_to_gaps()
        except (claims.DocumentTaken, claims.TooManyTries) as refusal:
            return _page(request, application, form, taken=refusal.message, status=422)
        except DomainError as refusal:
            application.refresh_from_db()
            if away := _away(request, application):
                return away
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return _page(request, application, form, status=422)
        return redirect("member_submitted", pk=application.pk)


class Submitted(LoginRequiredMixin, View):
    """会员申请提交成功: what to do now."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = own_enrolment(request, pk)
        if application.state in (ApplicationState.DRAFT, ApplicationState.RETURNED):
            return redirect("member_apply")
        if application.state in ENDED_STATES:
            return redirect("member_home")
        waits = application.state == ApplicationState.AWAITING_FORM
        context = {
            "menu_item": "member",
            "application": application,
            "waits_for_form": waits,
            "due": deadlines.form_expires_on(application) if waits else deadlines.promised_on(application),
            "in_wechat": is_in_wechat(request),
        }
        return render(request, "membership/apply/submitted.html", context)


def _checked(person: User) -> Application | None:
    """Return the person's enrolment with all that its answers name."""
    application = enrolment.current(person, "referrer_seat__member", "referrer_seat__committee")
    if application is not None:
        application.proposed_dossier = dossier_with_answers(application.own_dossier.pk)
        prefetch_related_objects([application], "chosen")
    return application


def _away(request: HttpRequest, application: Application | None) -> HttpResponse | None:
    """Where to go instead, if there is nothing to submit: no draft, or submitted already."""
    if application is None or application.state in ENDED_STATES:
        return redirect("member_apply")
    if is_editable(application):
        return None
    if request.method == "POST" and application.state == ApplicationState.AWAITING_FORM:
        # Tapped twice, or on two devices: once is enough, and this is what came of it.
        return redirect("member_submitted", pk=application.pk)
    return elsewhere(request, application)


def _back_to_gaps() -> HttpResponse:
    return redirect(f"{reverse('member_apply')}?gaps=1")


def _form(application: Application, data=None) -> ConsentForm:
    minor = gaps.is_minor(application.proposed_dossier, today=shanghai_date(timezone.now()))
    return ConsentForm(data, minor=minor)


def _page(request: HttpRequest, application: Application, form: ConsentForm, *, taken: str = "", status: int = 200) -> HttpResponse:
    context = {
        "menu_item": "member",
        "form": form,
        "sections": check_page.sections_of(application, request.user),
        "hint": check_page.qualification_hint(application),
        "trouble": form_sheet.printing_trouble(application),
        "taken": taken,
        "again": application.state == ApplicationState.RETURNED,
    }
    return render(request, "membership/apply/check.html", context, status=status)
