"""The demo site that is measured: made once, kept below build/ until a migration is missing."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from membership.management.demo import accounts, stories
from membership.models import User


def prepare() -> None:
    """Migrate, and load reference data, pages and demo accounts, each only where it is not there yet."""
    (settings.VAR_DIR / "private").mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    if User.objects.filter(phone=accounts.NEW.e164).exists():
        return
    for command in ("seed_reference", "load_content", "ensure_groups"):
        call_command(command, stdout=StringIO())
    for _line in stories.tell(at=timezone.now()):
        pass


def account(demo: accounts.Account) -> User:
    return User.objects.get(phone=demo.e164)
