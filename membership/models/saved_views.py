"""A reviewer's own views of a list (REV-12)."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """A list as its URL asks for it — tab, filters, search, columns — under a name of the reviewer's. ``desk``: the list's URL prefix."""

    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views", verbose_name="审核员")
    desk = models.CharField("列表", max_length=60)
    name = models.CharField("名称", max_length=20)
    query = models.CharField("筛选条件", max_length=1000, blank=True)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "我的视图"
        verbose_name_plural = "我的视图"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="a_reviewer_names_a_view_of_a_list_once", fields=["reviewer", "desk", "name"]),
            models.CheckConstraint(name="a_view_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"视图 {self.pk}"
