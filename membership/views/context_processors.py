"""What the frame around every page needs: who is here and what waits for them."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from membership import phone_numbers, rules
from membership.domain import own_records, todo
from membership.models import Message, User, read_only


@dataclass(frozen=True)
class Shell:
    """Name and counts for header and menus."""

    display_name: str = ""
    todo_count: int = 0
    unread_count: int = 0
    is_staff: bool = False
    refers: bool = False


def shell(request: HttpRequest) -> dict[str, object]:
    """
    Offer what the frame shows: ``shell``, computed when a template first asks for it (a public page costs no query); ``environment_name``,
    which names the installation outside production and is empty there; and ``maintenance_notice``, a question that the template asks.
    """
    return {
        "shell": SimpleLazyObject(lambda: _shell(request)),
        "environment_name": settings.ENVIRONMENT_NAME,
        "maintenance_notice": maintenance_notice,
    }


def maintenance_notice() -> str:
    """Return what every page says of a maintenance, to come or going on; nothing otherwise."""
    return read_only.current().notice_at(timezone.now())


def _shell(request: HttpRequest) -> Shell:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Shell()
    records = own_records.records_of(user, at=timezone.now())
    name = records.member.name if records.member is not None else ""
    return shell_of(user, name=name, todo_count=len(todo.tasks(records)), refers=records.holds_seat)


def shell_of(user: User, *, name: str, todo_count: int, refers: bool) -> Shell:
    """Return the frame for a person of whom a page already knows the rest, so that nothing is read twice."""
    return Shell(
        display_name=name or user.get_full_name() or phone_numbers.for_reading(user.get_username()),
        todo_count=todo_count,
        unread_count=Message.objects.filter(user=user, read_at__isnull=True).count(),
        is_staff=bool(rules.roles_of(user)) or user.is_superuser,
        refers=refers,
    )
