"""会员中心, 待办事项, and what a quick action says that is not possible now (UI-2, UI-3, APP-12)."""

from dataclasses import dataclass

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from membership.domain import member_centre, own_records, quick_actions, todo
from membership.domain.member_centre import CertificateLine, Identity, Offer, Overview
from membership.domain.own_rows import RowLine
from membership.domain.progress import Turn
from membership.domain.quick_actions import QuickAction
from membership.domain.todo import Todo
from membership.domain.wording import Action, day
from membership.views.context_processors import shell_of
from membership.views.presenting import ROUND_COLUMNS, Link, ListRow, file_address, link, page_address, record, whole_dates

QUICK_ICONS = {
    quick_actions.APPLY: "file-pen",
    quick_actions.EDIT: "user-round-pen",
    quick_actions.GUIDE: "book-open-text",
    quick_actions.UPGRADE: "award",
    quick_actions.CHANGE: "file-diff",
}
GUIDE_ADDRESS = "/guide/"
# What the turn on the same page says already.
OF_THE_TURN = ("complete", "stamp", "referrer", "correct", "certificate")


class Home(LoginRequiredMixin, View):
    """The member centre in every state."""

    def get(self, request: HttpRequest) -> HttpResponse:
        shown = member_centre.overview(request.user, at=timezone.now())
        context = {
            "menu_item": "member",
            "shell": shell_of(request.user, name=shown.identity.name, todo_count=len(shown.tasks), refers=shown.refers),
            "page": page_of(shown),
        }
        return render(request, "membership/home.html", context)


class Tasks(LoginRequiredMixin, View):
    """待办事项: every task with its button."""

    def get(self, request: HttpRequest) -> HttpResponse:
        records = own_records.records_of(request.user, at=timezone.now())
        tasks = todo.tasks(records)
        name = records.member.name if records.member is not None else ""
        context = {
            "menu_item": "todo",
            "shell": shell_of(request.user, name=name, todo_count=len(tasks), refers=records.holds_seat),
            "items": [task_item(task) for task in tasks],
            "is_new": records.member is None,
        }
        return render(request, "membership/todo.html", context)


