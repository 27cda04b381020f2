"""Page types and settings of the published site, one module per concept."""

from guide_pages.models.guide import Device, GuideChapterPage, GuideIndexPage
from guide_pages.models.helpfulness import Helpfulness
from guide_pages.models.home import HomePage
from guide_pages.models.loaded import LoadedPage
from guide_pages.models.news import NewsArticlePage, NewsIndexPage
from guide_pages.models.plain import PlainPage
from guide_pages.models.public import PublicPage
from guide_pages.models.search import SearchEntry
from guide_pages.models.second_reading import SecondReadingTask
from guide_pages.models.site_settings import SiteSettings

__all__ = [
    "Device",
    "GuideChapterPage",
    "GuideIndexPage",
    "Helpfulness",
    "HomePage",
    "LoadedPage",
    "NewsArticlePage",
    "NewsIndexPage",
    "PlainPage",
    "SearchEntry",
    "PublicPage",
    "SecondReadingTask",
    "SiteSettings",
]
