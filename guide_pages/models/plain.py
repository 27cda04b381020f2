"""Plain pages: about, privacy, contact (CMS-1)."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from guide_pages.blocks import ArticleBodyBlock
from guide_pages.models.public import PublicPage


class PlainPage(PublicPage):
    """A page of text directly below the home page."""

    intro = models.TextField("引言", max_length=300, blank=True)
    body = StreamField(ArticleBodyBlock(), verbose_name="正文")

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["guide_pages.HomePage"]
    subpage_types: list[str] = []
    template = "guide_pages/plain_page.html"

    class Meta:
        verbose_name = "普通页面"
        verbose_name_plural = "普通页面"
