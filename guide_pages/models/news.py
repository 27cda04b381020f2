"""News: an index and its articles (CMS-1)."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet

from guide_pages import navigation, sharing, structured_data
from guide_pages.blocks import ArticleBodyBlock
from guide_pages.models.public import PublicPage

ARTICLES_PER_PAGE = 20


class NewsArticleQuerySet(PageQuerySet):
    """Filters for articles."""

    def newest_first(self) -> "NewsArticleQuerySet":
        """The published articles, the latest date first; of one day the one written last."""
        return self.live().order_by("-date", "-pk")

    def of_year(self, year: int | None) -> "NewsArticleQuerySet":
        """The articles with a date in ``year``; all for None."""
        return self.filter(date__year=year) if year else self

    def years(self) -> list[int]:
        """The years in which something was published, the latest first."""
        return [day.year for day in self.live().dates("date", "year", order="DESC")]


class NewsIndexPage(PublicPage):
    """All articles, newest first, or those of one year."""

    section = "news"
    offers_feed = True

    intro = models.TextField("引言", max_length=200, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["guide_pages.HomePage"]
    subpage_types = ["guide_pages.NewsArticlePage"]
    max_count = 1
    template = "guide_pages/news_index_page.html"

    class Meta:
        verbose_name = "新闻目录"
        verbose_name_plural = "新闻目录"

    def articles(self) -> NewsArticleQuerySet:
        """The published articles, newest first."""
        return NewsArticlePage.objects.child_of(self).newest_first()

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        years = self.articles().years()
        asked = request.GET.get("year", "")
        year = next((year for year in years if str(year) == asked), None)
        shown = Paginator(self.articles().of_year(year).defer_streamfields(), ARTICLES_PER_PAGE).get_page(request.GET.get("page"))
        context["articles"] = shown
        context["years"] = navigation.year_tabs(years, chosen=year)
        context["newer_url"] = address_of(shown.previous_page_number(), year) if shown.has_previous() else ""
        context["older_url"] = address_of(shown.next_page_number(), year) if shown.has_next() else ""
        return context


def address_of(page: int, year: int | None) -> str:
    """The query of a page of the index, within ``year`` if there is one."""
    return "?" + urlencode({"year": year, "page": page} if year else {"page": page})


class NewsArticlePage(PublicPage):
    """One article."""

    section = "news"

    date = models.DateField("日期", help_text="印在标题旁，也决定排列的先后。")
    intro = models.TextField("摘要", max_length=200, help_text="一两句话，列表和分享时显示。")
    body = StreamField(ArticleBodyBlock(), verbose_name="正文")
    picture = models.ForeignKey(
        "wagtailimages.Image", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="题图"
    )
    picture_alt = models.CharField("题图说明（读屏用）", max_length=200, blank=True, help_text="有题图时必填：图上有什么。")

    objects = PageManager.from_queryset(NewsArticleQuerySet)()

    content_panels = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_alt")], heading="题图"),
        FieldPanel("body"),
    ]
    parent_page_types = ["guide_pages.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "guide_pages/news_article_page.html"

    class Meta:
        verbose_name = "新闻"
        verbose_name_plural = "新闻"

    def clean(self):
        super().clean()
        if self.picture_id and not self.picture_alt:
            raise ValidationError({"picture_alt": "请写题图说明，读屏软件要读给看不见图片的人听"})

    def share_picture(self, settings):
        return self.picture or super().share_picture(settings)

    def machine_facts(self, request):
        return [structured_data.news_article(self, request, picture_url=sharing.card_of(self, request).wide_url)]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        articles = NewsArticlePage.objects.sibling_of(self).newest_first().defer_streamfields()
        context["newer"], context["older"] = navigation.around(self, articles)
        return context
