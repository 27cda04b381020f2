"""
The review in the Wagtail admin: 「审核」 with 入会审核 and 机构审核 (REV-1 to REV-5).

ModelAdmin gives the menu and the place in the admin. Of its views none is registered: they would list, inspect, edit, delete and show the
history of whatever id they are given.
"""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, re_path
from wagtail.admin.menu import Menu
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup

from membership.models import Application, ApplicationInstitution
from membership.review import bulk_views, case_acts, case_file, case_views, desks, export_views, list_acts, saved_view_acts
from membership.review.menu import CountedGroupItem, CountedMenuItem
from membership.review.permissions import FilePermissions, RowPermissions

# What is done with one case: the name of the address, and its view.
CASE_VIEWS: dict[str, type[case_views.CaseView]] = {
    "open": case_views.OpenCase,
    "decide": case_views.DecideCase,
    "document": case_views.ShowDocument,
    "claim": case_acts.ClaimCase,
    "release": case_acts.ReleaseCase,
    "note": case_acts.WriteNote,
    "recuse": case_acts.RecuseCase,
    "presence": case_acts.Presence,
    "file": case_file.ReviewFile,
}
# A row's alone: an institution reports, the association dismisses (M-18).
ROW_VIEWS: dict[str, type[case_views.CaseView]] = {"report": case_acts.ReportCase, "dismiss": case_acts.DismissReport}


class CaseAdmin(ModelAdmin):
    """A desk in the admin: its list, and for each case the screen, the decision, and the look at a document's number."""

    index_view_class = bulk_views.ListView
    history_view_enabled = False
    desk: desks.Desk
    more_views: dict[str, type[case_views.CaseView]] = {}

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:  # ModelAdmin's name
        """The URLs of this desk and no others."""
        index = re_path(self.url_helper.get_action_url_pattern("index"), self.index_view, name=self.url_helper.get_action_url_name("index"))
        return (index, *(self._url(name, view) for name, view in (CASE_VIEWS | self.more_views).items()), *self._list_urls())

    def _list_urls(self) -> tuple[URLPattern, ...]:
        """The URLs of what is done with a whole list: its export, a reviewer's own views of it, and where it may be, bulk decisions."""
        base, name = self.base_url_path, self.url_helper.get_action_url_name
        export = re_path(rf"^{base}/export/$", export_views.ExportList.as_view(model_admin=self), name=name("export"))
        return (export, *(self._bulk_urls() if self.desk in list_acts.IN_ONE_GO else ()), *self._view_urls())

    def _bulk_urls(self) -> tuple[URLPattern, ...]:
        """The URLs of decisions on many cases in one go."""
        base, name = self.base_url_path, self.url_helper.get_action_url_name
        run = rf"^{base}/bulk/(?P<pk>[0-9]{{1,18}})/"
        return (
            re_path(rf"^{base}/bulk/$", bulk_views.ChooseBulk.as_view(model_admin=self), name=name("bulk")),
            re_path(rf"{run}$", bulk_views.BulkRunView.as_view(model_admin=self), name=name("bulk_run")),
            re_path(rf"{run}start/$", bulk_views.StartBulk.as_view(model_admin=self), name=name("bulk_start")),
            re_path(rf"{run}resume/$", bulk_views.ResumeBulk.as_view(model_admin=self), name=name("bulk_resume")),
        )

    def _view_urls(self) -> tuple[URLPattern, ...]:
        """The URLs of a reviewer's own views of the list."""
        views, name = rf"^{self.base_url_path}/views/", self.url_helper.get_action_url_name
        one = rf"{views}(?P<pk>[0-9]{{1,18}})/"
        return (
            re_path(rf"{views}$", saved_view_acts.SaveView.as_view(model_admin=self), name=name("view_save")),
            re_path(rf"{one}rename/$", saved_view_acts.RenameView.as_view(model_admin=self), name=name("view_rename")),
            re_path(rf"{one}delete/$", saved_view_acts.DeleteView.as_view(model_admin=self), name=name("view_delete")),
        )

    def _url(self, name: str, view: type[case_views.CaseView]) -> URLPattern:
        ending = "" if name == "open" else f"{name}/"
        pattern = rf"^{self.base_url_path}/(?P<pk>[0-9]{{1,18}})/{ending}$"
        return re_path(pattern, view.as_view(model_admin=self), name=self.url_helper.get_action_url_name(name))

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
    more_views = ROW_VIEWS
    base_url_path = "review/rows"
    menu_label = desks.ROWS.title
    menu_item_name = "review-rows"
    menu_icon = "building"
    permission_helper_class = RowPermissions


class ActivationAdmin(CaseAdmin):
    model = Application
    desk = desks.ACTIVATIONS
    base_url_path = "review/activations"
    menu_label = desks.ACTIVATIONS.title
    menu_item_name = "review-activations"
    menu_icon = "history"
    permission_helper_class = FilePermissions


class ChangeAdmin(CaseAdmin):
    model = Application
    desk = desks.CHANGES
    base_url_path = "review/changes"
    menu_label = desks.CHANGES.title
    menu_item_name = "review-changes"
    menu_icon = "edit"
    permission_helper_class = FilePermissions


class UpgradeAdmin(CaseAdmin):
    model = Application
    desk = desks.UPGRADES
    base_url_path = "review/upgrades"
    menu_label = desks.UPGRADES.title
    menu_item_name = "review-upgrades"
    menu_icon = "arrow-up"
    permission_helper_class = FilePermissions


class ReviewGroup(ModelAdminGroup):
    """The menu 「审核」."""

    menu_label = "审核"
    menu_item_name = "review"
    menu_icon = "stamp"
    menu_order = 50
    items = (EnrolmentAdmin, RowAdmin, ActivationAdmin, ChangeAdmin, UpgradeAdmin)

    def get_menu_item(self) -> CountedGroupItem:  # ModelAdmin's name
        return CountedGroupItem(self, self.get_menu_order(), Menu(items=self.get_submenu_items()))
