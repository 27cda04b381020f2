"""What every published page tells the templates: where one is, how it looks when it is shared, what machines read (CMS-1)."""

from typing import Any

from django.utils.functional import SimpleLazyObject
from wagtail.models import Page

from guide_pages import navigation, sharing, structured_data
from guide_pages.models.site_settings import SiteSettings


class PublicPage(Page):
    """
    A page of the site. Templates get ``section`` (the current entry of the main menu), ``crumbs``, ``card`` and ``structured_data``.

    All but the section is computed when a template first asks for it: a part of a page that is kept costs nothing (``kept_for``).
    """

    section = ""
    # Whether the feed of news is offered to feed readers on this page.
    offers_feed = False

    class Meta:
        abstract = True

    @property
    def summary(self) -> str:
        """What search engines and cards say about the page: its own description for them, else its introduction."""
        return self.search_description or getattr(self, "intro", "")

    def share_picture(self, settings: SiteSettings) -> Any:
        """The picture of the page's card as an image of the library; None stands for the association's own card."""
        return settings.share_picture

    def machine_facts(self, request) -> list[dict[str, Any]]:
        """What search engines read about the page, besides its way from home."""
        return []

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        crumbs = SimpleLazyObject(lambda: navigation.crumbs(self))
        context["section"] = self.section
        context["crumbs"] = crumbs
        context["card"] = SimpleLazyObject(lambda: sharing.card_of(self, request))
        context["structured_data"] = SimpleLazyObject(lambda: [*self.machine_facts(request), *structured_data.breadcrumbs(crumbs, request)])
        context["offers_feed"] = self.offers_feed
        return context
