"""Addresses of the site that are no page."""

from django.templatetags.static import static
from django.urls import path
from django.views.generic import RedirectView
from wagtail.contrib.sitemaps.views import sitemap

from guide_pages import views
from guide_pages.feeds import NewsFeed
from guide_pages.search_views import search_site


class Icon(RedirectView):
    """Where browsers and WeChat look for an icon whatever the page says; its own address changes with its content."""

    file = ""

    def get_redirect_url(self, *args, **kwargs):
        return static(self.file)


urlpatterns = [
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", Icon.as_view(file="images/favicon.ico")),
    path("apple-touch-icon.png", Icon.as_view(file="images/apple-touch-icon.png")),
    path("search/", search_site, name="search"),
    path("news/feed/", NewsFeed(), name="news_feed"),
    path("guide/<int:page_id>/helpful/", views.answer_helpful, name="guide_helpful"),
]
