"""``manage.py rebuild_search``: what search looks through, written anew."""

from django.core.management.base import BaseCommand

from guide_pages import search_index


class Command(BaseCommand):
    help = "Write the search entries of all published pages anew. Safe to repeat, also while the site is in use."

    def handle(self, *args, **options):
        self.stdout.write(f"Search: {search_index.rebuild()} pages can be found.")