class QuickActionPage(LoginRequiredMixin, View):
    """Why one of the five is not possible now, and what it takes; who may do it is led there."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        action = quick_actions.quick_action(own_records.records_of(request.user, at=timezone.now()), code)
        if action is None:
            raise Http404
        if not action.because:
            return redirect(_quick_address(action))
        return render(request, "membership/quick_action.html", {"menu_item": "member", "action": action})


@dataclass(frozen=True)
class TodoItem:
    """A line of ``components/todo_list.html``."""

    title: str
    text: str = ""
    action: Link | None = None


@dataclass(frozen=True)
class TurnBox:
    """What ``components/turn.html`` draws."""

    headline: str
    text: str
    number: str
    date_label: str
    date: object
    date_note: str
    status: object
    actions: tuple[Link, ...]


@dataclass(frozen=True)
class Strip:
    """The certificate below the identity: what ``components/certificate_strip.html`` draws."""

    certificate: dict
    note: str
    actions: tuple[Link, ...]


@dataclass(frozen=True)
class Dialog:
    """Asks before a row is withdrawn or an affiliation given up, where there is JavaScript."""

    id: str
    title: str
    text: str
    url: str
    retreat: str


def page_of(shown: Overview) -> dict[str, object]:
    """Return what the template of the member centre draws."""
    return {
        "identity": _identity(shown.identity),
        "notice": shown.notice,
        "way_on": link(shown.notice.action) if shown.notice and shown.notice.action else None,
        "turn": _turn(shown.turn) if shown.turn else None,
        "steps": shown.steps,
        "strip": _strip(shown.certificate, shown.identity) if shown.certificate else None,
        "quick": [_quick_item(action) for action in shown.actions],
        "reasons": shown.refusal.reasons if shown.refusal else (),
        "items": [*(task_item(task) for task in shown.tasks if task.code not in OF_THE_TURN), *map(_offer_item, shown.offers)],
        "rows": [_row(row) for row in shown.rows],
        "dialogs": [dialog for row in shown.rows if (dialog := _dialog(row))],
        "join_url": page_address("member_further") if shown.may_join else "",
        "endorsement": shown.endorsement,
        "rounds": [record(decided, shown.application) for decided in shown.rounds],
        "round_columns": ROUND_COLUMNS,
        "application_url": page_address("member_application", shown.application) if shown.application else "",
    }


def task_item(task: Todo) -> TodoItem:
    """Return a task as a line of the list, with the day until which it waits."""
    text = f"{task.text}，请在 {day(task.due)} 前完成" if task.due else task.text
    return TodoItem(task.title, whole_dates(text), link(Action(task.button, task.url_name, task.pk)))


def _offer_item(offer: Offer) -> TodoItem:
    return TodoItem(offer.title, offer.text, link(offer.action) if offer.action else None)


def _identity(identity: Identity) -> dict[str, object]:
    facts = [
        ("手机号", identity.phone),
        ("工作单位", identity.work_unit),
        ("入会", day(identity.joined_on)),
    ]
    return {
        "name": identity.name or "会员中心",
        "photo_url": file_address(identity.portrait),
        "member_type": identity.member_type,
        "facts": [fact for fact in facts if fact[1]],
        "status": identity.status,
    }


def _turn(turn: Turn) -> TurnBox:
    return TurnBox(
        turn.headline,
        whole_dates(turn.text),
        turn.number,
        turn.date_label,
        turn.until,
        turn.date_note,
        turn.status,
        tuple(link(action) for action in turn.actions),
    )


def _strip(certificate: CertificateLine, identity: Identity) -> Strip:
    drawn = {
        "name": identity.name,
        "member_type": identity.member_type,
        "number": certificate.number,
        "valid_from": certificate.valid_from,
        "valid_to": certificate.valid_to,
        "photo_url": file_address(identity.portrait),
    }
    return Strip(drawn, whole_dates(_validity(certificate)), _certificate_actions(certificate))


def _validity(certificate: CertificateLine) -> str:
    if certificate.valid_to is None:
        return ""
    if certificate.days_left is None:
        return f"有效期至 {day(certificate.valid_to)}，冻结期间不能下载"
    if certificate.days_left < 0:
        return f"有效期至 {day(certificate.valid_to)}，已过 {-certificate.days_left} 天"
    return f"有效期至 {day(certificate.valid_to)}，还有 {certificate.days_left} 天"


def _certificate_actions(certificate: CertificateLine) -> tuple[Link, ...]:
    if certificate.may_download:
        return (link(Action("下载会员证书", "member_certificate")),)
    if certificate.kept_file:
        return (Link("查看已下载的证书文件", file_address(certificate.kept_file), icon="file-text"),)
    return ()


def _quick_item(action: QuickAction) -> dict[str, object]:
    return {
        "label": action.label,
        "url": _quick_address(action),
        "icon": QUICK_ICONS[action.code],
        "note": action.note,
        "is_off": bool(action.because),
    }


def _quick_address(action: QuickAction) -> str:
    if action.because:
        return page_address("member_action", action.code)
    return GUIDE_ADDRESS if action.code == quick_actions.GUIDE else page_address(action.url_name, action.pk)


def _row(row: RowLine) -> ListRow:
    return ListRow(
        title=row.institution,
        url=page_address("member_application", row.application) if row.application else "",
        texts=tuple(whole_dates(line) for line in row.lines),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        status=row.status,
        action=_row_action(row),
    )


def _row_action(row: RowLine) -> Link | None:
    if row.may_withdraw:
        return Link("申请撤销", page_address("member_row_withdraw", row.pk), dialog=_dialog_id(row))
    if row.may_resubmit:
        return link(Action("补充材料再申请", "member_row_resubmit", row.pk))
    if row.affiliation:
        # The last one has a page of its own: a tick is asked there (M-13).
        return Link("申请撤销", page_address("member_give_up", row.affiliation), dialog="" if row.is_last else _dialog_id(row))
    return None


def _dialog(row: RowLine) -> Dialog | None:
    name = row.institution
    if row.may_withdraw:
        return Dialog(_dialog_id(row), f"撤销对{name}的申请？", row.withdrawing, page_address("member_row_withdraw", row.pk), "保留申请")
    if row.affiliation and not row.is_last:
        text = "会员资格今天结束，不能恢复，也不能续会；其他机构、会员编号和会员证书不受影响。"
        return Dialog(_dialog_id(row), f"撤销{name}的会员资格？", text, page_address("member_give_up", row.affiliation), "保留会员资格")
    return None


def _dialog_id(row: RowLine) -> str:
    return f"withdraw-{row.pk}" if row.may_withdraw else f"give-up-{row.affiliation}"
