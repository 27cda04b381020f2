"""Dates follow the calendar: a year that becomes known moves what was promised by an estimate, and who was told hears of it once."""

from datetime import date, timedelta

import holidays
import pytest

from membership import working_days
from membership.domain import deadlines, due_dates, sweeping
from membership.enums import Hold
from membership.models import Application, ApplicationInstitution, AuditEntry, CalendarDay, CalendarYear, Message
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import SeatFactory, active_member, staff
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

# 2029 is known to nobody. Its 1 January is a Monday, Spring Festival 13 February.
START = date(2029, 1, 8)
AT = moment(START)


def seat():
    """Return a seat that runs in that year."""
    last = date(2029, 12, 31)
    return SeatFactory(member=active_member(until=last), starts_on=date(2026, 1, 1), ends_on=last)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def off(*days, works=False):
    """Enter days into the administrators' table."""
    for day in days:
        CalendarDay.objects.create(date=day, is_working=works)


def follow(at=AT, by=None):
    return due_dates.follow_calendar(by=by, at=at)


@pytest.fixture(autouse=True)
def noted():
    due_dates.note_calendar(at=AT)


class TestProvisional:  # REV-1
    def test_a_year_nobody_knows_is_monday_to_friday_without_the_holidays_of_the_law(self):
        assert deadlines.promise(START) == date(2029, 1, 29)
        assert deadlines.is_provisional(date(2029, 1, 29))
        assert deadlines.in_words(date(2029, 1, 29)) == "2029-01-29（暂按周一至周五推算，法定节假日除外）"

    def test_a_known_year_needs_no_such_words(self):
        assert not deadlines.is_provisional(date(2026, 4, 8))
        assert deadlines.in_words(date(2026, 4, 8)) == "2026-04-08"
        assert deadlines.note_on(None) == "" == deadlines.in_words(None)

    def test_what_the_words_say_is_what_is_computed(self):
        law = holidays.country_holidays("CN", years=2029)
        days = [date(2029, 1, 1) + timedelta(days=count) for count in range(365)]
        expected = [day for day in days if day.weekday() < 5 and day not in law]

        assert [day for day in days if working_days.is_working_day(day, deadlines.calendar())] == expected

    def test_the_table_filled_in_makes_it_known(self):
        off(date(2029, 1, 15))
        assert deadlines.is_provisional(date(2029, 1, 29))

        follow()

        assert not deadlines.is_provisional(date(2029, 1, 29))


