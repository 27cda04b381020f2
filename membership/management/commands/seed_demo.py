"""``manage.py seed_demo``: the demo accounts of the README, with their stories. Development settings only."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from membership.management.demo import accounts, stories
from membership.models import User


class Command(BaseCommand):
    help = "Make the demo accounts with their applications and certificates. Does nothing when they are there."

    def handle(self, *args, **options) -> None:
        if not settings.DEBUG:
            raise CommandError("seed_demo makes accounts with a known password; it runs under development settings only.")
        if User.objects.filter(phone=accounts.NEW.e164).exists():
            self.stdout.write("  演示账号已在，没有改动")
            return
        # The stories lie in the past: nobody's text message is printed on the console.
        settings.SMS_BACKEND = "membership.outbox.sms.locmem.LocmemBackend"
        for line in stories.tell(at=timezone.now()):
            self.stdout.write(f"  {line}")
