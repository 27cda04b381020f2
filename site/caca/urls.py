"""All URLs: accounts, the membership system, the admin, and Wagtail's pages last."""

from allauth.account import views as account_views
from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    # Before Wagtail's own forms, for the admin and for private pages: everybody logs in at the same door.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    # Wagtail's ends the session without a question, by a mere link.
    path("admin/logout/", account_views.logout),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/", include("membership.accounts.urls")),
    path("", include("membership.urls")),
    path("", include("guide_pages.urls")),
]
if settings.DEBUG:
    urlpatterns += [path("", include("caca.styleguide.urls"))]
    # With DEBUG Django shows pages of its own when something fails; ours are looked at here.
    urlpatterns += [path(f"_errors/{code}/", TemplateView.as_view(template_name=f"{code}.html")) for code in (400, 403, 404, 429, 500)]
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
urlpatterns += [path("", include(wagtail_urls))]
