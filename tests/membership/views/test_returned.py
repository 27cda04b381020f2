"""A file that came back: every reason stands beside the fields it is about, whoever refused, and in whichever round."""

import pytest

from membership.domain import enrolment
from membership.models import Application
from tests.factories import enrolment as stories
from tests.factories.reference import InstitutionFactory
from tests.membership.views.pages import Browser, Page

pytestmark = pytest.mark.django_db

FORM = "/member/apply/"


def form_of(application: Application) -> Page:
    return Browser(application.member.user).get(FORM)


def said_at(page: Page, field: str) -> str:
    """Return what stands beside a field, or an empty text."""
    error = page.soup.find(id=f"id_{field}_error")
    return " ".join(error.get_text().split()) if error else ""


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def again(application: Application, at, **answers) -> Application:
    """Correct a returned file and submit it once more."""
    person = application.member.user
    enrolment.save_draft(application=fresh(application), person=person, answers=answers, at=at)
    return enrolment.submit(application=fresh(application), person=person, consents_given=stories.CONSENTS, at=at)


def returned_by_two(at, *fields: list[str]) -> Application:
    committees = [InstitutionFactory(committee=True, name=f"{letter}专业委员会") for letter in "甲乙"]
    application = stories.deciding(at=at, institutions=committees)
    for row, concerned in zip(application.rows.order_by("pk"), fields, strict=True):
        stories.refuse_row(row, at=at, reason=f"{row.institution.name[0]}的原因", fields=concerned)
    return application


class TestByTheAssociation:  # APP-12, A-3, D-5
    def test_the_reason_stands_at_its_field_and_nowhere_else(self, clock):
        application = stories.checking(at=clock)
        stories.refuse_file(application, at=clock, reason="与证书不一致", fields=["qualification_number"])

        page = form_of(application)

        assert said_at(page, "qualification_number") == "协会会员部：与证书不一致"
        assert said_at(page, "name") == ""

    def test_what_is_mended_elsewhere_is_named_above_the_form(self, clock):
        application = stories.checking(at=clock)
        stories.refuse_file(application, at=clock, reason="盖章不清晰", fields=["stamped_form"])

        assert "涉及：盖章文件" in form_of(application).main
        assert "涉及：盖章文件" in Browser(application.member.user).get("/member/").main

    def test_the_second_round_says_its_own_reason_alone(self, clock):
        application = stories.checking(at=clock)
        stories.refuse_file(application, at=clock, reason="第一次的原因", fields=["specialty"])
        again(application, clock, remarks="已更正")
        stories.refuse_file(fresh(application), at=clock, reason="第二次的原因", fields=["remarks"])

        page = form_of(application)

        assert said_at(page, "remarks") == "协会会员部：第二次的原因"
        assert said_at(page, "specialty") == ""


class TestByTheInstitutions:
    def test_each_says_its_own_at_its_own_field(self, clock):
        page = form_of(returned_by_two(clock, ["specialty"], ["duty"]))

        assert said_at(page, "specialty") == "甲专业委员会：甲的原因"
        assert said_at(page, "duty") == "乙专业委员会：乙的原因"

    def test_two_about_the_same_field_are_both_read_there(self, clock):
        page = form_of(returned_by_two(clock, ["specialty"], ["specialty"]))

        assert said_at(page, "specialty") == "甲专业委员会：甲的原因；乙专业委员会：乙的原因"

    def test_after_an_earlier_refusal_of_the_association_only_theirs_counts(self, clock):
        application = stories.checking(at=clock)
        stories.refuse_file(application, at=clock, reason="旧的原因", fields=["specialty"])
        again(application, clock, remarks="已更正")
        stories.approve_file(fresh(application), at=clock)
        stories.refuse_row(application.rows.get(), at=clock, reason="方向不符", fields=["duty"])

        page = form_of(application)

        assert "方向不符" in said_at(page, "duty")
        assert said_at(page, "specialty") == ""
        assert "旧的原因" not in page.main

    def test_every_round_stays_readable_with_what_was_judged(self, clock):
        application = stories.checking(at=clock)
        stories.refuse_file(application, at=clock, reason="旧的原因", fields=["specialty"])
        again(application, clock, remarks="已更正")
        stories.approve_file(fresh(application), at=clock)
        stories.refuse_row(application.rows.get(), at=clock, reason="方向不符")

        page = Browser(application.member.user).get(f"/member/applications/{application.pk}/")

        links = [link["href"] for link in page.soup.main.find_all("a", href=True) if "查看资料" in link.get_text()]
        assert {link.partition("?")[2] for link in links} == {"version=1", "version=2"}
        assert "旧的原因" in page.main
        assert "方向不符" in page.main


class TestRecalled:
    def test_nobody_refused_what_the_applicant_took_back(self, clock):
        application = stories.checking(at=clock)
        stories.refuse_file(application, at=clock, reason="旧的原因", fields=["specialty"])
        resubmitted = again(application, clock, specialty="放射治疗")
        enrolment.recall(application=resubmitted, person=application.member.user, at=clock)

        page = form_of(application)

        assert said_at(page, "specialty") == ""
        assert "旧的原因" not in page.main
