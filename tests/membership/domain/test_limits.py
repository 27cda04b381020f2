"""How many institutions one person may belong to: counted at submission, and again when an institution approves."""

from datetime import date, timedelta

import pytest

from membership.domain import limits, members, rows
from membership.domain.limits import LimitReached
from membership.enums import AffiliationEnd, AffiliationSource, ApplicationKind, ApplicationState, RowState
from membership.models import Affiliation, Application, ApplicationInstitution, Member, Message
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import MemberFactory, active_member, institution_reviewer
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


def affiliation(member, *, until, institution=None, **fields):
    return Affiliation.objects.create(
        member=member,
        institution=institution or InstitutionFactory(committee=True),
        valid_from=date(2025, 1, 1),
        valid_to=until,
        source=AffiliationSource.DECISION,
        **fields,
    )


class TestWhatCounts:  # A-8, M-1
    def held(self, member):
        return limits.held_affiliations(member, today=TODAY)

    @pytest.mark.parametrize(
        ("until", "counts"),
        [(TODAY, True), (TODAY - timedelta(days=30), True), (TODAY - timedelta(days=31), False)],
        ids=["running", "last day of grace", "lapsed"],
    )
    def test_running_and_grace_count_lapsed_does_not(self, until, counts):
        member = MemberFactory()
        affiliation(member, until=until)

        assert bool(self.held(member)) is counts

    def test_what_was_given_up_or_taken_back_does_not_count(self, at):
        member = MemberFactory()
        affiliation(member, until=TODAY, ended_on=TODAY, ended_by=AffiliationEnd.GIVEN_UP)
        affiliation(member, until=TODAY, voided_at=at)

        assert self.held(member) == []

    def test_an_overseas_branch_counts_as_a_committee(self):
        chosen = [*InstitutionFactory.create_batch(5, committee=True), InstitutionFactory(overseas_branch=True)]

        assert limits.excesses(chosen) == ["专委会（含海外分会）最多 5 个，现在有 6 个，请去掉 1 个"]

    def test_each_kind_has_a_ceiling_of_its_own(self):
        chosen = [*InstitutionFactory.create_batch(5, committee=True), InstitutionFactory(regional=True)]

        assert limits.excesses([*chosen, InstitutionFactory(youth_council=True)]) == []


class TestAtApproval:
    @pytest.fixture
    def two_rows_where_one_fits(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        society_settings(max_committees=1)
        first, second = application.rows.order_by("pk")
        stories.approve_row(first, at=at)
        return second

    def refused(self, row, at):
        with pytest.raises(LimitReached) as refusal:
            stories.approve_row(row, at=at)
        return refusal.value

    def test_the_reviewer_reads_that_the_member_has_as_many_as_may_be(self, two_rows_where_one_fits, at):
        assert "该会员已达上限" in self.refused(two_rows_where_one_fits, at).message

    def test_the_row_stays_pending_and_nothing_is_chosen_for_the_member(self, two_rows_where_one_fits, at):
        row = two_rows_where_one_fits

        self.refused(row, at)

        assert ApplicationInstitution.objects.get(pk=row.pk).state == RowState.PENDING
        assert Affiliation.objects.filter(member=row.member).count() == 1
        assert not row.decisions.exists()

    def test_the_member_is_told_once_to_give_up_or_withdraw_one(self, two_rows_where_one_fits, at):
        row = two_rows_where_one_fits

        self.refused(row, at)
        self.refused(row, at + timedelta(hours=1))

        told = Message.objects.get(user=row.member.user, code="limit-reached")
        assert "放弃或撤销一个机构" in told.body
        assert row.institution.name in told.body

    def test_after_one_was_given_up_the_other_is_approved(self, two_rows_where_one_fits, at):
        row = two_rows_where_one_fits
        Affiliation.objects.filter(member=row.member).update(ended_on=TODAY, ended_by=AffiliationEnd.GIVEN_UP)

        stories.approve_row(row, at=at)

        assert ApplicationInstitution.objects.get(pk=row.pk).state == RowState.APPROVED


class TestReplacing:
    @pytest.fixture
    def pair(self, at):
        member = active_member()
        former = affiliation(member, until=date(2026, 12, 1))
        society_settings(max_committees=2)
        application = Application.objects.create(
            kind=ApplicationKind.FURTHER_ENROLMENT, member=member, state=ApplicationState.DECIDING, created_at=at, state_since=at
        )
        row = ApplicationInstitution.objects.create(
            application=application,
            institution=InstitutionFactory(committee=True),
            member=member,
            state=RowState.PENDING,
            state_since=at,
            first_submitted_on=TODAY,
            due_on=TODAY,
            replaces=former,
        )
        members.refresh_last_valid_to(member)
        return row, former

    def test_the_pair_counts_as_one(self, pair):
        row, _ = pair

        limits.require_room(row.member, for_row=row, today=TODAY)
        limits.require_room_to_ask(row.member, for_row=row, today=TODAY)

    def test_without_the_one_it_replaces_the_same_row_is_too_many(self, pair):
        row, _ = pair
        row.replaces = None

        with pytest.raises(LimitReached):
            limits.require_room(row.member, for_row=row, today=TODAY)

    def test_the_former_ends_on_the_day_the_new_one_is_approved(self, pair, at):
        row, former = pair
        dossier = stories.draft(at=at).proposed_dossier
        Member.objects.filter(pk=row.member_id).update(current_dossier=dossier)
        row = ApplicationInstitution.objects.get(pk=row.pk)

        stories.approve_row(row, at=at, reviewer=institution_reviewer(row.institution))

        former.refresh_from_db()
        assert (former.ended_on, former.ended_by) == (TODAY, AffiliationEnd.REPLACED)
        assert not row.member.certificates.exists()  # a member all along: no return, so no new edition


class TestAskingAgain:  # at the resubmission of a row
    def resubmit(self, row, at):
        return rows.resubmit_row(row=row, person=row.member.user, statement="补充了病例数", at=at)

    def test_open_rows_count_beside_affiliations(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(3, committee=True))
        approved, refused, _ = application.rows.order_by("pk")
        stories.approve_row(approved, at=at)
        stories.refuse_row(refused, at=at)
        society_settings(max_committees=2)

        with pytest.raises(LimitReached, match="最多 2 个，现在有 3 个"):
            self.resubmit(refused, at)

    def test_what_was_refused_or_withdrawn_leaves_room(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(3, committee=True))
        refused, withdrawn, _ = application.rows.order_by("pk")
        stories.refuse_row(refused, at=at)
        rows.withdraw_row(row=withdrawn, person=withdrawn.member.user, at=at)
        society_settings(max_committees=2)

        assert self.resubmit(refused, at).state == RowState.PENDING

    def test_after_the_grace_of_the_others_there_is_room_again(self, at):
        member = MemberFactory()
        affiliation(member, until=date(2026, 2, 15))
        row = ApplicationInstitution(institution=InstitutionFactory(committee=True), member=member)
        society_settings(max_committees=1)

        with pytest.raises(LimitReached):
            limits.require_room(member, for_row=row, today=moment(TODAY).date())
        limits.require_room(member, for_row=row, today=TODAY + timedelta(days=1))
