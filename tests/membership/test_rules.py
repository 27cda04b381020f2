"""Who may do what: roles, parties to a case, and the permissions made of them."""

from datetime import date

import pytest

from membership import rules
from membership.domain import attachments, queues
from membership.enums import AttachmentKind
from membership.models import Application, Endorsement, Recusal, User
from tests.factories import enrolment as stories
from tests.factories.people import (
    MemberFactory,
    SeatFactory,
    UserFactory,
    active_member,
    association_reviewer,
    committee_member,
    freeze,
    institution_reviewer,
    staff,
)
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db


def again(user) -> User:
    """Return the account as the next request has it: roles are kept for the length of one."""
    return User.objects.get(pk=user.pk)


class TestRoles:  # M-19, S-3
    @pytest.mark.parametrize("role", rules.ROLES)
    def test_a_role_is_a_group(self, role):
        assert rules.roles_of(staff(role)) == {role}

    def test_groups_of_others_are_no_roles(self):
        user = UserFactory(is_staff=True)
        user.groups.create(name="readers")

        assert rules.roles_of(user) == frozenset()

    def test_a_closed_account_has_none(self):
        user = association_reviewer()
        user.is_active = False

        assert rules.roles_of(user) == frozenset()

    def test_a_frozen_persons_groups_give_nothing_until_the_freeze_ends(self, at):
        user = association_reviewer()
        frozen = freeze(MemberFactory(user=user), at=at)
        assert rules.roles_of(again(user)) == frozenset()

        frozen.ended_at = at
        frozen.save()

        assert rules.roles_of(again(user)) == {rules.ASSOCIATION_REVIEWER}

    def test_to_be_a_superuser_is_no_role(self):
        assert not rules.has_role(UserFactory(is_superuser=True), *rules.ROLES)

    def test_an_institutions_reviewer_needs_the_role_beside_the_appointment(self):
        institution = InstitutionFactory()
        appointed = UserFactory()
        institution.reviewers.create(user=appointed)

        assert rules.institutions_reviewed_by(appointed) == []
        assert rules.institutions_reviewed_by(institution_reviewer(institution)) == [institution.pk]


class TestParties:  # S-6
    def test_the_applicant_is_party_to_their_case(self, at):
        application = stories.submitted(at=at)

        assert rules.is_party_to(application.member.user, application)

    def test_so_is_a_member_who_referred(self, at):
        referrer = active_member()
        application = stories.submitted(at=at, referral={"referral_method": "member", "referrer": referrer})

        assert rules.is_party_to(referrer.user, application)

    def test_so_is_a_committee_member_who_was_asked_whatever_they_said(self, at):
        seat = committee_member()
        application = stories.endorsing(at=at, seat=seat)
        Application.objects.filter(pk=application.pk).update(referrer=None, referrer_seat=None)
        application = Application.objects.get(pk=application.pk)

        for state in ("asked", "dropped"):
            Endorsement.objects.update(state=state)
            assert rules.is_party_to(seat.member.user, application)

    def test_nobody_else_is(self, at):
        application = stories.submitted(at=at, referral=stories.referred_by(committee_member()))

        for person in (association_reviewer(), committee_member().member.user, UserFactory()):
            assert not rules.is_party_to(person, application)

    def test_whose_cases_are_kept_from_a_reviewer_is_the_same(self, at):
        seat, referrer = committee_member(), active_member()
        own = stories.submitted(at=at)
        asked = stories.submitted(at=at, referral=stories.referred_by(seat))
        named = stories.submitted(at=at, referral={"referral_method": "member", "referrer": referrer})

        for person in (own.member.user, seat.member.user, referrer.user, association_reviewer()):
            found = set(Application.objects.filter(pk__in=queues.kept_from(person)))
            assert found == {one for one in (own, asked, named) if rules.is_party_to(person, one)}


