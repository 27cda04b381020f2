"""推荐会员: the applicants of a committee member, by what is to do, and what keeps an answer from being given."""

from datetime import date, timedelta

import pytest

from membership.domain import endorsements, enrolment, referrals
from membership.domain.referrals import ANSWERED, TO_DO, WAITING
from membership.enums import Hold
from membership.models import Application, Seat
from tests.factories import enrolment as stories
from tests.factories.moments import moment
from tests.factories.people import SeatFactory, UserFactory, committee_member, freeze

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def seat():
    return committee_member()


def asked(seat, at, name="陆闻溪"):
    return stories.submitted(at=at, name=name, referral=stories.referred_by(seat))


def page(seat, at):
    return referrals.overview(seat.member.user, at=at)


def names(seat, at):
    shown = page(seat, at)
    return {group: [one.name for one in shown.of(group)] for group in (TO_DO, WAITING, ANSWERED)}


class TestGroups:  # REF-1
    def test_what_is_to_do_stands_apart_from_what_waits_and_what_was_answered(self, seat, at):
        asked(seat, at, "等待者")
        held = asked(seat, at, "暂停者")
        Application.objects.filter(pk=held.pk).update(hold=Hold.FROZEN)
        answered = asked(seat, at, "已答者")
        endorsements.agree(endorsement=answered.endorsements.get(), person=seat.member.user, at=at)

        assert names(seat, at) == {TO_DO: ["等待者"], WAITING: ["暂停者"], ANSWERED: ["已答者"]}

    def test_the_first_due_stands_first_and_the_latest_asked_first_among_the_answered(self, seat, at):
        for number in (2, 0, 1):
            asked(seat, at + timedelta(days=number), f"第{'一二三'[number]}位")
        assert names(seat, at)[TO_DO] == ["第一位", "第二位", "第三位"]
        for one in referrals.requests_of(seat.member.user):
            endorsements.agree(endorsement=one, person=seat.member.user, at=at)

        assert names(seat, at)[ANSWERED] == ["第三位", "第二位", "第一位"]

    def test_a_request_whose_deadline_is_over_waits_for_nobody(self, seat, at):
        asked(seat, at)

        [waiting] = page(seat, moment(date(2026, 4, 1))).of(WAITING)

        assert waiting.because == "答复期限已过，不用再答复"

    def test_what_was_withdrawn_or_became_void_is_gone(self, seat, at):
        withdrawn, void = asked(seat, at), asked(seat, at)
        enrolment.withdraw(application=withdrawn, person=withdrawn.member.user, at=at)
        endorsements.void(endorsement=void.endorsements.get(), at=at)

        assert page(seat, at).referrals == ()
        assert referrals.requests_of(seat.member.user).count() == 2

    def test_another_sees_none_of_it(self, seat, at):
        asked(seat, at)

        assert referrals.overview(committee_member().member.user, at=at).referrals == ()
        assert referrals.overview(UserFactory(), at=at) == referrals.Overview((), (), "", referrals.overview(UserFactory(), at=at).mark)


class TestWithoutTheRight:  # E-9
    @pytest.mark.parametrize(("how", "why"), [("over", "任期已于 2026-03-16 结束"), ("frozen", "已冻结"), ("grace", "待续会")])
    def test_the_page_says_why_and_nothing_is_to_do(self, seat, how, why, at):
        asked(seat, at)
        if how == "over":
            Seat.objects.filter(pk=seat.pk).update(ends_on=YESTERDAY)
        elif how == "frozen":
            freeze(seat.member, at=at)
        else:
            seat.member.affiliations.update(valid_to=YESTERDAY)

        shown = page(seat, at)

        assert why in shown.why_not
        assert [why in one.because for one in shown.of(WAITING)] == [True]
        assert shown.of(TO_DO) == ()

    def test_one_seat_that_runs_is_enough(self, seat, at):
        SeatFactory(member=seat.member, starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31))

        shown = page(seat, at)

        assert shown.why_not == ""
        assert [bool(line.why_not) for line in shown.seats] == [False, True]

    def test_a_request_to_a_seat_that_is_over_waits_though_another_runs(self, seat, at):
        former = SeatFactory(member=seat.member)
        asked(former, at)
        Seat.objects.filter(pk=former.pk).update(ends_on=YESTERDAY)

        assert names(seat, at) == {TO_DO: [], WAITING: ["陆闻溪"], ANSWERED: []}


class TestMark:  # what the page compares when it asks for news
    def test_it_stays_while_nothing_happens_and_changes_with_each_event(self, seat, at):
        application = asked(seat, at)
        before = page(seat, at).mark
        assert page(seat, at + timedelta(hours=2)).mark == before

        endorsements.agree(endorsement=application.endorsements.get(), person=seat.member.user, at=at)
        agreed = page(seat, at).mark
        enrolment.recall(application=application, person=application.member.user, at=at)

        assert len({before, agreed, page(seat, at).mark}) == 3


class TestMaterials:  # E-9, K-8
    def materials(self, application, seat, at):
        return referrals.materials(application.endorsements.get(), seat.member.user, at=at)

    def test_in_time_it_may_be_answered_and_afterwards_it_says_why_not(self, seat, at):
        application = asked(seat, at)

        assert self.materials(application, seat, at).may_answer
        late = self.materials(application, seat, moment(date(2026, 4, 1)))
        assert (late.may_answer, late.why_not) == (False, "答复期限已过，不用再答复")

    def test_nobody_is_offered_to_endorse_themself(self, seat, at):
        asked(seat, at)
        endorsement = referrals.requests_of(seat.member.user).select_related("application", "seat__member").get()
        endorsement.application.member_id = seat.member_id

        assert endorsements.why_not_endorse(seat.member.user, endorsement, today=TODAY) == "不能为本人推荐"
