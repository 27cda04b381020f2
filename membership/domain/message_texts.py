"""
The texts of messages as staff edit them: every event, its placeholders, what is wrong with a text, and back to what was delivered (UI-8).

An event without a row in ``MessageTemplate`` has the delivered wording; a row is made by the first change and goes with the last.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from membership import rules, validators
from membership.domain import audit
from membership.domain.announcements import PLACEHOLDER, WORDINGS, Wording, fill, placeholders_in
from membership.domain.errors import DomainError, NotAllowed
from membership.models import AuditEntry, MessageTemplate, User

# A text message up to here is one; a longer one goes in parts, each a little shorter, for it says where it belongs.
ONE_MESSAGE, A_PART = 70, 67
LONGEST = {"title": 120, "body": 2000, "sms": 300}
FIELDS = ("title", "body", "sms", "sms_template_id")
_NAMES = {"title": "标题", "body": "正文", "sms": "短信"}


@dataclass(frozen=True)
class Placeholder:
    """``{name}`` in a text, what stands there later, and an invented example."""

    name: str
    meaning: str
    sample: str


PLACEHOLDERS = {
    one.name: one
    for one in (
        Placeholder("number", "申请编号", "2026-000041"),
        Placeholder("due", "最迟答复日期", "2026-03-31"),
        Placeholder("was", "原定答复日期", "2026-03-24"),
        Placeholder("summary", "超期和今天到期几份", "超期 1 份，今天到期 2 份"),
        Placeholder("queues", "各列表待审、到期、超期几份", "入会：待审 12 份，今天到期 2 份，超期 1 份"),
        Placeholder("expires", "截止日期", "2026-05-16"),
        Placeholder("again", "可以重新申请的日期", "2026-09-17"),
        Placeholder("on", "发生的日期", "2026-03-17"),
        Placeholder("applicant", "申请人姓名", "沈砚秋"),
        Placeholder("referrer", "推荐人姓名", "顾明修"),
        Placeholder("institution", "机构", "肺癌专业委员会"),
        Placeholder("committee", "专委会", "肺癌专业委员会"),
        Placeholder("unit", "申请添加的单位", "肿瘤医院"),
        Placeholder("full_name", "名单中的全称", "天津医科大学肿瘤医院"),
        Placeholder("role", "专委会任职", "常务委员"),
        Placeholder("until", "任期结束日期", "2029-03-31"),
        Placeholder("terms", "快要结束的任职和任期", "肺癌专业委员会常务委员，到 2026-04-15"),
        Placeholder("what", "申请种类", "资料变更"),
        Placeholder("reason", "原因", "盖章不清晰，看不出单位全称"),
        Placeholder("next", "接下来怎么办", "请重新选择推荐人，或改为单位盖章。"),
        Placeholder("member_number", "会员编号", "M1650000001A"),
        Placeholder("valid_from", "会员有效期起", "2026-03-17"),
        Placeholder("valid_to", "会员有效期止", "2027-03-17"),
        Placeholder("category", "意见反馈的类别", "会员证书"),
        Placeholder("answer", "答复", "已为您处理，请重新登录后查看。"),
    )
}


@dataclass(frozen=True)
class MessageText:
    """The text of one event as it counts now. ``event``: the event in words; ``may_text``: whether it may go by text message."""

    code: str
    event: str
    title: str
    body: str
    sms: str
    sms_template_id: str
    is_edited: bool
    may_text: bool


@dataclass(frozen=True)
class Preview:
    """A text as a person would read it. ``sms_length`` and ``sms_parts`` count the signature too; 0 parts: no text message."""

    title: str
    body: str
    sms: str
    sms_length: int
    sms_parts: int


class TextRefused(DomainError):
    """A text cannot be kept; the message says why, ``field`` where."""


def all_texts() -> list[MessageText]:
    """Return the texts of all events, in the order in which they happen."""
    edited = {template.code: template for template in MessageTemplate.objects.filter(code__in=WORDINGS)}
    return [_text(code, edited.get(code)) for code in WORDINGS]


def text_of(code: str) -> MessageText:
    """
    Return the text of one event.

    :raises KeyError: there is no such event.
    """
    return _text(code, MessageTemplate.objects.filter(code=code).first() if code in WORDINGS else None)


def delivered_text(code: str) -> MessageText:
    """Return the text of one event as it was delivered with the product."""
    return _text(code, None)


def event_name(code: str) -> str:
    """Return an event in words: its delivered title, with what the placeholders mean. One that is no more keeps its code."""
    return fill(WORDINGS[code].title, {name: one.meaning for name, one in PLACEHOLDERS.items()}) if code in WORDINGS else code


def placeholders_of(code: str, field: str = "body") -> tuple[Placeholder, ...]:
    """
    Return what may stand in a text of an event: what its act fills.

    A text message is registered with the provider, place by place, so it holds what its delivered wording holds.
    """
    delivered = WORDINGS[code]
    if field == "sms":
        return _named(placeholders_in(delivered.sms))
    return _named(placeholders_in(f"{delivered.title}{delivered.body}{delivered.sms}"))


def fault_in(code: str, field: str, text: str) -> str:
    """Return what is wrong with a text for ``field`` (title, body, sms) of an event, in a sentence; empty if nothing is."""
    try:
        text = _clean(field, text)
    except ValidationError as fault:
        return " ".join(fault.messages)
    if not text:
        return "" if field == "sms" else f"请填写{_NAMES[field]}"
    if field == "sms" and not WORDINGS[code].sms:
        return "这个事件不发短信，请清空短信"
    if len(text) > LONGEST[field]:
        return f"{_NAMES[field]}最多 {LONGEST[field]} 个字，现在是 {len(text)} 个"
    return _fault_in_braces(code, field, text)


def preview(code: str, *, title: str, body: str, sms: str, signature: str) -> Preview:
    """Return a text filled with the samples; ``signature`` is what the provider puts before a text message and counts along."""
    samples = {one.name: one.sample for one in placeholders_of(code)}
    told = fill(sms, samples) if WORDINGS[code].sms else ""
    length = units_in(f"{signature}{told}") if told else 0
    return Preview(fill(title, samples), fill(body, samples), told, length, parts_of(length))


def units_in(text: str) -> int:
    """Return a text's length as telephones count it: a rare character beyond the basic plane is two."""
    return len(text.encode("utf-16-be")) // 2


