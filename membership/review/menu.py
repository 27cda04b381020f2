"""The admin's menu: in the order of each role's work, with what waits beside an entry, and the person's name at the foot."""

import copy

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.telepath import register
from wagtail.admin.ui.sidebar import BaseSidebarAdapter, LinkMenuItem, MainMenuModule, SubMenuItem
from wagtail_modeladmin.menus import GroupMenuItem, ModelAdminMenuItem

from membership import phone_numbers, rules
from membership.models import User
from membership.review import counts

# The style sheet draws it (admin-look.css).
BADGE = "data-waiting"
# Role → what it works with, most used first; whatever is not named follows in Wagtail's order. Who has several roles has one after another.
FIRST: dict[str, tuple[str, ...]] = {
    rules.ASSOCIATION_REVIEWER: ("review",),
    rules.INSTITUTION_REVIEWER: ("review",),
    rules.ADMINISTRATOR: ("settings", "reference-data", "feedback", "messages"),
    rules.EDITOR: ("explorer", "images", "documents", "reports", "settings"),
    rules.SUPPORT: ("feedback", "unit-requests", "messages", "reference-data"),
}


class CountedMenuItem(ModelAdminMenuItem):
    """An entry with the number of cases that wait; shown to whoever may list."""

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        """The item is one for everybody, so the number goes into what is rendered for this request."""
        count = counts.lately_of(self.model_admin.desk, request)
        component = super().render_component(request)
        component.attrs = {**component.attrs, BADGE: count.text} if count.waiting else component.attrs
        return component


class CountedGroupItem(GroupMenuItem):
    """The group, with the sum of its entries."""

    def render_component(self, request: HttpRequest) -> SubMenuItem:
        component = super().render_component(request)
        shown = self.menu.menu_items_for_request(request)
        waiting = sum(counts.lately_of(item.model_admin.desk, request).waiting for item in shown)
        component.attrs = {**component.attrs, BADGE: counts.shown(waiting)} if waiting else component.attrs
        return component


class StaffNameAdapter(BaseSidebarAdapter):
    """
    The foot of the menu names the person (Wagtail's own shows the given name alone, or the telephone number) and leads to 账号与安全:
    password, second factor and devices, which are the same for everybody.
    """

    js_constructor = "wagtail.sidebar.MainMenuModule"

    def js_args(self, module: MainMenuModule) -> list[object]:
        menu, [*account_menu, log_out], shown = module.js_args()
        security = LinkMenuItem("account-security", "账号与安全", reverse("account_overview"), icon_name="lock")
        return [menu, [*account_menu, security, log_out], {**shown, "name": name_of(module.user)}]


def name_of(user: User) -> str:
    """Return the name of somebody on the staff; where none was entered, the number as people read it."""
    return user.get_full_name() or phone_numbers.for_reading(user.get_username())


def in_order_of_work(request: HttpRequest, items: list[MenuItem]) -> None:
    """Put first what the roles of whoever asks work with. The items are one for everybody, so copies are moved."""
    held = rules.roles_of(request.user)
    named = list(dict.fromkeys(name for role in rules.ROLES if role in held for name in FIRST[role]))
    items[:] = [_at(named.index(item.name) - len(named), item) if item.name in named else item for item in items]


def show_names() -> None:
    """Let the menu be drawn with names."""
    register(StaffNameAdapter(), MainMenuModule)


def _at(order: int, item: MenuItem) -> MenuItem:
    moved = copy.copy(item)
    moved.order = order
    return moved
