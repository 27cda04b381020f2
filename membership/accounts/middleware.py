"""An answer, instead of a server error, where allauth's views raise a rate limit and do not catch it."""

from collections.abc import Callable

from allauth.core.exceptions import RateLimited
from allauth.core.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse


class RateLimitMiddleware:
    """Turns ``RateLimited`` into the page 429.html: registration and login send codes deep inside, where nobody catches it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:  # Django's name
        return respond_429(request) if isinstance(exception, RateLimited) else None
