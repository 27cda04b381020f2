"""``manage.py load_content``: the pages that the product comes with."""

from django.conf import settings
from django.core.management.base import BaseCommand

from guide_pages import search_index
from guide_pages.content import loader


class Command(BaseCommand):
    help = "Create the site's pages, or bring those up to date that no editor has touched. Safe to repeat."

    def handle(self, *args, **options):
        report = loader.load(site_url=settings.SITE_URL)
        # Publishing has indexed what was just loaded; this is for pages that are older than their entries' form.
        search_index.rebuild()
        self.stdout.write(f"Pages: {len(report.created)} created, {len(report.updated)} updated, {len(report.kept)} left as they are.")