def parts_of(length: int) -> int:
    """Return as how many messages a text of this length is sent and paid."""
    return min(length, 1) if length <= ONE_MESSAGE else -(-length // A_PART)


@transaction.atomic
def reword(*, code: str, title: str, body: str, sms: str, sms_template_id: str, by: User, at: datetime) -> MessageTemplate | None:
    """
    Keep another text for an event; every message from now on has it (UI-8). The text that counts already changes nothing.

    :raises NotAllowed: not an administrator.
    :raises TextRefused: it cannot be kept.
    """
    _require_administrator(by)
    before = text_of(code)
    typed = {"title": title, "body": body, "sms": sms}
    for field, text in typed.items():
        if fault := fault_in(code, field, text):
            raise TextRefused(fault, field=field)
    typed = {field: _clean(field, text) for field, text in typed.items()} | {"sms_template_id": sms_template_id.strip()}
    changed = [field for field in FIELDS if typed[field] != getattr(before, field)]
    if not changed:
        return MessageTemplate.objects.filter(code=code).first()
    template, _created = MessageTemplate.objects.update_or_create(code=code, defaults=typed)
    audit.log("message_text.change", template, by=by, at=at, code=code, fields=changed)
    return template


@transaction.atomic
def restore(*, code: str, by: User, at: datetime) -> bool:
    """
    恢复默认文本: forget what staff wrote for an event; whether there was anything to forget.

    :raises NotAllowed: not an administrator.
    """
    _require_administrator(by)
    template = MessageTemplate.objects.select_for_update().filter(code=code).first()
    if template is None:
        return False
    audit.log("message_text.restore", template, by=by, at=at, code=code)
    template.delete()
    return True


def last_change(code: str) -> AuditEntry | None:
    """Return who last changed the text of an event, and when; nothing for a delivered one."""
    template = MessageTemplate.objects.filter(code=code).first()
    if template is None:
        return None
    return AuditEntry.objects.filter(target="messagetemplate", target_id=template.pk).order_by("-at").first()


def may_change(user: User) -> bool:
    """Whether an account may change texts."""
    return rules.has_role(user, rules.ADMINISTRATOR)


def _require_administrator(user: User) -> None:
    if not may_change(user):
        raise NotAllowed()


def _text(code: str, edited: MessageTemplate | None) -> MessageText:
    delivered: Wording = WORDINGS[code]
    shown = edited or delivered
    return MessageText(
        code=code,
        event=event_name(code),
        title=shown.title,
        body=shown.body,
        sms=shown.sms,
        sms_template_id=edited.sms_template_id if edited else "",
        is_edited=edited is not None,
        may_text=bool(delivered.sms),
    )


def _named(names: tuple[str, ...]) -> tuple[Placeholder, ...]:
    return tuple(PLACEHOLDERS[name] for name in names)


def _clean(field: str, text: str) -> str:
    return validators.clean_paragraph(text) if field == "body" else validators.clean_line(text)


def _fault_in_braces(code: str, field: str, text: str) -> str:
    allowed = [one.name for one in placeholders_of(code, field)]
    unknown = [name for name in placeholders_in(text) if name not in allowed]
    if unknown:
        usable = f"可以用：{'、'.join(f'{{{name}}}' for name in allowed)}" if allowed else "这里没有可用的占位符"
        return f"不认识占位符 {'、'.join(f'{{{name}}}' for name in unknown)}。{usable}"
    if re.search(r"[{}｛｝]", PLACEHOLDER.sub("", text)):
        return "花括号要成对，里面只写占位符的名称，用半角，例如 {number}" if allowed else "这里不能用花括号"
    return ""
