"""
消息文本 in the Wagtail admin: every event's text, edited, previewed, and set back (UI-8).

A snippet of another kind than the reference data: an event has a text without having a row, so these screens find it by the event's
code, and nothing is ever added or deleted by hand. Administrators change, support reads.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import register_permission_policy

from membership import rules
from membership.accounts import texts as account_texts
from membership.domain import message_texts
from membership.domain.errors import DomainError
from membership.domain.message_texts import MessageText
from membership.models import MessageTemplate
from membership.review.message_forms import MessageTextForm
from membership.review.message_vendor import vendor_of
from membership.review.snippets import FixedPolicy, ReferenceViewSet

TITLE = "消息文本"
NAMESPACE = "wagtailsnippets_membership_messagetemplate"
PREVIEW, SAVE = "preview", "save"


class MessageTextPolicy(FixedPolicy):
    """Django's permissions of an account whose roles count: a frozen person's give nothing (M-19)."""

    def user_has_permission(self, user, action) -> bool:
        """Ask Django, and for a change the domain too."""
        if not rules.has_role(user, rules.ADMINISTRATOR, rules.SUPPORT) or not super().user_has_permission(user, action):
            return False
        return action == "view" or message_texts.may_change(user)


class TextPage(PermissionCheckedMixin, View):
    """A page about the texts, for whoever may read them."""

    model = MessageTemplate
    any_permission_required = ("view", "change")

    @property
    def may_change(self) -> bool:
        return self.user_has_permission("change")

    def text(self, code: str) -> MessageText:
        """Return the text of an event, or answer that there is no such event."""
        try:
            return message_texts.text_of(code)
        except KeyError:
            raise Http404 from None


class TextList(TextPage):
    """GET: all events."""

    def get(self, request: HttpRequest) -> HttpResponse:
        texts = [(text, reverse(f"{NAMESPACE}:edit", args=[text.code]), vendor_of(text.code)) for text in message_texts.all_texts()]
        context = {
            "title": TITLE,
            "texts": texts,
            "account_texts": [(text, vendor_of(code)) for code, text in _account_texts()],
            "may_change": self.may_change,
        }
        return TemplateResponse(request, "membership/review/messages/texts.html", context)


def _account_texts() -> list[tuple[str, str]]:
    """The text messages of login and registration: our name of each, and its wording."""
    return [named for name, named in vars(account_texts).items() if name.startswith("SMS_")]


class TextEdit(TextPage):
    """GET: one event's text with its preview. POST previews what was typed, or keeps it."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        text = self.text(code)
        return self._page(text, MessageTextForm(text, may_change=self.may_change))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        text = self.text(code)
        form = MessageTextForm(text, request.POST, may_change=self.may_change)
        if not form.is_valid() or request.POST.get("act") != SAVE:
            return self._page(text, form, is_preview=True)
        try:
            message_texts.reword(code=code, **form.typed, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self._page(text, form)
        messages.success(request, f"「{text.event}」的文本已保存，以后的消息都用它。")
        return redirect(f"{NAMESPACE}:list")

    def _page(self, text: MessageText, form: MessageTextForm, *, is_preview: bool = False) -> HttpResponse:
        vendor = vendor_of(text.code)
        typed = form.typed
        shown = {name: typed[name] for name in ("title", "body", "sms")}
        context = {
            "title": TITLE,
            "list_url": reverse(f"{NAMESPACE}:list"),
            "restore_url": reverse(f"{NAMESPACE}:restore", args=[text.code]) if text.is_edited and self.may_change else "",
            "text": text,
            "form": form,
            "preview": message_texts.preview(text.code, **shown, signature=vendor.signature),
            "is_preview": is_preview and not form.errors,
            "placeholders": message_texts.placeholders_of(text.code),
            "sms_placeholders": {one.name for one in message_texts.placeholders_of(text.code, "sms")},
            "vendor": vendor,
            "last_change": message_texts.last_change(text.code),
            "may_change": self.may_change,
            "longest": message_texts.LONGEST,
        }
        return TemplateResponse(self.request, "membership/review/messages/text.html", context)


class TextRestore(TextPage):
    """恢复默认文本. GET asks first, with both texts side by side; POST does it."""

    any_permission_required = ("change",)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        context = {
            "title": TITLE,
            "list_url": reverse(f"{NAMESPACE}:list"),
            "edit_url": reverse(f"{NAMESPACE}:edit", args=[code]),
            "text": self.text(code),
            "delivered": message_texts.delivered_text(code),
        }
        return TemplateResponse(request, "membership/review/messages/restore.html", context)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        text = self.text(code)
        restored = message_texts.restore(code=code, by=request.user, at=timezone.now())
        messages.success(request, f"「{text.event}」已恢复默认文本。" if restored else f"「{text.event}」本来就是默认文本。")
        return redirect(f"{NAMESPACE}:edit", code)


class MessageTextViewSet(ReferenceViewSet):
    """The list of events, one event, and the way back to its delivered text: these pages and no others of a snippet's."""

    model = MessageTemplate
    icon = "edit"
    menu_label = TITLE
    menu_name = "message-texts"
    index_view_class = TextList

    def get_urlpatterns(self) -> list:  # Wagtail's name
        """The URLs of these pages, by the event's code."""
        return [
            path("", TextList.as_view(), name="list"),
            path("<slug:code>/", TextEdit.as_view(), name="edit"),
            path("<slug:code>/restore/", TextRestore.as_view(), name="restore"),
        ]

    def register_admin_url_finder(self) -> None:  # Wagtail's name
        """Nothing links to a text by its row, which comes and goes."""


register_permission_policy(MessageTemplate, MessageTextPolicy(MessageTemplate))
