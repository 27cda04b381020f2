"""A committee member's word on an applicant: asked, given, refused, run out, lost, changed."""

from datetime import date, timedelta

import pytest

from membership import working_days
from membership.domain import deadlines, endorsements, enrolment, stamped_forms
from membership.domain.endorsements import MayNotEndorse, ReasonMissing, ReferrerRefused, RemindedToday, TooLate
from membership.domain.errors import NotAllowed
from membership.domain.transitions import NotPossible
from membership.enums import ApplicationState, Basis, EndorsementState, Hold, SeatRole
from membership.models import Application, AuditEntry, Delivery, Endorsement, Message, Seat
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import MemberFactory, SeatFactory, UserFactory, active_member, association_reviewer, committee_member, freeze

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


def fresh(application):
    return Application.objects.get(pk=application.pk)


def submitted(at, seat):
    return stories.submitted(at=at, referral=stories.referred_by(seat))


def agree(application, at, person=None):
    endorsement = application.endorsements.latest("pk")
    return endorsements.agree(endorsement=endorsement, person=person or endorsement.seat.member.user, at=at)


def decline(application, at, **words):
    endorsement = application.endorsements.latest("pk")
    return endorsements.decline(
        endorsement=endorsement, person=endorsement.seat.member.user, at=at, **{"reason_public": "不熟悉申请人", **words}
    )


def told(application, code):
    return Message.objects.get(user=application.member.user, code=code)


class TestAsked:  # K-8, E-9, E-18
    def test_the_committee_member_has_ten_working_days_and_reads_until_when(self, at):
        seat = committee_member()

        endorsement = submitted(at, seat).endorsements.get()

        assert endorsement.due_on == working_days.add(TODAY, 10, deadlines.calendar()) == date(2026, 3, 31)
        asked = Message.objects.get(user=seat.member.user, code="endorsement-asked")
        assert "沈砚秋" in asked.body
        assert "2026-03-31" in asked.body

    def test_any_committee_will_do_also_one_not_applied_for(self, at):
        seat = committee_member()
        application = submitted(at, seat)

        assert seat.committee not in {row.institution for row in application.rows.select_related("institution")}
        assert agree(application, at).state == EndorsementState.AGREED

    def test_who_has_no_account_yet_is_not_asked(self, at):
        application = submitted(at, SeatFactory(member=MemberFactory(user=None)))

        assert not application.endorsements.exists()

    @pytest.mark.parametrize("referral", [{}, {"referral_method": "association"}])
    def test_without_a_committee_member_nobody_is_asked(self, at, referral):
        assert not stories.submitted(at=at, referral=referral).endorsements.exists()

    def test_a_member_who_refers_is_not_asked_to_endorse(self, at):
        referral = {"referral_method": "member", "referrer": active_member()}

        assert not stories.submitted(at=at, referral=referral).endorsements.exists()


class TestAgree:  # E-9, E-10, B1
    def test_before_the_form_comes_the_word_is_kept_and_the_file_stays(self, at):
        application = submitted(at, committee_member())

        agree(application, at)

        assert fresh(application).state == ApplicationState.AWAITING_FORM
        assert told(application, "endorsement-agreed").body == "顾明修已同意推荐您入会。"

    def test_with_the_form_here_the_file_goes_on_and_the_clock_starts(self, at):
        application = stories.endorsing(at=at)
        later = at + timedelta(days=4)

        agree(application, later)

        application = fresh(application)
        assert application.state == ApplicationState.CHECKING
        assert application.clock_started_at == later

    def test_who_gave_it_is_remembered_as_they_were(self, at):
        seat = committee_member(role=SeatRole.VICE_CHAIR)
        application = submitted(at, seat)
        agree(application, at)
        seat.role = SeatRole.MEMBER
        seat.save()
        seat.member.name = "另一个名字"
        seat.member.save()

        endorsement = application.endorsements.get()

        assert (endorsement.name, endorsement.role_name) == ("顾明修", "副主任委员")
        assert endorsement.committee_name == seat.committee.full_name

    def test_once_is_enough(self, at):
        application = submitted(at, committee_member())
        agree(application, at)

        with pytest.raises(NotPossible, match="同意推荐"):
            agree(application, at)

    def test_nobody_answers_for_the_committee_member(self, at):
        with pytest.raises(NotAllowed):
            agree(submitted(at, committee_member()), at, person=association_reviewer())

    def test_a_frozen_file_waits(self, at):
        application = submitted(at, committee_member())
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        with pytest.raises(NotPossible, match="审核已暂停"):
            agree(application, at)


