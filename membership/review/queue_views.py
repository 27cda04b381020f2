"""The list of a desk. Nothing of ModelAdmin's own index is used: no count of everything, no export, no filter by a parameter's name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from wagtail_modeladmin.views import WMABaseView

from membership.periods import shanghai_date
from membership.review import counts
from membership.review.queue import Asked, queue_for


class DeskView(WMABaseView):
    """What every page of a desk has in common: to who has no seat at it, the page does not exist."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.permission_helper.user_can_list(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def desk(self):
        return self.model_admin.desk


class QueueView(DeskView):
    """GET: the list."""

    template_name = "membership/review/queue.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs) -> dict[str, object]:
        """``queue``: everything the page shows."""
        asked = Asked.of(self.request.GET)
        today = shanghai_date(timezone.now())
        count = counts.of(self.desk, self.request)
        tabs = counts.of_tabs(self.desk, self.request, looked_at=asked.tab)
        return {"queue": queue_for(self.desk, self.request.user, asked, count, today=today, counts=tabs), **kwargs}
