"""The door of the administration for an account that has no role there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from membership.accounts import staff

ADMIN = "/admin/"
# Whoever is there by mistake may leave.
OPEN_TO_ALL = ("/admin/logout/", "/admin/login/")


class AdminDoorMiddleware:
    """
    Says to whoever is logged in and has no role that this is the staff's place. Wagtail would send them to the login, which sends whoever
    is logged in back, and so for ever.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_wrong_door(request):
            return render(request, "account/no_role.html", status=403)
        return self.get_response(request)

    def _is_wrong_door(self, request: HttpRequest) -> bool:
        inside = request.path.startswith(ADMIN) and request.path not in OPEN_TO_ALL
        return inside and request.user.is_authenticated and not staff.enters_the_admin(request.user)
