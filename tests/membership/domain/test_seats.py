"""委员任职: registered, changed, ended by administrators; told of before its end (I-8, REF-3)."""

from datetime import date, timedelta
from itertools import count

import pytest

from membership import pinyin, rules
from membership.domain import endorsements, referral_codes, seats, sweeping
from membership.domain.errors import NotAllowed
from membership.domain.seats import CommitteeRefused, PersonRefused, SeatOver, SeatUsed, TermRefused, Wanted
from membership.enums import ApplicationState, Basis, EndKind, EndorsementState, SeatRole, Standing
from membership.models import Application, AuditEntry, Member, Message, Seat
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import MemberFactory, SeatFactory, active_member, committee_member, freeze, staff
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
TERM = {"role": SeatRole.STANDING_MEMBER, "starts_on": TODAY, "ends_on": date(2029, 3, 16)}


@pytest.fixture
def administrator():
    return staff(rules.ADMINISTRATOR, "管理员")


@pytest.fixture
def give(administrator, at):
    moments = (at + timedelta(seconds=number) for number in count())

    def given(member=None, committee=None, **term):
        member, committee = member or active_member(), committee or InstitutionFactory(committee=True)
        return seats.give(member=member, committee=committee, by=administrator, at=next(moments), **{**TERM, **term})

    return given


def codes_told(seat):
    return list(Message.objects.filter(user=seat.member.user).order_by("pk").values_list("code", flat=True))


class TestGiving:  # I-8
    def test_a_member_holds_a_seat_from_a_day_to_a_day_and_is_told(self, give):
        seat = give(committee=InstitutionFactory(committee=True, name="肺癌专业委员会"))

        assert (seat.role, seat.starts_on, seat.ends_on) == (SeatRole.STANDING_MEMBER, TODAY, date(2029, 3, 16))
        assert "肺癌专业委员会常务委员，任期到 2029-03-16" in Message.objects.get(user=seat.member.user, code="seat-given").body

    def test_it_is_written_down_who_registered_it(self, give, administrator):
        seat = give()

        entry = AuditEntry.objects.get(action="seat.give")
        assert (entry.actor, entry.about, entry.target_id) == (administrator, seat.member, seat.pk)
        assert entry.details["term"] == {"role": "standing_member", "starts_on": "2026-03-17", "ends_on": "2029-03-16"}

    def test_the_lapsed_and_the_frozen_hold_seats_too_which_give_them_nothing_meanwhile(self, give, at):
        lapsed, frozen = active_member(until=date(2025, 12, 31)), active_member()
        freeze(frozen, at=at)

        for member in (lapsed, frozen):
            assert endorsements.why_not_refer(give(member), today=TODAY)

    def test_a_former_member_without_an_account_yet_holds_one_and_is_told_nothing(self, give):
        seat = give(MemberFactory(user=None))

        assert Seat.objects.filter(pk=seat.pk).exists()
        assert not Message.objects.exists()

    def test_applicants_and_those_who_left_hold_none(self, give):
        left = active_member()
        Member.objects.filter(pk=left.pk).update(standing=Standing.ENDED, end_kind=EndKind.WITHDRAWN, ended_on=YESTERDAY)

        for member in (MemberFactory(), left):
            with pytest.raises(PersonRefused):
                give(member)

    @pytest.mark.parametrize("kind", ["regional", "youth_council", "headquarters"])
    def test_only_committees_have_seats(self, give, kind):
        with pytest.raises(CommitteeRefused):
            give(committee=InstitutionFactory(**{kind: True}))

    def test_an_overseas_branch_counts_as_a_committee(self, give):
        assert give(committee=InstitutionFactory(overseas_branch=True)).pk

    def test_a_closed_committee_takes_nobody(self, give):
        with pytest.raises(CommitteeRefused):
            give(committee=InstitutionFactory(committee=True, closed_on=TODAY))

    @pytest.mark.parametrize(
        ("starts_on", "ends_on", "says"),
        [
            (TODAY, TODAY, "须晚于开始日期"),
            (TODAY, YESTERDAY, "须晚于开始日期"),
            (TODAY, date(2031, 3, 18), "最长 5 年，最晚到 2031-03-17"),
            (date(2025, 1, 1), YESTERDAY, "不能早于今天"),
        ],
    )
    def test_a_term_that_is_none_is_refused(self, give, starts_on, ends_on, says):
        with pytest.raises(TermRefused, match=says):
            give(starts_on=starts_on, ends_on=ends_on)

    def test_the_longest_term_is_the_societys(self, give):
        assert give(ends_on=date(2031, 3, 17)).pk
        society_settings(seat_max_years=2)

        with pytest.raises(TermRefused, match="最长 2 年"):
            give()

    def test_two_terms_of_one_person_in_one_committee_do_not_overlap(self, give):
        seat = give()

        for starts_on, ends_on in ((TODAY, date(2028, 1, 1)), (date(2029, 3, 16), date(2030, 1, 1)), (date(2025, 1, 1), TODAY)):
            with pytest.raises(TermRefused, match="2026-03-17 至 2029-03-16"):
                give(seat.member, seat.committee, starts_on=starts_on, ends_on=ends_on)
        assert give(seat.member, seat.committee, starts_on=date(2029, 3, 17), ends_on=date(2032, 3, 16)).pk
        assert give(seat.member).pk

    @pytest.mark.parametrize("role", [role for role in rules.ROLES if role != rules.ADMINISTRATOR])
    def test_only_administrators_register(self, role, at):
        with pytest.raises(NotAllowed):
            seats.give(member=active_member(), committee=InstitutionFactory(committee=True), by=staff(role), at=at, **TERM)

    def test_a_frozen_administrator_does_not(self, give, administrator, at):
        freeze(MemberFactory(user=administrator), at=at)

        with pytest.raises(NotAllowed):
            give()