class TestTheRightAtThatMoment:  # E-9, M-4
    def lose(self, seat, how, at):
        if how == "seat over":
            seat.ends_on = TODAY - timedelta(days=1)
            seat.save()
        elif how == "frozen":
            freeze(seat.member, at=at)
        else:
            days = 1 if how == "in grace" else 31
            seat.member.affiliations.update(valid_to=TODAY - timedelta(days=days))

    @pytest.mark.parametrize(
        ("how", "why"),
        [
            ("seat over", "任期已于 2026-03-16 结束"),
            ("frozen", "会员资格已冻结"),
            ("in grace", "会员资格待续会"),
            ("lapsed", "会员资格已过期"),
        ],
    )
    def test_whoever_lost_it_can_neither_agree_nor_decline_and_reads_why(self, at, how, why):
        seat = committee_member()
        application = submitted(at, seat)
        self.lose(seat, how, at)

        with pytest.raises(MayNotEndorse, match=why):
            agree(application, at)
        with pytest.raises(MayNotEndorse, match=why):
            decline(application, at)

    def test_before_the_term_begins_it_is_not_there_yet(self, at):
        seat = committee_member()
        application = submitted(at, seat)
        Seat.objects.filter(pk=seat.pk).update(starts_on=TODAY + timedelta(days=1))

        with pytest.raises(MayNotEndorse, match="任期从 2026-03-18 开始"):
            agree(application, at)

    def test_the_last_day_of_the_term_is_a_day_of_it(self, at):
        seat = committee_member(ends_on=TODAY)

        assert agree(submitted(at, seat), moment(TODAY, 23, 59)).state == EndorsementState.AGREED

    def test_nobody_endorses_themself(self, at):
        seat = committee_member()
        application = submitted(at, seat)
        endorsement = application.endorsements.get()
        endorsement.application.member_id = seat.member_id

        assert not endorsements.may_endorse(seat.member.user, endorsement, at=at)

    def test_a_word_given_stands_when_the_right_is_lost_later(self, at):
        seat = committee_member()
        application = submitted(at, seat)
        agree(application, at)
        freeze(seat.member, at=at)

        uploaded = stamped_forms.upload(application=application, person=application.member.user, scan=stories.scan(), basis=[], at=at)

        assert uploaded.state == ApplicationState.CHECKING


class TestDecline:  # E-3, E-12
    def test_with_a_stamp_ticked_the_file_goes_on_by_itself(self, at):
        application = stories.endorsing(at=at, basis=[Basis.STAMP])

        decline(application, at)

        assert fresh(application).state == ApplicationState.CHECKING
        assert "已转协会会员部审核" in told(application, "endorsement-declined").body

    def test_without_the_applicant_chooses_again_and_no_clock_runs(self, at):
        application = stories.endorsing(at=at)

        decline(application, at)

        application = fresh(application)
        assert (application.state, application.clock_started_at) == (ApplicationState.ENDORSING, None)
        assert "请更换推荐人，或改交盖章文件" in told(application, "endorsement-declined").body

    def test_before_the_form_comes_the_file_stays(self, at):
        application = submitted(at, committee_member())

        decline(application, at)

        assert fresh(application).state == ApplicationState.AWAITING_FORM

    def test_the_applicant_reads_the_public_reason_and_never_the_internal_one(self, at):
        application = submitted(at, committee_member())

        decline(application, at, reason_public="专业方向不符", reason_internal="材料可疑")

        body = told(application, "endorsement-declined").body
        assert "专业方向不符" in body
        assert not Message.objects.filter(body__contains="材料可疑").exists()
        assert application.endorsements.get().reason_internal == "材料可疑"

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_it_says_why(self, at, reason):
        with pytest.raises(ReasonMissing) as refusal:
            decline(submitted(at, committee_member()), at, reason_public=reason)

        assert refusal.value.field == "reason_public"

    def test_the_association_still_sees_the_mark(self, at):
        application = stories.endorsing(at=at, basis=[Basis.STAMP])
        decline(application, at)

        assert endorsements.latest(application).state == EndorsementState.DECLINED


