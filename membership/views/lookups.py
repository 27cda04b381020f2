"""What forms ask while one types, as JSON: committee members, work units, titles, the divisions below one (E-13, APP-5)."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from membership.domain import divisions, lookups
from membership.domain.lookups import Found
from membership.periods import shanghai_date


@login_required
@require_GET
def seats(request: HttpRequest) -> JsonResponse:
    """Answer ``q`` with running seats: name, committee, role; never phone or document."""
    found = lookups.seats(request.GET.get("q", ""), asked_by=request.user, today=shanghai_date(timezone.now()))
    return _suggestions(found)


@login_required
@require_GET
def work_units(request: HttpRequest) -> JsonResponse:
    """Answer ``q`` with listed work units, by name, other name, pinyin or initials."""
    return _suggestions(lookups.work_units(request.GET.get("q", "")))


@login_required
@require_GET
def titles(request: HttpRequest) -> JsonResponse:
    """Answer ``q`` with titles (职称), by name, pinyin or initials."""
    return _suggestions(lookups.titles(request.GET.get("q", "")))


@login_required
@require_GET
def divisions_below(request: HttpRequest) -> JsonResponse:
    """Answer ``parent`` with the divisions below it; with ``cities_only`` those that 省份/城市 asks for."""
    code = request.GET.get("parent", "")
    if not (code.isascii() and code.isdecimal()):
        return JsonResponse({"items": []})
    below = divisions.cities(code) if "cities_only" in request.GET else divisions.children(code)
    return JsonResponse({"items": [{"code": one.code, "name": one.name} for one in below]})


def _suggestions(found: list[Found]) -> JsonResponse:
    return JsonResponse({"items": [{"value": one.value, "label": one.label, "note": one.note} for one in found]})
