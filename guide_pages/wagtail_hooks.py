"""What Wagtail calls: the report on the guide. Wiring only."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import MenuItem

from guide_pages.reports import HelpfulnessReport


class PagesMenuItem(MenuItem):
    """An entry for who has pages to look after."""

    def is_shown(self, request):
        return user_has_any_page_permission(request.user)


@hooks.register("register_admin_urls")
def report_urls():
    return [
        path("reports/guide-helpfulness/", HelpfulnessReport.as_view(), name="guide_helpfulness"),
        path("reports/guide-helpfulness/results/", HelpfulnessReport.as_view(results_only=True), name="guide_helpfulness_results"),
    ]


@hooks.register("register_reports_menu_item")
def report_menu_item():
    return PagesMenuItem("指南评价", reverse("guide_helpfulness"), name="guide-helpfulness", icon_name="help", order=1300)
