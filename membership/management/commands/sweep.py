"""``manage.py sweep``: what happens by itself as time passes. Run it every few minutes, or as often as you like."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from membership.accounts import captcha, unproved
from membership.domain import sweeping
from membership.models import read_only
from membership.review import bulk_tasks, export_tasks


class Command(BaseCommand):
    help = "Send reminders and apologies, close what ran out of time, hand out texts that wait. Safe to repeat."

    def handle(self, *args, **options) -> None:
        at = timezone.now()
        if read_only.current().is_in_force_at(at):
            self.stdout.write("The site is read only: nothing was done. What is due waits for the next run.")
            return
        tallies = sweeping.sweep(at=at)
        tallies["captchas cleared away"] = sweeping.Tally(done=captcha.sweep(at=at))
        tallies["unproved accounts cleared away"] = sweeping.Tally(done=unproved.sweep(at=at))
        tallies["bulk decisions taken up"] = sweeping.Tally(done=bulk_tasks.sweep())
        tallies["exports taken up"] = sweeping.Tally(done=export_tasks.sweep())
        for chore, tally in tallies.items():
            self.stdout.write(f"{chore}: {tally.done} done, {tally.refused} refused, {tally.failed} failed")
        if failed := sum(tally.failed for tally in tallies.values()):
            raise CommandError(f"{failed} items failed; the log says where. The others are done.")
