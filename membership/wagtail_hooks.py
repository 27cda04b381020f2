"""What Wagtail calls: snippets, review screens, the admin's look. Wiring only."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register

from membership.review import account, admin_look, feedback_admin, home, menu
from membership.review.audit_log import AuditViewSet
from membership.review.export_register import ExportViewSet
from membership.review.message_log import MessagesGroup
from membership.review.model_admins import ReviewGroup
from membership.review.seats_admin import SeatViewSet
from membership.review.snippets import snippet_groups
from membership.review.unit_requests_admin import UnitRequestViewSet

for group in snippet_groups:
    register_snippet(group)
register_snippet(MessagesGroup)

modeladmin_register(ReviewGroup)
modeladmin_register(feedback_admin.FeedbackAdmin)

hooks.register("register_admin_viewset", ExportViewSet)
hooks.register("register_admin_viewset", AuditViewSet)
hooks.register("register_admin_viewset", SeatViewSet)
hooks.register("register_admin_viewset", UnitRequestViewSet)
hooks.register("insert_global_admin_css", admin_look.stylesheet)
hooks.register("register_icons", admin_look.with_icons)
hooks.register("construct_help_menu", admin_look.without_links_abroad)
hooks.register("construct_reports_menu", admin_look.without_reports_for_programmers)
hooks.register("construct_main_menu", menu.in_order_of_work)
hooks.register("construct_homepage_panels", home.with_role_panels)
hooks.register("construct_homepage_panels", feedback_admin.with_feedback_panel)

account.ask_for_one_name()
menu.show_names()
