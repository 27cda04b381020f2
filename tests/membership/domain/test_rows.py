"""One row an institution, each with a life of its own; and what the last answer means for the file."""

from datetime import date, timedelta

import pytest

from membership.domain import deadlines, enrolment, queues, rows, stamped_forms
from membership.domain.errors import NotAllowed
from membership.domain.rows import AlreadyHeld, InstitutionClosed, StatementMissing, TooManyFiles
from membership.domain.transitions import NotPossible, row_word
from membership.enums import ApplicationState, AttachmentKind, EndorsementState, Hold, Outcome, RowState, StatusWord
from membership.models import Affiliation, Application, ApplicationInstitution, AuditEntry, Message
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import UserFactory, committee_member, institution_reviewer
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def with_rows(build, at, count, **options):
    application = build(at=at, institutions=InstitutionFactory.create_batch(count, committee=True), **options)
    return application, list(application.rows.select_related("institution").order_by("pk"))


def withdraw(row, at, person=None):
    return rows.withdraw_row(row=row, person=person or row.member.user, at=at)


def resubmit(row, at, statement="补充了病例数", supplements=(), person=None):
    return rows.resubmit_row(row=row, person=person or row.member.user, statement=statement, supplements=supplements, at=at)


class TestWithdrawRow:  # A-12, B2
    @pytest.mark.parametrize(
        "build", [stories.submitted, stories.endorsing, stories.checking, stories.returned, stories.deciding], ids=lambda b: b.__name__
    )
    def test_an_undecided_row_goes_and_the_others_stay(self, at, build):
        application, [gone, other] = with_rows(build, at, 2)

        withdraw(gone, at)

        assert fresh(gone).state == RowState.WITHDRAWN
        assert row_word(fresh(gone)) == StatusWord.WITHDRAWN
        assert fresh(other).state == other.state
        assert fresh(application).state == application.state

    @pytest.mark.parametrize("build", [stories.submitted, stories.checking, stories.returned, stories.deciding], ids=lambda b: b.__name__)
    def test_with_its_last_row_the_file_is_withdrawn(self, at, build):
        application, [row] = with_rows(build, at, 1)

        withdraw(row, at)

        assert fresh(application).state == ApplicationState.WITHDRAWN
        assert not application.claims.exists()

    def test_the_committee_member_is_no_longer_waited_for_then(self, at):
        application, [row] = with_rows(stories.endorsing, at, 1)

        withdraw(row, at)

        assert fresh(application).state == ApplicationState.WITHDRAWN
        assert application.endorsements.get().state == EndorsementState.DROPPED

    def test_a_decided_row_is_not_withdrawn(self, at):
        _, [row, _] = with_rows(stories.deciding, at, 2)
        stories.approve_row(row, at=at)

        with pytest.raises(NotPossible, match="审批通过"):
            withdraw(row, at)

    def test_the_audit_puts_it_in_the_institutions_scope(self, at):
        _, [row, _] = with_rows(stories.deciding, at, 2)

        withdraw(row, at)

        assert AuditEntry.objects.get(action="row.withdraw").institution == row.institution

    def test_nobody_withdraws_anothers_row(self, at):
        _, [row] = with_rows(stories.submitted, at, 1)

        with pytest.raises(NotAllowed):
            withdraw(row, at, UserFactory())

    def test_the_frozen_wait(self, at):
        application, [row] = with_rows(stories.deciding, at, 1)
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        with pytest.raises(NotPossible, match="审核已暂停"):
            withdraw(row, at)

    def test_a_reported_row_may_be_withdrawn_and_is_no_longer_held(self, at):
        _, [row, _] = with_rows(stories.deciding, at, 2)
        ApplicationInstitution.objects.filter(pk=row.pk).update(hold=Hold.REPORTED)

        assert withdraw(row, at).hold == Hold.NONE


