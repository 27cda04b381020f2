"""发送记录 in the Wagtail admin: what was told to whom, and what became of it; read by support and administrators (UI-8)."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from membership import phone_numbers
from membership.domain import delivery_log, message_texts
from membership.domain.delivery_log import Wanted
from membership.domain.errors import DomainError
from membership.domain.wording import Status
from membership.enums import DeliveryState
from membership.models import Delivery, Message, User
from membership.review.keyset import page_of
from membership.review.keyset_moments import ByMoment
from membership.review.message_forms import LogFilter
from membership.review.message_texts import MessageTextViewSet

TITLE = "发送记录"
NAMESPACE = "message_log"
PAGE_SIZE = 50
_KINDS = {
    DeliveryState.QUEUED: "pending",
    DeliveryState.SENDING: "pending",
    DeliveryState.ACCEPTED: "plain",
    DeliveryState.DELIVERED: "plain",
    DeliveryState.FAILED: "rejected",
    DeliveryState.UNKNOWN: "rejected",
    DeliveryState.SUPPRESSED: "replaced",
}


@dataclass(frozen=True)
class Line:
    """One message. ``sms`` is None where it went by no text message; ``read_at`` is when the person opened it on the site."""

    url: str
    at: datetime
    name: str
    phone: str
    event: str
    read_at: datetime | None
    sms: Status | None


class LogPage(View):
    """A page of the log; to who does not read it, it does not exist."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not delivery_log.may_read(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def message(self, pk: int) -> Message:
        """Return a message with its person and way out, or answer that there is none."""
        return get_object_or_404(delivery_log.find(Wanted()), pk=pk)


class LogList(LogPage):
    """GET: the newest first, narrowed by what is looked for; read on by key."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = LogFilter(request.GET)
        after, before = request.GET.get("after", ""), request.GET.get("before", "")
        page = page_of(delivery_log.find(asked.wanted), ByMoment(), after=after, before=before, size=PAGE_SIZE)
        context = {
            "title": TITLE,
            "filter": LogFilter(asked.query),
            "is_filtered": bool(asked.query),
            "lines": [_line(message) for message in page.rows],
            "list_url": reverse(f"{NAMESPACE}:list"),
            "previous_url": _url(asked, before=page.before),
            "next_url": _url(asked, after=page.after),
        }
        return TemplateResponse(request, "membership/review/messages/log.html", context)


class LogEntry(LogPage):
    """GET: one message with its texts; that it was read is written down (S-8)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = delivery_log.open_entry(message=self.message(pk), reader=request.user, at=timezone.now())
        text = _text_message(message)
        context = {
            "title": TITLE,
            "list_url": reverse(f"{NAMESPACE}:list"),
            "line": _line(message),
            "message": message,
            "sms": text,
            "may_send_again": text is not None and delivery_log.may_send_again(text),
            "is_unknown": text is not None and text.state == DeliveryState.UNKNOWN,
            "send_again_url": reverse(f"{NAMESPACE}:send_again", args=[pk]),
        }
        return TemplateResponse(request, "membership/review/messages/entry.html", context)


class SendAgain(LogPage):
    """重新发送, by POST alone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        text = _text_message(self.message(pk))
        if text is None:
            raise Http404
        try:
            delivery_log.send_again(text=text, by=request.user, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "短信已重新排队，稍后刷新可以看到结果。")
        return redirect(f"{NAMESPACE}:entry", pk)


class LogViewSet(ViewSet):
    """The log's pages; roles open them, there is nothing to tick in a group's form."""

    name = NAMESPACE
    url_prefix = "message-log"
    icon = "list-ul"
    menu_label = TITLE
    menu_name = "message-log"

    @property
    def menu_item_class(self) -> type[MenuItem]:  # Wagtail's name
        """An entry for whoever reads the log."""
        return LogMenuItem

    def get_urlpatterns(self) -> list:  # Wagtail's name
        return [
            path("", LogList.as_view(), name="list"),
            path("<int:pk>/", LogEntry.as_view(), name="entry"),
            path("<int:pk>/send-again/", SendAgain.as_view(), name="send_again"),
        ]


class LogMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return delivery_log.may_read(request.user)


class MessagesGroup(SnippetViewSetGroup):
    """The menu 「消息」."""

    menu_label = "消息"
    menu_name = "messages"
    menu_icon = "mail"
    menu_order = 70
    items = (LogViewSet, MessageTextViewSet)


def _url(asked: LogFilter, **place: str) -> str:
    """Return the address of the same list from another place, or an empty text where there is none."""
    if not any(place.values()):
        return ""
    return f"{reverse(f'{NAMESPACE}:list')}?{urlencode({**asked.query, **place})}"


def _line(message: Message) -> Line:
    text = _text_message(message)
    return Line(
        url=reverse(f"{NAMESPACE}:entry", args=[message.pk]),
        at=message.created_at,
        name=_name(message.user),
        phone=phone_numbers.masked(message.user.get_username()),
        event=message_texts.event_name(message.code),
        read_at=message.read_at,
        sms=Status(text.get_state_display(), _KINDS[DeliveryState(text.state)]) if text else None,
    )


def _name(user: User) -> str:
    member = getattr(user, "member", None)
    return (member.name if member else "") or user.get_full_name() or "（未填写姓名）"


def _text_message(message: Message) -> Delivery | None:
    """The way out by text message: one at most (S-9)."""
    return next(iter(message.deliveries.all()), None)
