"""申请撤销 of an approved row: what follows is said first, and asked once more where the membership ends."""

from datetime import date

import pytest
from django.urls import reverse

from membership.domain import affiliations
from membership.enums import EndKind, Standing
from membership.models import Member
from tests.factories import enrolment as stories
from tests.factories.moments import moment
from tests.factories.people import UserFactory, freeze
from tests.factories.reference import InstitutionFactory
from tests.membership.views.pages import Browser

pytestmark = pytest.mark.django_db


def member_of(count: int, at) -> Member:
    names = ("肺癌专业委员会", "肝癌专业委员会")
    application = stories.approved(at=at, institutions=[InstitutionFactory(committee=True, name=name) for name in names[:count]])
    return Member.objects.get(pk=application.member_id)


def page_for(affiliation) -> str:
    return reverse("member_give_up", args=[affiliation.pk])


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


class TestOneOfSeveral:  # APP-12, M-13
    @pytest.fixture
    def member(self, clock) -> Member:
        return member_of(2, clock)

    def test_the_row_in_the_member_centre_leads_to_the_question(self, member):
        gone = member.affiliations.first()
        browser = Browser(member.user)

        page = browser.get("/member/")

        row = next(one for one in page.soup.select(".rows > li") if gone.institution.name in one.get_text())
        assert [link["href"] for link in row.find_all("a") if "申请撤销" in link.get_text()] == [page_for(gone)]
        assert page.soup.find(id=f"give-up-{gone.pk}")
        assert "其他机构" in browser.get(page_for(gone)).main

    def test_confirmed_it_is_given_up(self, member):
        gone = member.affiliations.first()

        page = Browser(member.user).post(page_for(gone))

        assert f"已撤销{gone.institution.name}的会员资格" in page.text
        assert "会员资格于 2026-03-17 结束" in page.main
        assert fresh(gone).ended_on == date(2026, 3, 17)

    def test_twice_changes_nothing_and_says_that_it_is_done(self, member):
        gone, browser = member.affiliations.first(), Browser(member.user)
        browser.post(page_for(gone))

        again = browser.post(page_for(gone))

        assert "已撤销，不用再操作" in again.text
        assert fresh(member).standing == Standing.MEMBER

    def test_looking_at_the_question_gives_nothing_up(self, member):
        gone = member.affiliations.first()

        Browser(member.user).get(page_for(gone))

        assert fresh(gone).ended_on is None


class TestTheLast:  # M-13
    @pytest.fixture
    def member(self, clock) -> Member:
        return member_of(1, clock)

    def test_it_says_that_the_membership_ends_and_asks_for_a_tick(self, member):
        page = Browser(member.user).get(page_for(member.affiliations.get()))

        assert page.heading == "撤销后，您将退会"
        assert "会员证书随之失效" in page.main
        assert page.soup.find("input", attrs={"name": "ends_membership", "type": "checkbox"})

    def test_without_the_tick_nothing_ends(self, member):
        page = Browser(member.user).post(page_for(member.affiliations.get()), {"asked": "1"}, status=422)

        assert "请先勾选确认" in page.main
        assert fresh(member).standing == Standing.MEMBER

    def test_with_it_the_person_has_left_and_reads_how_to_come_back(self, member):
        page = Browser(member.user).post(page_for(member.affiliations.get()), {"asked": "1", "ends_membership": "on"})

        assert "您已退会" in page.text
        assert "会员编号不变" in page.main
        assert page.link("申请会员")
        assert fresh(member).end_kind == EndKind.WITHDRAWN

    def test_a_dialog_opened_while_there_was_another_one_asks_first(self, clock):
        """Two tabs: the other one is given up meanwhile, and this one has become the last."""
        member = member_of(2, clock)
        first, second = member.affiliations.order_by("pk")
        affiliations.give_up(affiliation=first, person=member.user, at=clock)

        page = Browser(member.user).post(page_for(second), status=422)

        assert page.heading == "撤销后，您将退会"
        assert "请先勾选确认" not in page.main
        assert fresh(second).ended_on is None

    def test_in_the_member_centre_it_has_no_dialog_but_its_page(self, member):
        page = Browser(member.user).get("/member/")

        assert not page.soup.find(id=f"give-up-{member.affiliations.get().pk}")
        assert page.soup.find("a", href=page_for(member.affiliations.get()))


class TestWhoMayNot:  # Table E
    def test_another_person_finds_nothing(self, clock):
        gone = member_of(2, clock).affiliations.first()

        other = Browser(UserFactory())

        assert other.client.get(page_for(gone)).status_code == 404
        assert other.client.post(page_for(gone)).status_code == 404

    def test_a_void_one_is_none(self, clock):
        gone = member_of(2, clock).affiliations.first()
        gone.voided_at = clock
        gone.save()

        assert Browser(gone.member.user).client.get(page_for(gone)).status_code == 404

    def test_a_frozen_member_is_led_back_with_the_reason(self, clock):
        member = member_of(2, clock)
        freeze(member, at=clock)

        page = Browser(member.user).post(page_for(member.affiliations.first()))

        assert "会员资格已冻结，现在不能办理" in page.text
        assert member.affiliations.standing().count() == 2

    def test_a_lapsed_one_is_left_alone(self, clock, monkeypatch):
        member = member_of(2, clock)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment(date(2027, 5, 1)))

        Browser(member.user).post(page_for(member.affiliations.first()))

        assert member.affiliations.standing().count() == 2
