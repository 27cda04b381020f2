"""Lives of the rulebook, told as it tells them: the first up to «C overdue», the second, the fifth."""

from datetime import date, datetime, timedelta

import pytest

from membership import working_days
from membership.domain import certificates, deadlines, dossiers, enrolment, queues, review, rows, stamped_forms, verification
from membership.domain.errors import NotAllowed
from membership.enums import ApplicationState, Basis, CertificateState, RowState, Standing
from membership.models import Application, Decision, Member
from membership.periods import SHANGHAI
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory, TitleFactory

pytestmark = pytest.mark.django_db


def moment(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


class TestLifeOne:  # K-2, K-6, N-4, N-13
    """Three committees and a region: A says yes, B no, C nothing, the region yes."""

    @pytest.fixture
    def life(self, at):
        committees = [InstitutionFactory(committee=True, name=f"{letter}专业委员会") for letter in "甲乙丙"]
        region = InstitutionFactory(regional=True)
        application = stories.deciding(at=at, institutions=[*committees, region])
        reviewers = {one: institution_reviewer(one) for one in [*committees, region]}
        named = {row.institution: row for row in application.rows.select_related("institution")}
        stories.approve_row(named[committees[0]], at=at, reviewer=reviewers[committees[0]])
        stories.refuse_row(named[committees[1]], at=at, reviewer=reviewers[committees[1]], reason="专业方向不符")
        stories.approve_row(named[region], at=at, reviewer=reviewers[region])
        return application, committees, region, reviewers, named

    def test_the_first_approval_makes_a_member_with_a_number_and_edition_one(self, life, at):
        application, committees, *_ = life
        member = Member.objects.get(pk=application.member_id)

        edition = certificates.live_edition(member)

        assert member.standing == Standing.MEMBER
        assert (edition.number, edition.edition) == (member.number, 1)
        assert edition.decision.institution == committees[0]
        assert member.current_dossier == application.proposed_dossier

    def test_the_certificate_names_the_committee_and_the_region_that_approved(self, life, at):
        application, committees, region, *_ = life
        member = Member.objects.get(pk=application.member_id)

        printed = [line.institution for line in certificates.lines(member, today=at.date())]

        assert printed == [committees[0].full_name, region.full_name]

    def test_a_refused_row_resubmitted_with_a_statement_moves_its_own_queue_alone(self, life, at):
        application, committees, region, reviewers, named = life
        before = {row.pk: (row.state, row.round, row.due_on) for row in application.rows.exclude(institution=committees[1])}
        later = at + timedelta(days=2)

        rows.resubmit_row(row=named[committees[1]], person=application.member.user, statement="补充了病例数", at=later)

        assert [row.institution for row in queues.rows_to_decide(reviewers[committees[1]])] == [committees[1]]
        after = {row.pk: (row.state, row.round, row.due_on) for row in application.rows.exclude(institution=committees[1])}
        assert after == before
        resubmitted = application.rows.get(institution=committees[1])
        assert (resubmitted.state, resubmitted.round) == (RowState.PENDING, 2)
        assert resubmitted.due_on == deadlines.promise(later.date())

    def test_no_step_asks_for_another_stamp(self, life, at):
        application, committees, _, _, named = life

        rows.resubmit_row(row=named[committees[1]], person=application.member.user, statement="补充了病例数", at=at)

        assert Application.objects.get(pk=application.pk).state == ApplicationState.DECIDING
        assert application.stamped_forms.count() == 1

    def test_the_association_decides_for_the_silent_committee_five_working_days_after_its_date(self, life):
        application, committees, _, _, named = life
        silent = application.rows.get(institution=committees[2])
        colleague = association_reviewer()
        first_day = working_days.add(silent.due_on, 5, deadlines.calendar())
        with pytest.raises(NotAllowed):
            stories.approve_row(silent, at=moment(first_day - timedelta(days=1)), reviewer=colleague)

        with pytest.raises(review.SubstituteReasonMissing):
            stories.approve_row(silent, at=moment(first_day), reviewer=colleague)
        decision = stories.approve_row(silent, at=moment(first_day), reviewer=colleague, reason="机构逾期未审")

        assert decision.on_behalf
        assert deadlines.is_overdue(silent, today=first_day)

    def test_while_nothing_is_decided_overdue_neither_approves_nor_refuses(self, life):
        application, committees, *_ = life
        silent = application.rows.get(institution=committees[2])

        assert deadlines.is_overdue(silent, today=silent.due_on + timedelta(days=1))
        assert silent.state == RowState.PENDING
        assert not Decision.objects.filter(institution=committees[2]).exists()


class TestLifeTwo:  # E-4
    """All four say no: the file is returned."""

    @pytest.fixture
    def refused(self, at):
        four = [*InstitutionFactory.create_batch(3, committee=True), InstitutionFactory(regional=True)]
        application = stories.deciding(at=at, institutions=four)
        for row in application.rows.order_by("pk"):
            stories.refuse_row(row, at=at)
        return Application.objects.get(pk=application.pk)

    def correct(self, application, at, **changes):
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers=changes, at=at)
        return enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)

    def test_the_file_is_returned_when_the_last_of_them_has_refused(self, refused):
        assert refused.state == ApplicationState.RETURNED
        assert refused.member.standing == Standing.APPLICANT

    def test_a_changed_title_asks_for_a_new_form_because_it_is_printed(self, refused, at):
        again = self.correct(refused, at, title=TitleFactory(code="241", name="副主任药师", display="副高级,副主任药师"))

        assert again.state == ApplicationState.AWAITING_FORM

    def test_changed_remarks_ask_for_no_new_form(self, refused, at):
        again = self.correct(refused, at, remarks="已补充说明")

        assert again.state == ApplicationState.CHECKING

    def test_the_association_checks_first_and_then_all_four_again(self, refused, at):
        again = self.correct(refused, at, remarks="已补充说明")
        assert set(again.rows.values_list("state", "round")) == {(RowState.WAITING, 2)}

        stories.approve_file(again, at=at)

        assert set(again.rows.values_list("state", flat=True)) == {RowState.PENDING}
        assert dossiers.latest_sealed(again).version == 2

    def test_earlier_rounds_stay_readable(self, refused, at):
        self.correct(refused, at, remarks="已补充说明")

        verdicts = refused.decisions.exclude(institution=None).values_list("round", "verdict", "reason")

        assert set(verdicts) == {(1, "refused", "不符合要求")}


