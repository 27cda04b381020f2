"""委员专属推荐码: issued and revoked by its holder, read by whoever scans it, followed into an application (REF-2, E-17)."""

from datetime import date, timedelta

import pytest

from membership.domain import endorsements, enrolment, referral_codes
from membership.domain.enrolment import MayNotStart
from membership.domain.errors import NotAllowed
from membership.domain.referral_codes import AnotherReferrer, CodeDead, MayNotRefer, OwnCode, Reading, Way
from membership.domain.transitions import NotPossible
from membership.enums import ApplicationState, EndorsementState, Hold
from membership.models import Application, AuditEntry, Member, ReferralBinding, ReferralCode, Seat
from tests.factories import enrolment as stories
from tests.factories.people import MemberFactory, SeatFactory, UserFactory, active_member, committee_member, freeze
from tests.membership.domain.acts import fresh, submit

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)
YESTERDAY = TODAY - timedelta(days=1)


def code_of(seat, at):
    return referral_codes.issue(seat=seat, person=seat.member.user, at=at)


def follow(code, person, at, **options):
    return referral_codes.follow(code=code.code, person=person, at=at, **options)


def read(text):
    return referral_codes.read(text, today=TODAY).reading


def way(code, person, at):
    code = ReferralCode.objects.select_related("seat__member", "seat__committee").get(pk=code.pk)
    return referral_codes.prospect(code, person, at=at)


@pytest.fixture
def seat():
    return committee_member()


@pytest.fixture
def code(seat, at):
    return code_of(seat, at)


