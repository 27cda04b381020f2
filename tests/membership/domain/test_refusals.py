"""Why a file came back, in the words its applicant reads (A-3, S-5)."""

import pytest

from membership.domain import refusals
from membership.models import Application
from tests.factories import enrolment as stories
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db


def fresh(application):
    return Application.objects.get(pk=application.pk)


class TestRefusals:
    def test_the_association_speaks_as_itself_and_names_the_fields(self, at):
        application = stories.checking(at=at)
        stories.refuse_file(application, at=at, reason="照片不清晰", fields=["portrait"])

        said = refusals.of_returned(fresh(application))

        assert said == (refusals.Refusal("协会会员部", "照片不清晰", ("portrait",), at),)

    def test_of_a_file_returned_by_its_rows_each_institution_says_its_own(self, at):
        committees = [InstitutionFactory(committee=True, name=f"{letter}专业委员会") for letter in "甲乙"]
        application = stories.deciding(at=at, institutions=committees)
        for row in application.rows.order_by("pk"):
            stories.refuse_row(row, at=at, reason=f"{row.institution.name}的原因")

        said = refusals.of_returned(fresh(application))

        assert [(one.who, one.reason) for one in said] == [
            ("甲专业委员会", "甲专业委员会的原因"),
            ("乙专业委员会", "乙专业委员会的原因"),
        ]

    def test_nobody_refused_a_draft(self, at):
        assert refusals.of_returned(stories.draft(at=at)) == ()
