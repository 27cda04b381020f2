"""The association's check of a file, and an institution's verdict on its row: who may, on what, and what follows."""

from datetime import date, timedelta

import pytest

from membership import rules
from membership.domain import certificates, deadlines, dossiers, endorsements, enrolment, queues, review, rows, stamped_forms
from membership.domain.errors import NotAllowed
from membership.domain.review import AlreadyDecided, BasisMissing, ReasonMissing, SubstituteReasonMissing, TooEarly
from membership.domain.transitions import NotPossible, applicant_word, row_word
from membership.enums import ApplicationState, Basis, EndorsementState, Hold, Outcome, RowState, Standing, StatusWord, Verdict
from membership.models import Application, ApplicationInstitution, AuditEntry, Decision, Member, Message, Recusal
from tests.factories import enrolment as stories
from tests.factories.moments import moment
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
from tests.factories.reference import InstitutionFactory, ReviewReasonFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def told(application, code):
    return Message.objects.get(user=application.member.user, code=code)


def deciding(at, count=1, **options):
    """Return a file with its institutions, and its rows."""
    application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(count, committee=True), **options)
    return application, list(application.rows.select_related("institution").order_by("pk"))


def not_accept(application, at, **options):
    return review.not_accept_file(
        application=application,
        dossier=dossiers.latest_sealed(application),
        reviewer=association_reviewer(),
        at=at,
        **{"reason": "不符合入会条件", **options},
    )