class TestFollowing:  # K-3, K-4, REV-1
    def test_files_rows_and_requests_move_by_the_days_that_were_added(self):
        file, row = stories.checking(at=AT), stories.deciding(at=AT).rows.get()
        request = stories.endorsing(at=AT, seat=seat()).endorsements.get()
        assert (file.stage_due_on, row.due_on, request.due_on) == (date(2029, 1, 15), date(2029, 1, 29), date(2029, 1, 22))
        off(date(2029, 1, 10), date(2029, 1, 25))

        moved = follow()

        assert moved == due_dates.Moved(files=1, rows=1, requests=1)
        assert fresh(file).stage_due_on == date(2029, 1, 16)
        assert fresh(row).due_on == date(2029, 1, 31)
        assert fresh(request).due_on == date(2029, 1, 23)

    def test_afterwards_every_date_is_what_a_new_one_would_be(self):
        application = stories.deciding(at=AT, institutions=InstitutionFactory.create_batch(2, committee=True))
        off(date(2029, 1, 12), date(2029, 1, 19))
        off(date(2029, 1, 13), works=True)

        follow()

        assert {row.due_on for row in application.rows.all()} == {deadlines.row_due(started_on=START, arrived_on=START)}
        assert deadlines.promised_on(fresh(application)) == deadlines.promise(START) == date(2029, 1, 30)

    def test_until_the_dates_follow_new_ones_are_computed_as_the_old_ones_were(self):
        off(date(2029, 1, 10))
        deadlines.forget_calendar()

        assert stories.checking(at=AT).stage_due_on == date(2029, 1, 15)
        assert follow().files == 1

    def test_a_day_that_turns_out_to_be_worked_brings_dates_forward(self):
        row = stories.deciding(at=AT).rows.get()
        off(date(2029, 1, 13), works=True)

        follow()

        assert fresh(row).due_on == date(2029, 1, 26)

    def test_dates_before_the_first_changed_day_stay(self):
        file = stories.checking(at=AT)
        off(date(2029, 1, 16))

        assert follow() == due_dates.Moved()
        assert fresh(file).stage_due_on == date(2029, 1, 15)

    def test_what_is_overdue_stays_overdue(self):  # K-5
        row = stories.deciding(at=AT).rows.get()
        off(date(2029, 1, 29))

        follow(at=moment(date(2029, 1, 30)))

        assert fresh(row).due_on == date(2029, 1, 29)

    def test_what_is_decided_has_no_date_to_move(self):
        row = stories.deciding(at=AT).rows.get()
        stories.refuse_row(row, at=AT)
        off(date(2029, 1, 10))

        assert follow() == due_dates.Moved()

    def test_a_resumed_clock_keeps_what_remained_of_it(self):
        row = stories.deciding(at=AT).rows.get()
        ApplicationInstitution.objects.filter(pk=row.pk).update(due_on=date(2029, 3, 9))
        off(date(2029, 3, 8))

        follow()

        assert fresh(row).due_on == date(2029, 3, 12)

    @pytest.mark.parametrize("changed", [date(2029, 1, 10), date(2029, 1, 22)])
    def test_a_clock_that_stands_still_keeps_what_remained_of_it(self, changed):
        row = stories.deciding(at=AT).rows.get()
        Application.objects.filter(pk=row.application_id).update(hold=Hold.FROZEN)
        ApplicationInstitution.objects.filter(pk=row.pk).update(clock_stopped_on=date(2029, 1, 17))
        off(changed)

        follow(at=moment(date(2029, 1, 18)))

        left = working_days.remaining(due=fresh(row).due_on, stopped_on=date(2029, 1, 17), calendar=deadlines.calendar())
        assert left == (9 if changed < date(2029, 1, 17) else 8)

    def test_a_changed_figure_of_the_society_moves_nothing_by_itself(self):
        row = stories.deciding(at=AT).rows.get()
        society_settings(decision_working_days=30)
        off(date(2029, 1, 25))

        follow()

        assert fresh(row).due_on == date(2029, 1, 30)

    def test_once_followed_there_is_nothing_left_to_follow(self):
        stories.deciding(at=AT)
        off(date(2029, 1, 10))
        assert due_dates.years_that_moved(START) == [2029]
        follow()

        assert due_dates.years_that_moved(START) == []
        assert follow() == due_dates.Moved()
        assert AuditEntry.objects.filter(action="calendar.follow").count() == 1

    def test_it_is_written_down_who_changed_the_table_and_how_many_dates_moved(self):  # S-8
        stories.deciding(at=AT)
        administrator = staff("administrator", "管理员")
        off(date(2029, 1, 10))

        follow(by=administrator)

        entry = AuditEntry.objects.get(action="calendar.follow")
        assert (entry.actor, entry.details) == (administrator, {"years": [2029], "files": 0, "rows": 1, "requests": 0})

    def test_many_are_moved_in_few_statements(self, django_assert_max_num_queries):
        model = stories.deciding(at=AT).rows.get()
        member, application = model.member, model.application
        rows = [
            ApplicationInstitution(
                application=application, institution=institution, member=member, state="pending", state_since=AT,
                first_submitted_on=START, due_on=date(2029, 1, 29),
            )
            for institution in InstitutionFactory.create_batch(60, committee=True)
        ]  # fmt: skip
        ApplicationInstitution.objects.bulk_create(rows)
        off(date(2029, 1, 10))

        with django_assert_max_num_queries(25):
            assert follow().rows == 61


class TestSweeping:  # REV-1: a package that got a new year
    def test_the_sweeper_follows_what_nobody_announced(self):
        row = stories.deciding(at=AT).rows.get()
        CalendarYear.objects.filter(year=2029).update(working="1" * 365, is_estimated=True)
        ApplicationInstitution.objects.update(due_on=date(2029, 1, 23))
        deadlines.forget_calendar()
        assert deadlines.promise(START) == date(2029, 1, 23)

        first, second = sweeping.sweep(at=AT), sweeping.sweep(at=AT)

        assert fresh(row).due_on == date(2029, 1, 29)
        assert (first["calendar followed"].done, second["calendar followed"].done) == (1, 0)

    def test_years_to_come_are_noted_as_they_come_near(self):
        sweeping.sweep(at=moment(date(2030, 1, 1)))

        assert set(CalendarYear.objects.values_list("year", flat=True)) == {2028, 2029, 2030, 2031, 2032}


