"""
The published pages, kept for visitors without an account's cookies (product.md, Speed).

Django's cache middleware does the keeping. What is decided here: whose requests share a page, which answers may be kept, for how long,
and that all of them are forgotten the moment anything shown on them changes.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.cache import CacheMiddleware
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import post_page_move

from guide_pages.models import SiteSettings
from membership.models import read_only

EDITION = "public-pages-edition"
# What a published page shows of the database, or what decides whether it may be seen.
SHOWN = (Page, PageViewRestriction, Site, BaseSiteSetting, BaseGenericSetting, AbstractImage, AbstractDocument)


class PublicPageCacheMiddleware:
    """Answers a visitor's request for a published page from the cache, before everything else; ``PUBLIC_PAGE_CACHE_SECONDS`` = 0: never."""

    def __init__(self, next_one: Callable[[HttpRequest], HttpResponse]) -> None:
        self.next_one = next_one

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (settings.PUBLIC_PAGE_CACHE_SECONDS and is_shared(request)):
            return self.next_one(request)
        # Read before the page is made: one that was made while an editor published belongs to the edition before.
        request.LANGUAGE_CODE = get_language_from_request(request)
        response = CacheMiddleware(self._answer, key_prefix=current_edition())(request)
        if response.headers.get("Cache-Control", "").startswith("max-age"):
            _for_the_browser(response)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        response = self.next_one(request)
        if may_be_kept(response):
            _leave_cookies_out_of_the_key(response)
            response.headers["Cache-Control"] = f"max-age={seconds_to_keep(request, at=timezone.now())}"
        else:
            request._cache_update_cache = False  # Django's own name
        return response


def is_shared(request: HttpRequest) -> bool:
    """
    Return whether the answer is the same for everybody: a published page, asked for without a session, without a message that
    waits in a cookie, without a query (whose variety has no end), and not as an editor's preview.
    """
    cookies = request.COOKIES
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in cookies
        and CookieStorage.cookie_name not in cookies
        and not request.META.get("QUERY_STRING")
        and not getattr(request, "is_dummy", False)
        and is_page(request.path_info)
    )


@lru_cache(maxsize=1024)
def is_page(path: str) -> bool:
    """Return whether Wagtail's pages answer at this path, if anything does."""
    try:
        return resolve(path).url_name == "wagtail_serve"
    except Resolver404:
        return False


def may_be_kept(response: HttpResponse) -> bool:
    """Return whether an answer is nobody's own: it sets no cookie (so holds no form's token), and its policy names no nonce."""
    policy = response.headers.get("Content-Security-Policy", "")
    return response.status_code == 200 and not response.cookies and not response.has_header("Cache-Control") and "'nonce-" not in policy


def seconds_to_keep(request: HttpRequest, *, at: datetime) -> int:
    """Return for how long a page stays true: until a notice on it appears, changes or goes, at most ``PUBLIC_PAGE_CACHE_SECONDS``."""
    # Without a query: the page has asked for both, and they are kept with the request and in the cache.
    notice, maintenance = SiteSettings.for_request(request), read_only.current()
    moments = (notice.notice_starts_at, notice.notice_ends_at, maintenance.starts_at, maintenance.ends_at)
    changes = [int((moment - at).total_seconds()) for moment in moments if moment and moment > at]
    return min([settings.PUBLIC_PAGE_CACHE_SECONDS, *changes])


def current_edition() -> str:
    """
    Return the name under which pages are kept now. A lost one is replaced by a new one, never by one that was used before; another release
    has another, since its pages name other files.
    """
    release = getattr(staticfiles_storage, "manifest_hash", "")
    return f"{cache.get_or_set(EDITION, _new_edition, timeout=None)}.{release}"


def parts(request: HttpRequest) -> dict[str, object]:
    """Offer templates what they need to keep a part that is the same for everybody: ``edition``, asked for only when used, and how long."""
    return {"edition": current_edition, "kept_for": settings.PUBLIC_PAGE_CACHE_SECONDS}


def forget_pages() -> None:
    """Forget every page that is kept: from now on they are kept under another name."""
    cache.set(EDITION, _new_edition(), timeout=None)


def forget_on_changes() -> None:
    """Listen for changes of what pages show, by whichever process makes them."""
    models.signals.post_save.connect(_forget_what_shows, dispatch_uid="forget-public-pages")
    models.signals.post_delete.connect(_forget_what_shows, dispatch_uid="forget-public-pages")
    post_page_move.connect(_forget_what_shows, dispatch_uid="forget-public-pages")


def _forget_what_shows(sender: type[models.Model], **_: object) -> None:
    if issubclass(sender, SHOWN):
        transaction.on_commit(forget_pages, robust=True)


def _new_edition() -> str:
    return secrets.token_hex(8)


def _for_the_browser(response: HttpResponse) -> None:
    """What is kept here can be forgotten, what browsers and proxies keep cannot; and theirs depends on who has logged in since."""
    response.headers["Cache-Control"] = "no-cache"
    for name in ("Expires", "Age"):
        response.headers.pop(name, None)
    patch_vary_headers(response, ["Cookie"])


def _leave_cookies_out_of_the_key(response: HttpResponse) -> None:
    """Whoever has no session gets the same page, whatever other cookies the browser sends."""
    names = [name.strip() for name in response.headers.get("Vary", "").split(",") if name.strip().lower() not in ("", "cookie")]
    response.headers["Vary"] = ", ".join(names)