class TestChanging:
    @pytest.fixture
    def change(self, administrator, at):
        def changed(seat, **term):
            before = {"role": seat.role, "starts_on": seat.starts_on, "ends_on": seat.ends_on}
            return seats.change(seat=seat, by=administrator, at=at, **{**before, **term})

        return changed

    def test_role_and_end_are_corrected_and_the_holder_told(self, give, change):
        seat = change(give(), role=SeatRole.CHAIR, ends_on=date(2030, 1, 1))

        assert (seat.role, seat.ends_on) == (SeatRole.CHAIR, date(2030, 1, 1))
        assert AuditEntry.objects.get(action="seat.change").details["changed"] == {
            "role": ["standing_member", "chair"],
            "ends_on": ["2029-03-16", "2030-01-01"],
        }
        assert codes_told(seat) == ["seat-given", "seat-changed"]

    def test_the_same_again_is_no_change(self, give, change):
        seat = change(give())

        assert not AuditEntry.objects.filter(action="seat.change").exists()
        assert codes_told(seat) == ["seat-given"]

    def test_a_term_that_has_begun_keeps_its_first_day(self, give, change):
        with pytest.raises(TermRefused, match="开始日期不能再改"):
            change(give(), starts_on=TOMORROW)

        assert change(give(starts_on=TOMORROW), starts_on=TODAY).starts_on == TODAY

    def test_a_term_that_is_over_is_left_alone(self, change):
        with pytest.raises(SeatOver):
            change(SeatFactory(ends_on=YESTERDAY, member=active_member()), ends_on=date(2027, 1, 1))

    def test_a_change_does_not_end_it_in_the_past(self, change):
        with pytest.raises(TermRefused, match="不能早于今天"):
            change(committee_member(), ends_on=YESTERDAY)

    def test_nor_run_into_the_next_term(self, give, change):
        seat = give(ends_on=date(2027, 1, 1))
        give(seat.member, seat.committee, starts_on=date(2027, 1, 2), ends_on=date(2028, 1, 1))

        with pytest.raises(TermRefused, match="重叠"):
            change(seat, ends_on=date(2027, 1, 2))