class TestLifeFive:  # M-11, APP-3
    """Born 1981-06-10: 青年理事会 the day before turning 45, and on the day."""

    BORN = date(1981, 6, 10)

    def apply(self, day):
        council = InstitutionFactory(youth_council=True)
        return stories.submitted(at=moment(day), institutions=[council], born_on=self.BORN)

    def test_submitted_the_day_before_the_birthday_is_accepted_and_runs_a_year_from_approval(self):
        application = self.apply(date(2026, 6, 9))
        approved_on = moment(date(2026, 6, 20))
        stamped_forms.upload(
            application=application,
            person=application.member.user,
            scan=stories.scan(),
            basis=[Basis.STAMP],
            at=moment(date(2026, 6, 12)),
        )
        stories.approve_file(application, at=approved_on)

        stories.approve_row(application.rows.get(), at=approved_on)

        affiliation = application.member.affiliations.get()
        assert (affiliation.valid_from, affiliation.valid_to) == (date(2026, 6, 20), date(2027, 6, 20))

    def test_submitted_on_the_birthday_is_refused_with_the_age_named(self):
        with pytest.raises(enrolment.Incomplete) as refusal:
            self.apply(date(2026, 6, 10))

        [gap] = refusal.value.gaps
        assert gap.field == "institutions"
        assert "45 周岁" in gap.message


class TestVerificationAlongTheWay:  # Table D
    def test_the_number_answers_valid_from_the_first_approval_downloaded_or_not(self, at):
        application = stories.approved(at=at)
        member = Member.objects.get(pk=application.member_id)

        answer = verification.by_number(member.number, today=at.date())

        assert answer.state == CertificateState.VALID
        assert answer.name == "沈**"

    def test_nobody_without_a_number_is_found(self, at):
        UserFactory()

        assert verification.by_number("M1650002054A", today=at.date()).word == "查无此证书"
