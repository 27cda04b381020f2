"""
意见反馈 in the Wagtail admin: what waits for an answer, and the answering (UI-5). Support's and the administrators'.

As with the review, ModelAdmin gives the menu and the place; of its own views none is registered.
"""

from collections.abc import Mapping

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path, reverse
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail_modeladmin.menus import ModelAdminMenuItem
from wagtail_modeladmin.options import ModelAdmin

from membership import rules
from membership.domain import feedback
from membership.models import Feedback
from membership.review import counts, feedback_views
from membership.review.menu import BADGE
from membership.review.permissions import CasePermissions

TITLE = "意见反馈"
INDEX = "feedback_modeladmin_index"
_KEPT = "_feedback_waiting"


def waiting_for(request: HttpRequest) -> int:
    """Return how many wait for whoever asks, counted up to one more than is shown, once a request."""
    if _KEPT not in request.__dict__:
        request.__dict__[_KEPT] = len(feedback.waiting(request.user).values_list("pk")[: counts.MOST + 1])
    return request.__dict__[_KEPT]


class FeedbackPermissions(CasePermissions):
    roles = (rules.SUPPORT, rules.ADMINISTRATOR)


class FeedbackMenuItem(ModelAdminMenuItem):
    """The entry, with the number of those that wait."""

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        """The item is one for everybody, so the number goes into what is rendered for this request."""
        component = super().render_component(request)
        number = waiting_for(request)
        component.attrs = {**component.attrs, BADGE: counts.shown(number)} if number else component.attrs
        return component


class FeedbackAdmin(ModelAdmin):
    """The queue, and for each entry its screen and the answer."""

    model = Feedback
    base_url_path = "feedback"
    menu_label = TITLE
    menu_item_name = "feedback"
    menu_icon = "comment"
    menu_order = 60
    index_view_class = feedback_views.FeedbackQueue
    permission_helper_class = FeedbackPermissions
    history_view_enabled = False

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:  # ModelAdmin's name
        """The URLs of the queue and the screen, and no others."""
        index = re_path(self.url_helper.get_action_url_pattern("index"), self.index_view, name=INDEX)
        entry = rf"^{self.base_url_path}/(?P<pk>[0-9]{{1,18}})/$"
        return index, re_path(entry, self.open_view, name=feedback_views.OPEN)

    def open_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        return feedback_views.AnswerFeedback.as_view(model_admin=self)(request, pk=pk)

    def get_menu_item(self, order: int | None = None) -> FeedbackMenuItem:  # ModelAdmin's name
        return FeedbackMenuItem(self, order or self.get_menu_order())

    def get_permissions_for_registration(self) -> QuerySet[Permission]:  # ModelAdmin's name
        """Roles open these screens; there is nothing to tick in a group's form."""
        return Permission.objects.none()

    def register_admin_url_finders(self) -> None:  # ModelAdmin's name
        """Nothing links to an entry by itself."""

    def register_indexing(self) -> None:  # ModelAdmin's name
        """Entries refer to no page or image of the site."""


class FeedbackPanel(Component):
    """「待答复 N 条」 on the first page."""

    name = "feedback"
    order = 60
    template_name = "membership/review/feedback_panel.html"

    def get_context_data(self, parent_context: Mapping[str, object]) -> Mapping[str, object]:  # Wagtail's name
        request = parent_context["request"]
        oldest = feedback.waiting(request.user).values_list("sent_at", flat=True).first()
        return {"title": TITLE, "url": reverse(INDEX), "count": counts.shown(waiting_for(request)), "oldest": oldest}


def with_feedback_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Put what waits on the first page, for who answers."""
    if FeedbackPermissions.roles_include(request.user):
        panels.insert(0, FeedbackPanel())