class TestEnding:  # E-10
    @pytest.fixture
    def end(self, administrator, at):
        return lambda seat, last_day=TODAY: seats.end(seat=seat, last_day=last_day, by=administrator, at=at)

    def test_today_it_runs_until_midnight(self, end, at):
        seat = committee_member()
        application = stories.submitted(at=at, referral=stories.referred_by(seat))

        end(seat)

        assert application.endorsements.get().state == EndorsementState.ASKED
        agreed = endorsements.agree(endorsement=application.endorsements.get(), person=seat.member.user, at=moment(TODAY, 23, 59))
        assert agreed.state == EndorsementState.AGREED

    def test_the_sweeper_makes_what_is_left_void_on_the_day_after(self, end, at):
        seat = committee_member()
        application = stories.submitted(at=at, referral=stories.referred_by(seat))
        end(seat)

        sweeping.sweep(at=moment(TOMORROW, 1))

        assert application.endorsements.get().state == EndorsementState.VOID

    def test_as_of_yesterday_requests_are_void_at_once_and_words_given_stand(self, end, at):
        seat = committee_member()
        waiting, stamped, given = (
            stories.submitted(at=at, referral=stories.referred_by(seat)),
            stories.endorsing(at=at, seat=seat, basis=[Basis.STAMP]),
            stories.checking(at=at, referral=stories.referred_by(seat)),
        )

        end(seat, YESTERDAY)

        states = [application.endorsements.get().state for application in (waiting, stamped, given)]
        assert states == [EndorsementState.VOID, EndorsementState.VOID, EndorsementState.AGREED]
        assert Application.objects.get(pk=stamped.pk).state == ApplicationState.CHECKING
        assert Message.objects.filter(code="endorsement-void").count() == 2

    def test_the_holder_is_told_and_the_code_is_dead(self, end, at):
        seat = committee_member()
        code = referral_codes.issue(seat=seat, person=seat.member.user, at=at)

        end(seat, YESTERDAY)

        assert codes_told(seat) == ["seat-ended"]
        assert referral_codes.read(code.code, today=TODAY).reading is referral_codes.Reading.UNUSABLE

    def test_its_history_keeps_when_it_was_meant_to_end(self, end):
        seat = end(committee_member())

        assert AuditEntry.objects.get(action="seat.end").details["changed"] == {"ends_on": ["2026-12-31", "2026-03-17"]}
        assert [entry.action for entry in seats.history(seat)] == ["seat.end"]

    @pytest.mark.parametrize(
        ("last_day", "says"),
        [(date(2026, 1, 1), "晚于开始日期 2026-01-01"), (date(2026, 12, 31), "原定 2026-12-31"), (date(2027, 1, 1), "原定")],
    )
    def test_a_day_that_cannot_be_the_last_is_refused(self, end, last_day, says):
        with pytest.raises(TermRefused, match=says) as refusal:
            end(committee_member(), last_day)

        assert refusal.value.field == "last_day"

    def test_twice_is_too_late(self, end):
        seat = end(committee_member(), YESTERDAY)

        with pytest.raises(SeatOver):
            end(seat)

    def test_what_hangs_on_it_is_counted_for_the_question_before(self, at):
        seat = committee_member()
        stories.draft(at=at, referral=stories.referred_by(seat))
        stories.submitted(at=at, referral=stories.referred_by(seat))
        stories.checking(at=at, referral=stories.referred_by(seat))
        referral_codes.issue(seat=seat, person=seat.member.user, at=at)

        assert seats.consequences(seat) == seats.Consequences(waiting=1, drafts=1, given=1, has_code=True)


class TestRemoving:
    def test_a_mistake_nobody_met_goes_with_its_code_and_the_audit_keeps_it(self, give, administrator, at):
        seat = give()
        referral_codes.issue(seat=seat, person=seat.member.user, at=at)

        seats.remove(seat=seat, by=administrator, at=at)

        assert not Seat.objects.exists()
        assert AuditEntry.objects.get(action="seat.remove").target_id == seat.pk
        assert codes_told(seat)[-1] == "seat-removed"

    @pytest.mark.parametrize("build", [stories.draft, stories.submitted])
    def test_whom_an_applicant_named_stays(self, build, administrator, at):
        seat = committee_member()
        build(at=at, referral=stories.referred_by(seat))

        with pytest.raises(SeatUsed):
            seats.remove(seat=seat, by=administrator, at=at)

    def test_others_remove_nothing(self, give, at):
        with pytest.raises(NotAllowed):
            seats.remove(seat=give(), by=staff(rules.SUPPORT), at=at)


