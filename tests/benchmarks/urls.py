"""The site's addresses, and the yardstick's."""

from django.urls import path

from tests.benchmarks import stock
from tests.benchmarks.yardstick import ten_rows

# Before the admin collects its addresses.
stock.register()

from caca.urls import urlpatterns as site  # noqa: E402

urlpatterns = [path("yardstick/", ten_rows), *site]
