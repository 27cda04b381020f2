"""The admin in the association's colours and name, and what waits on its first page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from membership.review import counts
from membership.review.desks import FILES, ROWS, Desk
from membership.review.permissions import FilePermissions, RowPermissions

ICONS = ("membership/review/icons/stamp.svg", "membership/review/icons/building.svg")
_DESKS: tuple[tuple[Desk, type], ...] = ((FILES, FilePermissions), (ROWS, RowPermissions))


@dataclass(frozen=True)
class Waiting:
    """A desk on the first page: its list, how many cases wait there, and how many of them are overdue (empty: none)."""

    title: str
    url: str
    count: str
    overdue: str = ""


class WaitingPanel(Component):
    """「待审核 N 份」 for each desk at which this person sits."""

    name = "review"
    order = 50
    template_name = "membership/review/waiting_panel.html"

    def get_context_data(self, parent_context: Mapping[str, object]) -> Mapping[str, object]:  # Wagtail's name
        return {"desks": desks_of(parent_context["request"])}


def desks_of(request: HttpRequest) -> list[Waiting]:
    """Return the desks of whoever asks, with what waits there."""
    found = []
    for desk, permissions in _DESKS:
        if permissions.roles_include(request.user):
            count = counts.of(desk, request)
            url = reverse(f"{desk.url_prefix}_index")
            found.append(Waiting(desk.title, url, count.text, count.overdue_text if count.overdue else ""))
    return found


def stylesheet() -> SafeString:
    """Return the link to the admin's colours."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/admin-look.css"))


def with_icons(icons: Sequence[str]) -> list[str]:
    """Add the symbols of our menu to Wagtail's."""
    return [*icons, *ICONS]


def without_links_abroad(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave in the menu 「帮助」 what helps here: the keyboard's shortcuts, not the platform's own pages in English on another host."""
    items[:] = [item for item in items if item.attrs.get("target") != "_blank"]


def with_waiting_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Put what waits on top of the first page, for who has a desk."""
    if desks_of(request):
        panels.insert(0, WaitingPanel())
