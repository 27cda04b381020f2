"""How often one address or account may ask: counted per minute in the cache that all processes share."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

SECONDS = 60


def is_within(request: HttpRequest, name: str, *, per_minute: int, by_account: bool = False) -> bool:
    """
    Count this request under ``name`` for its address; False when the address asked more than ``per_minute`` times this minute.

    ``by_account`` counts for who is logged in instead: a whole hospital may share one address.

    Behind a proxy the address is the one that the trusted proxy saw (``ALLAUTH_TRUSTED_PROXY_COUNT``), never one that the visitor made up.
    """
    minute = int(timezone.now().timestamp()) // SECONDS
    who = f"account-{request.user.pk}" if by_account else get_adapter().get_client_ip(request)
    key = f"rate:{name}:{who}:{minute}"
    cache.add(key, 0, 2 * SECONDS)
    try:
        return cache.incr(key) <= per_minute
    except ValueError:
        # It left the cache between the two calls: a cache so full must not shut people out.
        return True
