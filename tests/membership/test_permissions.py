"""
Who reaches what: every page of a case × every kind of person, the files with it (REV-4, OPS-2, S-1, S-2, S-6; field case 32).

200 the page · login: sent to log in · 404: as if it did not exist · 403: refused by the admin, which tells nothing of the case.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from membership import rules
from membership.accounts import roles
from membership.domain import dossiers
from membership.enums import RowState
from membership.models import Application, Attachment
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, association_reviewer, committee_member, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

PEOPLE = (
    "anonymous", "stranger", "owner", "referrer", "reviewer", "other reviewer", "association", "administrator", "editor", "support",
)  # fmt: skip

# Page → the people who see it; all others get what OTHERWISE says.
SEEN_BY = {
    "member_application": {"owner"},
    "member_submitted": {"owner"},
    "member_form_pdf": {"owner"},
    "member_stamped_form": set(),  # the owner is led back: no form is awaited any more
    "member_withdraw": {"owner"},
    "member_row_withdraw": {"owner"},
    "member_endorse": {"referrer"},
    "file:portrait": {"owner", "referrer", "reviewer", "association"},
    "file:qualification": {"owner", "reviewer", "association"},
    "file:stamped_page": {"owner", "association"},
    "file:stamped_form": {"owner", "association"},
    "review_enrolments_modeladmin_open": {"association"},
    # The association may have to decide in the institution's place (K-6).
    "review_rows_modeladmin_open": {"reviewer", "association"},
}


@pytest.fixture
def case(at, monkeypatch):
    """A file with its row pending at one institution, endorsed by a committee member."""
    roles.ensure_groups()
    monkeypatch.setattr(timezone, "now", lambda: at)
    seat = committee_member()
    application = stories.deciding(at=at, referral=stories.referred_by(seat))
    row = application.rows.get()
    people = {
        "anonymous": None,
        "stranger": UserFactory(),
        "owner": application.member.user,
        "referrer": seat.member.user,
        "reviewer": institution_reviewer(row.institution),
        "other reviewer": institution_reviewer(InstitutionFactory(committee=True)),
        "association": association_reviewer(),
        "administrator": staff(rules.ADMINISTRATOR),
        "editor": staff(rules.EDITOR),
        "support": staff(rules.SUPPORT),
    }
    return application, row, people


def address(page: str, application: Application, row) -> str:
    if page.startswith("file:"):
        kind = page.removeprefix("file:")
        return reverse("private_file", args=[Attachment.objects.filter(kind=kind, member=application.member).latest("pk").pk])
    if page == "member_endorse":
        return reverse(page, args=[application.endorsements.get().pk])
    return reverse(page, args=[row.pk if "row" in page else application.pk])


def answer(person, url: str) -> str:
    browser = client_of(person) if person else Client()
    response = browser.get(url)
    if response.status_code == 302:
        return "login" if "/accounts/login/" in response["Location"] else f"to {response['Location']}"
    return str(response.status_code)


@pytest.mark.parametrize("page", SEEN_BY)
def test_a_page_of_a_case_is_seen_by_whom_it_concerns_and_by_nobody_else(page, case):
    application, row, people = case
    url = address(page, application, row)

    answers = {who: answer(people[who], url) for who in PEOPLE}

    assert {who for who, what in answers.items() if what == "200"} == SEEN_BY[page], answers
    assert not {who for who, what in answers.items() if what.startswith("5")}
    if page.startswith(("member_", "file:")):
        assert answers["stranger"] == "404"
        assert answers["anonymous"] == "login"


class TestAnotherInstitutionsReviewer:  # REV-4, field case 32
    @pytest.mark.parametrize("page", ["review_rows_modeladmin_open", "review_enrolments_modeladmin_open"])
    def test_cannot_tell_that_the_case_exists(self, page, case):
        application, row, people = case
        browser = client_of(people["other reviewer"])

        real = browser.get(address(page, application, row))
        made_up = browser.get(reverse(page, args=[999999]))

        assert (real.status_code, made_up.status_code) == (404, 404)
        assert application.member.name not in real.content.decode()

    @pytest.mark.parametrize("page", ["review_rows_modeladmin_decide", "review_rows_modeladmin_document"])
    def test_cannot_act_on_it_either(self, page, case):
        application, row, people = case

        response = client_of(people["other reviewer"]).post(reverse(page, args=[row.pk]), {"verdict": "approved"})

        assert response.status_code == 404
        row.refresh_from_db()
        assert row.state == RowState.PENDING

    def test_finds_no_trace_of_it_in_the_list_whatever_the_list_is_asked(self, case):
        application, row, people = case
        browser = client_of(people["other reviewer"])
        index = reverse("review_rows_modeladmin_index")

        pages = [browser.get(f"{index}{query}") for query in ("", "?tab=all", f"?q={application.member.name}", "?institution=1", "?e=1")]

        assert all(page.status_code == 200 for page in pages)
        assert not any(f">{application.member.name}<" in page.content.decode() for page in pages)


class TestTheReviewersOwnCase:  # S-6
    def test_is_absent_from_the_queue_and_404_by_url(self, case, at):
        _, _, people = case
        reviewer = people["association"]
        own = stories.checking(at=at, user=reviewer)
        browser = client_of(reviewer)

        listed = browser.get(reverse("review_enrolments_modeladmin_index"))
        opened = browser.get(reverse("review_enrolments_modeladmin_open", args=[own.pk]))

        assert own.number not in listed.content.decode()
        assert opened.status_code == 404


class TestWhatAnInstitutionReads:  # S-1, S-2
    def test_no_document_phone_mail_address_or_birth_date_stands_on_its_screen(self, case):
        application, row, people = case
        dossier = dossiers.latest_sealed(application)

        screen = client_of(people["reviewer"]).get(reverse("review_rows_modeladmin_open", args=[row.pk])).content.decode()

        assert dossier.name in screen
        for hidden in (dossier.document_number, dossier.phone, dossier.email, dossier.address, f"{dossier.born_on}"):
            assert str(hidden) not in screen
