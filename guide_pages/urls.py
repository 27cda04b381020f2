"""Addresses of the site that are no page."""

from django.urls import path
from wagtail.contrib.sitemaps.views import sitemap

urlpatterns = [
    path("sitemap.xml", sitemap, name="sitemap"),
]
