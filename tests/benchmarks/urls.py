"""The site's addresses, and the yardstick's."""

from django.urls import path

from caca.urls import urlpatterns as site
from tests.benchmarks.yardstick import ten_rows

urlpatterns = [path("yardstick/", ten_rows), *site]
