"""
The review in the Wagtail admin: 「审核」 with 入会审核 and 机构审核 (REV-1 to REV-5).

ModelAdmin gives the menu and the place in the admin. Of its views none is registered: they would list, inspect, edit, delete and show the
history of whatever id they are given.
"""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from wagtail.admin.menu import Menu
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup

from membership.models import Application, ApplicationInstitution
from membership.review import case_views, desks
from membership.review.menu import CountedGroupItem, CountedMenuItem
from membership.review.permissions import FilePermissions, RowPermissions
from membership.review.queue_views import QueueView


class CaseAdmin(ModelAdmin):
    """A desk in the admin: its list, and for each case the screen, the decision, and the look at a document's number."""

    index_view_class = QueueView
    history_view_enabled = False
    desk: desks.Desk

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:  # ModelAdmin's name
        """The URLs of this desk and no others."""
        actions = (("open", "", self.open_view), ("decide", "decide/", self.decide_view), ("document", "document/", self.document_view))
        index = re_path(self.url_helper.get_action_url_pattern("index"), self.index_view, name=self.url_helper.get_action_url_name("index"))
        return (index, *(self._url(name, ending, view) for name, ending, view in actions))

    def _url(self, name: str, ending: str, view) -> URLPattern:
        pattern = rf"^{self.base_url_path}/(?P<pk>[0-9]{{1,18}})/{ending}$"
        return re_path(pattern, view, name=self.url_helper.get_action_url_name(name))

    def open_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        return case_views.OpenCase.as_view(model_admin=self)(request, pk=pk)

    def decide_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        return case_views.DecideCase.as_view(model_admin=self)(request, pk=pk)

    def document_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        return case_views.ShowDocument.as_view(model_admin=self)(request, pk=pk)

    def get_menu_item(self, order: int | None = None) -> CountedMenuItem:  # ModelAdmin's name
        return CountedMenuItem(self, order or self.get_menu_order())

    def get_permissions_for_registration(self) -> QuerySet[Permission]:  # ModelAdmin's name
        """Roles open these screens; there is nothing to tick in a group's form."""
        return Permission.objects.none()

    def register_admin_url_finders(self) -> None:  # ModelAdmin's name
        """Nothing links to a case by itself."""

    def register_indexing(self) -> None:  # ModelAdmin's name
        """Cases refer to no page or image of the site."""


class EnrolmentAdmin(CaseAdmin):
    model = Application
    desk = desks.FILES
    base_url_path = "review/enrolments"
    menu_label = desks.FILES.title
    menu_item_name = "review-enrolments"
    menu_icon = "user"
    permission_helper_class = FilePermissions


class RowAdmin(CaseAdmin):
    model = ApplicationInstitution
    desk = desks.ROWS
    base_url_path = "review/rows"
    menu_label = desks.ROWS.title
    menu_item_name = "review-rows"
    menu_icon = "building"
    permission_helper_class = RowPermissions


class ReviewGroup(ModelAdminGroup):
    """The menu 「审核」."""

    menu_label = "审核"
    menu_item_name = "review"
    menu_icon = "stamp"
    menu_order = 50
    items = (EnrolmentAdmin, RowAdmin)

    def get_menu_item(self) -> CountedGroupItem:  # ModelAdmin's name
        return CountedGroupItem(self, self.get_menu_order(), Menu(items=self.get_submenu_items()))
