"""The queue of 意见反馈, and one entry with the field for its answer (UI-5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from membership import phone_numbers
from membership.domain import feedback
from membership.domain.errors import DomainError
from membership.domain.wording import Status
from membership.models import Feedback, Member
from membership.review.feedback_form import AnswerForm
from membership.review.pictures import Picture
from membership.review.queue import Tab
from membership.review.queue_views import DeskView

OPEN = "feedback_modeladmin_open"
WAITING, ANSWERED = "waiting", "answered"
TABS = {WAITING: "待答复", ANSWERED: "已答复"}
PAGE_SIZE = 50
# Characters of a text that its line shows.
GLIMPSE = 60


@dataclass(frozen=True)
class Line:
    """One entry of the queue. ``answered``: by whom and when, empty while it waits."""

    url: str
    category: str
    glimpse: str
    sender: str
    sent_at: datetime
    pictures: int
    status: Status
    answered: str = ""


@dataclass(frozen=True)
class Sender:
    """Who wrote: name and member number if the society knows them, the account's number with its middle hidden."""

    name: str
    number: str
    phone: str


class FeedbackQueue(DeskView):
    """GET: those that wait, the oldest first, or those that were answered, the newest first; ``?after=`` goes on from a key."""

    template_name = "membership/review/feedback_queue.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs) -> dict[str, object]:
        """``title``, ``tabs``, ``tab``, ``lines``, ``first_url`` and ``next_url``, empty at the ends."""
        tab = self.request.GET.get("tab", WAITING)
        tab = tab if tab in TABS else WAITING
        found, after = self._from(tab, self.request.GET.get("after", ""))
        shown = list(_for_lines(found)[: PAGE_SIZE + 1])
        base = self.index_url if tab == WAITING else f"{self.index_url}?tab={tab}"
        return {
            "title": "意见反馈",
            "tabs": _tabs(self.index_url, tab),
            "tab": tab,
            "lines": [_line(one) for one in shown[:PAGE_SIZE]],
            "first_url": base if after else "",
            "next_url": f"{self.index_url}?tab={tab}&after={shown[PAGE_SIZE - 1].pk}" if len(shown) > PAGE_SIZE else "",
            **kwargs,
        }

    def _from(self, tab: str, after: str) -> tuple[QuerySet[Feedback], int | None]:
        """Return the tab's entries beyond the key, and the key; a text that is no key counts as none."""
        entries = feedback.waiting(self.request.user) if tab == WAITING else feedback.answered(self.request.user)
        if not after.isdecimal() or len(after) > 18:
            return entries, None
        key = int(after)
        return (entries.filter(pk__gt=key) if tab == WAITING else entries.filter(pk__lt=key)), key


class AnswerFeedback(DeskView):
    """GET: an entry; that it was looked at is written down (S-8). POST answers it, or corrects the answer."""

    template_name = "membership/review/feedback.html"
    http_method_names = ["get", "head", "post", "options"]
    form: AnswerForm | None = None

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.entry = self._entry(kwargs["pk"])
        feedback.opened(feedback=self.entry, person=request.user, at=timezone.now())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.entry = self._entry(kwargs["pk"])
        self.form = AnswerForm(request.POST)
        if not self.form.is_valid():
            return super().get(request, *args, **kwargs)
        answers = self.form.cleaned_data
        try:
            feedback.answer(feedback=self.entry, person=request.user, text=answers["answer"], seen=answers["seen"], at=timezone.now())
        except DomainError as refusal:
            self.form.add_error(refusal.field if refusal.field in self.form.fields else None, refusal.message)
            self.entry = self._entry(kwargs["pk"])
            return super().get(request, *args, **kwargs)
        return self._answered()

    def get_context_data(self, **kwargs) -> dict[str, object]:
        """``entry``, ``category``, ``status``, ``sender``, ``pictures``, ``form``; ``seen`` says which answer the screen shows."""
        entry = self.entry
        return {
            "entry": entry,
            "category": feedback.category_word(entry.category),
            "status": feedback.status_of(entry),
            "sender": _sender(entry),
            "answered_by": entry.answered_by.get_full_name() if entry.answered_by else "",
            "pictures": _pictures(entry),
            "form": self.form or AnswerForm(initial={"answer": entry.answer}),
            "seen": entry.answered_at.isoformat() if entry.answered_at else "",
            "list_url": self.index_url,
            **kwargs,
        }

    def _entry(self, pk: str) -> Feedback:
        found = feedback.open_to(self.request.user).select_related("user", "answered_by").prefetch_related("screenshots")
        return get_object_or_404(found, pk=int(pk))

    def _answered(self) -> HttpResponseRedirect:
        """Go on to the oldest one that waits, or back to the list."""
        following = feedback.waiting(self.request.user).first()
        messages.success(self.request, "答复已发送，对方会收到站内消息。" + ("下面是下一条。" if following else ""))
        return redirect(reverse(OPEN, args=[following.pk]) if following else self.index_url)


def _for_lines(found: QuerySet[Feedback]) -> QuerySet[Feedback]:
    return found.select_related("user__member", "answered_by").annotate(pictures=Count("screenshots"))


def _tabs(base: str, current: str) -> Sequence[Tab]:
    return [Tab(label, base if tab == WAITING else f"{base}?tab={tab}", tab == current) for tab, label in TABS.items()]


def _line(entry: Feedback) -> Line:
    by = entry.answered_by.get_full_name() if entry.answered_by else ""
    return Line(
        url=reverse(OPEN, args=[entry.pk]),
        category=feedback.category_word(entry.category),
        glimpse=Truncator(" ".join(entry.text.split())).chars(GLIMPSE, truncate="…"),
        sender=_sender(entry).name,
        sent_at=entry.sent_at,
        pictures=entry.pictures,
        status=feedback.status_of(entry),
        answered=f"{by} {timezone.localtime(entry.answered_at):%Y-%m-%d}" if entry.answered_at else "",
    )


def _sender(entry: Feedback) -> Sender:
    user = entry.user
    if user is None:
        return Sender("账号已注销", "", "")
    member = getattr(user, "member", None) or Member()
    phone = phone_numbers.masked(user.get_username())
    return Sender(member.name or user.get_full_name() or phone, member.number or "", phone)


def _pictures(entry: Feedback) -> list[Picture]:
    files = sorted(entry.screenshots.all(), key=lambda file: file.pk)
    return [
        Picture(f"screenshot-{file.pk}", f"截图 {number}", reverse("private_file", args=[file.pk]), file.width, file.height)
        for number, file in enumerate(files, start=1)
    ]
