"""
「正在查看」: who else has a case open at this moment (REV-9). A hint for colleagues, kept for a minute and nowhere written down.

What is told stays within a scope: the association's, or one institution's. Two who report in the same instant may miss each other
until the next report, half a minute later; nobody is ever kept from anything by it.
"""

from datetime import datetime, timedelta

from django.core.cache import cache

from membership.models import Application, Institution, User

# Pages report every 25 s; after two that did not come somebody has left.
SECONDS = 60


def note(application: Application, scope: Institution | None, user: User, *, at: datetime) -> tuple[str, ...]:
    """Note that somebody of this scope (None: the association) looks at the case, and return the names of the others who do."""
    key = _key(application, scope)
    until = at + timedelta(seconds=SECONDS)
    here = {pk: (name, moment) for pk, (name, moment) in cache.get(key, {}).items() if moment > at}
    here[user.pk] = (str(user), until)
    cache.set(key, here, SECONDS)
    return tuple(name for pk, (name, _) in here.items() if pk != user.pk)


def leave(application: Application, scope: Institution | None, user: User) -> None:
    """Note that somebody is done with the case."""
    key = _key(application, scope)
    here = cache.get(key, {})
    if here.pop(user.pk, None):
        cache.set(key, here, SECONDS)


def _key(application: Application, scope: Institution | None) -> str:
    return f"presence:{application.pk}:{scope.pk if scope else 'association'}"
