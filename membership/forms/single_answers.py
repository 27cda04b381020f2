"""Answers that a page sends one by one while the form is being filled in (APP-8)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django import forms

from membership.forms import reference_choices
from membership.forms.enrolment import NOT_TYPED, EnrolmentForm
from membership.forms.stored_answers import stored_answers
from membership.models import Application, User
from membership.periods import shanghai_date

# What is understood only with the draft at hand: it may be sent again as it is stored.
NEED_THE_DRAFT = frozenset({*reference_choices.SEVERAL, "seat", "member"})
ALONE = frozenset(EnrolmentForm.field_order).difference(NOT_TYPED)


class SingleAnswers(EnrolmentForm):
    """
    Some of the fields :data:`ALONE`, cleaned by the same rules: they are not drawn, and no list is read (Speed: saving a draft field).

    Of the others only the choices may be sent along by which these are understood: member type, document kind, referral method.
    """

    def __init__(
        self, data: Mapping[str, Any], *, names: Collection[str], person: User, at: datetime, application: Application | None = None
    ) -> None:
        self.application, self.person, self.at = application, person, at
        # A form copies every field that it has.
        self.base_fields = {name: field for name, field in self.base_fields.items() if name in names}
        forms.Form.__init__(self, data, initial=stored_answers(application, person) if application else None)
        today = shanghai_date(at)
        listed = [name for name in reference_choices.ROWS if name in names]
        self.fields |= {name: reference_choices.field_alone(name, today=today, application=application) for name in listed}
