"""消息: the list, opening one, and 全部已读 (UI-4)."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from membership.domain import inbox
from membership.models import Message
from membership.views.presenting import whole_dates


class Inbox(LoginRequiredMixin, View):
    """The newest messages first; ``?before=`` goes on below. POST marks all of them read."""

    def get(self, request: HttpRequest) -> HttpResponse:
        before = request.GET.get("before", "")
        is_key = before.isdecimal() and len(before) < 19
        page = inbox.page(request.user, before=int(before) if is_key else None)
        context = {
            "menu_item": "messages",
            "page": page,
            "letters": [(letter, whole_dates(letter.body)) for letter in page.letters],
            "newest_url": reverse("member_messages") if is_key else "",
            "older_url": f"{reverse('member_messages')}?before={page.older}" if page.older else "",
        }
        return render(request, "membership/messages.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        count = inbox.mark_all_read(user=request.user, at=timezone.now())
        messages.success(request, f"{count} 条消息已标为已读" if count else "没有未读的消息")
        return redirect("member_messages")


class OpenMessage(LoginRequiredMixin, View):
    """Marks a message read and leads to what it is about; by POST alone, since it changes something."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = get_object_or_404(Message, pk=pk, user=request.user)
        inbox.mark_read(message=message, at=timezone.now())
        return redirect(inbox.link_of(message) or "member_messages")
