"""待办事项: each thing a person has to do, with its page, its button and its day; nothing they cannot do, nothing twice."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from membership.domain import certificates, endorsements, own_records, stamped_forms, todo
from membership.enums import Basis, Hold
from membership.models import Application, Seat, User
from tests.factories import enrolment as stories
from tests.factories.moments import moment
from tests.factories.people import UserFactory, committee_member, freeze

pytestmark = pytest.mark.django_db


def tasks_of(person, at) -> tuple[todo.Todo, ...]:
    return todo.tasks(own_records.records_of(User.objects.get(pk=person.pk), at=at))


def codes(person, at) -> list[str]:
    return [task.code for task in tasks_of(person, at)]


class TestEachThing:  # UI-3
    @pytest.mark.parametrize(
        ("state", "code", "page", "due"),
        [
            ("draft", "complete", "/member/apply/", date(2026, 9, 13)),
            ("awaiting_form", "stamp", "/member/applications/{pk}/stamped-form/", date(2026, 5, 16)),
            ("returned", "correct", "/member/apply/", date(2026, 6, 15)),
            ("closed", "certificate", "/member/certificate/", None),
        ],
    )
    def test_it_has_its_page_its_button_and_its_day(self, state, code, page, due, at):
        application = stories.in_state(state, at=at)
        Application.objects.filter(pk=application.pk).update(updated_at=at)

        [task] = tasks_of(application.member.user, at)

        assert (task.code, task.due) == (code, due)
        assert reverse(task.url_name, args=[task.pk] if task.pk else []) == page.format(pk=application.pk)
        assert task.title and task.text and task.button

    @pytest.mark.parametrize("state", ["checking", "deciding"])
    def test_while_the_society_works_there_is_nothing(self, state, at):
        assert codes(stories.in_state(state, at=at).member.user, at) == []

    def test_a_bare_account_has_nothing_to_do(self, at):
        assert codes(UserFactory(), at) == []

    def test_who_lost_the_referrer_chooses_another_by_the_day_the_form_expires(self, at):  # E-3, K-9
        application = stories.endorsing(at=at)
        endorsement = application.endorsements.get()
        endorsements.decline(endorsement=endorsement, person=endorsement.seat.member.user, reason_public="不熟悉", at=at)

        [task] = tasks_of(application.member.user, at)

        assert (task.code, task.url_name, task.pk, task.due) == ("referrer", "member_referrer", application.pk, date(2026, 5, 16))

    def test_a_certificate_once_downloaded_is_done(self, at):
        member = stories.approved(at=at).member
        certificate = certificates.live_edition(member)
        lines = certificates.lines(member, today=at.date())

        certificates.record_first_download(certificate=certificate, content=b"%PDF", printed=lines, person=member.user, at=at)

        assert codes(member.user, at) == []

    def test_a_form_once_sent_is_done(self, at):
        application = stories.submitted(at=at)
        person = application.member.user
        assert codes(person, at) == ["stamp"]

        stamped_forms.upload(application=application, person=person, scan=stories.scan(), basis=[Basis.STAMP], at=at)

        assert codes(person, at) == []

    def test_every_task_leads_to_a_page_that_is_there(self, at):
        for state in stories.BUILDERS:
            for task in tasks_of(stories.in_state(state, at=at).member.user, at):
                assert reverse(task.url_name, args=[task.pk] if task.pk else [])


class TestReminding:  # K-8, REF-3
    @pytest.mark.parametrize("build", [stories.endorsing, stories.submitted], ids=["form here", "form awaited"])
    def test_from_the_next_day_on_the_referrer_may_be_reminded_once_a_day(self, build, at):
        seat = committee_member()
        application = build(at=at, **({"seat": seat} if build is stories.endorsing else {"referral": stories.referred_by(seat)}))
        person, day = application.member.user, timedelta(days=1)

        assert "remind" not in codes(person, at)
        task = next(task for task in tasks_of(person, at + day) if task.code == "remind")
        assert (task.url_name, task.pk, task.due) == ("member_referrer", application.pk, None)
        assert "从 2026-03-17 起还没有答复，期限到 2026-03-31" in task.text
        endorsements.remind(application=application, person=person, at=at + day)
        assert "remind" not in codes(person, at + day)
        assert "remind" in codes(person, at + 2 * day)

    def test_after_the_deadline_there_is_nobody_to_remind(self, at):
        assert "remind" not in codes(stories.endorsing(at=at).member.user, moment(date(2026, 4, 1)))


class TestEndorsing:  # UI-3, REF-1, E-9
    @pytest.fixture
    def seat(self) -> Seat:
        return committee_member()

    @pytest.fixture
    def asked(self, at, seat) -> Application:
        return stories.submitted(at=at, name="陆闻溪", referral=stories.referred_by(seat))

    def test_a_request_is_answered_on_its_own_page_by_its_day(self, asked, seat, at):
        [task] = tasks_of(seat.member.user, at)

        assert (task.title, task.url_name, task.pk) == ("答复陆闻溪的推荐请求", "member_endorse", asked.endorsements.get().pk)
        assert task.due == date(2026, 3, 31)

    def test_the_one_due_first_stands_first(self, asked, seat, at):
        later = stories.submitted(at=at + timedelta(days=3), name="韩知白", referral=stories.referred_by(seat))

        assert [task.pk for task in tasks_of(seat.member.user, at + timedelta(days=3))] == [
            asked.endorsements.get().pk,
            later.endorsements.get().pk,
        ]

    def test_answered_it_is_done(self, asked, seat, at):
        endorsements.agree(endorsement=asked.endorsements.get(), person=seat.member.user, at=at)

        assert codes(seat.member.user, at) == []

    def test_without_the_right_it_is_no_task(self, asked, seat, at):
        assert codes(seat.member.user, moment(date(2027, 1, 1))) == []  # in grace since new year, and the seat is over

    def test_after_the_deadline_it_is_no_task(self, asked, seat, at):  # K-8
        assert codes(seat.member.user, moment(date(2026, 4, 1))) == []

    def test_after_the_seat_has_ended_it_is_no_task(self, asked, seat, at):
        Seat.objects.filter(pk=seat.pk).update(ends_on=at.date() - timedelta(days=1))

        assert codes(seat.member.user, at) == []

    def test_while_the_application_is_on_hold_it_is_no_task(self, asked, seat, at):
        Application.objects.filter(pk=asked.pk).update(hold=Hold.FROZEN)

        assert codes(seat.member.user, at) == []

    def test_frozen_nobody_has_anything_to_do(self, asked, seat, at):  # Table E
        freeze(seat.member, at=at)
        freeze(asked.member, at=at)

        assert codes(seat.member.user, at) == []
        assert codes(asked.member.user, at) == []


class TestOrder:  # UI-3
    def test_the_first_due_stands_first_and_what_has_no_day_last(self, at):
        seat = committee_member()
        own = stories.approved(at=at, user=UserFactory())
        Seat.objects.filter(pk=seat.pk).update(member=own.member)
        seat.refresh_from_db()
        stories.submitted(at=at, referral=stories.referred_by(seat))

        assert codes(own.member.user, at) == ["endorse", "certificate"]
