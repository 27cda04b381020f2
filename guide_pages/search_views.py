"""The page /search/ (CMS-3)."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import PageQuerySet

from guide_pages import navigation, search, search_rates
from guide_pages.models import GuideChapterPage
from guide_pages.models.search import SearchEntry
from guide_pages.search_suggestions import suggestions

RESULTS_PER_PAGE = 10
TEMPLATE = "guide_pages/search.html"


@require_safe
def search_site(request: HttpRequest) -> HttpResponse:
    """Show what was found, what to try instead when nothing was, or what search is for when nothing was asked."""
    wanted = search.read(request.GET.get("q", ""))
    context = {"section": "search", "search": wanted, "crumbs": [navigation.Link("首页", "/"), navigation.Link("搜索", "")]}
    if not wanted.words:
        return render(request, TEMPLATE, context | {"parts": parts(search.visible_pages(request))})
    if not search_rates.is_within(request):
        response = render(request, TEMPLATE, context | {"is_too_often": True}, status=429)
        response.headers["Retry-After"] = str(search_rates.SECONDS)
        return response
    return render(request, TEMPLATE, context | found(request, wanted))


def found(request: HttpRequest, wanted: search.Search) -> dict[str, Any]:
    """One page of results; without any, what to try instead."""
    pages = search.visible_pages(request)
    entries = SearchEntry.objects.filter(page__in=pages)
    paginator = Paginator(search.find(wanted, entries).select_related("page"), RESULTS_PER_PAGE)
    if not paginator.count:
        return {"count": 0, "suggestions": suggestions(wanted, entries), "parts": parts(pages)}
    shown = paginator.get_page(request.GET.get("page"))
    return {
        "count": paginator.count,
        "results": search.results(shown, wanted, request),
        "shown": shown,
        "previous_url": address(wanted, shown.previous_page_number()) if shown.has_previous() else "",
        "next_url": address(wanted, shown.next_page_number()) if shown.has_next() else "",
    }


def parts(pages: PageQuerySet) -> list[navigation.Part]:
    """The parts of the guide among ``pages``, each once."""
    return navigation.parts(GuideChapterPage.objects.filter(pk__in=pages).published_in_order())


def address(wanted: search.Search, page_number: int) -> str:
    """The address of a page of results."""
    return "?" + urlencode({"q": wanted.text, "page": page_number})
