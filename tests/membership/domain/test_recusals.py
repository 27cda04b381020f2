"""回避: a case of relatives or colleagues is passed on, and recorded."""

import pytest

from membership import rules
from membership.domain import assignments, queues, recusals
from membership.domain.errors import NotAllowed
from membership.domain.recusals import Deciders
from membership.models import AuditEntry, Recusal
from tests.factories import enrolment as stories
from tests.factories.people import association_reviewer, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db
WHY = "申请人是我的学生"


@pytest.fixture
def lung():
    return InstitutionFactory(committee=True)


def recuse(case, reviewer, at, reason=WHY):
    return recusals.recuse(case=case, reviewer=reviewer, reason=reason, at=at)


class TestPassingOn:  # S-7
    def test_it_is_recorded_in_its_scope_and_the_case_is_gone_for_them(self, lung, at):
        row = stories.deciding(at=at, institutions=[lung]).rows.get()
        first, second = institution_reviewer(lung), institution_reviewer(lung)

        assert recuse(row, first, at) is Deciders.INSTITUTION

        recusal = Recusal.objects.get()
        assert (recusal.reviewer, recusal.institution, recusal.reason, recusal.recused_at) == (first, lung, WHY, at)
        assert AuditEntry.objects.get(action="case.recuse").institution == lung
        assert list(queues.rows_open_to(first)) == [] and list(queues.rows_to_decide(second)) == [row]

    def test_nobody_left_in_the_institution_the_association_decides(self, lung, at):
        row = stories.deciding(at=at, institutions=[lung]).rows.get()
        association = association_reviewer()
        assert list(queues.rows_to_decide(association)) == [] or not rules.reviewers_left(lung, row.application)
        only = institution_reviewer(lung)

        assert recuse(row, only, at) is Deciders.ASSOCIATION

        assert list(queues.rows_to_decide(association)) == [row]
        stories.approve_row(row, at=at, reviewer=association)

    def test_nobody_left_in_the_association_an_administrator_decides(self, at):
        reviewers = [association_reviewer(), association_reviewer()]
        administrator = staff(rules.ADMINISTRATOR)
        file, other = stories.checking(at=at), stories.checking(at=at)

        assert recuse(file, reviewers[0], at) is Deciders.ASSOCIATION
        assert list(queues.files_for(administrator)) == []
        assert recuse(file, reviewers[1], at) is Deciders.ADMINISTRATOR

        assert list(queues.files_to_check(administrator)) == [file]
        assert list(queues.files_to_check(reviewers[0])) == [other]
        stories.approve_file(file, at=at, reviewer=administrator)

    def test_an_administrator_decides_the_rows_of_such_a_case_that_fall_to_the_association(self, lung, at):
        reviewer = association_reviewer()
        row = stories.deciding(at=at, institutions=[lung]).rows.get()
        institution_of_others = InstitutionFactory(committee=True)
        others = stories.deciding(at=at, institutions=[institution_of_others]).rows.get()
        for association in rules.association_reviewers(row.application):
            recuse(row, association, at)
        administrator = staff(rules.ADMINISTRATOR)

        assert list(queues.rows_to_decide(administrator)) == [row]
        assert others not in queues.rows_open_to(administrator)
        assert list(queues.rows_to_decide(reviewer)) == [others]
        stories.approve_row(row, at=at, reviewer=administrator)

    def test_the_last_reviewers_own_case_is_an_administrators_too(self, at):  # S-6
        reviewer, administrator = association_reviewer(), staff(rules.ADMINISTRATOR)
        file = stories.checking(at=at, user=reviewer)

        assert list(queues.files_to_check(administrator)) == [file]
        assert list(queues.files_to_check(reviewer)) == []

    def test_an_administrator_does_not_decide_beside_the_association(self, at):
        association_reviewer()
        file = stories.checking(at=at)

        with pytest.raises(NotAllowed):
            stories.approve_file(file, at=at, reviewer=staff(rules.ADMINISTRATOR))

    def test_every_claim_of_theirs_ends(self, at):
        reviewer = association_reviewer()
        file = stories.checking(at=at)
        assignments.claim(case=file, reviewer=reviewer, at=at)

        recuse(file, reviewer, at)

        file.refresh_from_db()
        assert file.assigned_to is None


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("reason", "refusal"), [("", recusals.ReasonMissing), (" 　\n", recusals.ReasonMissing), ("因" * 301, recusals.ReasonTooLong)]
    )
    def test_without_a_reason_or_with_an_endless_one(self, at, reason, refusal):
        with pytest.raises(refusal):
            recuse(stories.checking(at=at), association_reviewer(), at, reason)

    def test_the_longest_reason_is_taken(self, at):
        assert recuse(stories.checking(at=at), association_reviewer(), at, "因" * 300)

    def test_by_whom_it_is_no_case(self, lung, at):
        row = stories.deciding(at=at, institutions=[lung]).rows.get()
        for person in (institution_reviewer(InstitutionFactory()), row.member.user, staff(rules.ADMINISTRATOR)):
            with pytest.raises(NotAllowed):
                recuse(row, person, at)

    def test_twice(self, at):
        file, reviewer = stories.checking(at=at), association_reviewer()
        recuse(file, reviewer, at)

        with pytest.raises(NotAllowed):
            recuse(file, reviewer, at)

    def test_what_has_ended(self, at):
        with pytest.raises(recusals.NothingToPassOn):
            recuse(stories.approved(at=at), association_reviewer(), at)
