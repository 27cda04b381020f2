"""The draft saves itself, answer by answer, from several pages and devices (APP-8, D-4, field case 42); what the number tells (APP-4)."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from membership.domain import enrolment
from membership.enums import ReferralMethod
from tests.factories import enrolment as stories
from tests.factories.browser import client_of, form_data, papers, sent
from tests.factories.people import UserFactory, committee_member
from tests.factories.reference import DivisionFactory, EthnicGroupFactory, InstitutionFactory, TitleFactory
from tests.membership.views.apply_pages import APPLY, consent, dossier_of, fresh, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DRAFT = "/member/apply/draft/"


class Page:
    """A page with the form, as its script holds it: it saves answers, and knows from each reply which draft it stands on."""

    def __init__(self, browser) -> None:
        self.browser = browser
        context = browser.get(APPLY).context
        self.seen = context["seen"]
        self.marks = dict(pair.split(":") for pair in context["marks"].split())

    def save(self, **answers):
        return self.send(list(answers), answers)

    def send(self, names, controls):
        marks = " ".join(f"{name}:{mark}" for name, mark in self.marks.items())
        reply = self.browser.post(DRAFT, {"save": names, "seen": self.seen, "marks": marks, **controls})
        said = reply.json()
        self.seen = said.get("seen", self.seen)
        self.marks |= said.get("marks", {})
        self.marks |= {name: other["mark"] for name, other in said.get("elsewhere", {}).items()}
        return reply


@pytest.fixture
def page(browser, started) -> Page:
    return Page(browser)


class TestSaving:
    def test_an_answer_is_kept_and_the_page_says_when(self, page, started, at):
        said = page.save(department="胸部肿瘤科").json()

        assert dossier_of(started).department == "胸部肿瘤科"
        assert said["note"] == f"已保存 {timezone.localtime(at):%H:%M}"
        assert (said["errors"], said["faults"]) == ({}, {})

    def test_one_answer_after_the_other_is_no_conflict_with_oneself(self, page, started):
        for text in ("胸", "胸部", "胸部肿瘤科"):
            assert page.save(department=text).status_code == 200

        assert dossier_of(started).department == "胸部肿瘤科"

    def test_every_kind_of_answer_is_saved_alone(self, page, started):
        county, group, title = DivisionFactory(county=True), EthnicGroupFactory(), TitleFactory()
        seat = committee_member()
        chosen = [InstitutionFactory(committee=True), InstitutionFactory(committee=True)]

        page.send(["origin"], sent({"origin": county}))
        page.save(ethnic_group=group.pk, title=title.pk)
        page.save(institutions=[one.pk for one in chosen])
        page.save(other_societies="甲学会 委员\n乙学会 委员", born_on="1988年5月6日")
        page.save(referral_method=ReferralMethod.COMMITTEE_MEMBER)
        page.send(["seat"], {"seat": "", "seat_pick": seat.pk, "referral_method": ReferralMethod.COMMITTEE_MEMBER})

        dossier, application = dossier_of(started), fresh(started)
        assert (dossier.origin, dossier.ethnic_group, dossier.title, dossier.title_name) == (county, group, title, title.display)
        assert set(application.chosen.all()) == set(chosen)
        assert (dossier.other_societies, dossier.born_on) == (["甲学会 委员", "乙学会 委员"], date(1988, 5, 6))
        assert application.referrer_seat == seat

    def test_what_no_column_can_hold_is_said_and_the_others_are_kept(self, page, started):
        said = page.save(born_on="1988-13-45", department="胸部肿瘤科").json()

        assert said["errors"] == {"born_on": "请按 1988-05-06 的样子填写真实的日期"}
        assert (dossier_of(started).department, dossier_of(started).born_on) == ("胸部肿瘤科", None)

    def test_what_is_wrong_but_can_be_kept_is_kept_and_said(self, page, started):
        said = page.save(email="nobody").json()

        assert said["faults"]["email"].startswith("邮箱写法不对")
        assert dossier_of(started).email == "nobody"

    def test_an_address_typed_with_a_chinese_keyboard_is_understood(self, page, started):
        page.save(email="ｓhen＠example．org")

        assert dossier_of(started).email == "shen@example.org"

    def test_what_is_merely_missing_is_not_said_while_somebody_fills_in(self, page):
        assert page.save(email="").json()["faults"] == {"email": ""}

    def test_a_field_that_no_form_has_and_the_phone_are_not_written(self, page, started, person):
        page.save(phone="13900000000", document_hash="x", standing="member", department="内科")

        dossier = dossier_of(started)
        assert (dossier.phone, dossier.department) == (person.get_username(), "内科")

    def test_an_answer_is_saved_in_a_few_queries(self, page, django_assert_max_num_queries):
        page.save(department="内科")

        # Session, account and settings among them; the acts themselves need four.
        with django_assert_max_num_queries(12):
            page.save(department="外科")


class TestTwoDevices:
    def test_different_answers_of_both_are_kept_and_each_learns_of_the_others(self, person, page, started):
        other = Page(client_of(person))
        other.save(duty="科副主任")

        said = page.save(department="胸部肿瘤科").json()

        dossier = dossier_of(started)
        assert (dossier.duty, dossier.department) == ("科副主任", "胸部肿瘤科")
        assert said["elsewhere"]["duty"]["sent"] == {"duty": ["科副主任"]}

    def test_the_same_answer_of_both_is_no_conflict(self, person, page, started):
        Page(client_of(person)).save(department="内科")
        other = Page(client_of(person))
        other.marks = page.marks.copy()

        assert page.save(department="内科").status_code == 200

    def test_one_answer_changed_on_both_is_overwritten_on_neither(self, person, page, started):
        Page(client_of(person)).save(department="内科")

        reply = page.save(department="外科", duty="主任")

        assert reply.status_code == 409
        dispute = reply.json()["disputes"]["department"]
        assert (dispute["here"], dispute["there"]) == ("外科", "内科")
        assert (dossier_of(started).department, dossier_of(started).duty) == ("内科", "主任")

    def test_who_decides_for_this_page_saves_it_with_the_mark_of_the_other(self, person, page, started):
        Page(client_of(person)).save(department="内科")
        page.marks["department"] = page.save(department="外科").json()["disputes"]["department"]["mark"]

        assert page.save(department="外科").status_code == 200
        assert dossier_of(started).department == "外科"

    def test_a_page_that_comes_back_into_sight_asks_without_saving_anything(self, person, page, started):
        Page(client_of(person)).save(department="内科")
        edits = dossier_of(started).edits

        said = page.send([], {}).json()

        assert said["elsewhere"]["department"]["sent"] == {"department": ["内科"]}
        assert dossier_of(started).edits == edits

    def test_without_a_script_disputed_answers_are_put_side_by_side_and_decided(self, person, browser, started):
        context = browser.get(APPLY).context
        shown = {"seen": context["seen"], "marks": context["marks"]}
        Page(client_of(person)).save(department="内科")

        answer = browser.post(APPLY, {**form_data(department="外科"), **shown, "act": "stay"})

        assert [(one.field, one.here, one.there) for one in answer.context["disputes"]] == [("department", "外科", "内科")]
        assert "以本页为准" in text_of(answer)
        again = {"seen": answer.context["seen"], "marks": answer.context["marks"], "disputed": "department"}
        browser.post(APPLY, {**form_data(department="外科"), **again, "settle_department": "here", "act": "stay"})
        assert dossier_of(started).department == "外科"

    def test_decided_for_the_other_device_its_answer_stays(self, person, browser, started):
        context = browser.get(APPLY).context
        Page(client_of(person)).save(department="内科")
        data = {**form_data(department="外科"), "seen": context["seen"], "marks": context["marks"], "act": "stay"}
        answer = browser.post(APPLY, data)

        again = {"seen": answer.context["seen"], "marks": answer.context["marks"], "disputed": "department"}
        browser.post(APPLY, {**data, **again, "settle_department": "there"})

        assert dossier_of(started).department == "内科"

    def test_a_returned_file_corrected_on_two_devices_makes_one_new_version(self, at):
        application = stories.returned(at=at)
        user = application.member.user
        first, second = Page(client_of(user)), Page(client_of(user))

        first.save(department="甲科")
        reply = second.save(duty="乙职")

        dossier = dossier_of(application)
        assert reply.status_code == 200
        assert (dossier.version, dossier.department, dossier.duty) == (2, "甲科", "乙职")


class TestLeaving:
    def test_who_was_logged_out_is_led_to_the_login_and_back(self, page, client):
        page.browser = client

        reply = page.save(department="内科")

        assert reply.status_code == 401
        assert reply.json()["url"].startswith(reverse("account_login"))

    def test_a_page_of_another_account_writes_nothing(self, page, started):
        stranger = client_of(UserFactory())
        stranger.post(APPLY, {"act": "start"})
        page.browser = stranger

        reply = page.save(department="内科")

        assert reply.status_code == 403
        assert dossier_of(started).department == ""

    def test_who_submitted_in_another_tab_is_told_and_the_submitted_version_stays(self, page, browser, started):
        browser.post(APPLY, {**form_data(), **papers(), "act": "check"})
        consent(browser)
        department = dossier_of(started).department

        reply = page.save(department="外科")

        assert reply.status_code == 409
        assert reply.json()["url"] == reverse("member_home")
        assert dossier_of(started).department == department

    @pytest.mark.parametrize("seen", ["", "x", "0-0", "-1", "²-³", "999999999999999999-1"])
    def test_a_page_that_does_not_know_its_draft_is_loaded_anew(self, page, started, seen):
        page.seen = seen

        reply = page.save(department="内科")

        assert reply.json()["leave"]
        assert dossier_of(started).department == ""


class TestWhatTheNumberTells:  # APP-4
    NUMBER = stories.resident_number(date(1986, 4, 12), serial=7)

    def test_birth_date_and_sex_are_filled_in_and_locked(self, page, started):
        page.save(document_kind="resident_id")

        told = page.send(["document_number"], {"document_number": self.NUMBER, "document_kind": "resident_id"}).json()["told"]

        dossier = dossier_of(started)
        assert (dossier.born_on, dossier.sex) == (date(1986, 4, 12), "male")
        assert told["answers"]["born_on"]["locked"] and told["answers"]["sex"]["locked"]

    def test_a_corrected_number_takes_its_facts_along(self, page, started):
        page.save(document_kind="resident_id", document_number=self.NUMBER)

        page.send(
            ["document_number"],
            {"document_number": stories.resident_number(date(1987, 1, 2), serial=8, sex="female"), "document_kind": "resident_id"},
        )

        assert (dossier_of(started).born_on, dossier_of(started).sex) == (date(1987, 1, 2), "female")

    def test_a_birth_date_that_contradicts_the_number_stays_and_is_said(self, page, started):
        page.save(born_on="1990-01-01")

        said = page.save(document_kind="resident_id", document_number=self.NUMBER).json()

        assert dossier_of(started).born_on == date(1990, 1, 1)
        assert said["faults"]["born_on"]

    def test_a_wrong_check_character_is_said_at_once_and_tells_nothing(self, page, started):
        wrong = self.NUMBER[:-1] + ("1" if self.NUMBER[-1] != "1" else "2")

        said = page.save(document_kind="resident_id", document_number=wrong).json()

        assert said["faults"]["document_number"]
        assert dossier_of(started).born_on is None

    def test_the_place_of_issue_is_named_where_the_list_knows_it(self, page):
        DivisionFactory(county=True, code="120103", name="河西区")

        told = page.save(document_kind="resident_id", document_number=self.NUMBER).json()["told"]

        assert told["issued_in"] == "天津市河西区"


class TestDrawing:  # Speed
    """Fields are rendered once without an answer and kept; the answer is put into its place."""

    @pytest.mark.parametrize(
        "answers",
        [
            {},
            {"department": '<b>内科</b> & "外科"', "remarks": "第一行\n第二行", "other_societies": "甲\n乙"},
            {"member_type": "student", "document_kind": "passport", "nationality": "DE", "referral_method": "member"},
        ],
    )
    def test_a_field_drawn_from_the_kept_one_is_the_field_as_it_is_rendered(self, browser, started, monkeypatch, answers):
        browser.post(APPLY, {**form_data(), **answers, **papers(), "act": "stay"})
        browser.get(APPLY)
        kept = _fields(browser)

        monkeypatch.setattr("membership.views.apply_drawing._is_plain", lambda form, item: False)

        assert kept == _fields(browser)


def _fields(browser) -> dict[str, str]:
    """Return each field as it stands on the page; spaces and the order of attributes tell nothing."""
    page = browser.get(APPLY).context["page"]
    drawn = {item.field.name: " ".join(item.html.split()) for part in page.parts for item in part.items}
    return {name: re.sub(r" checked( [^>]*)?>", r"\1 checked>", html) for name, html in drawn.items()}


def test_a_referrer_named_by_script_is_the_one_of_the_application(page, started, person, at):
    seat = committee_member()
    page.save(referral_method=ReferralMethod.COMMITTEE_MEMBER)
    page.send(["seat"], {"seat": "", "seat_pick": seat.pk, "referral_method": ReferralMethod.COMMITTEE_MEMBER})

    assert enrolment.current(person).referring_unit == seat.committee.full_name
