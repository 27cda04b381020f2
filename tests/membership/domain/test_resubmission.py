"""A returned file comes back: what asks for a new form, which rows wait again, who is asked to endorse (E-4, A-3, A-6)."""

from datetime import date, timedelta

import pytest

from membership.domain import deadlines, dossiers, endorsements, enrolment, rows, stamped_forms
from membership.enums import (
    ApplicationState,
    AttachmentKind,
    Basis,
    DocumentKind,
    EndorsementState,
    RowState,
)
from membership.models import (
    Message,
)
from tests.factories import enrolment as stories
from tests.factories.people import MemberFactory, SeatFactory, association_reviewer, committee_member
from tests.factories.reference import InstitutionFactory, ReviewReasonFactory
from tests.membership.domain.acts import codes_told, fresh, save, submit

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)

PRINTED = {
    "name": "沈砚秋·李",
    "email": "other@example.org",
    "address": "天津市和平区他路 1 号",
    "unit_phone": "022-20000000",
    "department": "肿瘤内科",
    "duty": "科主任",
    "specialty": "放射肿瘤学",
    "qualification_number": "2011010002",
    "other_societies": ["中华医学会会员"],
}
NOT_PRINTED = {"remarks": "补充说明", "postcode": "300060", "social_posts": "市政协委员"}


class TestResubmit:  # E-4, A-3, B1 returned
    def refused(self, at, **options):
        return stories.returned(at=at, reason="信息填写不完整", **options)

    @pytest.mark.parametrize(("field", "answer"), PRINTED.items())
    def test_a_changed_field_of_the_printed_form_asks_for_a_new_signature(self, at, field, answer):
        application = self.refused(at)
        save(application, at, **{field: answer})

        again = submit(application, at)

        assert (again.state, again.stamp_required) == (ApplicationState.AWAITING_FORM, True)

    @pytest.mark.parametrize(("field", "answer"), NOT_PRINTED.items())
    def test_what_is_not_printed_changes_without_a_new_signature(self, at, field, answer):
        application = self.refused(at)
        save(application, at, **{field: answer})

        again = submit(application, at)

        assert (again.state, again.stamp_required) == (ApplicationState.CHECKING, False)

    def test_another_nationality_is_printed_too(self, at):
        foreign = {
            "document_kind": DocumentKind.PASSPORT,
            "document_number": "K1234567A",
            "issuing_country": "SG",
            "nationality": "SG",
        }
        application = self.refused(at, **foreign)
        save(application, at, nationality="MY")

        assert submit(application, at).state == ApplicationState.AWAITING_FORM

    def test_another_portrait_is_printed_too(self, at):
        application = self.refused(at)
        person = application.member.user
        new = stories.picture(AttachmentKind.PORTRAIT, tone=90)
        enrolment.attach(application=application, person=person, field="portrait", file=new, at=at)

        assert submit(application, at).state == ApplicationState.AWAITING_FORM

    def test_a_refusal_about_the_stamp_asks_for_a_new_form_with_nothing_else_changed(self, at):
        application = stories.checking(at=at)
        stories.refuse_file(application, at=at, reason="", reasons=[ReviewReasonFactory(stamped_form=True)])

        again = submit(application, at)

        assert again.state == ApplicationState.AWAITING_FORM
        assert dossiers.latest_sealed(again).version == 1

    def test_the_association_waives_the_new_form_although_a_printed_field_changed(self, at):
        application = stories.checking(at=at)
        reviewer = association_reviewer()
        stories.refuse_file(application, at=at, reason="邮箱有误", waives_stamp=True, reviewer=reviewer)
        save(application, at, email="right@example.org")

        again = submit(application, at)

        assert (again.state, again.stamp_required) == (ApplicationState.CHECKING, False)
        assert fresh(again).stamp_waived_by == reviewer

    def test_a_recalled_version_was_never_signed_so_the_next_one_must_be(self, at):
        application = self.refused(at)
        save(application, at, email="other@example.org")
        submit(application, at)
        enrolment.recall(application=application, person=application.member.user, at=at)

        assert submit(application, at).state == ApplicationState.AWAITING_FORM

    def test_submitted_unchanged_it_goes_back_as_it_was(self, at):
        application = self.refused(at)

        again = submit(application, at)

        assert (again.state, again.round, again.dossiers.count()) == (ApplicationState.CHECKING, 2, 1)

    def test_the_clock_starts_anew_and_the_message_names_the_date(self, at):
        application = self.refused(at)
        later = at + timedelta(days=6)

        again = submit(application, later)

        assert again.clock_started_at == later
        assert again.stage_due_on == deadlines.association_due(later.date())
        told = Message.objects.filter(user=application.member.user).latest("pk")
        assert f"{deadlines.promise(later.date())}" in told.body

    def test_rows_that_waited_keep_their_round_and_their_first_day(self, at):
        application = self.refused(at)

        again = submit(application, at + timedelta(days=40))

        row = again.rows.get()
        assert (row.state, row.round, row.first_submitted_on) == (RowState.WAITING, 1, TODAY)

    def test_gaps_stop_a_resubmission_as_they_stop_the_first(self, at):
        application = self.refused(at)
        save(application, at, email="")

        with pytest.raises(enrolment.Incomplete):
            submit(application, at)

        assert fresh(application).round == 1


