"""意见反馈: the form, and what one sent before with its answers (UI-5). For every account, whatever its standing (Table E)."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from membership.domain import feedback
from membership.domain.errors import DomainError
from membership.forms.feedback import FeedbackForm
from membership.views import rates
from membership.views.presenting import file_address

# Tries of one account, good or bad: each may bring three pictures to redraw. How many arrive a day is the domain's to say.
PER_MINUTE = 6
TOO_OFTEN = "提交太频繁，请 1 分钟后再试"


class WriteFeedback(LoginRequiredMixin, View):
    """GET: the form and the list, ``?before=`` goes on below. POST sends one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, FeedbackForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if not rates.is_within(request, "feedback", per_minute=PER_MINUTE, by_account=True):
            return self._too_often(request)
        form = FeedbackForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            self._send(request, form)
        except feedback.AlreadySent as refusal:
            messages.info(request, refusal.message)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self._page(request, form, status=422)
        else:
            messages.success(request, "已收到您的反馈，有答复时会发站内消息告诉您")
        return redirect("member_feedback")

    def _send(self, request: HttpRequest, form: FeedbackForm) -> None:
        answers = form.cleaned_data
        feedback.send_feedback(
            person=request.user,
            category=answers["category"],
            text=answers["text"],
            contact=answers["contact"],
            screenshots=form.screenshots(),
            at=timezone.now(),
        )

    def _too_often(self, request: HttpRequest) -> HttpResponse:
        """Keep what was typed; the pictures are not even looked at."""
        form = FeedbackForm(request.POST)
        form.add_error(None, TOO_OFTEN)
        response = self._page(request, form, status=429)
        response.headers["Retry-After"] = str(rates.SECONDS)
        return response

    def _page(self, request: HttpRequest, form: FeedbackForm, *, status: int = 200) -> HttpResponse:
        before = request.GET.get("before", "")
        is_key = before.isdecimal() and len(before) < 19
        page = feedback.sent_by(request.user, before=int(before) if is_key else None)
        context = {
            "menu_item": "feedback",
            "form": form,
            "chose_files": bool(request.FILES),
            "entries": [(entry, [file_address(pk) for pk in entry.screenshots]) for entry in page.entries],
            "newest_url": reverse("member_feedback") if is_key else "",
            "older_url": f"{reverse('member_feedback')}?before={page.older}#sent" if page.older else "",
        }
        return render(request, "membership/feedback.html", context, status=status)
