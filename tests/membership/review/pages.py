"""The review's pages as a reviewer's browser opens them."""

from django.http import HttpResponse
from django.urls import reverse

from membership.domain import dossiers
from membership.models import Application, ApplicationInstitution, User
from tests.factories.browser import client_of

Case = Application | ApplicationInstitution
_DESKS = {"activation": "activations", "change": "changes", "upgrade": "upgrades"}


def url_of(case: Case, action: str = "open") -> str:
    """Return the address of a case's screen, or of an act on it."""
    desk = _DESKS.get(case.kind, "enrolments") if isinstance(case, Application) else "rows"
    return reverse(f"review_{desk}_modeladmin_{action}", args=[case.pk])


def list_of(reviewer: User, desk: str = "enrolments", **parameters: str) -> HttpResponse:
    """Open a list."""
    return client_of(reviewer).get(reverse(f"review_{desk}_modeladmin_index"), parameters)


def names_in(response: HttpResponse) -> list[str]:
    """Return the names on a list, in its order."""
    return [line.name for line in response.context["queue"].lines]


def screen_of(reviewer: User, case: Case) -> HttpResponse:
    """Open a case."""
    return client_of(reviewer).get(url_of(case))


def decide(reviewer: User, case: Case, verdict: str, **fields: object) -> HttpResponse:
    """Press a button of the decision bar on the screen as it is now; ``fields`` are what was filled in, or another screen's ids."""
    application = case if isinstance(case, Application) else case.application
    shown = {"dossier": dossiers.latest_sealed(application).pk, "round": case.round}
    return client_of(reviewer).post(url_of(case, "decide"), {**shown, "verdict": verdict, **fields})
