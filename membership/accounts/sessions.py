"""
Where an account is logged in: seen, ended, and moved to a new key (ACC-3, ACC-6).

allauth's ``UserSession`` has a row for each session of an account. Django's own session holds the login; ending one deletes both.
"""

import time
from collections.abc import Callable

from allauth.account.signals import authentication_step_completed
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from membership.models import User

SEEN_EVERY = 10 * 60
SEEN_AT_KEY = "account_seen_at"
# What makes an account more, or less, than any other.
PRIVILEGES = ("is_staff", "is_superuser", "is_active")
_BEFORE = "_privileges_before"


class LastSeenMiddleware:
    """
    Notes when and from where a session was last used, at most every ten minutes; allauth's own writes at each request. A session that
    has no row yet, begun before the rows existed, gets one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The time comes first: a visitor without a session is not even looked up.
        if request.session.session_key and self._is_due(request) and request.user.is_authenticated:
            request.session[SEEN_AT_KEY] = int(time.time())
            UserSession.objects.create_from_request(request)
        return self.get_response(request)

    def _is_due(self, request: HttpRequest) -> bool:
        return time.time() - request.session.get(SEEN_AT_KEY, 0) > SEEN_EVERY


def of(user: User) -> list[UserSession]:
    """Return the sessions of an account that still hold a login, the one last used first."""
    return sorted(UserSession.objects.purge_and_list(user), key=lambda session: session.last_seen_at, reverse=True)


def end_others(request: HttpRequest) -> None:
    """End all sessions of the account but this one."""
    end_other_sessions(request, request.user)


def end_all(user: User) -> None:
    """End every session of an account, from outside it: its role has changed, or support was asked to."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def move_to_new_key(request: HttpRequest) -> None:
    """
    Give the session a new key and keep all that is in it: who knew the old one gains nothing by what was proved just now (ACC-6).
    """
    old = request.session.session_key
    request.session.cycle_key()
    moved = UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key, last_seen_at=timezone.now())
    if not moved:
        UserSession.objects.create_from_request(request)


def connect() -> None:
    """Let sessions follow what is proved and what an account may do."""
    user_logged_in.connect(_on_login)
    authentication_step_completed.connect(_on_proof)
    pre_save.connect(_remember_privileges, sender=User)
    post_save.connect(_end_on_changed_privileges, sender=User)
    for through in (User.groups.through, User.user_permissions.through):
        m2m_changed.connect(_end_on_changed_roles, sender=through)


def _on_login(request: HttpRequest, **kwargs) -> None:
    # allauth has just made the session's row.
    request.session[SEEN_AT_KEY] = int(time.time())


def _on_proof(request: HttpRequest, reauthenticated: bool = False, **kwargs) -> None:
    if reauthenticated:
        move_to_new_key(request)


def _remember_privileges(instance: User, update_fields=None, **kwargs) -> None:
    if instance.pk and (update_fields is None or set(PRIVILEGES) & set(update_fields)):
        setattr(instance, _BEFORE, User.objects.filter(pk=instance.pk).values(*PRIVILEGES).first())


def _end_on_changed_privileges(instance: User, **kwargs) -> None:
    before = instance.__dict__.pop(_BEFORE, None)
    if before and before != {name: getattr(instance, name) for name in PRIVILEGES}:
        end_all(instance)


def _end_on_changed_roles(instance: User | Group | Permission, action: str, reverse: bool, pk_set: set[int] | None, **kwargs) -> None:
    """Roles and permissions are given to an account, or accounts to a role; taking all away names none of them."""
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if not reverse:
        users = [instance]
    elif pk_set is None:
        users = list(instance.user_set.all())
    else:
        users = list(User.objects.filter(pk__in=pk_set))
    for user in users:
        end_all(user)
