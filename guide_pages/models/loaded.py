"""Which pages came with the product, so that loading again neither doubles a page nor overwrites an editor's work."""

from django.db import models
from wagtail.models import Page


class LoadedPage(models.Model):
    """A delivered page, found by its key wherever editors have moved it; ``page`` is empty once they deleted it."""

    key = models.CharField("内容编号", max_length=64, unique=True)
    page = models.OneToOneField(Page, on_delete=models.SET_NULL, null=True, related_name="loaded_from", verbose_name="页面")
    revision_id = models.PositiveBigIntegerField("载入时的版本", null=True)
    fingerprint = models.CharField("载入内容的摘要", max_length=64)

    class Meta:
        verbose_name = "随产品提供的页面"
        verbose_name_plural = "随产品提供的页面"

    def __str__(self) -> str:
        return self.key

    @property
    def is_untouched(self) -> bool:
        """Whether the page is still published as it was loaded: nobody edited, drafted, unpublished or deleted it."""
        page = self.page
        return page is not None and page.live and page.latest_revision_id == self.revision_id
