"""The membership guide: an index and its chapters (CMS-1, UI-6)."""

from django.db import models
from django.utils.functional import SimpleLazyObject
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PagePermissionTester, PageQuerySet

from guide_pages import navigation
from guide_pages.blocks import ChapterBodyBlock
from guide_pages.models.public import PublicPage
from guide_pages.panels import HelpfulnessPanel

NUMERALS = "零一二三四五六七八九"


class Device(models.TextChoices):
    """What the reader holds: the guide has every part twice."""

    WEB = "web", "网页端"
    PHONE = "phone", "移动端"


class ReadByASecondPerson(PagePermissionTester):
    """
    Permissions for a page of the guide: where a workflow reads every change, nobody puts one on the site past it, however much they may do
    elsewhere. Superusers can, for the day on which nobody else is there.
    """

    def can_publish(self):
        return super().can_publish() and self._may_skip_reading()

    def can_publish_subpage(self):
        return super().can_publish_subpage() and self._may_skip_reading()

    def _may_skip_reading(self) -> bool:
        return self.user.is_superuser or not self.page.has_workflow


class GuidePage(PublicPage):
    """A page of the guide, index or chapter."""

    section = "guide"

    class Meta:
        abstract = True

    def permissions_for_user(self, user):
        return ReadByASecondPerson(user, self)


class GuideIndexPage(GuidePage):
    """The list of chapters. It shows those that are published and promises no others."""

    intro = models.TextField("引言", max_length=300, blank=True, help_text="一两句话，说明指南适合谁、怎样使用。")

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["guide_pages.HomePage"]
    subpage_types = ["guide_pages.GuideChapterPage"]
    max_count = 1
    template = "guide_pages/guide_index_page.html"

    class Meta:
        verbose_name = "会员指南目录"
        verbose_name_plural = "会员指南目录"

    def chapters(self) -> list["GuideChapterPage"]:
        """The published chapters, web before phone, each in the order of its parts."""
        return GuideChapterPage.objects.child_of(self).published_in_order()

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["groups"] = navigation.by_device(self.chapters())
        return context


class GuideChapterQuerySet(PageQuerySet):
    """Filters for chapters."""

    def published_in_order(self) -> list["GuideChapterPage"]:
        """The published chapters, web before phone, each in the order of its parts; without their bodies, which lists do not show."""
        chapters = self.live().defer_streamfields().order_by("part", "path")
        return sorted(chapters, key=lambda chapter: Device.values.index(chapter.device))


class GuideChapterPage(GuidePage):
    """One chapter: a part of the guide for one kind of device."""

    device = models.CharField("设备", max_length=8, choices=Device.choices, default=Device.WEB)
    part = models.PositiveSmallIntegerField("第几部分", help_text="同一部分的网页端与移动端用同一个数字，页面据此互相链接。")
    intro = models.TextField("引言", max_length=300, help_text="共几步、要先备好什么。")
    body = StreamField(ChapterBodyBlock(), verbose_name="正文", help_text="每一步用一个「步骤」。图片必须写图片说明。")

    objects = PageManager.from_queryset(GuideChapterQuerySet)()

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("device"), FieldPanel("part")], heading="在指南中的位置"),
        FieldPanel("intro"),
        FieldPanel("body"),
        HelpfulnessPanel(heading="读者的评价"),
    ]
    parent_page_types = ["guide_pages.GuideIndexPage"]
    subpage_types: list[str] = []
    template = "guide_pages/guide_chapter_page.html"

    class Meta:
        verbose_name = "会员指南章节"
        verbose_name_plural = "会员指南章节"

    def get_admin_display_title(self) -> str:
        """The title with its device: every part is there twice, under the same name."""
        return f"{super().get_admin_display_title()}（{self.get_device_display()}）"

    @property
    def part_name(self) -> str:
        """The part in words: 第一部分."""
        numeral = NUMERALS[self.part] if self.part < len(NUMERALS) else str(self.part)
        return f"第{numeral}部分"

    def sections(self) -> list[navigation.Section]:
        """The blocks of the body, steps numbered from 1."""
        return navigation.numbered(self.body)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        chapters = SimpleLazyObject(lambda: GuideChapterPage.objects.sibling_of(self).published_in_order())
        context["index_title"] = SimpleLazyObject(lambda: context["crumbs"][-2].label)
        context["sections"] = SimpleLazyObject(self.sections)
        context["groups"] = SimpleLazyObject(lambda: navigation.by_device(chapters))
        context["tabs"] = SimpleLazyObject(lambda: navigation.device_tabs(self, chapters))
        context["around"] = SimpleLazyObject(lambda: navigation.neighbours(self, chapters))
        context["helpful"] = request.GET.get("helpful", "")
        return context
