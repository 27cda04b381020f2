"""What search engines read about a page, in the words of schema.org (CMS-1)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.templatetags.static import static

from guide_pages.models.site_settings import SiteSettings
from guide_pages.navigation import Link

if TYPE_CHECKING:
    from guide_pages.models import NewsArticlePage

CONTEXT = "https://schema.org"
NAME, ENGLISH_NAME = "中国抗癌协会", "China Anti-Cancer Association"


def organization(request) -> dict[str, Any]:
    """The association: its name, its address on the web, and whom to call."""
    settings = SiteSettings.for_request(request)
    return {
        "@context": CONTEXT,
        "@type": "Organization",
        "name": NAME,
        "alternateName": [ENGLISH_NAME, "CACA"],
        "url": request.build_absolute_uri("/"),
        "logo": request.build_absolute_uri(static("images/icon-512.png")),
        "contactPoint": {
            "@type": "ContactPoint",
            "contactType": "会员服务",
            "telephone": f"+86-{settings.support_phone.removeprefix('0')}",
            "availableLanguage": "zh-CN",
        },
    }


def news_article(article: "NewsArticlePage", request, *, picture_url: str) -> dict[str, Any]:
    """An article with its dates; ``picture_url`` is absolute."""
    published = article.first_published_at
    return {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.summary,
        "datePublished": article.date.isoformat(),
        "dateModified": (article.last_published_at or published).isoformat() if published else article.date.isoformat(),
        "image": [picture_url],
        "mainEntityOfPage": article.get_full_url(request),
        "author": {"@type": "Organization", "name": NAME},
        "publisher": {"@type": "Organization", "name": NAME},
    }


def breadcrumbs(crumbs: Sequence[Link], request) -> list[dict[str, Any]]:
    """The way from home, for a page that is not home itself."""
    if len(crumbs) < 2:
        return []
    items = [
        {"@type": "ListItem", "position": place, "name": crumb.label, "item": request.build_absolute_uri(crumb.url or "/")}
        for place, crumb in enumerate(crumbs, start=1)
    ]
    return [{"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}]