class TestRetract:  # E-11
    def retract(self, application, at, reason="误点"):
        endorsement = application.endorsements.get()
        return endorsements.retract(endorsement=endorsement, person=endorsement.seat.member.user, reason_public=reason, at=at)

    def test_while_the_form_is_awaited_it_then_counts_as_declined(self, at):
        application = submitted(at, committee_member())
        agree(application, at)

        assert self.retract(application, at + timedelta(hours=1)).state == EndorsementState.DECLINED
        assert "误点" in told(application, "endorsement-declined").body

    def test_once_the_file_is_with_the_association_the_answer_is_final(self, at):
        application = stories.endorsing(at=at)
        agree(application, at)

        with pytest.raises(NotPossible, match="不能再改"):
            self.retract(application, at)

    def test_also_when_the_file_came_back_from_there(self, at):
        application = stories.endorsing(at=at)
        agree(application, at)
        stories.refuse_file(fresh(application), at=at, reason="邮箱有误")
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers={"email": "right@example.org"}, at=at)
        again = enrolment.submit(application=fresh(application), person=person, consents_given=stories.CONSENTS, at=at)
        assert again.state == ApplicationState.AWAITING_FORM

        with pytest.raises(NotPossible, match="不能再改"):
            self.retract(again, at)

    def test_what_was_not_agreed_cannot_be_retracted(self, at):
        with pytest.raises(NotPossible):
            self.retract(submitted(at, committee_member()), at)

    def test_it_says_why(self, at):
        application = submitted(at, committee_member())
        agree(application, at)

        with pytest.raises(ReasonMissing):
            self.retract(application, at, reason=" ")


class TestTimeOut:  # K-8, E-3
    LAST_DAY = date(2026, 3, 31)

    def time_out(self, application, day):
        return endorsements.time_out(endorsement=application.endorsements.get(), at=moment(day, 0))

    def test_the_last_day_still_belongs_to_the_committee_member(self, at):
        application = submitted(at, committee_member())

        with pytest.raises(NotPossible, match="期限还没有到"):
            self.time_out(application, self.LAST_DAY)

        assert self.time_out(application, self.LAST_DAY + timedelta(days=1)).state == EndorsementState.TIMED_OUT

    @pytest.mark.parametrize(
        ("basis", "state"), [([Basis.STAMP], ApplicationState.CHECKING), ([], ApplicationState.ENDORSING)], ids=["stamp", "no stamp"]
    )
    def test_the_file_goes_on_with_a_stamp_and_waits_for_the_applicant_without(self, at, basis, state):
        application = stories.endorsing(at=at, basis=basis)

        self.time_out(application, date(2026, 4, 1))

        assert fresh(application).state == state
        assert "没有答复" in told(application, "endorsement-timed-out").body

    def test_the_clock_of_the_review_starts_only_now(self, at):
        application = stories.endorsing(at=at, basis=[Basis.STAMP])

        self.time_out(application, date(2026, 4, 1))

        assert fresh(application).clock_started_at == moment(date(2026, 4, 1), 0)

    def test_who_was_too_late_can_answer_no_more(self, at):
        application = submitted(at, committee_member())
        self.time_out(application, date(2026, 4, 1))

        with pytest.raises(NotPossible, match="未答复"):
            agree(application, moment(date(2026, 4, 1)))


class TestTheSecondTheDeadlinePasses:  # K-8: the deadline decides, not when the sweeper comes by
    LAST_DAY = date(2026, 3, 31)

    def test_the_last_second_of_the_last_day_is_in_time(self, at):
        application = submitted(at, committee_member())

        assert agree(application, moment(self.LAST_DAY, 23, 59) + timedelta(seconds=59)).state == EndorsementState.AGREED

    def test_at_midnight_neither_answer_is_taken_though_nobody_swept_yet(self, at):
        application = stories.endorsing(at=at)
        midnight = moment(self.LAST_DAY + timedelta(days=1), 0)

        with pytest.raises(TooLate, match="答复期限已过"):
            agree(application, midnight)
        with pytest.raises(TooLate):
            decline(application, midnight)

        assert fresh(application).state == ApplicationState.ENDORSING
        assert application.endorsements.get().state == EndorsementState.ASKED

    def test_a_word_given_in_time_may_be_taken_back_after_it(self, at):
        application = submitted(at, committee_member())
        agree(application, at)
        endorsement = application.endorsements.get()

        retracted = endorsements.retract(
            endorsement=endorsement, person=endorsement.seat.member.user, reason_public="误点", at=moment(date(2026, 4, 2))
        )

        assert retracted.state == EndorsementState.DECLINED

    def test_while_the_file_is_frozen_the_hold_is_said_and_not_the_deadline(self, at):
        application = submitted(at, committee_member())
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        with pytest.raises(NotPossible, match="审核已暂停"):
            agree(application, moment(date(2026, 4, 2)))


