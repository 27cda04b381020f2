"""账号与安全 and 登录设备: what opens the account, and where it is open (ACC-3)."""

from dataclasses import dataclass

from allauth.account.internal.flows.logout import logout
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.views import View

from membership.accounts import device_names, sessions
from membership.phone_numbers import masked

MENU_ITEM = "me"


@dataclass(frozen=True)
class Row:
    """A row of ``components/summary_list.html``."""

    label: str
    value: str
    change_label: str
    change_url: str
    number: bool = False


def row(label: str, value: str, change_label: str, url_name: str, *, number: bool = False) -> Row:
    """Return what is so now, and the way to the page that changes it."""
    return Row(label, value, change_label, reverse(url_name), number)


class Overview(LoginRequiredMixin, View):
    """账号与安全: number, password, devices, second factor, each with the way to change it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "account/overview.html", {"menu_item": MENU_ITEM, "rows": self._rows(request)})

    def _rows(self, request: HttpRequest) -> list[Row]:
        user = request.user
        has_password = user.has_usable_password()
        count = len(sessions.of(user))
        return [
            row("登录手机号", masked(user.get_username()), "更换", "account_change_phone", number=True),
            row("登录密码", "已设置", "修改", "account_change_password")
            if has_password
            else row("登录密码", "未设置，目前只能用短信验证码登录", "设置", "account_set_password"),
            row("登录设备", f"{count} 台设备已登录", "查看", "account_devices"),
            row("动态验证码", "已开启", "管理", "mfa_index")
            if is_mfa_enabled(user)
            else row("动态验证码", "未开启。开启后，登录时还要填写手机应用里的动态码", "开启", "mfa_index"),
        ]


class Devices(LoginRequiredMixin, View):
    """登录设备: every session of the account; each can be ended, all others at once, or all."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = sessions.of(request.user)
        rows = [device_row(session, is_here=session.is_current()) for session in found]
        # The one in hand first: the others are compared with it.
        rows.sort(key=lambda shown: shown["status"] is None)
        return render(request, "account/devices.html", {"menu_item": MENU_ITEM, "rows": rows, "has_others": len(rows) > 1})


def device_row(session: UserSession, *, is_here: bool) -> dict:
    """Return a row of ``components/row_list.html``; the device in hand has no way out but 退出登录."""
    seen = format_html('最近使用 <span class="num">{}</span>', f"{localtime(session.last_seen_at):%Y-%m-%d %H:%M}")
    begun = format_html(
        '登录于 <span class="num">{}</span>，网络地址 <span class="num">{}</span>',
        f"{localtime(session.created_at):%Y-%m-%d %H:%M}",
        session.ip,
    )
    return {
        "title": device_names.describe(session.user_agent),
        "texts": [seen, begun],
        "status": {"word": "本机", "kind": "type"} if is_here else None,
        "action": None if is_here else {"label": "退出", "url": reverse("account_end_device", args=[session.pk])},
    }


@dataclass(frozen=True)
class Question:
    """What is asked before sessions end."""

    title: str
    consequence: str
    verb: str
    done: str


OTHERS = Question("退出其他设备？", "除本机外，所有设备都要重新登录。", "退出其他设备", "其他设备上的登录已退出")
ALL = Question("退出所有设备？", "包括本机。之后每台设备都要重新登录。", "全部退出", "所有设备上的登录已退出")


class EndSessions(LoginRequiredMixin, View):
    """Asks, and ends sessions of one's own."""

    def get(self, request: HttpRequest, **which) -> HttpResponse:
        return render(request, "account/devices_end.html", {"menu_item": MENU_ITEM, "question": self.question(request, **which)})

    def post(self, request: HttpRequest, **which) -> HttpResponse:
        question = self.question(request, **which)
        self.end(request, **which)
        messages.success(request, question.done)
        return redirect("account_devices")


class EndOthers(EndSessions):
    def question(self, request: HttpRequest) -> Question:
        return OTHERS

    def end(self, request: HttpRequest) -> None:
        sessions.end_others(request)


class EndAll(EndSessions):
    """“Log out everywhere”, this device included."""

    def question(self, request: HttpRequest) -> Question:
        return ALL

    def post(self, request: HttpRequest) -> HttpResponse:
        sessions.end_all(request.user)
        logout(request)
        messages.success(request, ALL.done)
        return HttpResponseRedirect(reverse("account_login"))


class EndOne(EndSessions):
    def question(self, request: HttpRequest, pk: int) -> Question:
        name = device_names.describe(self._own(request, pk).user_agent)
        return Question(
            f"退出「{name}」？", "这台设备要重新登录。如果不是您的设备，请同时修改登录密码。", "退出这台设备", f"「{name}」上的登录已退出"
        )

    def end(self, request: HttpRequest, pk: int) -> None:
        end_sessions(request, [self._own(request, pk)])

    def _own(self, request: HttpRequest, pk: int) -> UserSession:
        """A session of one's own; another's, or one that has ended, answers 404."""
        found = UserSession.objects.filter(user=request.user, pk=pk).first()
        if found is None:
            raise Http404
        return found
