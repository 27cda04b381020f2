"""The door of the administration: who has no role there stays outside, who has one finds the rooms of others closed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from membership.accounts import roles, staff

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
        if not self._is_inside(request):
            return self.get_response(request)
        if not staff.enters_the_admin(request.user):
            return render(request, "account/no_role.html", status=403)
        roles.close_rooms(request.user)
        return self.get_response(request)

    def _is_inside(self, request: HttpRequest) -> bool:
        return request.path.startswith(ADMIN) and request.path not in OPEN_TO_ALL and request.user.is_authenticated