class TestPermissions:  # S-6, S-7, K-7, E-9
    @pytest.fixture
    def application(self, at):
        return stories.deciding(at=at)

    def test_only_the_applicant_acts_on_their_application(self, application):
        assert rules.may(application.member.user, "act_on_own_application", application)
        assert not rules.may(association_reviewer(), "act_on_own_application", application)
        assert not rules.may(UserFactory(), "act_on_own_application", None)

    def test_only_the_committee_member_answers(self, at):
        seat = committee_member()
        endorsement = stories.endorsing(at=at, seat=seat).endorsements.get()

        assert rules.may(seat.member.user, "answer_endorsement", endorsement)
        assert not rules.may(committee_member().member.user, "answer_endorsement", endorsement)
        assert not rules.may(seat.member.user, "answer_endorsement", None)

    def test_the_association_checks_files_and_an_institution_its_rows(self, application):
        row = application.rows.get()
        own = institution_reviewer(row.institution)

        assert rules.may(association_reviewer(), "check_file", application)
        assert not rules.may(own, "check_file", application)
        assert rules.may(own, "decide_row", row)
        assert not rules.may(association_reviewer(), "decide_row", row)

    def test_without_a_case_at_hand_the_role_is_asked(self):
        assert rules.may(association_reviewer(), "check_file", None)
        assert rules.may(institution_reviewer(InstitutionFactory()), "decide_row", None)
        assert not rules.may(staff(rules.EDITOR), "check_file", None)

    def test_an_institution_without_reviewers_is_the_associations(self, application):
        assert rules.may(association_reviewer(), "decide_row", application.rows.get())

    def test_a_superuser_gets_nothing_for_being_one(self, application):
        superuser = UserFactory(is_superuser=True)

        assert superuser.has_perm("membership.check_file", application)
        assert not rules.may(superuser, "check_file", application)
        assert not rules.may(superuser, "decide_row", application.rows.get())

    def test_one_who_passed_a_case_on_has_done_with_it(self, application, at):
        reviewer = association_reviewer()
        Recusal.objects.create(application=application, reviewer=reviewer, reason="亲属", recused_at=at)

        assert rules.has_recused(reviewer, application)
        assert not rules.may(reviewer, "check_file", application)

    def test_an_administrator_checks_only_where_no_reviewer_of_the_association_is_left(self, application, at):
        administrator = staff(rules.ADMINISTRATOR)
        only = User.objects.get(groups__name=rules.ASSOCIATION_REVIEWER)
        assert not rules.may(administrator, "check_file", application)

        Recusal.objects.create(application=application, reviewer=only, reason="亲属", recused_at=at)
        assert rules.may(administrator, "check_file", application)

    def test_reviewers_are_left_while_one_may_decide(self, application, at):
        institution = application.rows.get().institution
        assert not rules.reviewers_left(institution, application)
        first, second = institution_reviewer(institution), institution_reviewer(institution)
        assert rules.reviewers_left(institution, application)

        Recusal.objects.create(application=application, institution=institution, reviewer=first, reason="亲属", recused_at=at)
        assert rules.reviewers_left(institution, application)
        freeze(MemberFactory(user=second), at=at)

        assert not rules.reviewers_left(institution, application)

    def test_a_reviewer_who_holds_the_seat_that_was_asked_is_not_counted(self, at):
        seat = SeatFactory(member=active_member(), ends_on=date(2026, 12, 31))
        application = stories.endorsing(at=at, seat=seat)
        institution = application.rows.get().institution
        user = seat.member.user
        user.groups.set(institution_reviewer(InstitutionFactory()).groups.all())
        institution.reviewers.create(user=user)

        assert not rules.reviewers_left(institution, application)


class TestFiles:  # OPS-2
    def test_a_person_owns_their_own_papers(self, at):
        member = MemberFactory()
        paper = attachments.store(stories.picture(AttachmentKind.PORTRAIT), member=member, by=member.user, at=at)

        assert rules.owns_the_file(member.user, paper)
        assert not rules.owns_the_file(UserFactory(), paper)
        assert not rules.owns_the_file(UserFactory(), None)

    def test_a_paper_of_nobody_is_owned_by_nobody(self, at):
        paper = attachments.store(stories.picture(AttachmentKind.EXPORT), member=None, by=None, at=at)

        assert not rules.owns_the_file(UserFactory(), paper)
