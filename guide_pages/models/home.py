"""The home page (CMS-1)."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import Http404
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from guide_pages import navigation, structured_data
from guide_pages.blocks import EntryBlock, NoticeBlock, StageBlock
from guide_pages.models.guide import GuideIndexPage
from guide_pages.models.news import NewsArticlePage, NewsIndexPage
from guide_pages.models.public import PublicPage

NEWS_ON_HOME = 5


class HomePage(PublicPage):
    """What the site is for, the ways in, and the latest from news and guide below it."""

    section = "home"
    offers_feed = True

    hero_title = models.CharField("主标题", max_length=40, help_text="一句话，会用大字显示。要换行的地方写竖线 |。")
    hero_text = models.TextField("主标题下的说明", max_length=160)
    notices = StreamField(
        [("notice", NoticeBlock())], blank=True, verbose_name="首页提示", help_text="平时留空；有要事时放一条，过后请删去。"
    )
    featured = StreamField(
        [("entry", EntryBlock())], blank=True, max_num=4, verbose_name="入口", help_text="至多四个，按访客最常要办的事排列。"
    )
    stages_title = models.CharField("流程标题", max_length=20, blank=True)
    stages = StreamField([("stage", StageBlock())], blank=True, max_num=6, verbose_name="流程", help_text="至多六步。")
    help_title = models.CharField("求助标题", max_length=30, blank=True)
    help_text = models.CharField("求助说明", max_length=100, blank=True, help_text="电话和时间取自「设置 → 网站信息」。")

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("hero_title"), FieldPanel("hero_text")], heading="首屏"),
        FieldPanel("notices"),
        FieldPanel("featured"),
        MultiFieldPanel([FieldPanel("stages_title"), FieldPanel("stages")], heading="流程"),
        MultiFieldPanel([FieldPanel("help_title"), FieldPanel("help_text")], heading="求助"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["guide_pages.GuideIndexPage", "guide_pages.NewsIndexPage", "guide_pages.PlainPage"]
    max_count = 1
    template = "guide_pages/home_page.html"

    class Meta:
        verbose_name = "首页"
        verbose_name_plural = "首页"

    @property
    def hero_lines(self) -> list[str]:
        """The main title, one entry for each line of it."""
        return [line.strip() for line in self.hero_title.split("|")]

    def route(self, request, path_components):
        """
        Find the page at an address in one step instead of one a level: no page of the site routes for itself, so where it stands in the
        tree is its address.
        """
        if not path_components:
            return super().route(request, path_components)
        found = Page.objects.descendant_of(self).filter(url_path=f"{self.url_path}{'/'.join(path_components)}/")
        for pk, kind in found.values_list("pk", "content_type_id"):
            return ContentType.objects.get_for_id(kind).model_class()._default_manager.get(pk=pk).route(request, [])
        raise Http404

    def machine_facts(self, request):
        return [structured_data.organization(request)]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        guide = GuideIndexPage.objects.child_of(self).live().first()
        context["guide"] = guide
        context["parts"] = navigation.parts(guide.chapters()) if guide else []
        context["news_index"] = NewsIndexPage.objects.child_of(self).live().first()
        context["articles"] = NewsArticlePage.objects.descendant_of(self).newest_first()[:NEWS_ON_HOME]
        return context
