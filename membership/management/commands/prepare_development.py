"""``manage.py prepare_development``: what ``make run`` does before it serves; quick when there is nothing to do."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from membership.models import Institution, Member


class Command(BaseCommand):
    help = "Migrate, load reference data, demo accounts and content, each only if it is not there yet. Development settings only."

    def handle(self, *args, **options) -> None:
        if not settings.DEBUG:
            raise CommandError("prepare_development is for development settings only.")
        (settings.VAR_DIR / "private").mkdir(parents=True, exist_ok=True)
        if self._needs_migration():
            self._say("Migrating the database")
            call_command("migrate", verbosity=0)
        if not Institution.objects.exists():
            self._say("Loading the reference data")
            call_command("seed_reference", stdout=self.stdout)
        self._say("Loading the site's pages")
        call_command("load_content", stdout=self.stdout)
        call_command("ensure_groups", stdout=self.stdout)
        if not Member.objects.exists():
            self._say("Making the demo accounts (a minute: it draws portraits, forms and certificates)")
            call_command("seed_demo", stdout=self.stdout)

    def _needs_migration(self) -> bool:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    def _say(self, text: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(f"== {text}"))
