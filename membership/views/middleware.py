"""What every response of the site gets: a request id for its log lines, and no copy of a member's page kept by the browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from membership import tracing

# Pages with personal data; the back button must not show yesterday's (field case 41).
PRIVATE_PREFIXES = ("/member/", "/accounts/", "/admin/", "/files/")


class RequestIdMiddleware:
    """Names each request, for log lines and audit entries; the id goes back in ``X-Request-ID`` for support to ask for."""

    def __init__(self, next_one: Callable[[HttpRequest], HttpResponse]) -> None:
        self.next_one = next_one

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = tracing.request_id.set(tracing.new_request_id())
        try:
            response = self.next_one(request)
            response.headers["X-Request-ID"] = tracing.request_id.get()
            return response
        finally:
            tracing.request_id.reset(token)


class NoStoreMiddleware:
    """Keeps pages with personal data out of every cache."""

    def __init__(self, next_one: Callable[[HttpRequest], HttpResponse]) -> None:
        self.next_one = next_one

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.next_one(request)
        if request.path.startswith(PRIVATE_PREFIXES):
            response.headers["Cache-Control"] = "no-store, private"
        return response
