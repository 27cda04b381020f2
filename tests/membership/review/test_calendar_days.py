"""调休与节假日 in the admin: a day that is entered or corrected moves the dates that rest on it, and the administrator reads how many."""

from datetime import date, timedelta

import pytest
from django.test import Client

from membership import rules
from membership.domain import deadlines
from membership.enums import Hold
from membership.models import Application, AuditEntry, CalendarDay, CalendarYear
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.moments import moment
from tests.factories.people import staff

pytestmark = pytest.mark.django_db

ADD = "/admin/snippets/membership/calendarday/add/"
AT = moment(date(2029, 1, 8))


@pytest.fixture
def administrator(clock) -> Client:
    clock.now = AT + timedelta(hours=2)
    return client_of(staff(rules.ADMINISTRATOR, "管理员"))


def enter(client: Client, day: str, **fields):
    return client.post(ADD, {"date": day, "name": "元旦", **fields}, follow=True)


class TestEntering:  # REV-1, K-3, K-4
    def test_a_day_moves_what_rests_on_it_and_says_how_many(self, administrator):
        row, file = stories.deciding(at=AT).rows.get(), stories.checking(at=AT)

        page = enter(administrator, "2029-01-10").content.decode()

        assert "已按新的安排重算：1 份申请的协会审核期限、1 份申请的机构审核期限。" in page
        assert Application.objects.get(pk=file.pk).stage_due_on == date(2029, 1, 16)
        assert type(row).objects.get(pk=row.pk).due_on == date(2029, 1, 30)
        assert AuditEntry.objects.get(action="calendar.follow").actor_label == "管理员"

    def test_corrected_again_the_dates_come_back(self, administrator):
        row = stories.deciding(at=AT).rows.get()
        enter(administrator, "2029-01-10")
        day = CalendarDay.objects.get()

        administrator.post(f"/admin/snippets/membership/calendarday/edit/{day.pk}/", {"date": "2029-01-10", "is_working": "on", "name": ""})

        assert type(row).objects.get(pk=row.pk).due_on == date(2029, 1, 29)

    def test_where_nothing_rests_on_it_nothing_is_said(self, administrator):
        stories.deciding(at=AT)

        assert "重算" not in enter(administrator, "2029-06-01").content.decode()

    @pytest.mark.parametrize("typed", ["2029-13-40", "abc", "12月9日", ""])
    def test_what_is_no_day_is_refused_and_asked_for_by_the_browser_itself(self, administrator, typed):
        stories.deciding(at=AT)

        page = enter(administrator, typed).content.decode()

        assert not CalendarDay.objects.exists() and "重算" not in page
        assert 'type="date"' in page

    def test_a_day_entered_twice_is_refused_and_moves_nothing(self, administrator):
        stories.deciding(at=AT)
        enter(administrator, "2029-01-10")
        before = list(CalendarYear.objects.values())

        page = enter(administrator, "2029-01-10").content.decode()

        assert "重算" not in page and CalendarDay.objects.count() == 1
        assert list(CalendarYear.objects.values()) == before

    def test_the_first_day_entered_ever_moves_them_too(self, administrator):
        assert not CalendarYear.objects.exists()
        file = stories.checking(at=AT)
        Application.objects.filter(pk=file.pk).update(hold=Hold.NONE)

        enter(administrator, "2029-01-10")

        assert Application.objects.get(pk=file.pk).stage_due_on == deadlines.association_due(date(2029, 1, 8)) == date(2029, 1, 16)
