"""推荐人意见: since when the applicant waits, 提醒 once a day, and what is said when the referrer is gone (REF-3, K-8, E-10, E-18)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from membership.domain import endorsements
from membership.models import Application, Message
from tests.factories import enrolment as stories
from tests.factories.people import MemberFactory, SeatFactory, UserFactory, committee_member
from tests.membership.views.pages import Browser

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def later(monkeypatch, clock):
    """Let so many days pass."""

    def pass_by(days: int):
        monkeypatch.setattr(timezone, "now", lambda: clock + days * DAY)

    return pass_by


@pytest.fixture
def application(clock) -> Application:
    return stories.endorsing(at=clock)


def address(application: Application, page: str = "") -> str:
    return f"/member/applications/{application.pk}/referrer/{page}"


def asked(application: Application) -> int:
    return Message.objects.filter(application=application, code="endorsement-asked").count()


class TestReminding:  # REF-3
    def test_the_page_says_since_when_and_from_when_one_may_remind(self, application):
        page = Browser(application.member.user).get(address(application))

        assert "等待 2026-03-17 起 答复期限 2026-03-31" in page.main
        assert "2026-03-18 起可以提醒推荐人" in page.main
        assert not page.has_button("提醒推荐人")

    def test_on_the_next_day_a_button_reminds_and_then_waits_a_day(self, application, later):
        later(1)
        browser = Browser(application.member.user)
        assert browser.get(address(application)).has_button("提醒推荐人")

        page = browser.post(address(application, "remind/"))

        assert "已提醒顾明修" in page.text
        assert "上次提醒 2026-03-18" in page.main and "2026-03-19 起可以再次提醒" in page.main
        assert asked(application) == 2

    def test_a_second_press_says_so_and_sends_nothing(self, application, later):
        later(1)
        browser = Browser(application.member.user)
        browser.post(address(application, "remind/"))

        page = browser.post(address(application, "remind/"))

        assert "已经提醒过了，2026-03-19 起可以再次提醒" in page.text
        assert asked(application) == 2

    def test_the_member_centre_leads_there(self, application, later):
        later(1)

        assert Browser(application.member.user).get("/member/").link("提醒推荐人") == address(application)

    def test_after_an_answer_there_is_nobody_to_remind(self, application, later, clock):
        endorsement = application.endorsements.get()
        endorsements.decline(endorsement=endorsement, person=endorsement.seat.member.user, reason_public="不熟悉", at=clock)
        later(1)

        page = Browser(application.member.user).post(address(application, "remind/"))

        assert "现在没有等待答复的推荐人" in page.text
        assert not page.has_button("提醒推荐人")

    def test_by_a_link_nothing_happens(self, application, later):
        later(1)

        assert Browser(application.member.user).client.get(address(application, "remind/")).status_code == 405

    def test_another_reminds_nobody(self, application, later):
        later(1)

        for stranger in (UserFactory(), application.endorsements.get().seat.member.user):
            assert Browser(stranger).client.post(address(application, "remind/")).status_code == 404
        assert asked(application) == 1


class TestWhoIsNamed:
    def test_of_a_referrer_who_lost_the_right_no_name_is_said(self, application, clock):  # E-10
        endorsements.void(endorsement=application.endorsements.get(), at=clock)

        page = Browser(application.member.user).get(address(application))

        assert "推荐人已变更" in page.main and "请重新选择" in page.main
        assert "顾明修" not in page.main

    def test_one_without_an_account_signs_by_hand(self, clock):  # E-18
        application = stories.submitted(at=clock, referral=stories.referred_by(SeatFactory(member=MemberFactory(user=None))))

        assert "还没有激活账号，不能在线答复" in Browser(application.member.user).get(address(application)).main

    def test_the_word_of_a_former_referrer_is_not_taken_for_the_present_ones(self, application, clock):
        endorsement = application.endorsements.get()
        endorsements.decline(endorsement=endorsement, person=endorsement.seat.member.user, reason_public="不熟悉", at=clock)
        other = SeatFactory(member=MemberFactory(user=None, name="周望舒"))
        endorsements.change_referrer(application=application, person=application.member.user, seat=other, at=clock + DAY)

        page = Browser(application.member.user).get(address(application))

        assert "周望舒" in page.main and "不熟悉" not in page.main

    def test_another_who_is_named_is_asked(self, application):
        other = committee_member()
        other.member.name = "周砚秋"
        other.member.save()

        page = Browser(application.member.user).post(address(application), {"seat_pick": str(other.pk), "seat": "周砚秋", "act": "change"})

        assert "已改请周砚秋推荐" in page.text
        assert Application.objects.get(pk=application.pk).referrer_seat == other
