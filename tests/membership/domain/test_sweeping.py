"""What happens by itself as time passes, however often the sweeper comes by."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from membership.domain import deadlines, endorsements, enrolment, rows, sweeping
from membership.enums import ApplicationState, Basis, DeliveryState, EndKind, EndorsementState, Hold, RowState, Standing
from membership.models import Application, ApplicationInstitution, AuditEntry, Delivery, Member, Message
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import SeatFactory, active_member, committee_member, freeze
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def sweep(days=0, hour=3, *, day=None):
    """Let the sweeper come by, so many days after 2026-03-17 or on a day."""
    return sweeping.sweep(at=moment(day or TODAY + timedelta(days=days), hour))


def told(application, code):
    return Message.objects.filter(user=application.member.user, code=code).count()


def hold(application, what=Hold.FROZEN):
    Application.objects.filter(pk=application.pk).update(hold=what)


def touched(application, at):
    """Let a draft have been touched last at that moment; the database's own clock wrote another."""
    Application.objects.filter(pk=application.pk).update(updated_at=at)


class TestReminders:  # K-9: form_reminder_days, returned_reminder_days
    def reminders(self, application, days, code="form-reminder"):
        """Return how many reminders the person has had after each of the days, swept hourly at that."""
        counts = []
        for day in days:
            for hour in (1, 2):
                sweep(day, hour)
            counts.append(told(application, code))
        return counts

    def test_an_awaited_form_is_reminded_of_on_day_seven_and_thirty_once_each(self, at):
        application = stories.submitted(at=at)

        assert self.reminders(application, [0, 6, 7, 8, 29, 30, 31, 59]) == [0, 0, 1, 1, 1, 2, 2, 2]

    def test_the_reminder_names_the_day_on_which_it_is_too_late(self, at):
        stories.submitted(at=at)

        sweep(7)

        assert "请在 2026-05-16 前提交" in Message.objects.get(code="form-reminder").body

    def test_a_returned_file_is_reminded_of_once_on_day_thirty(self, at):
        application = stories.returned(at=at)

        assert self.reminders(application, [29, 30, 31, 89], "returned-reminder") == [0, 1, 1, 1]

    def test_days_that_were_missed_are_made_up_for_by_one(self, at):
        application = stories.submitted(at=at)

        assert self.reminders(application, [33, 34]) == [1, 1]

    def test_a_new_round_counts_its_own_days(self, at):
        application = stories.returned(at=at)
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers={"email": "new@example.org"}, at=at)
        later = at + timedelta(days=10)
        enrolment.submit(application=fresh(application), person=person, consents_given=stories.CONSENTS, at=later)

        assert self.reminders(application, [16, 17, 18]) == [0, 1, 1]

    def test_the_days_are_the_societys(self, at):
        society_settings(form_reminder_days=[2])

        assert self.reminders(stories.submitted(at=at), [1, 2, 3, 30]) == [0, 1, 1, 1]

    def test_the_frozen_are_not_reminded(self, at):
        application = stories.submitted(at=at)
        hold(application)

        assert self.reminders(application, [8]) == [0]

    def test_neither_are_those_who_have_nothing_to_do(self, at):
        for state in (ApplicationState.DRAFT, ApplicationState.ENDORSING, ApplicationState.CHECKING, ApplicationState.DECIDING):
            stories.in_state(state, at=at)

        sweep(8)

        assert not Message.objects.filter(code__endswith="reminder").exists()


class TestExpiries:  # K-9
    @pytest.mark.parametrize(("state", "days"), [(ApplicationState.AWAITING_FORM, 60), (ApplicationState.RETURNED, 90)])
    def test_a_file_closes_on_its_day_and_its_person_is_told_once(self, at, state, days):
        application = stories.in_state(state, at=at)
        sweep(days - 1)
        assert fresh(application).state == state

        for _ in range(2):
            sweep(days)

        assert fresh(application).state == ApplicationState.EXPIRED
        assert told(application, "file-expired") == 1

    def test_a_form_that_waits_for_nobody_any_more_expires_after_the_last_answer_ran_out(self, at):
        application = stories.endorsing(at=at)

        tallies = sweep(60)

        assert (tallies["requests timed out"].done, tallies["files expired"].done) == (1, 1)
        assert fresh(application).state == ApplicationState.EXPIRED

    def test_a_form_whose_referrer_is_still_asked_does_not(self, at):
        application = stories.endorsing(at=at)
        person = application.member.user
        endorsements.change_referrer(application=application, person=person, seat=committee_member(), at=at + timedelta(days=55))

        sweep(60)

        assert fresh(application).state == ApplicationState.ENDORSING

    def test_a_frozen_file_does_not(self, at):
        application = stories.submitted(at=at)
        hold(application)

        assert sweep(60)["files expired"].done == 0
        assert fresh(application).state == ApplicationState.AWAITING_FORM


