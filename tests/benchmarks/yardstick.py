"""Y: a plain view as a new Django project has it, with the middleware of such a project."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.test.utils import override_settings

ROWS = [{"number": number, "name": f"第 {number} 行", "state": "申请中"} for number in range(1, 11)]
# django-admin startproject, Django 5.2.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def ten_rows(request: HttpRequest) -> HttpResponse:
    return render(request, "yardstick.html", {"title": "十行", "rows": ROWS})


def plain_view() -> Callable[[], object]:
    """Return a request of the plain view, through a handler of its own."""
    client = Client()
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        client.handler.load_middleware()
    return lambda: client.get("/yardstick/")