class TestResubmitRow:  # A-4, K-2, K-4
    @pytest.fixture
    def refused(self, at):
        _, [refused, _] = with_rows(stories.deciding, at, 2)
        stories.refuse_row(refused, at=at)
        return fresh(refused)

    def test_it_goes_back_to_that_institution_one_round_higher_with_its_own_date(self, refused, at):
        later = at + timedelta(days=3)
        reviewer = institution_reviewer(refused.institution)

        again = resubmit(refused, later)

        assert (again.state, again.round, again.statement) == (RowState.PENDING, 2, "补充了病例数")
        assert again.due_on == deadlines.promise(later.date())
        assert list(queues.rows_to_decide(reviewer)) == [again]
        assert again.first_submitted_on == TODAY

    def test_the_applicant_reads_until_when(self, refused, at):
        again = resubmit(refused, at)

        assert f"{again.due_on}" in Message.objects.get(code="row-resubmitted").body

    @pytest.mark.parametrize("statement", ["", " \n"])
    def test_it_says_what_is_new(self, refused, at, statement):
        with pytest.raises(StatementMissing) as refusal:
            resubmit(refused, at, statement=statement)

        assert refusal.value.field == "statement"

    def test_three_files_may_come_with_it_and_not_four(self, refused, at):
        files = [stories.picture(AttachmentKind.SUPPLEMENT, tone=tone) for tone in (10, 60, 110, 160)]
        with pytest.raises(TooManyFiles, match="最多 3 份，请去掉 1 份"):
            resubmit(refused, at, supplements=files)

        assert resubmit(refused, at, supplements=files[:3]).supplements.count() == 3

    def test_the_number_of_files_is_the_societys(self, refused, at):
        society_settings(row_supplement_files=0)

        with pytest.raises(TooManyFiles):
            resubmit(refused, at, supplements=[stories.picture(AttachmentKind.SUPPLEMENT)])

    def test_only_a_refused_row_comes_back(self, at):
        _, [pending, _] = with_rows(stories.deciding, at, 2)

        with pytest.raises(NotPossible, match="待机构审核"):
            resubmit(pending, at)

    def test_once_every_institution_has_answered_it_is_the_file_that_comes_back(self, at):
        _, [row] = with_rows(stories.deciding, at, 1)
        stories.refuse_row(row, at=at)

        with pytest.raises(NotPossible, match="各机构都已答复"):
            resubmit(row, at)

    def test_a_closed_institution_takes_nothing(self, refused, at):
        refused.institution.closed_on = TODAY
        refused.institution.save()

        with pytest.raises(InstitutionClosed):
            resubmit(refused, at)

    def test_where_one_is_a_member_by_now_nothing_is_asked_again(self, refused, at):
        Affiliation.objects.create(
            member=refused.member, institution=refused.institution, valid_from=TODAY, valid_to=date(2027, 3, 17), source="merge"
        )

        with pytest.raises(AlreadyHeld):
            resubmit(refused, at)

    def test_twice_by_a_double_click_is_once(self, refused, at):
        resubmit(refused, at)

        with pytest.raises(NotPossible):
            resubmit(refused, at)

        assert fresh(refused).round == 2

    def test_nobody_resubmits_for_another(self, refused, at):
        with pytest.raises(NotAllowed):
            resubmit(refused, at, person=UserFactory())

    def test_the_reviewers_decide_the_new_round_on_the_same_version(self, refused, at):
        resubmit(refused, at)

        decision = stories.approve_row(fresh(refused), at=at)

        assert (decision.round, decision.dossier.version) == (2, 1)


class TestTheLastAnswer:  # A-6, D-3
    @pytest.mark.parametrize(
        ("answers", "state", "outcome"),
        [
            ("approve approve", ApplicationState.CLOSED, Outcome.APPROVED),
            ("refuse approve", ApplicationState.CLOSED, Outcome.APPROVED),
            ("approve withdraw", ApplicationState.CLOSED, Outcome.APPROVED),
            ("refuse refuse", ApplicationState.RETURNED, ""),
            ("withdraw refuse", ApplicationState.RETURNED, ""),
            ("refuse withdraw", ApplicationState.RETURNED, ""),
            ("withdraw withdraw", ApplicationState.WITHDRAWN, ""),
        ],
    )
    def test_decides_the_file(self, at, answers, state, outcome):
        application, both = with_rows(stories.deciding, at, 2)
        acts = {"approve": stories.approve_row, "refuse": stories.refuse_row, "withdraw": lambda row, at: withdraw(row, at)}

        for row, answer in zip(both, answers.split(), strict=True):
            assert fresh(application).state == ApplicationState.DECIDING
            acts[answer](row, at=at)

        assert (fresh(application).state, fresh(application).outcome) == (state, outcome)

    def test_a_members_file_is_closed_not_returned(self, at):
        application, [approved, other] = with_rows(stories.deciding, at, 2)
        stories.approve_row(approved, at=at)
        ApplicationInstitution.objects.filter(pk=approved.pk).update(state=RowState.WITHDRAWN)  # as if it had come from elsewhere

        stories.refuse_row(other, at=at)

        assert (fresh(application).state, fresh(application).outcome) == (ApplicationState.CLOSED, Outcome.REFUSED)

    def test_while_the_referrer_is_waited_for_a_closed_institutions_refusal_is_nothing_to_come_back_to(self, at):
        seat = committee_member()
        application, [closed, open_] = with_rows(stories.deciding, at, 2)
        for row in (closed, open_):
            stories.refuse_row(row, at=at)
        closed.institution.closed_on = TODAY
        closed.institution.save()
        person = application.member.user
        enrolment.save_draft(application=fresh(application), person=person, answers=stories.referred_by(seat), at=at)
        again = enrolment.submit(application=fresh(application), person=person, consents_given=stories.CONSENTS, at=at)
        stamped_forms.upload(application=again, person=person, scan=stories.scan(), basis=[], at=at)
        assert fresh(application).state == ApplicationState.ENDORSING

        withdraw(fresh(open_), at)

        assert fresh(application).state == ApplicationState.WITHDRAWN

    def test_the_round_of_a_row_is_one_above_the_highest_of_its_institution(self, at):
        application, [row, other] = with_rows(stories.deciding, at, 2)
        ApplicationInstitution.objects.filter(pk=row.pk).update(round=4)

        assert rows.next_round(application, row.institution) == 5
        assert rows.next_round(application, other.institution) == 2
        assert rows.next_round(application, InstitutionFactory()) == 1


class TestReturnedByWhom:
    def test_the_association_or_the_rows(self, at):
        by_association = stories.returned(at=at)
        by_rows, [row] = with_rows(stories.deciding, at, 1)
        stories.refuse_row(row, at=at)

        assert rows.returned_by_the_association(by_association).reason == "盖章不清晰"
        assert rows.returned_by_the_association(fresh(by_rows)) is None

    def test_after_a_recall_nobody_returned_it(self, at):
        application = stories.returned(at=at)
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers={"email": "new@example.org"}, at=at)
        enrolment.submit(application=fresh(application), person=person, consents_given=stories.CONSENTS, at=at)

        enrolment.recall(application=fresh(application), person=person, at=moment(TODAY, 12))

        assert rows.returned_by_the_association(fresh(application)) is None
