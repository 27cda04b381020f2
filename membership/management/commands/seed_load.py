"""``manage.py seed_load --members N --applications N``: a society of that size, to try lists and searches on (Speed)."""

import time
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from membership.management.demo import accounts
from membership.management.load.society import PHONES, STAFF_PHONES, Society
from membership.models import Application, Institution, Member, User

FEWEST_INSTITUTIONS = 4


class Command(BaseCommand):
    help = "Write members and applications in every state straight into the tables: for trying lists, searches and their speed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--members", type=int, default=500_000, help="members, each with an approved enrolment (500000)")
        parser.add_argument("--applications", type=int, default=1_000_000, help="applications altogether, those included (1000000)")
        parser.add_argument("--seed", type=int, default=1, help="another one gives other persons")
        parser.add_argument("--force", action="store_true", help="although persons are there that are neither demo nor load data")

    def handle(self, *args, members: int, applications: int, seed: int, force: bool, **options) -> None:
        self._refuse(members, applications, force=force)
        began = time.monotonic()
        society = Society(members=members, applications=applications, at=timezone.now(), seed=seed)
        for written in society.write():
            self.stdout.write(f"  {written:>9,} / {applications:,} 份申请  {time.monotonic() - began:6.1f} 秒")
            self.stdout.flush()
        self.stdout.write(
            f"  完成：会员 {Member.objects.in_the_society().count():,}，申请 {Application.objects.count():,}，"
            f"{time.monotonic() - began:.1f} 秒（含索引）"
        )

    def _refuse(self, members: int, applications: int, *, force: bool) -> None:
        if settings.SETTINGS_MODULE.endswith(".production"):
            raise CommandError("seed_load writes people who do not exist; it never runs under production settings.")
        if not 0 <= members <= applications:
            raise CommandError("Every member has an enrolment: give at least as many applications as members.")
        if Institution.objects.count() < FEWEST_INSTITUTIONS:
            raise CommandError("There are no institutions to apply to. Run seed_reference first.")
        if User.objects.filter(phone__startswith=PHONES).exists():
            raise CommandError("There is load data already; make a new database.")
        real = User.objects.exclude(phone__startswith=STAFF_PHONES).exclude(phone__startswith=accounts.NEW.e164[:11])
        if real.exists() and not force:
            raise CommandError("There are accounts that are neither demo nor load data. With --force they stay, and the load is added.")
