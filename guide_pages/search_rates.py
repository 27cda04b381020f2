"""How often one address may search: counted per minute in the cache that all processes share."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

# A hospital's doctors share one address.
SEARCHES_A_MINUTE = 120
SECONDS = 60


def is_within(request: HttpRequest) -> bool:
    """
    Count this search for its address; False when the address has used up its searches of this minute.

    Behind a proxy the address is the one that the trusted proxy saw (``ALLAUTH_TRUSTED_PROXY_COUNT``).
    """
    minute = int(timezone.now().timestamp()) // SECONDS
    key = f"search:{get_adapter().get_client_ip(request)}:{minute}"
    cache.add(key, 0, 2 * SECONDS)
    try:
        return cache.incr(key) <= SEARCHES_A_MINUTE
    except ValueError:
        # It left the cache between the two calls: a cache so full must not shut people out.
        return True
