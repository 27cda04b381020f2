"""上报违规: the row waits, its clock stands still, and runs on once the association has dismissed the report."""

from datetime import date, timedelta

import pytest

from membership.domain import attachments, queues, reports, rows, transitions
from membership.domain.errors import NotAllowed
from membership.enums import AttachmentKind, Hold, RequestState
from membership.models import AuditEntry, Message
from tests.factories import enrolment as stories
from tests.factories.people import association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db
TEXT = "资质证书编号查不到，疑似伪造"
ANSWER = "已核实，证书真实有效"


@pytest.fixture
def lung():
    return InstitutionFactory(committee=True, name="肺癌专业委员会")


@pytest.fixture
def of_lung(lung):
    return institution_reviewer(lung)


@pytest.fixture
def association():
    return association_reviewer()


@pytest.fixture
def row(lung, of_lung, association, at):
    return stories.deciding(at=at, institutions=[lung, InstitutionFactory(committee=True)]).rows.get(institution=lung)


def report(row, reviewer, at, text=TEXT, **options):
    return reports.report(row=row, reviewer=reviewer, text=text, at=at, **options)


class TestReporting:  # M-18, Table B2
    def test_that_row_alone_is_on_hold_and_nobody_decides_it(self, row, of_lung, at):
        found = report(row, of_lung, at)

        row.refresh_from_db()
        assert (row.state, row.hold, row.clock_stopped_on) == ("pending", Hold.REPORTED, date(2026, 3, 17))
        assert (found.state, found.reported_by, found.text) == (RequestState.OPEN, of_lung, TEXT)
        assert set(row.application.rows.exclude(pk=row.pk).values_list("hold", flat=True)) == {Hold.NONE}
        assert list(queues.rows_to_decide(of_lung)) == []
        with pytest.raises(transitions.NotPossible, match="已上报违规"):
            stories.approve_row(row, at=at, reviewer=of_lung)

    def test_the_association_is_told_and_the_applicant_is_not(self, row, of_lung, association, at):
        before = Message.objects.filter(user=row.member.user).count()

        report(row, of_lung, at)

        message = Message.objects.get(code="violation-reported", user=association)
        assert message.link == f"/admin/review/rows/{row.pk}/"
        assert TEXT not in message.body and Message.objects.filter(user=row.member.user).count() == before

    def test_the_applicant_may_withdraw_all_the_same_and_the_report_stays(self, row, of_lung, association, at):
        found = report(row, of_lung, at)

        rows.withdraw_row(row=row, person=row.member.user, at=at)

        found.refresh_from_db()
        assert found.state == RequestState.OPEN
        reports.dismiss(row=row, reviewer=association, answer=ANSWER, at=at)
        row.refresh_from_db()
        assert (row.state, row.hold) == ("withdrawn", Hold.NONE)

    def test_evidence_is_for_the_two_sides_and_never_for_whom_it_speaks_of(self, row, of_lung, association, at):  # S-4
        found = report(row, of_lung, at, evidence=[stories.picture(AttachmentKind.VIOLATION_EVIDENCE)])

        evidence = found.evidence.get()
        others = [one.institution for one in row.application.rows.exclude(pk=row.pk)]
        assert attachments.may_read(of_lung, evidence) and attachments.may_read(association, evidence)
        assert not attachments.may_read(row.member.user, evidence)
        assert not attachments.may_read(institution_reviewer(*others), evidence)

    @pytest.mark.parametrize(
        ("text", "refusal"),
        [
            ("", reports.TextTooShort),
            ("违" * 9, reports.TextTooShort),
            ("　" * 30, reports.TextTooShort),
            ("违" * 2001, reports.TextTooLong),
        ],
    )
    def test_too_few_and_too_many_words(self, row, of_lung, at, text, refusal):
        with pytest.raises(refusal):
            report(row, of_lung, at, text)
        row.refresh_from_db()
        assert row.hold == Hold.NONE

    @pytest.mark.parametrize("length", [10, 2000])
    def test_as_many_as_may_be(self, row, of_lung, at, length):
        assert report(row, of_lung, at, "违" * length).pk

    def test_one_file_too_many(self, row, of_lung, at):
        with pytest.raises(reports.TooManyFiles):
            report(row, of_lung, at, evidence=[stories.picture(AttachmentKind.VIOLATION_EVIDENCE)] * (reports.MOST_FILES + 1))

    def test_only_by_its_institution_and_only_while_it_waits(self, row, of_lung, association, at):
        for person in (association, institution_reviewer(InstitutionFactory()), row.member.user):
            with pytest.raises(NotAllowed):
                report(row, person, at)
        report(row, of_lung, at)
        with pytest.raises(transitions.NotPossible):
            report(row, of_lung, at)


class TestDismissing:  # K-4
    def test_the_working_days_that_were_left_run_on(self, row, of_lung, association, at):
        assert row.due_on == date(2026, 4, 8)
        report(row, of_lung, at)

        found = reports.dismiss(row=row, reviewer=association, answer=ANSWER, at=at + timedelta(days=30))

        row.refresh_from_db()
        # Fifteen working days were left on 17 March; from 16 April on they end here, 1 to 5 May off and Saturday the 9th worked.
        assert (row.hold, row.clock_stopped_on, row.due_on) == (Hold.NONE, None, date(2026, 5, 11))
        assert (found.state, found.closed_by) == (RequestState.DECLINED, association)
        assert list(queues.rows_to_decide(of_lung)) == [row]

    def test_five_working_days_at_least(self, row, of_lung, association, at):
        report(row, of_lung, at + timedelta(days=21))

        reports.dismiss(row=row, reviewer=association, answer=ANSWER, at=at + timedelta(days=22))

        row.refresh_from_db()
        assert row.due_on == date(2026, 4, 15)

    def test_who_reported_is_told_and_it_is_written_down(self, row, of_lung, association, at):
        report(row, of_lung, at)
        reports.dismiss(row=row, reviewer=association, answer=ANSWER, at=at)

        [told] = Message.objects.filter(code="report-dismissed", user=of_lung)
        assert ANSWER in told.body
        assert AuditEntry.objects.get(action="report.dismiss").institution == row.institution

    def test_not_by_the_institution_and_not_twice(self, row, of_lung, association, at):
        report(row, of_lung, at)
        with pytest.raises(NotAllowed):
            reports.dismiss(row=row, reviewer=of_lung, answer=ANSWER, at=at)
        reports.dismiss(row=row, reviewer=association, answer=ANSWER, at=at)

        with pytest.raises(reports.NothingToDismiss):
            reports.dismiss(row=row, reviewer=association, answer=ANSWER, at=at)

    def test_afterwards_it_is_decided_as_any_other(self, row, of_lung, association, at):
        report(row, of_lung, at)
        reports.dismiss(row=row, reviewer=association, answer=ANSWER, at=at)

        assert stories.approve_row(row, at=at, reviewer=of_lung).verdict == "approved"
