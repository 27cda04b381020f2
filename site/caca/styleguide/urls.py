"""The styleguide's address; ``caca.urls`` includes it in development only."""

from django.urls import path

from caca.styleguide.views import Styleguide

urlpatterns = [path("styleguide/", Styleguide.as_view(), name="styleguide")]
