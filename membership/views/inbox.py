"""消息: the list, opening one, and 全部标为已读 (UI-4)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views import View

from membership.domain import inbox
from membership.domain.inbox import Letter, Page
from membership.models import Message, read_only
from membership.views.presenting import page_address, whole_dates

UNREAD = "unread"


@dataclass(frozen=True)
class Tab:
    """A tab of ``components/tabs.html``."""

    label: str
    url: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class Shown:
    """A message with its body as HTML, the beginning of a long one, and the page of its application, empty where there is none."""

    letter: Letter
    body: SafeString
    glimpse: SafeString
    application_url: str


class Inbox(LoginRequiredMixin, View):
    """The newest messages first; ``?show=unread`` those not opened yet, ``?before=`` goes on below. POST marks all of them read."""

    def get(self, request: HttpRequest) -> HttpResponse:
        before = _key(request.GET.get("before", ""))
        unread_alone = request.GET.get("show") == UNREAD
        page = inbox.page(request.user, at=timezone.now(), before=before, unread_alone=unread_alone)
        context = {
            "menu_item": "messages",
            "page": page,
            "tabs": _tabs(page, unread_alone),
            "unread_alone": unread_alone,
            "groups": [(group.label, [_shown(letter) for letter in group.letters]) for group in page.groups],
            "newest_url": _address(unread_alone) if before is not None else "",
            "older_url": _address(unread_alone, before=page.older) if page.older else "",
        }
        return render(request, "membership/messages.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        count = inbox.mark_all_read(user=request.user, at=timezone.now(), newest=_key(request.POST.get("newest", "")))
        messages.success(request, f"{count} 条消息已标为已读" if count else "没有未读的消息")
        return redirect("member_messages")


class OpenMessage(LoginRequiredMixin, View):
    """Marks a message read, but not during a maintenance, and leads to what it is about; by POST alone, since it changes something."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = get_object_or_404(Message, pk=pk, user=request.user)
        at = timezone.now()
        if not read_only.current().is_in_force_at(at):
            inbox.mark_read(message=message, at=at)
        if request.POST.get("act") == "stay":
            return redirect(f"{_address(request.POST.get('show') == UNREAD)}")
        return redirect(inbox.link_of(message) or "member_messages")


def _key(text: str) -> int | None:
    """Return a key from an address or a form, or None for what cannot be one."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _address(unread_alone: bool, **place: object) -> str:
    parts = {"show": UNREAD, **place} if unread_alone else place
    return f"{reverse('member_messages')}?{urlencode(parts)}" if parts else reverse("member_messages")


def _tabs(page: Page, unread_alone: bool) -> tuple[Tab, Tab]:
    return Tab("全部", _address(False), not unread_alone), Tab("未读", _address(True), unread_alone, page.unread)


def _shown(letter: Letter) -> Shown:
    url = page_address("member_application", letter.application) if letter.application else ""
    return Shown(letter, whole_dates(letter.body), whole_dates(letter.glimpse), url)
