"""The clock of a review and every date that follows from it, on China's calendar of 2026."""

from datetime import date, timedelta

import pytest

from membership.domain import deadlines, queues
from membership.enums import ApplicationState, RowState
from membership.models import Application, ApplicationInstitution
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import institution_reviewer
from tests.factories.reference import CalendarDayFactory, InstitutionFactory

pytestmark = pytest.mark.django_db


class TestPromise:  # K-2, K-3, REV-1
    @pytest.mark.parametrize(
        ("started_on", "promised_on"),
        [
            # Spring Festival 2026: off from 15 to 23 February; people work on Saturday 14 and Saturday 28.
            (date(2026, 2, 10), date(2026, 3, 9)),
            (date(2026, 2, 14), date(2026, 3, 13)),
            (date(2026, 2, 16), date(2026, 3, 13)),
            (date(2026, 2, 28), date(2026, 3, 20)),
            # Qingming, Monday 6 April.
            (date(2026, 3, 17), date(2026, 4, 8)),
            # National Day: off from 1 to 7 October; worked on Sunday 20 September and Saturday 10 October.
            (date(2026, 9, 18), date(2026, 10, 15)),
        ],
    )
    def test_fifteen_working_days_after_the_start_which_does_not_count(self, started_on, promised_on):
        assert deadlines.promise(started_on) == promised_on

    def test_a_file_that_comes_in_at_half_past_eleven_at_night_comes_in_that_day(self):
        application = stories.checking(at=moment(date(2026, 3, 17), 23, 30))

        assert application.stage_due_on == date(2026, 3, 24)
        assert deadlines.promised_on(application) == date(2026, 4, 8)

    def test_the_administrators_table_comes_before_every_package(self):
        CalendarDayFactory(date=date(2026, 3, 18), is_working=False)
        CalendarDayFactory(date=date(2026, 3, 21), is_working=True)
        deadlines.cache.clear()

        assert deadlines.promise(date(2026, 3, 17)) == date(2026, 4, 8)
        assert deadlines.association_due(date(2026, 3, 17)) == date(2026, 3, 24)
        assert deadlines.association_due(date(2026, 3, 19)) == date(2026, 3, 25)

    def test_the_promise_is_the_societys(self):
        society_settings(decision_working_days=1)

        assert deadlines.promise(date(2026, 3, 20)) == date(2026, 3, 23)


class TestStages:  # K-2
    def test_the_association_has_five_of_the_fifteen(self):
        assert deadlines.association_due(date(2026, 2, 13)) == date(2026, 2, 27)

    @pytest.mark.parametrize(
        ("arrived_on", "due_on"),
        [
            (date(2026, 3, 18), date(2026, 4, 8)),
            (date(2026, 3, 31), date(2026, 4, 8)),
            (date(2026, 4, 1), date(2026, 4, 9)),
            (date(2026, 4, 20), date(2026, 4, 27)),
        ],
    )
    def test_a_row_has_the_promise_or_five_days_from_its_arrival_whichever_is_later(self, arrived_on, due_on):
        assert deadlines.row_due(started_on=date(2026, 3, 17), arrived_on=arrived_on) == due_on

    def test_a_committee_member_has_ten(self):
        assert deadlines.endorsement_due(date(2026, 2, 12)) == date(2026, 3, 4)


class TestClock:  # K-1, K-4
    def test_no_date_is_promised_before_the_file_is_with_the_association(self, at):
        assert deadlines.promised_on(stories.submitted(at=at)) is None
        assert deadlines.promised_on(stories.endorsing(at=at)) is None

    def test_each_round_starts_anew_and_the_first_day_with_the_association_stays(self, at):
        application = stories.checking(at=at)
        later = at + timedelta(days=20)

        deadlines.start_clock(application, at=later)

        assert application.clock_started_at == later
        assert application.first_checked_at == at


class TestOneDateForPageQueueAndMessage:  # K-2, K-3
    def test_the_page_shows_the_latest_row_and_the_queue_each_rows_own(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        early, late = application.rows.order_by("pk")
        ApplicationInstitution.objects.filter(pk=late.pk).update(due_on=date(2026, 4, 20))

        assert deadlines.promised_on(application) == date(2026, 4, 20)
        assert queues.rows_to_decide(institution_reviewer(early.institution)).get().due_on == date(2026, 4, 8)

    def test_what_is_decided_no_longer_counts(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        row = application.rows.first()
        ApplicationInstitution.objects.filter(pk=row.pk).update(due_on=date(2026, 4, 20))

        stories.refuse_row(row, at=at)

        assert deadlines.promised_on(Application.objects.get(pk=application.pk)) == date(2026, 4, 8)


class TestOverdue:  # K-5, K-6
    def test_the_last_day_is_not_over_before_midnight(self):
        row = ApplicationInstitution(state=RowState.PENDING, due_on=date(2026, 4, 8))
        file = Application(state=ApplicationState.CHECKING, stage_due_on=date(2026, 4, 8))

        for thing in (row, file):
            assert not deadlines.is_overdue(thing, today=date(2026, 4, 8))
            assert deadlines.is_overdue(thing, today=date(2026, 4, 9))

    def test_without_a_date_nothing_is_overdue(self):
        assert not deadlines.is_overdue(Application(), today=date(2026, 4, 9))

    def test_the_association_may_step_in_five_working_days_later(self):
        row = ApplicationInstitution(state=RowState.PENDING, due_on=date(2026, 4, 8))

        assert not deadlines.association_may_substitute(row, today=date(2026, 4, 14))
        assert deadlines.association_may_substitute(row, today=date(2026, 4, 15))
        assert deadlines.substitutable_due_on(date(2026, 4, 15)) == date(2026, 4, 8)

    def test_never_for_what_is_decided_or_has_not_arrived(self):
        decided = ApplicationInstitution(state=RowState.REFUSED, due_on=date(2026, 4, 8))
        waiting = ApplicationInstitution(state=RowState.WAITING)

        assert not deadlines.association_may_substitute(decided, today=date(2027, 1, 1))
        assert not deadlines.association_may_substitute(waiting, today=date(2027, 1, 1))

    def test_the_new_date_is_when_the_association_may_step_in_and_the_days_it_takes(self):
        assert deadlines.expected_after(date(2026, 4, 8), today=date(2026, 4, 9)) == date(2026, 4, 22)

    def test_later_than_that_it_counts_from_today(self):
        assert deadlines.expected_after(date(2026, 4, 8), today=date(2026, 4, 24)) == date(2026, 5, 6)


class TestExpiries:  # K-9
    def test_sixty_days_for_the_form_ninety_for_the_correction_a_hundred_and_eighty_for_a_draft(self, at):
        form, returned, draft = stories.submitted(at=at), stories.returned(at=at), stories.draft(at=at)
        draft.updated_at = at

        assert deadlines.form_expires_on(form) == date(2026, 5, 16)
        assert deadlines.returned_expires_on(returned) == date(2026, 6, 15)
        assert deadlines.draft_goes_on(draft) == date(2026, 9, 13)
