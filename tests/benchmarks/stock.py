"""The same list as ModelAdmin makes it by itself, for comparison: names, filters and search declared, nothing else done."""

from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register

from membership.models import Application


class Anybody(PermissionHelper):
    """Roles are not what is measured."""

    def user_can_list(self, user) -> bool:
        return True


class StockAdmin(ModelAdmin):
    model = Application
    base_url_path = "stock"
    list_display = ("member_name", "kind", "state", "stage_due_on", "submitted_at")
    list_filter = ("state", "kind")
    list_select_related = ("member",)
    list_per_page = 50
    search_fields = ("member__name", "member__name_pinyin", "member__number")
    ordering = ("stage_due_on", "id")
    permission_helper_class = Anybody

    def member_name(self, application: Application) -> str:
        return application.member.name


def register() -> None:
    modeladmin_register(StockAdmin)
