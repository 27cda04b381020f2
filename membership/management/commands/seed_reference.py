"""``manage.py seed_reference``: the reference data, loaded or brought up to date."""

from django.core.management.base import BaseCommand

from membership.reference import loader


class Command(BaseCommand):
    help = "Load the reference data: adds what is missing, follows the standards, leaves what administrators edited."

    def handle(self, *args, **options) -> None:
        for loaded in loader.load_everything():
            self.stdout.write(f"  {loaded.label}：新增 {loaded.added}，更新 {loaded.changed}，不变 {loaded.kept}")
