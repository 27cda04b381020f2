"""Addresses of the site that are no page: the reader's answer, robots.txt, the manifest."""

from allauth.core import ratelimit
from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from guide_pages.models import GuideChapterPage, Helpfulness

LIMIT = "helpful_answer"
COOKIE = "helpful"
COOKIE_AGE = 365 * 24 * 3600
# Which pages this browser answered on; more than the guide has chapters, and little enough for a cookie.
REMEMBERED = 50


# Without a token, so that the pages of the guide set no cookie and may be cached; a forged answer gains nobody anything.
@csrf_exempt
@require_POST
def answer_helpful(request: HttpRequest, page_id: int) -> HttpResponse:
    """Count whether a chapter helped its reader: once for each browser, and not too often from one address."""
    page = get_object_or_404(GuideChapterPage.objects.live().public(), pk=page_id)
    answer = request.POST.get("answer")
    if answer not in ("yes", "no"):
        raise BadRequest("answer is yes or no")
    answered = answered_pages(request)
    if page.pk not in answered and not ratelimit.consume(request, action=LIMIT):
        return back_to(page, "later")
    if page.pk not in answered:
        Helpfulness.objects.count_answer(page, helped=answer == "yes")
    return remember(back_to(page, answer), [*answered, page.pk])


def answered_pages(request: HttpRequest) -> list[int]:
    """The pages on which this browser has answered; none when its cookie was tampered with."""
    try:
        value = request.get_signed_cookie(COOKIE, default="")
    except BadSignature:
        return []
    return [int(pk) for pk in value.split(".") if pk]


def back_to(page: GuideChapterPage, outcome: str) -> HttpResponse:
    return redirect(f"{page.url}?helpful={outcome}#helpful")


def remember(response: HttpResponse, pages: list[int]) -> HttpResponse:
    value = ".".join(str(pk) for pk in dict.fromkeys(pages[-REMEMBERED:]))
    response.set_signed_cookie(COOKIE, value, max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


@require_GET
@cache_control(max_age=3600, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines leave alone: whatever belongs to one person."""
    return render(request, "guide_pages/robots.txt", {"sitemap": request.build_absolute_uri("/sitemap.xml")}, "text/plain; charset=utf-8")


@require_GET
@cache_control(max_age=3600, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """Name and icons for who puts the site on the first screen of a phone."""
    return render(request, "guide_pages/manifest.webmanifest", content_type="application/manifest+json")