class TestAfterAWithdrawal:
    def test_nothing_is_left_to_answer(self, at):
        application = submitted(at, committee_member())
        endorsement = application.endorsements.get()
        enrolment.withdraw(application=application, person=application.member.user, at=at)

        with pytest.raises(NotPossible, match="已取消"):
            endorsements.agree(endorsement=endorsement, person=endorsement.seat.member.user, at=at)
        assert Message.objects.filter(user=endorsement.seat.member.user, code="endorsement-dropped").exists()


class TestReminding:  # K-8, REF-3
    DAY = timedelta(days=1)

    def remind(self, application, at, person=None):
        return endorsements.remind(application=application, person=person or application.member.user, at=at)

    def asked(self, seat):
        return Message.objects.filter(user=seat.member.user, code="endorsement-asked")

    @pytest.mark.parametrize("build", [submitted, stories.endorsing], ids=["form awaited", "form here"])
    def test_once_a_day_with_one_text_each(self, build, at):
        seat = committee_member()
        application = build(at=at, seat=seat)

        with pytest.raises(RemindedToday, match="2026-03-18 起"):
            self.remind(application, at + timedelta(hours=13))
        self.remind(application, at + self.DAY)
        with pytest.raises(RemindedToday, match="2026-03-19 起可以再次提醒"):
            self.remind(application, at + self.DAY)
        self.remind(application, at + 2 * self.DAY)

        assert self.asked(seat).count() == 3
        assert Delivery.objects.filter(message__in=self.asked(seat)).count() == 3

    def test_the_deadline_stays_as_it_is_and_the_reminder_is_written_down(self, at):
        application = submitted(at, committee_member())

        endorsement = self.remind(application, at + self.DAY)

        assert (endorsement.due_on, endorsement.reminded_at) == (date(2026, 3, 31), at + self.DAY)
        assert AuditEntry.objects.get(action="endorsement.remind").actor == application.member.user

    def test_how_often_is_the_societys(self, at):
        society_settings(endorsement_reminder_days=3)
        application = submitted(at, committee_member())

        with pytest.raises(RemindedToday):
            self.remind(application, at + 2 * self.DAY)
        assert self.remind(application, at + 3 * self.DAY)

    def test_who_has_answered_or_was_never_asked_is_not_reminded(self, at):
        answered, alone = submitted(at, committee_member()), stories.submitted(at=at)
        agree(answered, at)

        for application in (answered, alone):
            with pytest.raises(NotPossible):
                self.remind(application, at + self.DAY)

    def test_after_the_deadline_another_is_chosen(self, at):
        with pytest.raises(NotPossible, match="请更换推荐人"):
            self.remind(submitted(at, committee_member()), moment(date(2026, 4, 1)))

    def test_of_who_lost_the_right_nothing_is_said_but_that_another_is_chosen(self, at):
        seat = committee_member()
        application = submitted(at, seat)
        freeze(seat.member, at=at)

        with pytest.raises(ReferrerRefused) as refusal:
            self.remind(application, at + self.DAY)
        assert refusal.value.message == "推荐人已变更，请重新选择"

    def test_a_frozen_file_reminds_nobody(self, at):
        application = submitted(at, committee_member())
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        with pytest.raises(NotPossible, match="审核已暂停"):
            self.remind(application, at + self.DAY)

    def test_nobody_reminds_for_the_applicant(self, at):
        with pytest.raises(NotAllowed):
            self.remind(submitted(at, committee_member()), at + self.DAY, person=UserFactory())


class TestVoid:  # E-10, M-16
    @pytest.mark.parametrize(
        ("basis", "state"), [([Basis.STAMP], ApplicationState.CHECKING), ([], ApplicationState.ENDORSING)], ids=["stamp", "no stamp"]
    )
    def test_the_applicant_reads_only_that_the_referrer_changed(self, at, basis, state):
        seat = committee_member()
        application = stories.endorsing(at=at, seat=seat, basis=basis)

        endorsements.void(endorsement=application.endorsements.get(), at=at)

        assert fresh(application).state == state
        message = told(application, "endorsement-void")
        assert message.body.startswith("推荐人已变更，请重新选择")
        assert "顾明修" not in message.title + message.body

    def test_a_word_given_is_not_made_void(self, at):
        application = submitted(at, committee_member())
        agree(application, at)

        with pytest.raises(NotPossible):
            endorsements.void(endorsement=application.endorsements.get(), at=at)

    def test_a_hold_of_the_file_does_not_keep_it(self, at):
        application = submitted(at, committee_member())
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        assert endorsements.void(endorsement=application.endorsements.get(), at=at).state == EndorsementState.VOID