class TestDrafts:  # K-9: draft_days, A-20
    def test_a_draft_nobody_touched_for_a_hundred_and_eighty_days_goes(self, at):
        application = stories.draft(at=at)
        touched(application, at)
        sweep(179)
        assert Application.objects.exists()

        sweep(180)

        assert not Application.objects.exists()
        assert not Member.objects.filter(pk=application.member_id).exists()
        entry = AuditEntry.objects.get(action="application.clear_away")
        assert (entry.actor, entry.actor_label) == (None, "系统")

    def test_one_that_was_touched_stays(self, at):
        application = stories.draft(at=at)
        touched(application, at + timedelta(days=100))

        sweep(180)

        assert Application.objects.exists()

    def test_one_that_was_submitted_once_frees_its_document(self, at):
        application = stories.submitted(at=at)
        enrolment.recall(application=application, person=application.member.user, at=at)
        touched(application, at)

        sweep(180)

        assert not application.claims.exists()
        assert Member.objects.filter(pk=application.member_id).exists()


class TestRequestsToCommitteeMembers:  # K-8, E-3, E-10, M-16
    def test_the_day_after_the_last_the_request_is_over(self, at):
        application = stories.endorsing(at=at, basis=[Basis.STAMP])
        last = application.endorsements.get().due_on
        sweep(day=last)
        assert application.endorsements.get().state == EndorsementState.ASKED

        for _ in range(2):
            sweep(day=last + timedelta(days=1))

        assert application.endorsements.get().state == EndorsementState.TIMED_OUT
        assert fresh(application).state == ApplicationState.CHECKING
        assert told(application, "endorsement-timed-out") == 1

    def test_a_frozen_file_waits(self, at):
        application = stories.endorsing(at=at)
        hold(application)

        assert sweep(40)["requests timed out"].done == 0

    @pytest.mark.parametrize("how", ["seat over", "in grace", "frozen", "ended"])
    def test_a_right_that_was_lost_makes_the_request_void(self, at, how):
        seat = committee_member(ends_on=TODAY if how == "seat over" else date(2026, 12, 31))
        application = stories.endorsing(at=at, seat=seat, basis=[Basis.STAMP])
        if how == "in grace":
            Member.objects.filter(pk=seat.member_id).update(last_valid_to=TODAY)
        elif how == "frozen":
            freeze(seat.member, at=at)
        elif how == "ended":
            Member.objects.filter(pk=seat.member_id).update(standing=Standing.ENDED, end_kind=EndKind.WITHDRAWN, ended_on=TODAY)

        for _ in range(2):
            sweep(1)

        assert application.endorsements.get().state == EndorsementState.VOID
        assert fresh(application).state == ApplicationState.CHECKING
        assert told(application, "endorsement-void") == 1

    def test_on_the_last_day_of_seat_and_membership_the_right_is_there(self, at):
        application = stories.endorsing(at=at, seat=SeatFactory(member=active_member(until=TODAY), ends_on=TODAY))

        sweep(0, 23)

        assert application.endorsements.get().state == EndorsementState.ASKED

    def test_a_word_given_is_left_alone(self, at):
        seat = committee_member(ends_on=TODAY)
        application = stories.endorsing(at=at, seat=seat)
        endorsements.agree(endorsement=application.endorsements.get(), person=seat.member.user, at=at)

        sweep(40)

        assert application.endorsements.get().state == EndorsementState.AGREED


