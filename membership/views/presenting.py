"""From the domain's answers to what components draw: names of pages become addresses, ids of files become addresses of pictures."""

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from membership.domain.answers import FILES, Answer
from membership.domain.own_rows import Round
from membership.domain.wording import Action, Status, day

ICONS = {
    "member_form_pdf": "printer",
    "member_stamped_form": "upload",
    "member_certificate": "download",
    "member_apply": "file-pen",
    "member_row_resubmit": "send",
}
DOWNLOADS = ("member_form_pdf",)


@dataclass(frozen=True)
class Link:
    """A button as ``components/action.html`` draws it."""

    label: str
    url: str
    icon: str = ""
    download: bool = False
    dialog: str = ""


@dataclass(frozen=True)
class SummaryRow:
    """A line of ``components/summary_list.html``."""

    label: str
    value: str = ""
    values: tuple[str, ...] = ()
    number: bool = False
    image_url: str = ""
    image_alt: str = ""
    image_kind: str = ""


@dataclass(frozen=True)
class ListRow:
    """A line of ``components/row_list.html``."""

    title: str
    url: str = ""
    texts: tuple[str, ...] = ()
    valid_from: object = None
    valid_to: object = None
    status: Status | None = None
    action: Link | None = None


ROUND_COLUMNS = ("答复日期", "审核方", "审核状态", "审核不通过原因")


@dataclass(frozen=True)
class Record:
    """A line of ``components/records.html``."""

    when: str
    what: str
    status: Status
    reason: str = ""
    url: str = ""
    link: str = ""


def record(decided: Round, application: int | None) -> Record:
    """Return a decision as a line of 审核记录, with the way to the version that was judged where the application has versions."""
    concerns = f"（涉及：{'、'.join(decided.fields)}）" if decided.fields else ""
    return Record(
        when=day(decided.on),
        what=f"{decided.decider}（第 {decided.number} 轮）",
        status=decided.status,
        reason=f"{decided.reason}{concerns}",
        url=f"{page_address('member_application', application)}?version={decided.version}" if application else "",
        link="查看资料" if application else "",
    )


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def whole_dates(text: str) -> SafeString:
    """Return a text as HTML in which no date is broken at the end of a line."""
    return mark_safe(_DATE.sub(r'<span class="num">\g<0></span>', escape(text)))


def page_address(url_name: str, pk: int | None = None) -> str:
    return reverse(url_name, args=[pk] if pk is not None else [])


def link(action: Action) -> Link:
    """Return a button for something a person can do."""
    return Link(
        action.label, page_address(action.url_name, action.pk), icon=ICONS.get(action.url_name, ""), download=action.url_name in DOWNLOADS
    )


def file_address(pk: int | None) -> str:
    """Return the address of a private file, or an empty text where there is none."""
    return reverse("private_file", args=[pk]) if pk else ""


def summary_row(answer: Answer) -> SummaryRow:
    """Return an answer as a line of a summary; a file as its picture."""
    if answer.field in FILES:
        kind = "portrait" if answer.field == "portrait" else ""
        return SummaryRow(answer.label, image_url=file_address(answer.file), image_alt=answer.label, image_kind=kind)
    if len(answer.lines) > 1:
        return SummaryRow(answer.label, values=answer.lines)
    return SummaryRow(answer.label, answer.text, number=answer.is_figure)
