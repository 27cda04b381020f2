"""What the frame around every page needs: who is here and what waits for them."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from membership import rules
from membership.domain import members, todo
from membership.models import Message


@dataclass(frozen=True)
class Shell:
    """Name and counts for header and menus. ``environment`` names the installation outside production, else it is empty."""

    display_name: str = ""
    todo_count: int = 0
    unread_count: int = 0
    is_staff: bool = False
    refers: bool = False
    environment: str = ""


def shell(request: HttpRequest) -> dict[str, object]:
    """Offer ``shell``, computed when a template first asks for it: a public page costs no query."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> Shell:
    environment = "开发环境" if settings.DEBUG else ""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Shell(environment=environment)
    member = members.member_of(user)
    return Shell(
        display_name=(member.name if member else "") or user.get_full_name() or user.get_username(),
        todo_count=len(todo.to_do(user, at=timezone.now())),
        unread_count=Message.objects.filter(user=user, read_at__isnull=True).count(),
        is_staff=bool(rules.roles_of(user)) or user.is_superuser,
        refers=member is not None and member.seats.exists(),
        environment=environment,
    )
