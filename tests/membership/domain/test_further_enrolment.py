"""A member applies to further institutions later, within the limits, and types nothing again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from membership.domain import affiliations, deadlines, endings, further_enrolment, members, queues, review, rows, rulings
from membership.domain.enrolment import Incomplete, MayNotStart
from membership.domain.errors import NotAllowed
from membership.domain.further_enrolment import Choice
from membership.domain.limits import LimitReached
from membership.domain.transitions import NotPossible
from membership.enums import (
    AffiliationEnd,
    AffiliationSource,
    ApplicationKind,
    ApplicationState,
    Hold,
    MembershipStatus,
    MemberType,
    Outcome,
    RowState,
)
from membership.models import Affiliation, Application, ApplicationInstitution, AuditEntry, Certificate, Institution, Member, Message, User
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import UserFactory, active_member, freeze, institution_reviewer
from tests.factories.reference import InstitutionFactory
from tests.membership.domain.acts import codes_told

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


def committee(**changes) -> Institution:
    return InstitutionFactory(committee=True, **changes)


def member_of(*institutions: Institution, at: datetime, **options) -> Member:
    """Return somebody whom these institutions let in today, a year ahead."""
    application = stories.approved(at=at, institutions=list(institutions) or [committee()], **options)
    return Member.objects.get(pk=application.member_id)


def holding(member: Member, institution: Institution, *, until: date = date(2026, 12, 31)) -> Affiliation:
    """Give a member one more affiliation, as an activation does."""
    return Affiliation.objects.create(
        member=member, institution=institution, valid_from=date(2025, 1, 1), valid_to=until, source=AffiliationSource.ACTIVATION
    )


def choice(*institutions: Institution, **replaced: Affiliation) -> Choice:
    """Return a choice; replaced affiliations go by the position of the institution that takes their place: ``_0=…``."""
    return Choice(institutions, {institutions[int(key[1:])].pk: one for key, one in replaced.items()})


def submit(member: Member, *institutions: Institution, at: datetime, true: bool = True, **replaced: Affiliation) -> Application:
    return further_enrolment.submit(person=member.user, choice=choice(*institutions, **replaced), is_still_true=true, at=at)


def refused(member: Member, *institutions: Institution, at: datetime, true: bool = True, **replaced: Affiliation) -> dict[str, str]:
    """Return what the society says, by field."""
    with pytest.raises(Incomplete) as refusal:
        submit(member, *institutions, at=at, true=true, **replaced)
    return {gap.field: gap.message for gap in refusal.value.gaps}


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


class TestWhoMay:  # Tables C and E, M-4
    def why(self, user: User, at: datetime) -> str:
        return further_enrolment.why_not(user, at=at)

    def test_an_active_member_may(self, at):
        assert self.why(member_of(at=at).user, at) == ""

    def test_the_last_day_counts_and_the_first_of_grace_asks_to_renew_first(self, at):
        member = member_of(at=at)

        assert self.why(member.user, moment(date(2027, 3, 17))) == ""
        assert "续会" in self.why(member.user, moment(date(2027, 3, 18)))

    def test_who_lapsed_renews_first(self, at):
        assert "已过期" in self.why(member_of(at=at).user, moment(date(2027, 4, 17)))

    def test_a_frozen_member_may_not(self, at):
        member = member_of(at=at)
        freeze(member, at=at)

        assert "冻结" in self.why(member.user, at)

    def test_an_applicant_and_a_bare_account_enrol_first(self, at):
        assert "入会以后" in self.why(stories.checking(at=at).member.user, at)
        assert "入会以后" in self.why(UserFactory(), at)

    def test_beside_a_first_enrolment_with_an_approved_row_they_may(self, at):
        application = stories.deciding(at=at, institutions=[committee(), committee()])
        stories.approve_row(application.rows.order_by("pk")[0], at=at)

        assert self.why(application.member.user, at) == ""

    def test_beside_a_first_enrolment_without_one_they_may_not(self, at):
        member = active_member()
        Member.objects.filter(pk=member.pk).update(current_dossier=stories.submitted(at=at).proposed_dossier)
        other = stories.deciding(at=at)
        Application.objects.filter(pk=other.pk).update(member=member)

        assert "进行中" in self.why(member.user, at)

    def test_without_a_current_dossier_nothing_can_be_judged(self, at):
        assert "现行资料" in self.why(active_member().user, at)

    def test_nobody_starts_who_may_not(self, at):
        member = member_of(at=at)

        with pytest.raises(MayNotStart, match="续会"):
            further_enrolment.save(person=member.user, choice=choice(committee()), at=moment(date(2027, 3, 20)))
        with pytest.raises(MayNotStart, match="入会以后"):
            further_enrolment.save(person=UserFactory(), choice=Choice(), at=at)

        assert not Application.objects.filter(kind=ApplicationKind.FURTHER_ENROLMENT).exists()

    def test_a_draft_of_who_came_into_grace_is_not_submitted(self, at):
        member, wanted = member_of(at=at), committee()
        further_enrolment.save(person=member.user, choice=choice(wanted), at=at)

        with pytest.raises(MayNotStart, match="续会"):
            submit(member, wanted, at=moment(date(2027, 3, 20)))

        assert further_enrolment.draft_of(member.user).state == ApplicationState.DRAFT


class TestDraft:  # Table B3, A-7, K-9
    def test_it_is_resumed_with_what_was_chosen(self, at):
        member = member_of(at=at)
        held, wanted = member.affiliations.get(), committee()

        further_enrolment.save(person=member.user, choice=choice(wanted, _0=held), at=at)

        kept = further_enrolment.choice_of(further_enrolment.draft_of(member.user))
        assert kept == choice(wanted, _0=held)

    def test_there_is_one_and_it_takes_the_latest_choice(self, at):
        member, first, second = member_of(at=at), committee(), committee()

        further_enrolment.save(person=member.user, choice=choice(first, _0=member.affiliations.get()), at=at)
        further_enrolment.save(person=member.user, choice=choice(second), at=at)

        draft = Application.objects.get(kind=ApplicationKind.FURTHER_ENROLMENT)
        assert further_enrolment.choice_of(draft) == choice(second)

    def test_it_proposes_no_dossier(self, at):
        member = member_of(at=at)

        assert further_enrolment.save(person=member.user, choice=choice(committee()), at=at).proposed_dossier is None

    def test_another_persons_affiliation_is_nobodys_to_replace(self, at):
        member, other = member_of(at=at), member_of(at=at)

        with pytest.raises(NotAllowed):
            further_enrolment.save(person=member.user, choice=choice(committee(), _0=other.affiliations.get()), at=at)

    def test_what_ended_meanwhile_is_replaced_by_nothing(self, at):
        member = member_of(committee(), committee(), at=at)
        held = member.affiliations.first()
        further_enrolment.save(person=member.user, choice=choice(committee(), _0=held), at=at)

        affiliations.give_up(affiliation=held, person=member.user, at=at)

        assert further_enrolment.choice_of(further_enrolment.draft_of(member.user)).replaced == {}

    def test_discarding_leaves_the_member_as_they_were(self, at):
        member = member_of(at=at)
        further_enrolment.save(person=member.user, choice=choice(committee(), _0=member.affiliations.get()), at=at)

        assert further_enrolment.discard(person=member.user, at=at)

        assert further_enrolment.draft_of(member.user) is None
        assert members.status_on(fresh(member), TODAY) == MembershipStatus.ACTIVE
        assert not further_enrolment.discard(person=member.user, at=at)

    def test_an_idle_one_goes_like_any_draft(self, at):
        member = member_of(at=at)
        draft = further_enrolment.save(person=member.user, choice=choice(committee()), at=at)
        later = datetime.combine(deadlines.draft_goes_on(draft), at.timetz())

        endings.clear_away(application=draft, at=later)

        assert further_enrolment.draft_of(member.user) is None

    def test_on_hold_it_is_neither_kept_nor_discarded(self, at):
        member = member_of(at=at)
        draft = further_enrolment.save(person=member.user, choice=choice(committee()), at=at)
        Application.objects.filter(pk=draft.pk).update(hold=Hold.FROZEN)

        with pytest.raises(NotPossible, match="暂停"):
            further_enrolment.save(person=member.user, choice=choice(committee()), at=at)
        with pytest.raises(NotPossible, match="暂停"):
            further_enrolment.discard(person=member.user, at=at)


class TestSubmit:  # A-11, K-1, K-2, transitions.csv
    def test_the_rows_go_straight_to_the_institutions(self, at):
        member, wanted = member_of(at=at), [committee(), InstitutionFactory(regional=True)]

        application = submit(member, *wanted, at=at)

        due = deadlines.row_due(started_on=TODAY, arrived_on=TODAY)
        assert application.state == ApplicationState.DECIDING
        assert {row.institution for row in application.rows.all()} == set(wanted)
        assert {(row.state, row.due_on, row.first_submitted_on) for row in application.rows.all()} == {(RowState.PENDING, due, TODAY)}

    def test_the_clock_starts_and_the_tick_is_kept(self, at):
        application = submit(member_of(at=at), committee(), at=at)

        assert application.clock_started_at == application.confirmed_true_at == application.submitted_at == at
        assert deadlines.promised_on(application) == deadlines.promise(TODAY)

    def test_no_form_no_endorsement_and_no_check_of_the_association(self, at):
        application = submit(member_of(at=at), committee(), at=at)

        assert application.proposed_dossier is None
        assert application.referral_method == ""
        assert not application.endorsements.exists()
        assert application.stage_due_on is None
        assert application.first_checked_at is None

    def test_the_member_reads_until_when_and_it_is_written_down(self, at):
        member = member_of(at=at)

        application = submit(member, committee(), at=at)

        told = Message.objects.get(user=member.user, code="further-submitted")
        assert f"{deadlines.promise(TODAY)}" in told.body
        assert AuditEntry.objects.filter(action="application.submit", actor=member.user, target_id=str(application.pk)).exists()

    def test_it_takes_the_stored_draft_along(self, at):
        member, wanted = member_of(at=at), committee()
        draft = further_enrolment.save(person=member.user, choice=choice(committee()), at=at)

        application = submit(member, wanted, at=at)

        assert application.pk == draft.pk
        assert [row.institution for row in application.rows.all()] == [wanted]

    def test_without_the_tick_nothing_is_submitted(self, at):
        member = member_of(at=at)

        assert "仍然属实" in refused(member, committee(), at=at, true=False)["is_still_true"]

        assert not member.applications.open().exists()

    def test_without_an_institution_neither(self, at):
        assert refused(member_of(at=at), at=at) == {"institutions": "请选择要加入的机构"}

    def test_a_second_one_beside_the_first_for_other_institutions(self, at):  # Table C
        member, first, second = member_of(at=at), committee(), committee()
        submit(member, first, at=at)

        assert submit(member, second, at=at).state == ApplicationState.DECIDING

    def test_two_devices_at_once_submit_one(self, at):
        member, wanted = member_of(at=at), committee()
        application = submit(member, wanted, at=at)

        assert "审核中" in refused(member, wanted, at=at)["institutions"]

        assert member.rows.open().filter(institution=wanted).count() == 1
        assert further_enrolment.submitted_for(member.user, [wanted]) == application
        assert further_enrolment.submitted_for(member.user, [wanted, committee()]) is None
        assert further_enrolment.draft_of(member.user) is None


class TestWhatCannotBeChosen:  # I-1, I-3, I-4, I-7, Table C
    def test_where_one_is_a_member_already(self, at):
        held = committee()

        assert "已是会员" in refused(member_of(held, at=at), held, at=at)["institutions"]

    def test_where_an_application_is_open(self, at):
        application = stories.deciding(at=at, institutions=[committee(), committee()])
        approved, pending = application.rows.order_by("pk")
        stories.approve_row(approved, at=at)

        assert "审核中" in refused(application.member, pending.institution, at=at)["institutions"]

    def test_a_refusal_of_an_application_still_decided_is_answered_there(self, at):
        application = stories.deciding(at=at, institutions=[committee(), committee(), committee()])
        approved, refusing, _ = application.rows.order_by("pk")
        stories.approve_row(approved, at=at)
        stories.refuse_row(refusing, at=at)

        assert "补充材料再申请" in refused(application.member, refusing.institution, at=at)["institutions"]

    def test_a_refusal_of_a_closed_one_is_applied_for_again(self, at):
        application = stories.deciding(at=at, institutions=[committee(), committee()])
        approved, refusing = application.rows.order_by("pk")
        stories.approve_row(approved, at=at)
        stories.refuse_row(refusing, at=at)

        assert submit(application.member, refusing.institution, at=at).state == ApplicationState.DECIDING

    def test_a_withdrawn_one_may_be_asked_again_at_once(self, at):
        member, wanted = member_of(at=at), committee()
        rows.withdraw_row(row=submit(member, wanted, at=at).rows.get(), person=member.user, at=at)

        assert submit(member, wanted, at=at).state == ApplicationState.DECIDING

    @pytest.mark.parametrize(
        "institution",
        [{"is_active": False}, {"closed_on": TODAY}, {"headquarters": True}],
        ids=["inactive", "closed today", "headquarters"],
    )
    def test_what_takes_no_applications(self, at, institution):
        assert "不接受申请" in refused(member_of(at=at), InstitutionFactory(**institution), at=at)["institutions"]

    def test_the_day_before_it_closes_it_still_takes_them(self, at):
        assert submit(member_of(at=at), committee(closed_on=TODAY + timedelta(days=1)), at=at)

    def test_one_in_grace_is_no_running_affiliation(self, at):
        member, late = member_of(at=at), committee()
        holding(member, late, until=TODAY - timedelta(days=1))

        assert late.pk not in further_enrolment.taken(member, today=TODAY)


class TestYouthCouncil:  # M-11
    @pytest.mark.parametrize(("day", "fits"), [(date(2026, 6, 9), True), (date(2026, 6, 10), False)], ids=["44", "45 that day"])
    def test_the_age_counts_on_the_day_of_submission(self, at, day, fits):
        member, youth = member_of(at=at, born_on=date(1981, 6, 10)), InstitutionFactory(youth_council=True)

        found = list(further_enrolment.faults(member, choice(youth), is_still_true=True, today=day))

        assert (found == []) is fits


class TestStudentCard:  # M-12
    @pytest.mark.parametrize(("day", "fits"), [(date(2026, 7, 1), True), (date(2026, 7, 2), False)], ids=["last day", "over"])
    def test_it_must_be_valid_on_the_day_of_submission(self, at, day, fits):
        member = member_of(at=at, member_type=MemberType.STUDENT, student_card_until=date(2026, 7, 1))

        found = list(further_enrolment.faults(member, choice(committee()), is_still_true=True, today=day))

        assert (found == []) is fits

    def test_who_is_no_student_has_none(self, at):
        assert further_enrolment.card_over(member_of(at=at), today=TODAY) == ""


class TestLimits:  # A-8, APP-3
    def test_five_committees_are_as_many_as_may_be(self, at):
        member = member_of(*[committee() for _ in range(4)], at=at)

        assert "请去掉 1 个" in refused(member, committee(), committee(), at=at)["institutions"]
        assert submit(member, committee(), at=at)

    def test_open_rows_count_and_overseas_branches_with_the_committees(self, at):
        member = member_of(*[committee() for _ in range(4)], at=at)
        submit(member, InstitutionFactory(overseas_branch=True), at=at)

        assert "最多 5 个" in refused(member, committee(), at=at)["institutions"]

    def test_grace_counts_lapsed_does_not(self, at):
        member = member_of(*[committee() for _ in range(4)], at=at)
        late = holding(member, committee(), until=TODAY - timedelta(days=30))

        assert "最多 5 个" in refused(member, committee(), at=at)["institutions"]
        Affiliation.objects.filter(pk=late.pk).update(valid_to=TODAY - timedelta(days=31))
        assert submit(member, committee(), at=at)

    def test_one_region_and_it_leaves_the_committees_alone(self, at):
        member = member_of(committee(), InstitutionFactory(regional=True), at=at)

        assert "省市抗癌协会" in refused(member, committee(), InstitutionFactory(regional=True), at=at)["institutions"]
        assert submit(member, committee(), at=at)

    def test_a_ceiling_lowered_later_forbids_no_other_kind(self, at):
        member = member_of(committee(), committee(), at=at)
        society_settings(max_committees=1)

        assert submit(member, InstitutionFactory(regional=True), at=at)


class TestReplacing:
    @pytest.fixture
    def full(self, at) -> Member:
        """A member of as many committees as may be, and of a region."""
        return member_of(*[committee() for _ in range(5)], InstitutionFactory(regional=True), at=at)

    def test_the_pair_counts_as_one(self, full, at):
        leaving = full.affiliations.first()

        application = submit(full, committee(), at=at, _0=leaving)

        assert application.rows.get().replaces == leaving
        [room, *_] = further_enrolment.rooms(full, today=TODAY)
        assert (room.taken, room.left) == (5, 0)
        assert leaving not in room.replaceable

    def test_until_the_approval_nothing_ends_and_on_that_day_it_does(self, full, at):
        leaving = full.affiliations.first()
        row = submit(full, committee(), at=at, _0=leaving).rows.get()

        before = fresh(leaving).ended_on
        stories.approve_row(row, at=at + timedelta(days=3))

        after = fresh(leaving)
        assert before is None
        assert (after.ended_on, after.ended_by) == (TODAY + timedelta(days=3), AffiliationEnd.REPLACED)
        told = Message.objects.filter(user=full.user, code="row-approved").latest("pk")
        assert f"{leaving.institution.name}的会员资格同时结束" in told.body

    def test_refused_it_leaves_the_old_one_as_it_was(self, full, at):
        leaving = full.affiliations.first()

        stories.refuse_row(submit(full, committee(), at=at, _0=leaving).rows.get(), at=at)

        assert fresh(leaving).ended_on is None
        assert leaving in further_enrolment.rooms(full, today=TODAY)[0].replaceable

    def test_each_is_replaced_by_one_open_row_only(self, full, at):
        leaving = full.affiliations.first()
        submit(full, committee(), at=at, _0=leaving)

        assert "改选" in refused(full, committee(), at=at, _0=leaving)["replaces"]

    def test_two_of_one_choice_cannot_take_the_same_place(self, full, at):
        leaving = full.affiliations.first()

        said = refused(full, committee(), committee(), at=at, _0=leaving, _1=leaving)

        assert "只能换成一个" in said["replaces"]

    def test_a_committee_is_not_exchanged_for_a_region(self, full, at):
        assert "同类" in refused(full, InstitutionFactory(regional=True), at=at, _0=full.affiliations.first())["replaces"]

    def test_an_overseas_branch_counts_as_a_committee(self, full, at):
        assert submit(full, InstitutionFactory(overseas_branch=True), at=at, _0=full.affiliations.first())

    def test_one_given_up_meanwhile_keeps_the_day_and_the_way_it_ended(self, full, at):
        leaving = full.affiliations.first()
        row = submit(full, committee(), at=at, _0=leaving).rows.get()
        affiliations.give_up(affiliation=leaving, person=full.user, at=at)

        stories.approve_row(row, at=at + timedelta(days=3))

        assert (fresh(leaving).ended_on, fresh(leaving).ended_by) == (TODAY, AffiliationEnd.GIVEN_UP)
        assert "同时结束" not in Message.objects.filter(user=full.user, code="row-approved").latest("pk").body


class TestDecided:  # B2, B3, A-6, A-9, A-19, N-15
    def test_an_approval_adds_an_affiliation_and_neither_number_nor_edition(self, at):
        member, wanted = member_of(at=at), committee()

        stories.approve_row(submit(member, wanted, at=at).rows.get(), at=at + timedelta(days=2))

        after = fresh(member)
        added = after.affiliations.get(institution=wanted)
        assert (added.valid_from, added.valid_to) == (date(2026, 3, 19), date(2027, 3, 19))
        assert (after.number, after.current_dossier_id) == (member.number, member.current_dossier_id)
        assert after.last_valid_to == date(2027, 3, 19)
        assert Certificate.objects.filter(member=member).count() == 1

    def test_the_last_answer_closes_it(self, at):
        application = submit(member_of(at=at), committee(), committee(), at=at)
        first, second = application.rows.order_by("pk")

        stories.refuse_row(first, at=at)
        state = fresh(application).state
        stories.approve_row(second, at=at)

        assert state == ApplicationState.DECIDING
        assert (fresh(application).state, fresh(application).outcome) == (ApplicationState.CLOSED, Outcome.APPROVED)

    def test_the_last_refusal_closes_it_and_never_returns_it(self, at):
        member = member_of(at=at)
        application = submit(member, committee(), at=at)

        stories.refuse_row(application.rows.get(), at=at)

        assert (fresh(application).state, fresh(application).outcome) == (ApplicationState.CLOSED, Outcome.REFUSED)
        assert codes_told(member.user)[-1] == "row-refused"
        assert "「加入更多机构」再次申请" in Message.objects.filter(user=member.user).latest("pk").body

    def test_not_even_for_who_lapsed_meanwhile(self, at):
        application = submit(member_of(at=at), committee(), at=at)

        stories.refuse_row(application.rows.get(), at=moment(date(2027, 5, 1)))

        assert fresh(application).state == ApplicationState.CLOSED

    def test_an_approval_after_the_lapse_makes_them_active_again_with_the_next_edition(self, at):
        member = member_of(at=at)
        row = submit(member, committee(), at=at).rows.get()

        stories.approve_row(row, at=moment(date(2027, 5, 1)))

        assert members.status_on(fresh(member), date(2027, 5, 1)) == MembershipStatus.ACTIVE
        assert fresh(member).number == member.number
        assert list(Certificate.objects.filter(member=member).order_by("edition").values_list("edition", flat=True)) == [1, 2]

    def test_a_ceiling_is_looked_at_again_under_lock(self, at):
        member = member_of(committee(), at=at)
        row = submit(member, committee(), at=at).rows.get()
        society_settings(max_committees=1)

        with pytest.raises(LimitReached):
            stories.approve_row(row, at=at)

        assert fresh(row).state == RowState.PENDING

    def test_a_refused_row_is_sent_once_more_while_others_are_open(self, at):
        member = member_of(at=at)
        refusing, _ = submit(member, committee(), committee(), at=at).rows.order_by("pk")
        stories.refuse_row(refusing, at=at)

        row = rows.resubmit_row(row=refusing, person=member.user, statement="补充了病例数", at=at)

        assert (row.state, row.round) == (RowState.PENDING, 2)

    def test_withdrawing_the_only_row_withdraws_it(self, at):
        member = member_of(at=at)
        application = submit(member, committee(), at=at)

        rows.withdraw_row(row=application.rows.get(), person=member.user, at=at)

        assert fresh(application).state == ApplicationState.WITHDRAWN


class TestInTheQueue:  # REV-1, S-6
    @dataclass
    class Scene:
        row: ApplicationInstitution
        reviewer: User

    @pytest.fixture
    def scene(self, at) -> Scene:
        wanted = committee()
        return self.Scene(submit(member_of(at=at), wanted, at=at).rows.get(), institution_reviewer(wanted))

    def test_it_waits_for_its_institution_at_once(self, scene):
        assert list(queues.rows_to_decide(scene.reviewer, today=TODAY)) == [scene.row]
        assert rulings.of_row(scene.reviewer, scene.row, today=TODAY).is_possible

    def test_no_other_institution_sees_it(self, scene):
        assert not queues.rows_open_to(institution_reviewer(committee())).exists()

    def test_nobody_decides_their_own(self, at):
        wanted = committee()
        reviewer = institution_reviewer(wanted)
        member = member_of(at=at, user=reviewer)

        row = submit(member, wanted, at=at).rows.get()

        assert not queues.rows_open_to(reviewer).exists()
        with pytest.raises(NotAllowed):
            review.approve_row(row=row, dossier=member.current_dossier, reviewer=reviewer, at=at)
