"""「这一页有帮助吗」: what readers of the guide answered, as two counts for each page, and nothing about who they are."""

from django.db import models
from django.db.models import F
from wagtail.models import Page


class HelpfulnessQuerySet(models.QuerySet):
    """The recorder of answers."""

    def count_answer(self, page: Page, *, helped: bool) -> None:
        """Add one answer to the counts of ``page``; two at the same moment count both."""
        self.get_or_create(page_id=page.pk)
        column = "yes" if helped else "no"
        self.filter(page_id=page.pk).update(**{column: F(column) + 1})


class Helpfulness(models.Model):
    """How many browsers answered 有帮助 and 没有帮助 on a page."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="helpfulness", verbose_name="页面")
    yes = models.PositiveIntegerField("有帮助", default=0)
    no = models.PositiveIntegerField("没有帮助", default=0)

    objects = HelpfulnessQuerySet.as_manager()

    class Meta:
        verbose_name = "读者的评价"
        verbose_name_plural = "读者的评价"

    def __str__(self) -> str:
        return f"有帮助 {self.yes}，没有帮助 {self.no}"

    @property
    def share(self) -> int:
        """Per cent of the answers that say 有帮助; 0 where nobody answered."""
        answers = self.yes + self.no
        return round(100 * self.yes / answers) if answers else 0
