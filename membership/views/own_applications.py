"""Finding an application of the person who asks: another person's answers 404, as one that does not exist."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from membership.enums import ApplicationKind
from membership.models import Application
from membership.models.applications import ENROLMENTS


def any_own_enrolment(request: HttpRequest, pk: int, *related: str) -> Application:
    """
    Return the person's own enrolment, first or further; ``related`` is fetched along.

    :raises Http404: it is another's, of another kind, or there is none.
    """
    applications = Application.objects.select_related("member__user", "member__current_dossier", "proposed_dossier", *related)
    return get_object_or_404(applications, pk=pk, member__user=request.user, kind__in=ENROLMENTS)


def own_enrolment(request: HttpRequest, pk: int, *related: str) -> Application:
    """
    Return the person's own first enrolment with its member and dossier; ``related`` is fetched along.

    :raises Http404: it is another's, of another kind, or there is none.
    """
    applications = Application.objects.select_related("member__user", "proposed_dossier", *related)
    return get_object_or_404(applications, pk=pk, member__user=request.user, kind=ApplicationKind.FIRST_ENROLMENT)


def is_in_wechat(request: HttpRequest) -> bool:
    """Whether the page is shown by WeChat's own browser, which can neither save nor print a PDF (field case 41)."""
    return "MicroMessenger" in request.headers.get("User-Agent", "")