class TestTheHolder:  # E-17: a code belongs to a seat
    def test_gets_a_code_that_nobody_misreads(self, code):
        assert len(code.code) == 8
        assert not set(code.code) - set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    def test_asks_twice_and_has_one(self, code, seat, at):
        assert code_of(seat, at) == code
        assert AuditEntry.objects.filter(action="referral_code.issue").count() == 1

    def test_has_one_for_each_seat(self, code, seat, at):
        assert code_of(SeatFactory(member=seat.member), at) != code

    @pytest.mark.parametrize("how", ["over", "not begun", "frozen", "in grace"])
    def test_gets_none_while_the_right_is_not_there(self, how, at):
        terms = {"over": {"ends_on": YESTERDAY}, "not begun": {"starts_on": date(2026, 3, 18)}}
        seat = SeatFactory(member=active_member(until=YESTERDAY if how == "in grace" else date(2026, 12, 31)), **terms.get(how, {}))
        if how == "frozen":
            freeze(seat.member, at=at)

        with pytest.raises(MayNotRefer):
            code_of(seat, at)

    def test_nobody_asks_for_another(self, seat, code, at):
        stranger = UserFactory()

        for act in (
            lambda: referral_codes.issue(seat=seat, person=stranger, at=at),
            lambda: referral_codes.revoke(code=code, person=stranger, at=at),
            lambda: referral_codes.renew(code=code, person=stranger, at=at),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_revokes_it_for_good(self, code, seat, at):
        for _ in range(2):
            referral_codes.revoke(code=code, person=seat.member.user, at=at)

        assert read(code.code) is Reading.REVOKED
        assert AuditEntry.objects.filter(action="referral_code.revoke").count() == 1

    def test_gets_another_in_its_place(self, code, seat, at):
        new = referral_codes.renew(code=code, person=seat.member.user, at=at)

        assert (read(code.code), read(new.code)) == (Reading.REVOKED, Reading.LIVE)
        assert referral_codes.renew(code=code, person=seat.member.user, at=at) == new


class TestReading:  # E-17
    def test_a_live_one_in_either_case(self, code):
        assert read(code.code) is read(f" {code.code.lower()} ") is Reading.LIVE

    @pytest.mark.parametrize("text", ["", "AAAAAAAA", "0O1I", "x" * 300, "\x00", "' OR 1=1", "%", "ＡＢＣＤ", "顾明修"])
    def test_whatever_is_none(self, code, text):
        assert read(text) is Reading.UNKNOWN

    def test_one_whose_holder_cannot_refer_now(self, code, seat, at):
        freeze(seat.member, at=at)

        assert read(code.code) is Reading.UNUSABLE

    def test_one_of_a_seat_that_is_over(self, code, seat):
        Seat.objects.filter(pk=seat.pk).update(ends_on=YESTERDAY)

        assert read(code.code) is Reading.UNUSABLE

    def test_looks_are_counted_and_those_of_a_revoked_code_are_not(self, code, seat, at):
        referral_codes.count_scan(code)
        referral_codes.count_scan(code)
        referral_codes.revoke(code=code, person=seat.member.user, at=at)
        referral_codes.count_scan(code)

        assert ReferralCode.objects.get().scans == 2


class TestFollowing:  # APP-6, E-17
    def test_whoever_has_no_application_begins_one_with_the_referrer_bound(self, code, seat, at):
        application = follow(code, UserFactory(), at)

        application = fresh(application)
        assert application.state == ApplicationState.DRAFT
        assert (application.referral_method, application.referrer_seat, application.referrer) == ("committee_member", seat, seat.member)
        assert application.referring_unit == seat.committee.full_name
        assert application.referral_binding.code == code

    def test_a_draft_that_names_nobody_gets_the_referrer(self, code, seat, at):
        application = stories.draft(at=at)

        follow(code, application.member.user, at)

        assert fresh(application).referrer_seat == seat
        assert Application.objects.count() == 1

    def test_an_open_page_of_the_form_does_not_save_over_it(self, code, at):
        application = stories.draft(at=at)
        seen = application.proposed_dossier.edits
        follow(code, application.member.user, at)

        with pytest.raises(enrolment.dossiers.EditedElsewhere):
            enrolment.save_draft(
                application=application, person=application.member.user, answers={"referral_method": ""}, seen_edits=seen, at=at
            )

    @pytest.mark.parametrize("other", ["committee_member", "member", "association"])
    def test_a_draft_that_names_somebody_is_asked_and_not_overwritten(self, code, seat, other, at):
        former = committee_member()
        referral = {
            "committee_member": stories.referred_by(former),
            "member": {"referral_method": "member", "referrer": former.member},
            "association": {"referral_method": "association"},
        }[other]
        application = stories.draft(at=at, referral=referral)
        person = application.member.user

        prospect = way(code, person, at)
        with pytest.raises(AnotherReferrer):
            follow(code, person, at)

        assert (prospect.way, bool(prospect.other)) == (Way.REPLACE, True)
        assert fresh(application).referral_method == other
        assert not ReferralBinding.objects.exists()
        follow(code, person, at, may_replace=True)
        assert fresh(application).referrer_seat == seat

    def test_a_way_of_referral_whose_person_is_not_found_yet_names_nobody(self, code, seat, at):
        application = stories.draft(at=at, referral={"referral_method": "committee_member"})

        follow(code, application.member.user, at)

        assert fresh(application).referrer_seat == seat

    def test_twice_is_as_good_as_once(self, code, at):
        person = UserFactory()

        first, second = follow(code, person, at), follow(code, person, at)

        assert first == second
        assert AuditEntry.objects.filter(action="referral_code.follow").count() == 1

    def test_whoever_named_the_same_committee_member_by_hand_is_bound_too(self, code, seat, at):
        application = stories.draft(at=at, referral=stories.referred_by(seat))
        edits = application.proposed_dossier.edits

        follow(code, application.member.user, at)

        assert fresh(application).proposed_dossier.edits == edits
        assert ReferralBinding.objects.get().application == application

    def test_submission_asks_the_committee_member(self, code, seat, at):
        application = stories.draft(at=at)
        follow(code, application.member.user, at)

        submit(application, at)

        assert application.endorsements.get().seat == seat
        assert referral_codes.followers(code) == 1

    def test_nobody_refers_themself(self, code, seat, at):
        with pytest.raises(OwnCode):
            follow(code, seat.member.user, at)

    @pytest.mark.parametrize("how", ["revoked", "frozen", "over", "unknown"])
    def test_a_dead_code_binds_nobody(self, code, seat, how, at):
        person, text = UserFactory(), code.code
        if how == "revoked":
            referral_codes.revoke(code=code, person=seat.member.user, at=at)
        elif how == "frozen":
            freeze(seat.member, at=at)
        elif how == "over":
            Seat.objects.filter(pk=seat.pk).update(ends_on=YESTERDAY)
        else:
            text = "AAAAAAAA"

        with pytest.raises(CodeDead):
            referral_codes.follow(code=text, person=person, at=at)

        assert not Application.objects.exists()

    def test_after_submission_it_is_too_late(self, code, at):
        application = stories.submitted(at=at)

        assert way(code, application.member.user, at).way is Way.SUBMITTED
        with pytest.raises(NotPossible):
            follow(code, application.member.user, at)
        assert fresh(application).referrer_seat is None

    def test_a_returned_file_is_asked_for_it_needs_a_new_form(self, code, seat, at):
        application = stories.returned(at=at)
        person = application.member.user

        assert way(code, person, at).way is Way.REPLACE
        with pytest.raises(AnotherReferrer):
            follow(code, person, at)
        follow(code, person, at, may_replace=True)

        again = submit(application, at)
        assert again.state == ApplicationState.AWAITING_FORM
        assert again.endorsements.get(state=EndorsementState.ASKED).seat == seat

    def test_on_hold_nothing_is_bound(self, code, at):
        application = stories.draft(at=at)
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        assert way(code, application.member.user, at).way is Way.REFUSED
        with pytest.raises(NotPossible, match="审核已暂停"):
            follow(code, application.member.user, at)

    def test_a_member_needs_no_referrer(self, code, at):
        for until in (date(2026, 12, 31), YESTERDAY):
            person = active_member(until=until).user
            assert way(code, person, at).way is Way.MEMBER
            with pytest.raises(MayNotStart):
                follow(code, person, at)

    def test_who_has_lapsed_long_ago_applies_again_with_it(self, code, at):  # M-5
        person = active_member(until=date(2025, 1, 31)).user

        assert way(code, person, at).way is Way.START
        assert follow(code, person, at).state == ApplicationState.DRAFT

    def test_who_has_lapsed_lately_renews(self, code, at):
        prospect = way(code, active_member(until=date(2026, 1, 1)).user, at)

        assert (prospect.way, "续会" in prospect.because) == (Way.REFUSED, True)

    def test_after_a_withdrawal_one_begins_anew(self, code, seat, at):
        application = stories.submitted(at=at)
        enrolment.withdraw(application=application, person=application.member.user, at=at)

        assert follow(code, application.member.user, at).pk != application.pk


class TestLettingGo:
    def test_takes_the_referrer_out_and_leaves_the_rest(self, code, at):
        application = stories.draft(at=at)
        person = application.member.user
        follow(code, person, at)

        assert referral_codes.let_go(application=application, person=person, at=at)

        application = fresh(application)
        assert (application.referral_method, application.referrer_seat, application.referrer, application.referring_unit) == (
            "",
            None,
            None,
            "",
        )
        assert application.proposed_dossier.name == "沈砚秋"
        assert not ReferralBinding.objects.exists()
        assert not referral_codes.let_go(application=application, person=person, at=at)

    def test_a_referrer_chosen_since_by_hand_stays(self, code, at):
        application, other = stories.draft(at=at), committee_member()
        person = application.member.user
        follow(code, person, at)
        enrolment.save_draft(application=application, person=person, answers=stories.referred_by(other), at=at)

        referral_codes.let_go(application=application, person=person, at=at)

        assert fresh(application).referrer_seat == other

    def test_after_submission_it_is_too_late(self, code, at):
        application = stories.draft(at=at)
        person = application.member.user
        follow(code, person, at)
        submit(application, at)

        with pytest.raises(NotPossible):
            referral_codes.let_go(application=application, person=person, at=at)

    def test_nobody_does_it_for_the_applicant(self, code, at):
        application = stories.draft(at=at)
        follow(code, application.member.user, at)

        with pytest.raises(NotAllowed):
            referral_codes.let_go(application=application, person=UserFactory(), at=at)

    def test_a_discarded_draft_takes_its_binding_along(self, code, at):
        person = UserFactory()
        application = follow(code, person, at)

        enrolment.discard(application=application, person=person, at=at)

        assert not ReferralBinding.objects.exists()
        assert not Member.objects.filter(user=person).exists()
        assert ReferralCode.objects.filter(pk=code.pk).exists()


class TestFollowers:
    def test_only_who_submitted_and_still_names_the_seat_counts(self, code, seat, at):
        follow(code, UserFactory(), at)
        for other in (None, committee_member()):
            application = stories.draft(at=at)
            follow(code, application.member.user, at)
            application = submit(application, at)
            if other is not None:
                endorsements.change_referrer(application=application, person=application.member.user, seat=other, at=at + timedelta(days=1))

        assert referral_codes.followers(code) == 1

    def test_a_seat_holder_without_an_account_has_no_code(self, at):
        seat = SeatFactory(member=MemberFactory(user=None))

        with pytest.raises(NotAllowed):
            referral_codes.issue(seat=seat, person=UserFactory(), at=at)