class TestBeforeTheEnd:  # REF-3
    def told(self, seat):
        return list(Message.objects.filter(user=seat.member.user, code="seat-ending").values_list("body", flat=True))

    def sweep(self, day):
        sweeping.sweep(at=moment(day, 3))

    def test_thirty_days_before_the_holder_is_told_once_until_when(self):
        seat = committee_member(ends_on=date(2026, 6, 30))

        self.sweep(date(2026, 5, 30))
        assert self.told(seat) == []
        for day in (31, 31):
            self.sweep(date(2026, 5, day))
        self.sweep(date(2026, 6, 15))

        [body] = self.told(seat)
        assert "到 2026-06-30" in body

    def test_two_seats_that_end_together_are_one_message(self):
        first = committee_member(ends_on=TODAY + timedelta(days=9))
        second = SeatFactory(member=first.member, ends_on=TODAY + timedelta(days=10))

        self.sweep(TODAY)

        [body] = self.told(first)
        assert first.committee.name in body and second.committee.name in body

    def test_a_term_that_was_lengthened_is_told_of_anew(self, administrator, at):
        seat = committee_member(ends_on=TODAY + timedelta(days=9))
        self.sweep(TODAY)
        seats.change(seat=seat, role=seat.role, starts_on=seat.starts_on, ends_on=date(2026, 9, 30), by=administrator, at=at)

        self.sweep(date(2026, 9, 15))

        assert len(self.told(seat)) == 2

    def test_who_has_just_been_told_of_a_near_end_is_not_told_again(self, give):
        seat = give(starts_on=date(2026, 1, 1), ends_on=TODAY + timedelta(days=9))

        self.sweep(TODAY)

        assert self.told(seat) == []

    def test_the_frozen_hear_of_it_when_they_are_frozen_no_more(self, at):
        seat = committee_member(ends_on=TODAY + timedelta(days=9))
        held = freeze(seat.member, at=at)
        self.sweep(TODAY)
        assert self.told(seat) == []

        held.ended_at = at
        held.save()
        self.sweep(TOMORROW)

        assert len(self.told(seat)) == 1

    def test_of_seats_over_or_not_begun_nothing_is_said(self):
        over, coming = committee_member(ends_on=YESTERDAY), committee_member(starts_on=TOMORROW, ends_on=TODAY + timedelta(days=20))

        self.sweep(TODAY)

        assert self.told(over) == self.told(coming) == []


class TestFinding:  # REV-1's way of finding people
    @pytest.fixture
    def seat(self):
        seat = committee_member(committee=InstitutionFactory(committee=True, name="肺癌专业委员会"))
        seat.member.name = "曾国藩"
        seat.member.name_pinyin, seat.member.name_initials = pinyin.readings("曾国藩")
        seat.member.save()
        return seat

    def found(self, **wanted):
        return list(seats.find(Wanted(**wanted), today=TODAY))

    def test_by_name_pinyin_initials_and_number(self, seat):
        committee_member()

        for term in ("曾国", "zengguo", "ZGF", "ceng", seat.member.number, seat.member.number.lower()):
            assert self.found(term=term) == [seat], term

    def test_not_by_a_part_of_the_number(self, seat):
        assert self.found(term=seat.member.number[:6]) == []

    @pytest.mark.parametrize(
        ("when", "terms"),
        [
            ("running", [(-9, 9), (-9, 99)]),
            ("ending", [(-9, 9)]),
            ("coming", [(9, 99)]),
            ("over", [(-99, -1)]),
            ("any", [(-9, 9), (-9, 99), (9, 99), (-99, -1)]),
        ],
    )
    def test_by_how_the_term_stands(self, when, terms):
        every = [(-9, 9), (-9, 99), (9, 99), (-99, -1)]
        made = {term: SeatFactory(starts_on=TODAY + timedelta(days=term[0]), ends_on=TODAY + timedelta(days=term[1])) for term in every}

        assert set(self.found(when=when)) == {made[term] for term in terms}

    def test_by_committee(self, seat):
        committee_member()

        assert self.found(committee=seat.committee_id) == [seat]

    def test_what_suspends_the_right_is_told_beside_the_term(self, at):
        frozen, grace, absent = (
            committee_member(),
            SeatFactory(member=active_member(until=YESTERDAY)),
            SeatFactory(member=MemberFactory(user=None)),
        )
        freeze(frozen.member, at=at)

        words = {seat: seats.suspension(seat, today=TODAY) for seat in self.found()}

        assert {seat: word and word.word for seat, word in words.items()} == {frozen: "已冻结", grace: "待续会", absent: "未激活"}

    def test_a_list_costs_the_same_however_long_it_is(self, django_assert_num_queries):
        for _ in range(6):
            committee_member()

        with django_assert_num_queries(2):
            [seats.suspension(seat, today=TODAY) for seat in self.found()]


class TestCandidates:  # never a list of members
    def test_the_whole_name_or_the_number_and_nothing_less(self):
        member = active_member(name="欧阳若兰")

        assert seats.candidates("欧阳若兰") == seats.candidates(" 欧阳 若兰 ") == seats.candidates(member.number.lower()) == [member]
        for text in ("欧阳", "欧阳若", member.number[:-1], "", " ", "%", "\x00", "M16\x00", "\ud800"):
            assert seats.candidates(text) == [], text

    def test_two_of_one_name_are_both_found(self):
        pair = [active_member(name="王芳"), active_member(name="王芳")]

        assert seats.candidates("王芳") == pair

    def test_applicants_are_not(self):
        MemberFactory(name="王芳")

        assert seats.candidates("王芳") == []
