"""``manage.py ensure_groups``: the staff's roles as groups, each with exactly its permissions (ACC-6)."""

from django.core.management.base import BaseCommand, CommandError

from membership.accounts import roles


class Command(BaseCommand):
    help = "Make the groups of the staff's roles and give each exactly its permissions. Run it after every migrate; safe to repeat."

    def handle(self, *args, **options) -> None:
        try:
            groups = roles.ensure_groups()
        except roles.UnknownPermission as unknown:
            raise CommandError(str(unknown)) from unknown
        self.stdout.write(f"{len(groups)} roles: {', '.join(group.name for group in groups)}")