class TestApologies:  # K-5
    DUE = date(2026, 4, 8)

    def late(self, application):
        return Message.objects.filter(user=application.member.user, code=sweeping.APOLOGY)

    def test_the_day_after_the_promise_one_apology_names_a_new_date(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        sweep(day=self.DUE)
        assert not self.late(application).exists()

        for days in (1, 1, 2, 12):
            sweep(day=self.DUE + timedelta(days=days))

        new_date = deadlines.expected_after(self.DUE, today=self.DUE + timedelta(days=1))
        assert f"预计 {new_date} 前完成" in self.late(application).get().body

    def test_overdue_never_decides(self, at):
        application = stories.deciding(at=at)

        sweep(day=date(2026, 12, 1))

        assert application.rows.get().state == RowState.PENDING
        assert fresh(application).state == ApplicationState.DECIDING

    def test_another_promise_missed_is_another_apology(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        silent, refused = application.rows.order_by("pk")
        stories.refuse_row(refused, at=at)
        rows.resubmit_row(row=refused, person=application.member.user, statement="补充", at=moment(date(2026, 4, 7)))
        assert fresh(refused).due_on == date(2026, 4, 28)

        sweep(day=date(2026, 4, 9))
        sweep(day=date(2026, 4, 29))

        assert self.late(application).count() == 2
        assert fresh(silent).state == RowState.PENDING

    def test_while_the_association_checks_the_promise_counts_not_its_own_stage(self, at):
        application = stories.checking(at=at)

        sweep(day=application.stage_due_on + timedelta(days=1))
        assert not self.late(application).exists()
        sweep(day=self.DUE + timedelta(days=1))

        assert self.late(application).count() == 1

    def test_who_was_answered_gets_none(self, at):
        application = stories.deciding(at=at)
        stories.refuse_row(application.rows.get(), at=at)

        sweep(day=self.DUE + timedelta(days=1))

        assert not self.late(application).exists()

    def test_on_hold_nothing_is_late(self, at):
        frozen = stories.deciding(at=at)
        hold(frozen)
        reported = stories.deciding(at=at)
        ApplicationInstitution.objects.filter(application=reported).update(hold=Hold.REPORTED)

        sweep(day=self.DUE + timedelta(days=1))

        assert not self.late(frozen).exists()
        assert not self.late(reported).exists()


class TestOneItemAtATime:
    def broken(self, at):
        """Return a file that no verb can carry: what a fault of the programme would leave behind."""
        application = stories.submitted(at=at)
        Application.objects.filter(pk=application.pk).update(kind="nonsense")
        return application

    def test_an_item_that_fails_does_not_keep_the_others(self, at):
        self.broken(at)
        good = stories.submitted(at=at)

        tally = sweep(60)["files expired"]

        assert (tally.done, tally.failed) == (1, 1)
        assert fresh(good).state == ApplicationState.EXPIRED

    def test_of_the_one_that_failed_nothing_remains(self, at):
        application = self.broken(at)

        sweep(60)

        assert fresh(application).state == ApplicationState.AWAITING_FORM
        assert application.rows.get().state == RowState.WAITING
        assert told(application, "file-expired") == 0

    def test_the_log_says_where_and_nothing_of_the_person(self, at, caplog):
        application = self.broken(at)

        sweep(60)

        assert f"files expired, item {application.pk}: ValueError" in caplog.text
        assert "沈砚秋" not in caplog.text
        assert application.proposed_dossier.document_number not in caplog.text

    def test_what_changed_since_it_was_found_is_refused_not_failed(self, at):
        application = stories.submitted(at=at)
        expire = next(chore.act for chore in sweeping.CHORES if chore.name == "files expired")
        late = sweeping.Chore("late", lambda today: [application.pk], expire)

        tally = sweeping._sweep(late, at=moment(TODAY))

        assert (tally.done, tally.refused, tally.failed) == (0, 1, 0)

    def test_a_second_sweep_finds_nothing_left_to_do(self, at):
        stories.submitted(at=at)
        stories.returned(at=at)
        stories.deciding(at=at)
        stories.endorsing(at=at)
        sweep(95)
        before = Message.objects.count(), AuditEntry.objects.count()

        tallies = sweep(95, 4)

        assert {name: tally.done for name, tally in tallies.items() if tally.done} == {}
        assert (Message.objects.count(), AuditEntry.objects.count()) == before


class TestTexts:  # UI-8: what a killed worker left
    def test_what_waits_is_sent(self, at, sms_outbox):
        seat = committee_member()
        stories.submitted(at=at, referral=stories.referred_by(seat))
        assert sms_outbox == []

        assert sweep()["texts handed out"].done == 1

        assert [text.phone for text in sms_outbox] == [str(seat.member.user.phone)]
        assert Delivery.objects.get().state == DeliveryState.ACCEPTED


class TestCommand:
    def sweep(self):
        out = StringIO()
        call_command("sweep", stdout=out)
        return out.getvalue()

    def test_it_says_how_each_chore_went(self, at):
        stories.submitted(at=at)

        said = self.sweep()

        assert "files expired: 1 done, 0 refused, 0 failed" in said
        assert "texts handed out" in said

    def test_it_may_be_repeated(self, at):
        stories.submitted(at=at)
        self.sweep()

        assert "files expired: 0 done, 0 refused, 0 failed" in self.sweep()

    def test_a_failed_item_makes_it_fail_after_the_rest_is_done(self, at):
        application = stories.submitted(at=at)
        Application.objects.filter(pk=application.pk).update(kind="nonsense")
        good = stories.submitted(at=at)

        with pytest.raises(CommandError, match="1 items failed"):
            self.sweep()

        assert fresh(good).state == ApplicationState.EXPIRED