class TestChangeReferrer:  # B1 change referrer, E-3
    def change(self, application, seat, at, person=None):
        return endorsements.change_referrer(application=application, person=person or application.member.user, seat=seat, at=at)

    @pytest.mark.parametrize("build", [stories.endorsing, submitted], ids=["form here", "form awaited"])
    def test_the_former_is_told_and_the_new_one_asked(self, at, build):
        former, new = committee_member(), committee_member()
        application = build(at=at, seat=former)

        changed = self.change(application, new, at + timedelta(hours=1))

        assert changed.state == application.state
        assert (changed.referrer_seat, changed.referrer, changed.referring_unit) == (new, new.member, new.committee.full_name)
        assert endorsements.open_endorsement(changed).seat == new
        assert Message.objects.filter(user=former.member.user, code="endorsement-dropped").exists()
        assert Message.objects.filter(user=new.member.user, code="endorsement-asked").exists()

    def test_one_who_had_agreed_is_told_too(self, at):
        former = committee_member()
        application = submitted(at, former)
        agree(application, at)

        self.change(application, committee_member(), at + timedelta(hours=1))

        assert application.endorsements.get(seat=former).state == EndorsementState.DROPPED
        assert Message.objects.filter(user=former.member.user, code="endorsement-dropped").exists()

    def test_the_new_ones_time_starts_anew(self, at):
        application = stories.endorsing(at=at)
        later = moment(date(2026, 3, 30))

        changed = self.change(application, committee_member(), later)

        assert endorsements.open_endorsement(changed).due_on == deadlines.endorsement_due(later.date())

    def test_whom_one_has_just_asked_is_not_asked_again_by_this_way(self, at):
        seat = committee_member()

        with pytest.raises(ReferrerRefused, match="另选一位"):
            self.change(submitted(at, seat), seat, at)

        assert Endorsement.objects.count() == 1

    def test_after_no_answer_the_same_one_may_be_asked_once_more(self, at):
        seat = committee_member()
        application = stories.endorsing(at=at, seat=seat)
        endorsements.time_out(endorsement=application.endorsements.get(), at=moment(date(2026, 4, 1)))

        changed = self.change(application, seat, moment(date(2026, 4, 1), 12))

        assert endorsements.open_endorsement(changed).seat == seat

    def test_the_own_seat_a_seat_that_is_over_and_a_frozen_holder_are_refused(self, at):
        application = submitted(at, committee_member())
        frozen = committee_member()
        freeze(frozen.member, at=at)
        own = SeatFactory(member=application.member)

        for seat in (own, committee_member(ends_on=TODAY - timedelta(days=1)), frozen):
            with pytest.raises(ReferrerRefused) as refusal:
                self.change(application, seat, at)
            assert refusal.value.message == "推荐人已变更，请重新选择"

    def test_a_holder_whose_membership_does_not_run_is_refused_and_one_without_an_account_is_not(self, at):  # E-9, E-18
        application = submitted(at, committee_member())

        with pytest.raises(ReferrerRefused):
            self.change(application, SeatFactory(member=active_member(until=TODAY - timedelta(days=1))), at)
        changed = self.change(application, SeatFactory(member=MemberFactory(user=None)), at)

        assert endorsements.open_endorsement(changed) is None

    def test_once_the_association_checks_it_is_too_late(self, at):
        with pytest.raises(NotPossible):
            self.change(stories.checking(at=at), committee_member(), at)

    def test_nobody_chooses_for_the_applicant(self, at):
        with pytest.raises(NotAllowed):
            self.change(submitted(at, committee_member()), committee_member(), at, person=UserFactory())


class TestAfterwards:  # E-10: a given word stands
    def test_a_member_keeps_the_word_that_helped_them_in(self, at):
        application = stories.endorsing(at=at)
        agree(application, at)
        application = fresh(application)
        stories.approve_file(application, at=at)

        stories.approve_row(application.rows.get(), at=at)

        assert fresh(application).state == ApplicationState.CLOSED
        assert application.endorsements.get().state == EndorsementState.AGREED
