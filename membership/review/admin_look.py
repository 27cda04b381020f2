"""The admin in the association's colours and name."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.menu import MenuItem

ICONS = ("membership/review/icons/stamp.svg", "membership/review/icons/building.svg")


def stylesheet() -> SafeString:
    """Return the link to the admin's colours."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/admin-look.css"))


def with_icons(icons: Sequence[str]) -> list[str]:
    """Add the symbols of our menu to Wagtail's."""
    return [*icons, *ICONS]


def without_links_abroad(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave in the menu 「帮助」 what helps here: the keyboard's shortcuts, not the platform's own pages in English on another host."""
    items[:] = [item for item in items if item.attrs.get("target") != "_blank"]


def without_reports_for_programmers(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out of 「报告」 which page types are used how often: it names them as the code does."""
    items[:] = [item for item in items if item.name != "page-types-usage"]
