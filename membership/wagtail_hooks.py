"""What Wagtail calls: snippets, review screens, the admin's look. Wiring only."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register

from membership.review import admin_look
from membership.review.model_admins import ReviewGroup
from membership.review.snippets import snippet_groups

for group in snippet_groups:
    register_snippet(group)

modeladmin_register(ReviewGroup)

hooks.register("insert_global_admin_css", admin_look.stylesheet)
hooks.register("register_icons", admin_look.with_icons)
hooks.register("construct_help_menu", admin_look.without_links_abroad)
hooks.register("construct_homepage_panels", admin_look.with_waiting_panel)
