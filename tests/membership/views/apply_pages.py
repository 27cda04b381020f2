"""How the tests of the application form fill it in and read what comes back, as a browser without JavaScript does."""

import re

from membership.models import Application, Dossier

APPLY, CHECK = "/member/apply/", "/member/apply/check/"


def fresh(application: Application) -> Application:
    return Application.objects.select_related("proposed_dossier").get(pk=application.pk)


def dossier_of(application: Application) -> Dossier:
    return fresh(application).proposed_dossier


def text_of(response) -> str:
    return response.content.decode()


def summary(response) -> list[tuple[str, str]]:
    """Return the summary of errors: where each line leads, and what it says."""
    block = re.search(r'<div class="error-summary".*?</div>', text_of(response), re.S)
    return re.findall(r'<a href="(#[^"]+)">(.*?)</a>', block[0], re.S) if block else []


def errors(response) -> dict[str, list[str]]:
    return {name: list(messages) for name, messages in response.context["form"].errors.items()}


def save(browser, data, act="stay"):
    """Send the form with one of its buttons."""
    return browser.post(APPLY, {**data, "act": act})


def consent(browser, **more):
    """Submit on the check page, with the separate consent."""
    return browser.post(CHECK, {"identity_documents": "on", **more})


def stored_as_sent(form) -> dict[str, object]:
    """Return what the page would send if nothing was changed on it; divisions and pictures apart."""
    values = {name: _as_sent(form[name].value()) for name in form.fields}
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def _as_sent(value):
    return value.text if isinstance(value, tuple) else value
