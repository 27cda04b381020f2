"""How a page looks when somebody shares it: Open Graph, and the square picture that WeChat and QQ show (CMS-1)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.templatetags.static import static

from guide_pages.models.site_settings import SiteSettings

if TYPE_CHECKING:
    from guide_pages.models import PublicPage

# Wide for Open Graph; square because WeChat cuts the middle out of whatever else it gets, and takes nothing below 300 pixels.
WIDE, SQUARE = (1200, 630), (600, 600)
WIDE_CARD, SQUARE_CARD = "images/share-wide.png", "images/share-square.png"


@dataclass(frozen=True)
class Card:
    """A page as a card; all addresses are absolute, since other hosts read them."""

    title: str
    description: str
    url: str
    kind: str
    wide_url: str
    square_url: str
    width: int = WIDE[0]
    height: int = WIDE[1]


def card_of(page: "PublicPage", request) -> Card:
    """The card of ``page``, with its picture or the association's own."""
    picture = page.share_picture(SiteSettings.for_request(request))
    if picture:
        wide, square = (picture.get_rendition(f"fill-{width}x{height}").url for width, height in (WIDE, SQUARE))
    else:
        wide, square = static(WIDE_CARD), static(SQUARE_CARD)
    return Card(
        title=page.seo_title or page.title,
        description=page.summary,
        url=page.get_full_url(request) or "",
        kind="article" if page.section == "news" and not page.offers_feed else "website",
        wide_url=request.build_absolute_uri(wide),
        square_url=request.build_absolute_uri(square),
    )
