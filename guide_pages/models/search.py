"""What search looks through: one entry for each page that can be found (CMS-3)."""

from django.db import models
from wagtail.models import Page


class Kind(models.TextChoices):
    """What was found, as results name it."""

    GUIDE = "guide", "指南"
    NEWS = "news", "新闻"
    PAGE = "page", "页面"


class SearchEntry(models.Model):
    """
    The text of a published page, as it is read and as it is compared (``guide_pages.search_text.fold``).

    Written by ``guide_pages.search_index`` alone. Whether the page may be seen now is not kept here but asked at each search.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="search_entry", verbose_name="页面")
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    device = models.CharField("设备", max_length=8, blank=True, help_text="指南章节所写的设备，例如：网页端。")
    dated_on = models.DateField("日期", null=True)
    text = models.TextField("正文", help_text="读者所见的正文，每段一行，不含标题。")
    terms = models.TextField("词语", help_text="页面上的名称和标题，每行一个；没有结果时从中推荐相近的词。")
    folded_title = models.TextField("标题（供比较）")
    folded_headings = models.TextField("各级标题（供比较）")
    folded_text = models.TextField("全文（供比较）", help_text="第一行是标题，以下与正文各行一一对应。")

    class Meta:
        verbose_name = "搜索条目"
        verbose_name_plural = "搜索条目"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.page_id}"

    @property
    def lines(self) -> list[str]:
        """The passages of the page, without its title."""
        return self.text.split("\n")

    @property
    def folded_lines(self) -> list[str]:
        """The same passages folded."""
        return self.folded_text.split("\n")[1:]
