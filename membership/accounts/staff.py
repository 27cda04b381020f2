"""Whose account is the staff's, where they work, and how a script is told that a person has to do something first."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from membership import rules
from membership.models import User

# Where a role opens anything: the administration, and the papers of others. Elsewhere the staff are members like all.
PLACES = ("/admin/", "/files/")


def enters_the_admin(user: User) -> bool:
    """Whether an account may enter the administration. The mark of a staff member alone opens nothing there."""
    return user.has_perm("wagtailadmin.access_admin")


def is_staff(user: User) -> bool:
    """Whether an account may enter the administration, or has a role that opens the papers of others."""
    return enters_the_admin(user) or bool(rules.roles_of(user))


def works_here(request: HttpRequest) -> bool:
    """Whether an account of the staff asks for a page where they work."""
    return request.path.startswith(PLACES) and request.user.is_authenticated and is_staff(request.user)


def refuse_script(request: HttpRequest, where: str, why: str, *, status: int) -> HttpResponse | None:
    """Return the refusal, with the address to go to, for a request that no person sees the page of; None for all others."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=status, headers={"HX-Redirect": where})
    if request.headers.get("X-Requested-With") == "XMLHttpRequest" or not request.accepts("text/html"):
        return JsonResponse({"error": why, "url": where}, status=status)
    return None
