"""Short ways of doing what the applicant does, for tests that tell several acts in a row."""

from membership.domain import enrolment
from membership.models import Application, Message
from tests.factories import enrolment as stories


def fresh(application):
    """Return the application as it is stored now."""
    return Application.objects.get(pk=application.pk)


def submit(application, at, given=stories.CONSENTS):
    """Submit a draft, or a returned file once more."""
    return enrolment.submit(application=fresh(application), person=application.member.user, consents_given=given, at=at)


def save(application, at, **answers):
    """Keep answers in the draft."""
    return enrolment.save_draft(application=fresh(application), person=application.member.user, answers=answers, at=at)


def codes_told(user):
    """Return the codes of the messages an account got, oldest first."""
    return list(Message.objects.filter(user=user).order_by("pk").values_list("code", flat=True))