class TestTelling:  # K-5, UI-4
    TOMORROW = moment(START + timedelta(days=1), 3)

    def told(self, application):
        return list(Message.objects.filter(user=application.member.user, code=due_dates.MOVED))

    def test_whose_answer_comes_later_hears_of_it_once_the_day_after(self):
        checked, decided = stories.checking(at=AT), stories.deciding(at=AT)
        off(date(2029, 1, 10))
        follow(at=AT + timedelta(hours=1))
        sweeping.sweep(at=AT + timedelta(hours=2))
        assert not self.told(checked) and not self.told(decided)

        for _ in range(2):
            sweeping.sweep(at=self.TOMORROW)

        for application in (checked, decided):
            (message,) = self.told(application)
            assert "由 2029-01-29 改为 2029-01-30" in message.body
            assert not message.deliveries.exists()

    def test_a_table_of_many_days_is_one_message(self):
        application = stories.deciding(at=AT)
        for minute, day in enumerate((10, 11, 12, 15), start=1):
            off(date(2029, 1, day))
            follow(at=AT + timedelta(minutes=minute))

        sweeping.sweep(at=self.TOMORROW)

        assert "由 2029-01-29 改为 2029-02-02" in self.told(application)[0].body

    def test_a_date_that_comes_earlier_or_is_back_where_it_was_needs_no_message(self):
        application = stories.deciding(at=AT)
        off(date(2029, 1, 13), works=True)
        follow(at=AT + timedelta(hours=1))
        sweeping.sweep(at=self.TOMORROW)
        off(date(2029, 1, 25))
        follow(at=moment(date(2029, 1, 10)))
        CalendarDay.objects.filter(date=date(2029, 1, 25)).update(is_working=True)
        follow(at=moment(date(2029, 1, 10), 11))
        sweeping.sweep(at=moment(date(2029, 1, 11)))

        assert self.told(application) == []

    def test_who_applied_after_the_change_was_told_the_right_day(self):
        off(date(2029, 1, 10))
        follow(at=AT)
        application = stories.deciding(at=AT + timedelta(hours=1))

        sweeping.sweep(at=self.TOMORROW)

        assert self.told(application) == []

    def test_a_file_on_hold_is_promised_nothing(self):
        application = stories.deciding(at=AT)
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)
        off(date(2029, 1, 10))
        follow(at=AT + timedelta(hours=1))

        sweeping.sweep(at=self.TOMORROW)

        assert self.told(application) == []

    def test_once_told_the_change_is_settled(self):
        stories.deciding(at=AT)
        off(date(2029, 1, 10))
        follow(at=AT + timedelta(hours=1))
        assert CalendarYear.objects.exclude(told="").get().year == 2029

        sweeping.sweep(at=self.TOMORROW)

        assert not CalendarYear.objects.exclude(told="").exists()


class TestOneDate:  # K-2, K-3
    def test_page_message_and_queue_show_the_same_day_for_a_row(self):
        application = stories.deciding(at=AT)
        row = application.rows.get()
        due = f"{row.due_on:%Y-%m-%d}"

        assert deadlines.promised_on(application) == row.due_on == deadlines.promise(START)
        assert due in Message.objects.get(user=application.member.user, code="file-approved").body
        assert due in Message.objects.get(user=application.member.user, code="file-arrived").body

    def test_messages_say_that_a_day_is_provisional_and_texts_say_it_in_a_word(self, sms_outbox):
        request = stories.endorsing(at=AT, seat=seat()).endorsements.get()
        message = Message.objects.get(code="endorsement-asked")

        assert f"请在 {request.due_on}（暂按周一至周五推算，法定节假日除外） 前答复" in message.body
        assert f"{request.due_on}（暂定）前登录" in message.deliveries.get().text
        stories.checking(at=AT)
        assert "最迟 2029-01-29（暂按周一至周五" in Message.objects.get(code="file-arrived").body

    def test_the_associations_own_day_is_inside_the_promise(self):
        file = stories.checking(at=AT)

        assert file.stage_due_on == deadlines.association_due(START) < deadlines.promised_on(file)
