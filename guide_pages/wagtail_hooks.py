"""What Wagtail calls: the report on the guide. Wiring only."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permissions import policy_registry

from guide_pages.reports import HelpfulnessReport


class HelpfulnessMenuItem(MenuItem):
    """An entry for whoever may open the report."""

    def is_shown(self, request):
        policy = policy_registry.get_by_type(Page)
        return policy.user_has_any_permission(request.user, HelpfulnessReport.any_permission_required)


@hooks.register("register_admin_urls")
def report_urls():
    return [
        path("reports/guide-helpfulness/", HelpfulnessReport.as_view(), name="guide_helpfulness"),
        path("reports/guide-helpfulness/results/", HelpfulnessReport.as_view(results_only=True), name="guide_helpfulness_results"),
    ]


@hooks.register("register_reports_menu_item")
def report_menu_item():
    return HelpfulnessMenuItem("指南评价", reverse("guide_helpfulness"), name="guide-helpfulness", icon_name="help", order=1300)
