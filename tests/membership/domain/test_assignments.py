"""领取 and 释放: a soft hint who is at a case; it keeps nobody from deciding."""

from datetime import timedelta

import pytest

from membership.domain import assignments, cases
from membership.domain.errors import NotAllowed
from membership.models import AuditEntry
from tests.factories import enrolment as stories
from tests.factories.people import association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lung():
    return InstitutionFactory(committee=True)


@pytest.fixture
def reviewer():
    return association_reviewer("唐老师")


class TestClaims:  # REV-9
    def test_a_file_is_taken_on_and_let_go(self, reviewer, at):
        file = stories.checking(at=at)

        assignments.claim(case=file, reviewer=reviewer, at=at)
        file.refresh_from_db()
        assert (file.assigned_to, file.assigned_at) == (reviewer, at)

        assignments.release(case=file, reviewer=reviewer, at=at)
        file.refresh_from_db()
        assert (file.assigned_to, file.assigned_at) == (None, None)

    def test_a_row_is_taken_on_by_its_institution_within_its_scope(self, lung, at):
        row = stories.deciding(at=at, institutions=[lung]).rows.get()
        of_lung = institution_reviewer(lung)

        assignments.claim(case=row, reviewer=of_lung, at=at)

        row.refresh_from_db()
        assert row.assigned_to == of_lung
        assert AuditEntry.objects.get(action="case.claim").institution == lung

    def test_the_second_of_two_is_told_who_and_when(self, reviewer, at):  # REV-5
        file = stories.checking(at=at)
        assignments.claim(case=file, reviewer=reviewer, at=at)

        with pytest.raises(assignments.ClaimedByAnother) as refusal:
            assignments.claim(case=file, reviewer=association_reviewer("王老师"), at=at + timedelta(minutes=1))

        assert refusal.value.message == "唐老师 已于 2026-03-17 10:00 领取了这份申请。"

    def test_who_read_that_takes_it_over(self, reviewer, at):
        file, colleague = stories.checking(at=at), association_reviewer("王老师")
        assignments.claim(case=file, reviewer=reviewer, at=at)

        assignments.claim(case=file, reviewer=colleague, at=at, takes_over_from=reviewer.pk)

        file.refresh_from_db()
        assert file.assigned_to == colleague
        assert AuditEntry.objects.filter(action="case.claim").latest("pk").details == {"from": reviewer.pk}

    def test_from_a_third_person_it_is_asked_anew(self, reviewer, at):
        file, second = stories.checking(at=at), association_reviewer("王老师")
        assignments.claim(case=file, reviewer=second, at=at)

        with pytest.raises(assignments.ClaimedByAnother, match="王老师"):
            assignments.claim(case=file, reviewer=association_reviewer("李老师"), at=at, takes_over_from=reviewer.pk)

    def test_asking_twice_changes_and_writes_nothing(self, reviewer, at):
        file = stories.checking(at=at)
        for minutes in (0, 5):
            assignments.claim(case=file, reviewer=reviewer, at=at + timedelta(minutes=minutes))

        file.refresh_from_db()
        assert file.assigned_at == at and AuditEntry.objects.filter(action="case.claim").count() == 1

    def test_letting_go_of_nothing_is_nothing_and_of_a_colleagues_is_refused(self, reviewer, at):
        file = stories.checking(at=at)
        assignments.release(case=file, reviewer=reviewer, at=at)
        assignments.claim(case=file, reviewer=reviewer, at=at)

        with pytest.raises(assignments.ClaimedByAnother):
            assignments.release(case=file, reviewer=association_reviewer("王老师"), at=at)
        assert not AuditEntry.objects.filter(action="case.release").exists()

    def test_it_keeps_nobody_from_deciding_and_ends_with_the_decision(self, reviewer, at):
        file = stories.checking(at=at)
        assignments.claim(case=file, reviewer=reviewer, at=at)

        stories.approve_file(file, at=at, reviewer=association_reviewer("王老师"))

        file.refresh_from_db()
        assert (file.state, file.assigned_to) == ("deciding", None)

    @pytest.mark.parametrize("build", [stories.submitted, stories.deciding, stories.returned, stories.approved])
    def test_what_waits_for_nobody_is_not_taken_on(self, reviewer, at, build):
        with pytest.raises(assignments.NotWaiting):
            assignments.claim(case=build(at=at), reviewer=reviewer, at=at)

    def test_only_by_those_who_decide_it(self, lung, at):
        applicant = association_reviewer("本人")
        file = stories.checking(at=at, user=applicant, institutions=[lung])
        row = stories.deciding(at=at, institutions=[lung]).rows.get()
        institution_reviewer(lung)

        for case, person in ((file, applicant), (row, institution_reviewer(InstitutionFactory())), (row, association_reviewer())):
            with pytest.raises(NotAllowed):
                assignments.claim(case=case, reviewer=person, at=at)

    def test_the_association_takes_on_what_fell_to_it(self, reviewer, lung, at):  # K-7
        row = stories.deciding(at=at, institutions=[lung]).rows.get()

        assignments.claim(case=row, reviewer=reviewer, at=at)

        assert cases.scope_of(reviewer, row) is None