class TestApproveFile:  # REV-3, K-2, B1
    def test_the_rows_go_to_their_institutions_with_their_dates(self, at):
        application = stories.checking(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        later = at + timedelta(days=3)

        decision = stories.approve_file(application, at=later)

        application = fresh(application)
        assert application.state == ApplicationState.DECIDING
        due = deadlines.row_due(started_on=TODAY, arrived_on=later.date())
        assert set(application.rows.values_list("state", "due_on")) == {(RowState.PENDING, due)}
        assert (decision.verdict, decision.round, decision.institution) == (Verdict.APPROVED, 1, None)

    def test_the_message_names_the_date_that_the_page_shows(self, at):
        application = stories.checking(at=at)

        stories.approve_file(application, at=at)

        assert f"{deadlines.promised_on(fresh(application))}" in told(application, "file-approved").body

    def test_a_row_withdrawn_before_stays_withdrawn(self, at):
        application = stories.checking(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        first, second = application.rows.order_by("pk")
        rows.withdraw_row(row=first, person=application.member.user, at=at)

        stories.approve_file(application, at=at)

        assert fresh(first).state == RowState.WITHDRAWN
        assert fresh(second).state == RowState.PENDING

    @pytest.mark.parametrize("basis", [[], [Basis.ENDORSEMENT]])
    def test_a_file_that_rests_on_nothing_is_not_approved(self, at, basis):
        application = stories.checking(at=at)
        Application.objects.filter(pk=application.pk).update(basis=basis)

        with pytest.raises(BasisMissing):
            stories.approve_file(application, at=at)

        assert fresh(application).state == ApplicationState.CHECKING

    def test_an_endorsement_given_online_is_enough(self, at):
        application = stories.endorsing(at=at)
        endorsement = application.endorsements.get()
        endorsements.agree(endorsement=endorsement, person=endorsement.seat.member.user, at=at)

        stories.approve_file(fresh(application), at=at)

        assert fresh(application).state == ApplicationState.DECIDING


class TestRefuseFile:  # A-3, REV-2, S-5
    def test_the_file_comes_back_and_its_waiting_rows_read_the_same(self, at):
        application = stories.checking(at=at)

        stories.refuse_file(application, at=at, reason="邮箱有误", fields=["email"])

        application = fresh(application)
        row = application.rows.select_related("application").get()
        assert (application.state, row.state) == (ApplicationState.RETURNED, RowState.WAITING)
        assert applicant_word(application) == row_word(row) == StatusWord.REFUSED
        assert application.decisions.get().fields == ["email"]

    def test_the_applicant_reads_picked_and_written_reasons_and_until_when(self, at):
        application = stories.checking(at=at)

        stories.refuse_file(application, at=at, reason="请核对邮箱", reasons=[ReviewReasonFactory()])

        message = told(application, "file-refused")
        assert "信息填写不完整；请核对邮箱" in message.body
        assert "2026-06-15" in message.body
        assert "唐老师" not in message.body

    def test_without_any_reason_nothing_is_refused(self, at):
        application = stories.checking(at=at)

        with pytest.raises(ReasonMissing):
            stories.refuse_file(application, at=at, reason=" ")

        assert fresh(application).state == ApplicationState.CHECKING


class TestNotAccepted:
    def test_before_the_third_round_only_ineligibility_ends_a_file(self, at):
        application = stories.checking(at=at)

        with pytest.raises(TooEarly, match="第 3 轮"):
            not_accept(application, at)

        assert not_accept(application, at, is_ineligible=True).verdict == Verdict.NOT_ACCEPTED

    def test_from_the_third_round_any_file_may_end(self, at):
        application = stories.checking(at=at)
        for _ in range(2):
            stories.refuse_file(application, at=at, reason="仍不完整")
            person = application.member.user
            application = enrolment.submit(application=fresh(application), person=person, consents_given=stories.CONSENTS, at=at)

        not_accept(application, at)

        assert fresh(application).round == 3
        assert fresh(application).state == ApplicationState.CLOSED

    def test_it_reads_as_refused_says_why_and_from_when_one_may_come_again(self, at):
        application = stories.checking(at=at)

        not_accept(application, at, is_ineligible=True)

        application = fresh(application)
        assert (application.outcome, applicant_word(application)) == (Outcome.NOT_ACCEPTED, StatusWord.REFUSED)
        assert application.rows.get().state == RowState.REFUSED
        body = told(application, "file-not-accepted").body
        assert "不符合入会条件" in body
        assert "2026-09-17" in body

    def test_a_committee_members_word_is_not_undone_by_it(self, at):
        application = stories.endorsing(at=at)
        endorsement = application.endorsements.get()
        endorsements.agree(endorsement=endorsement, person=endorsement.seat.member.user, at=at)

        not_accept(fresh(application), at, is_ineligible=True)

        assert application.endorsements.get().state == EndorsementState.AGREED

    def test_it_needs_a_reason(self, at):
        with pytest.raises(ReasonMissing):
            not_accept(stories.checking(at=at), at, reason="", is_ineligible=True)


class TestApproveRow:  # A-5, D-1, D-3, M-3, N-4
    def test_the_first_approval_makes_a_member(self, at):
        application, [row] = deciding(at)

        decision = stories.approve_row(row, at=at)

        member = fresh(application.member)
        assert (member.standing, member.joined_on, member.last_valid_to) == (Standing.MEMBER, TODAY, date(2027, 3, 17))
        assert member.current_dossier == decision.dossier == application.proposed_dossier
        assert certificates.live_edition(member).decision == decision
        assert member.number in told(application, "row-approved-first").body

    def test_a_further_approval_adds_an_affiliation_and_no_edition(self, at):
        application, [first, second] = deciding(at, 2)
        stories.approve_row(first, at=at)

        stories.approve_row(second, at=at + timedelta(days=2))

        member = fresh(application.member)
        assert member.affiliations.count() == 2
        assert member.certificates.count() == 1
        assert "2026-03-19 至 2027-03-19" in told(application, "row-approved").body

    def test_the_affiliation_runs_from_the_day_of_the_decision_in_shanghai(self, at):
        application, [row] = deciding(at)

        stories.approve_row(row, at=moment(date(2026, 3, 20), 0, 30))

        affiliation = application.member.affiliations.get()
        assert (affiliation.valid_from, affiliation.valid_to) == (date(2026, 3, 20), date(2027, 3, 20))

    def test_who_returns_keeps_the_number_and_gets_the_next_edition(self, at):
        earlier = stories.approved(at=at)
        number, person = fresh(earlier.member).number, earlier.member.user
        document = earlier.proposed_dossier.document_number
        later = moment(date(2028, 5, 2))

        stories.approved(at=later, user=person, document_number=document, department="肿瘤内科")

        member = Member.objects.get(user=person)
        edition = certificates.live_edition(member)
        assert (member.number, edition.edition, member.joined_on) == (number, 2, TODAY)
        assert edition.dossier.department == "肿瘤内科"
        assert member.certificates.get(edition=1).superseded_at == later

    def test_the_last_answer_closes_the_file(self, at):
        application, [first, second] = deciding(at, 2)
        stories.refuse_row(first, at=at)

        stories.approve_row(second, at=at)

        assert (fresh(application).state, fresh(application).outcome) == (ApplicationState.CLOSED, Outcome.APPROVED)


class TestRefuseRow:
    def test_it_closes_its_own_row_alone(self, at):
        application, [refused, other] = deciding(at, 2)

        stories.refuse_row(refused, at=at, reason="专业方向不符")

        assert fresh(refused).state == RowState.REFUSED
        assert (fresh(other).state, fresh(other).due_on) == (RowState.PENDING, other.due_on)
        assert fresh(application).state == ApplicationState.DECIDING
        assert "专业方向不符" in told(application, "row-refused").body

    def test_as_the_last_of_all_it_returns_the_file_in_one_message(self, at):
        application, [row] = deciding(at)

        stories.refuse_row(row, at=at, reason="专业方向不符")

        assert fresh(application).state == ApplicationState.RETURNED
        body = told(application, "file-returned-by-rows").body
        assert "专业方向不符" in body
        assert "2026-06-15" in body
        assert not Message.objects.filter(code="row-refused").exists()

    def test_after_an_approval_the_file_closes_and_nobody_has_to_come_back(self, at):
        application, [approved, refused] = deciding(at, 2)
        stories.approve_row(approved, at=at)

        stories.refuse_row(refused, at=at)

        assert fresh(application).outcome == Outcome.APPROVED


class TestWhatWasSeen:  # D-4
    def corrected(self, at):
        """Return a file whose second version the association has before it, and its first version."""
        application = stories.returned(at=at, reason="请补充")
        first = dossiers.latest_sealed(application)
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers={"remarks": "已补充"}, at=at)
        return enrolment.submit(application=fresh(application), person=person, consents_given=stories.CONSENTS, at=at), first

    def test_a_decision_on_an_older_version_is_refused(self, at):
        application, stale = self.corrected(at)

        with pytest.raises(dossiers.DossierChanged) as refusal:
            review.approve_file(application=application, dossier=stale, reviewer=association_reviewer(), at=at)

        assert refusal.value.message == "资料已更新，请重新查看。"
        assert fresh(application).state == ApplicationState.CHECKING

    def test_so_is_an_institutions(self, at):
        application, stale = self.corrected(at)
        stories.approve_file(application, at=at)
        row = application.rows.get()

        with pytest.raises(dossiers.DossierChanged):
            review.approve_row(row=row, dossier=stale, reviewer=institution_reviewer(row.institution), at=at)

        assert fresh(row).state == RowState.PENDING

    def test_a_draft_of_the_next_version_is_not_what_is_judged(self, at):
        application = stories.returned(at=at)
        enrolment.save_draft(application=application, person=application.member.user, answers={"remarks": "x"}, at=at)

        assert dossiers.latest_sealed(fresh(application)).version == 1

    def test_every_decision_names_the_version_it_judged(self, at):
        application, _ = self.corrected(at)
        stories.approve_file(application, at=at)

        stories.approve_row(application.rows.get(), at=at)

        versions = application.decisions.order_by("pk").values_list("dossier__version", "verdict")
        assert list(versions) == [(1, "refused"), (2, "approved"), (2, "approved")]


class TestAlreadyDecided:  # REV-5, A-2
    def test_the_second_reviewer_learns_who_decided_what_and_when(self, at):
        application, [row] = deciding(at)
        stories.approve_row(row, at=at, reviewer=institution_reviewer(row.institution, name="王老师"))

        with pytest.raises(AlreadyDecided) as refusal:
            stories.refuse_row(row, at=at, reviewer=institution_reviewer(row.institution, name="李老师"))

        assert refusal.value.message == "王老师 已于 2026-03-17 10:00 作出决定：审批通过。您的操作没有生效。"
        assert Decision.objects.filter(row=row).count() == 1

    def test_so_does_the_associations_second_reviewer(self, at):
        application = stories.checking(at=at)
        seen = dossiers.latest_sealed(application)
        stories.refuse_file(application, at=at, reviewer=association_reviewer("唐老师"))

        with pytest.raises(AlreadyDecided, match="唐老师"):
            review.approve_file(application=application, dossier=seen, reviewer=association_reviewer("赵老师"), at=at)

    def test_a_new_round_is_decided_anew(self, at):
        application, [row] = deciding(at)
        stories.refuse_row(row, at=at)
        person = application.member.user
        enrolment.submit(application=fresh(application), person=person, consents_given=stories.CONSENTS, at=at)
        stories.approve_file(fresh(application), at=at)

        stories.approve_row(fresh(row), at=at)

        assert list(row.decisions.order_by("round").values_list("round", "verdict")) == [(1, "refused"), (2, "approved")]

    def test_a_withdrawn_row_says_so(self, at):
        application, [row, _] = deciding(at, 2)
        rows.withdraw_row(row=row, person=application.member.user, at=at)

        with pytest.raises(NotPossible, match="已撤销"):
            stories.approve_row(row, at=at)

    def test_a_frozen_file_waits(self, at):
        application, [row] = deciding(at)
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        with pytest.raises(NotPossible, match="审核已暂停"):
            stories.approve_row(row, at=at)

    def test_a_reported_row_waits_and_the_others_go_on(self, at):
        _, [reported, other] = deciding(at, 2)
        ApplicationInstitution.objects.filter(pk=reported.pk).update(hold=Hold.REPORTED)

        with pytest.raises(NotPossible, match="上报违规"):
            stories.approve_row(reported, at=at)
        assert stories.approve_row(other, at=at).verdict == Verdict.APPROVED


class TestWhoMay:  # S-6, S-7, REV-3, REV-4, M-19
    def test_an_institutions_reviewer_decides_for_no_other_institution(self, at):
        _, [row, other] = deciding(at, 2)

        with pytest.raises(NotAllowed):
            stories.approve_row(row, at=at, reviewer=institution_reviewer(other.institution))

    def test_nor_do_they_check_files(self, at):
        application = stories.checking(at=at)

        with pytest.raises(NotAllowed):
            stories.approve_file(application, at=at, reviewer=institution_reviewer(application.rows.get().institution))

    @pytest.mark.parametrize("role", [rules.ADMINISTRATOR, rules.EDITOR, rules.SUPPORT, None])
    def test_nobody_else_on_the_staff_decides_while_there_are_reviewers(self, at, role):
        application = stories.checking(at=at)
        association_reviewer()
        person = staff(role) if role else UserFactory(is_staff=True, is_superuser=True)

        with pytest.raises(NotAllowed):
            stories.approve_file(application, at=at, reviewer=person)

    def test_nobody_decides_their_own_case(self, at):
        own = association_reviewer()
        application = stories.checking(at=at, user=own)

        with pytest.raises(NotAllowed):
            stories.approve_file(application, at=at, reviewer=own)

        assert application not in queues.files_for(own)
        stories.approve_file(application, at=at, reviewer=association_reviewer("同事"))
        assert fresh(application).state == ApplicationState.DECIDING

    def test_not_even_as_a_superuser(self, at):
        own = association_reviewer()
        own.is_superuser = True
        own.save()
        application = stories.checking(at=at, user=own)

        with pytest.raises(NotAllowed):
            stories.approve_file(application, at=at, reviewer=own)

    def test_nobody_decides_a_case_they_endorsed(self, at):
        seat = committee_member()
        application = stories.endorsing(at=at, seat=seat)
        endorsements.agree(endorsement=application.endorsements.get(), person=seat.member.user, at=at)
        stories.approve_file(fresh(application), at=at)
        row = application.rows.get()
        referrer = seat.member.user
        colleague = institution_reviewer(row.institution)
        referrer.groups.set(colleague.groups.all())
        row.institution.reviewers.create(user=referrer)

        with pytest.raises(NotAllowed):
            stories.approve_row(row, at=at, reviewer=referrer)

        assert row not in queues.rows_to_decide(referrer)
        assert stories.approve_row(row, at=at, reviewer=colleague).verdict == Verdict.APPROVED

    def test_nobody_decides_a_case_they_passed_on(self, at):
        application = stories.checking(at=at)
        reviewer = association_reviewer()
        Recusal.objects.create(application=application, reviewer=reviewer, reason="同事", recused_at=at)

        with pytest.raises(NotAllowed):
            stories.approve_file(application, at=at, reviewer=reviewer)

    def test_where_no_reviewer_of_the_association_is_left_an_administrator_decides(self, at):
        only = association_reviewer()
        application = stories.checking(at=at, user=only)

        stories.approve_file(application, at=at, reviewer=staff(rules.ADMINISTRATOR))

        assert fresh(application).state == ApplicationState.DECIDING

    def test_a_frozen_reviewers_groups_give_nothing(self, at):
        reviewer = association_reviewer()
        freeze(MemberFactory(user=reviewer), at=at)
        application = stories.checking(at=at)

        with pytest.raises(NotAllowed):
            stories.approve_file(application, at=at, reviewer=reviewer)

        assert not queues.files_for(reviewer).exists()

    def test_a_reviewer_who_was_switched_off_decides_nothing(self, at):
        _, [row] = deciding(at)
        reviewer = institution_reviewer(row.institution)
        reviewer.reviewed_institutions.update(is_active=False)
        other = institution_reviewer(row.institution)

        with pytest.raises(NotAllowed):
            stories.approve_row(row, at=at, reviewer=reviewer)
        assert stories.approve_row(row, at=at, reviewer=other).verdict == Verdict.APPROVED


class TestInstitutionsWithoutReviewers:  # K-7, S-7
    def test_their_rows_stand_in_the_associations_queue_at_once_and_are_decided_there(self, at):
        _, [row] = deciding(at)
        reviewer = association_reviewer()
        assert list(queues.rows_to_decide(reviewer)) == [row]

        decision = stories.approve_row(row, at=at, reviewer=reviewer)

        assert not decision.on_behalf
        assert decision.institution == row.institution

    def test_a_reviewer_appointed_later_takes_over(self, at):
        _, [row] = deciding(at)
        reviewer = association_reviewer()
        own = institution_reviewer(row.institution)

        assert not queues.rows_to_decide(reviewer).exists()
        assert list(queues.rows_to_decide(own)) == [row]
        with pytest.raises(NotAllowed):
            stories.approve_row(row, at=at, reviewer=reviewer)

    @pytest.mark.parametrize("how", ["the applicant", "the referrer", "frozen", "passed on", "switched off"])
    def test_where_the_only_reviewer_may_not_the_association_does(self, at, how):
        member = active_member()
        seat = SeatFactory(member=member)
        institution = InstitutionFactory(committee=True)
        only = institution_reviewer(institution)
        if how == "the applicant":
            options = {"user": only}
        elif how == "the referrer":
            member.user = only
            member.save()
            options = {"referral": stories.referred_by(seat)}
        else:
            options = {}
        application = stories.submitted(at=at, institutions=[institution], **options)
        person = application.member.user
        stamped_forms.upload(application=application, person=person, scan=stories.scan(), basis=[Basis.SIGNATURE], at=at)
        stories.approve_file(fresh(application), at=at)
        if how == "frozen":
            freeze(MemberFactory(user=only), at=at)
        elif how == "passed on":
            Recusal.objects.create(application=application, institution=institution, reviewer=only, reason="同事", recused_at=at)
        elif how == "switched off":
            type(only).objects.filter(pk=only.pk).update(is_active=False)
        reviewer = association_reviewer("同事")

        assert list(queues.rows_to_decide(reviewer)) == [application.rows.get()]
        assert stories.approve_row(application.rows.get(), at=at, reviewer=reviewer).verdict == Verdict.APPROVED

    def test_a_frozen_person_without_account_confuses_no_queue(self, at):
        _, [row] = deciding(at)
        own = institution_reviewer(row.institution)
        freeze(MemberFactory(user=None), at=at)

        assert not queues.rows_to_decide(association_reviewer()).exists()
        assert list(queues.rows_to_decide(own)) == [row]


class TestSubstitution:  # K-6
    @pytest.fixture
    def overdue(self, at):
        _, [row] = deciding(at)
        institution_reviewer(row.institution)
        first_day = date(2026, 4, 15)  # due 2026-04-08 (Qingming on the 6th), and five working days
        assert row.due_on == date(2026, 4, 8)
        return row, first_day

    def test_five_working_days_after_its_date_the_association_may_decide_saying_why(self, overdue):
        row, first_day = overdue
        reviewer = association_reviewer()

        decision = stories.refuse_row(row, at=moment(first_day), reviewer=reviewer, reason="机构逾期未审，材料不全")

        assert decision.on_behalf
        assert decision.reason == "机构逾期未审，材料不全"

    def test_the_day_before_it_may_not(self, overdue):
        row, first_day = overdue

        with pytest.raises(NotAllowed):
            stories.approve_row(row, at=moment(first_day - timedelta(days=1)), reviewer=association_reviewer(), reason="逾期")

    def test_an_approval_in_the_institutions_place_needs_its_reason_too(self, overdue):
        row, first_day = overdue

        with pytest.raises(SubstituteReasonMissing):
            stories.approve_row(row, at=moment(first_day), reviewer=association_reviewer())

        assert fresh(row).state == RowState.PENDING

    def test_the_institution_may_still_be_faster(self, overdue):
        row, first_day = overdue
        own = institution_reviewer(row.institution)

        decision = stories.approve_row(row, at=moment(first_day), reviewer=own)

        assert not decision.on_behalf


class TestOpened:  # S-8, A-23
    def test_the_first_look_is_noted_once_and_every_look_is_audited(self, at):
        application = stories.checking(at=at)
        reviewer = association_reviewer()

        for hours in (1, 2):
            review.opened(application=application, reviewer=reviewer, at=at + timedelta(hours=hours))

        assert fresh(application).first_opened_at == at + timedelta(hours=1)
        assert AuditEntry.objects.filter(action="application.view", actor=reviewer, about=application.member).count() == 2

    def test_an_institutions_look_does_not_close_the_exchange_of_scans(self, at):
        application = stories.checking(at=at)

        review.opened(application=application, reviewer=institution_reviewer(application.rows.get().institution), at=at)

        assert fresh(application).first_opened_at is None
