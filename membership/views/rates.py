"""How often one address may ask: counted per minute in the cache that all processes share."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

SECONDS = 60


def is_within(request: HttpRequest, name: str, *, per_minute: int) -> bool:
    """
    Count this request under ``name`` for its address; False when the address asked more than ``per_minute`` times this minute.

    Behind a proxy the address is the one that the trusted proxy saw (``ALLAUTH_TRUSTED_PROXY_COUNT``), never one that the visitor made up.
    """
    minute = int(timezone.now().timestamp()) // SECONDS
    key = f"rate:{name}:{get_adapter().get_client_ip(request)}:{minute}"
    cache.add(key, 0, 2 * SECONDS)
    try:
        return cache.incr(key) <= per_minute
    except ValueError:
        # It left the cache between the two calls: a cache so full must not shut people out.
        return True
