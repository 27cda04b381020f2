"""Saving, renaming and deleting a view of a list (REV-12)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from membership.domain import saved_views
from membership.domain.errors import DomainError
from membership.models import SavedView
from membership.review.queue import Asked
from membership.review.queue_views import DeskView


class SaveView(DeskView):
    """POST: the list that ``list`` names, under ``name``."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        asked = Asked.of(QueryDict(request.POST.get("list", "")))
        query = asked.url("").removeprefix("?")
        try:
            view = saved_views.save(
                reviewer=request.user, desk=self.desk.url_prefix, name=request.POST.get("name", ""), query=query, at=timezone.now()
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(asked.url(self.index_url))
        messages.success(request, f"已保存视图「{view.name}」")
        return self.to(view)

    def to(self, view: SavedView) -> HttpResponseRedirect:
        """Go to a view's list."""
        return redirect(Asked.of(QueryDict(f"{view.query}&view={view.pk}")).url(self.index_url))


class OneView(SaveView):
    """What is done with one view; another person's does not exist."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.permission_helper.user_can_list(request.user):
            mine = SavedView.objects.filter(reviewer=request.user, desk=self.desk.url_prefix)
            self.view = get_object_or_404(mine, pk=int(kwargs["pk"]))
        return super().dispatch(request, *args, **kwargs)


class RenameView(OneView):
    """POST: another ``name``."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            saved_views.rename(view=self.view, name=request.POST.get("name", ""))
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"视图已改名为「{self.view.name}」")
        return self.to(SavedView.objects.get(pk=self.view.pk))


class DeleteView(OneView):
    """POST: the view goes; the list itself stays as it is."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        saved_views.delete(view=self.view)
        messages.success(request, f"已删除视图「{self.view.name}」")
        return redirect(self.index_url)
