"""``manage.py reset_second_factor +8618800000001 --reason "…"``: lets somebody in again who lost telephone and recovery codes."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from membership.accounts import sessions
from membership.accounts.fields import MobileField
from membership.domain import second_factor
from membership.domain.errors import DomainError
from membership.models import User
from membership.phone_numbers import masked


class Command(BaseCommand):
    help = "Take dynamic codes and recovery codes off an account and end its sessions. Make sure who asks for it: the password is left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("phone", help="the account's number, e.g. +8618800000001")
        parser.add_argument("--reason", default="", help="for the record: a ticket, how the person was recognised; no names or numbers")

    def handle(self, *args, **options) -> None:
        user = self._account(options["phone"])
        try:
            with transaction.atomic():
                second_factor.reset(user=user, reason=options["reason"], at=timezone.now())
                sessions.end_all(user)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{masked(user.get_username())}: second factor taken off, sessions ended.")

    def _account(self, typed: str) -> User:
        try:
            return User.objects.get(phone=MobileField().clean(typed))
        except (ValidationError, User.DoesNotExist) as unknown:
            raise CommandError("No account has this number.") from unknown