class TestResubmitAfterTheInstitutions:  # A-6, B2 «file resubmitted», I-4
    @pytest.fixture
    def refused_by_two(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        for row in application.rows.order_by("pk"):
            stories.refuse_row(row, at=at)
        return fresh(application)

    def close(self, institution):
        institution.closed_on = TODAY
        institution.save()

    def test_refused_rows_wait_again_one_round_higher_and_without_a_date(self, refused_by_two, at):
        again = submit(refused_by_two, at)

        assert set(again.rows.values_list("state", "round", "due_on", "first_submitted_on")) == {(RowState.WAITING, 2, None, TODAY)}

    def test_a_closed_institution_stays_refused_and_the_other_goes_on(self, refused_by_two, at):
        closed, other = refused_by_two.rows.order_by("pk")
        self.close(closed.institution)

        again = submit(refused_by_two, at)

        assert again.rows.get(pk=closed.pk).state == RowState.REFUSED
        assert again.rows.get(pk=other.pk).state == RowState.WAITING

    def test_with_every_institution_closed_there_is_nothing_to_resubmit_to(self, refused_by_two, at):
        for row in refused_by_two.rows.select_related("institution"):
            self.close(row.institution)

        with pytest.raises(rows.InstitutionClosed, match="请撤销后重新申请"):
            submit(refused_by_two, at)

        assert fresh(refused_by_two).state == ApplicationState.RETURNED

    def test_a_withdrawn_row_does_not_come_back(self, refused_by_two, at):
        again = submit(refused_by_two, at)
        first, second = again.rows.order_by("pk")
        rows.withdraw_row(row=first, person=again.member.user, at=at)
        stories.refuse_file(again, at=at)

        third = submit(again, at)

        assert third.rows.get(pk=first.pk).state == RowState.WITHDRAWN
        assert third.rows.get(pk=second.pk).state == RowState.WAITING


class TestResubmitWithAReferrer:  # E-4, E-11, E-18, K-1
    def refused(self, at, seat, basis=(Basis.STAMP,), agrees=True):
        application = stories.submitted(at=at, referral=stories.referred_by(seat))
        if agrees:
            endorsements.agree(endorsement=application.endorsements.get(), person=seat.member.user, at=at)
        person = application.member.user
        application = stamped_forms.upload(application=application, person=person, scan=stories.scan(), basis=basis, at=at)
        stories.refuse_file(application, at=at, reason="信息填写不完整")
        return fresh(application)

    def test_the_same_referrer_who_agreed_is_not_asked_again(self, at):
        application = self.refused(at, committee_member())

        again = submit(application, at)

        assert again.state == ApplicationState.CHECKING
        assert again.endorsements.get().state == EndorsementState.AGREED

    def test_another_referrer_asks_for_a_new_form_the_former_is_told_and_the_new_one_asked(self, at):
        former, new = committee_member(), committee_member()
        application = self.refused(at, former)
        save(application, at, **stories.referred_by(new))

        again = submit(application, at)

        assert again.state == ApplicationState.AWAITING_FORM
        assert endorsements.open_endorsement(again).seat == new
        assert codes_told(former.member.user)[-1] == "endorsement-dropped"

    def test_a_referrer_removed_from_the_form_is_dropped_and_the_form_signed_anew(self, at):
        application = self.refused(at, committee_member())
        save(application, at, referral_method="")

        again = submit(application, at)

        assert again.state == ApplicationState.AWAITING_FORM
        assert endorsements.open_endorsement(again) is None
        assert again.referrer is None

    def test_the_one_who_had_no_account_to_be_asked_is_no_reason_for_a_new_form(self, at):
        seat = SeatFactory(member=MemberFactory(user=None))
        application = self.refused(at, seat, basis=[Basis.SIGNATURE], agrees=False)

        assert submit(application, at).state == ApplicationState.CHECKING

    def test_a_handwritten_signature_is_not_asked_for_again_either(self, at):
        application = self.refused(at, committee_member(), basis=[Basis.SIGNATURE], agrees=False)

        again = submit(application, at)

        assert again.state == ApplicationState.CHECKING
        assert endorsements.open_endorsement(again) is None

    def test_while_the_association_checks_nobody_is_asked(self, at):
        seat = committee_member()
        application = stories.endorsing(at=at, seat=seat, basis=[Basis.STAMP])
        endorsements.decline(endorsement=application.endorsements.get(), person=seat.member.user, reason_public="不熟悉", at=at)
        stories.refuse_file(fresh(application), at=at, reason="信息填写不完整")

        again = submit(application, at)

        assert again.state == ApplicationState.CHECKING
        assert list(again.endorsements.values_list("state", flat=True)) == [EndorsementState.DECLINED]

    def test_changed_while_the_form_was_awaited_it_counts_as_named(self, at):
        second = committee_member()
        application = stories.submitted(at=at, referral=stories.referred_by(committee_member()))
        person = application.member.user
        endorsements.change_referrer(application=application, person=person, seat=second, at=at + timedelta(hours=1))
        stamped_forms.upload(application=application, person=person, scan=stories.scan(), basis=[Basis.SIGNATURE], at=at)
        stories.refuse_file(fresh(application), at=at, reason="信息填写不完整")

        assert submit(application, at + timedelta(hours=2)).state == ApplicationState.CHECKING


BEFORE_DECIDING = (
    ApplicationState.DRAFT,
    ApplicationState.AWAITING_FORM,
    ApplicationState.ENDORSING,
    ApplicationState.CHECKING,
    ApplicationState.RETURNED,
)
