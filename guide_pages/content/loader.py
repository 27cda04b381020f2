"""
Put the delivered pages into the page tree (CMS-1, CMS-2).

Loading again is safe: a page that is there is not made twice, one that an editor changed, unpublished or deleted is left to them, and
one that nobody touched follows the delivered text.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page, Site

from guide_pages import content, models, second_reading
from guide_pages.content import Delivered, images

FOOTER_PAGES = {"about": "about_page", "privacy": "privacy_page", "contact": "contact_page"}


@dataclass
class Report:
    """Keys of the pages that were made, brought up to date, and left alone."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def load(*, site_url: str) -> Report:
    """
    Load all delivered pages, and make the home page the root of the site at ``site_url`` (scheme://host[:port]).

    :raises Locale.DoesNotExist: Wagtail's own migrations have not run.
    """
    report = Report()
    clear_welcome_page()
    for key in content.KEYS:
        load_page(content.delivered(key), report)
    home = loaded_page("home")
    if home is not None:
        site = serve_from(home, site_url)
        link_footer(site, report.created)
    guide = loaded_page("guide")
    if guide is not None:
        second_reading.ensure(guide)
    return report


def clear_welcome_page() -> None:
    """Delete the empty page that Wagtail's migrations put at the root, and with it its Site. Pages of our types are never of that type."""
    for welcome in Page.objects.filter(depth=2, numchild=0, content_type=ContentType.objects.get_for_model(Page)):
        welcome.delete()


def load_page(delivered: Delivered, report: Report) -> None:
    """Create the page, bring an untouched one up to date, or leave it, and say which in ``report``."""
    record = models.LoadedPage.objects.select_related("page").filter(key=delivered.key).first()
    if record is None:
        create(delivered, report)
    elif record.is_untouched and record.fingerprint != delivered.fingerprint:
        page = record.page.specific
        fill(page, delivered)
        publish(page, delivered)
        report.updated.append(delivered.key)
    else:
        report.kept.append(delivered.key)


def create(delivered: Delivered, report: Report) -> None:
    """Make the page below its parent, unless the parent is gone or an editor's page already has that address."""
    parent = loaded_page(delivered.parent) if delivered.parent else Page.get_first_root_node()
    if parent is None or parent.get_children().filter(slug=delivered.slug).exists():
        report.kept.append(delivered.key)
        return
    page = getattr(models, delivered.type)(slug=delivered.slug)
    fill(page, delivered)
    parent.add_child(instance=page)
    publish(page, delivered)
    report.created.append(delivered.key)


def fill(page: Page, delivered: Delivered) -> None:
    """Set the delivered values on ``page``; its slug and place in the tree stay."""
    for name, value in delivered.values.items():
        setattr(page, name, images.with_pictures(value))


def publish(page: Page, delivered: Delivered) -> None:
    """Publish ``page`` as a revision, and remember which one, so that a later change by an editor shows."""
    revision = page.save_revision()
    revision.publish()
    models.LoadedPage.objects.update_or_create(
        key=delivered.key, defaults={"page": page.page_ptr, "revision_id": revision.pk, "fingerprint": delivered.fingerprint}
    )


def loaded_page(key: str) -> Page | None:
    """The page that was loaded under ``key``, wherever it stands now; None when it was deleted."""
    record = models.LoadedPage.objects.select_related("page").filter(key=key).first()
    return record.page if record else None


def serve_from(home: Page, site_url: str) -> Site:
    """Make ``home`` the root of the default site, if there is none yet, and set the site's address."""
    address = urlsplit(site_url)
    place = {"hostname": address.hostname, "port": address.port or (443 if address.scheme == "https" else 80)}
    site, _ = Site.objects.update_or_create(
        is_default_site=True, defaults=place, create_defaults=place | {"root_page": home, "site_name": "中国抗癌协会"}
    )
    return site


def link_footer(site: Site, created: list[str]) -> None:
    """Let the footer lead to those of its pages that were just made."""
    settings = models.SiteSettings.for_site(site)
    for key, name in FOOTER_PAGES.items():
        if key in created:
            setattr(settings, name, loaded_page(key))
    settings.save()
