"""The menu 「审核」: what waits stands beside each entry and beside the group."""

from django.http import HttpRequest
from wagtail.admin.ui.sidebar import LinkMenuItem, SubMenuItem
from wagtail_modeladmin.menus import GroupMenuItem, ModelAdminMenuItem

from membership.review import counts

# The style sheet draws it (admin-look.css).
BADGE = "data-waiting"


class CountedMenuItem(ModelAdminMenuItem):
    """An entry with the number of cases that wait; shown to whoever may list."""

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        """The item is one for everybody, so the number goes into what is rendered for this request."""
        count = counts.of(self.model_admin.desk, request)
        component = super().render_component(request)
        component.attrs = {**component.attrs, BADGE: count.text} if count.waiting else component.attrs
        return component


class CountedGroupItem(GroupMenuItem):
    """The group, with the sum of its entries."""

    def render_component(self, request: HttpRequest) -> SubMenuItem:
        component = super().render_component(request)
        shown = self.menu.menu_items_for_request(request)
        waiting = sum(counts.of(item.model_admin.desk, request).waiting for item in shown)
        component.attrs = {**component.attrs, BADGE: counts.shown(waiting)} if waiting else component.attrs
        return component
