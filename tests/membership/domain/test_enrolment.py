"""The applicant's side of a first enrolment: started, saved, submitted, recalled, corrected, submitted again, withdrawn, expired."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import storages

from membership.domain import claims, deadlines, dossiers, endings, endorsements, enrolment, review, rows, stamped_forms
from membership.domain.errors import NotAllowed
from membership.domain.transitions import NotPossible
from membership.enums import (
    ApplicationState,
    AttachmentKind,
    Basis,
    ConsentKind,
    DocumentHold,
    DocumentKind,
    EndKind,
    EndorsementState,
    Hold,
    MemberType,
    Outcome,
    RowState,
    Standing,
)
from membership.models import (
    Application,
    ApplicationInstitution,
    Attachment,
    AuditEntry,
    Consent,
    Dossier,
    LegacyMember,
    Member,
    MemberDocument,
    Message,
)
from membership.periods import same_day_next
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import MemberFactory, SeatFactory, UserFactory, active_member, association_reviewer, committee_member, freeze
from tests.factories.reference import InstitutionFactory, ReviewReasonFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


def fresh(application):
    return Application.objects.get(pk=application.pk)


def submit(application, at, given=stories.CONSENTS):
    return enrolment.submit(application=fresh(application), person=application.member.user, consents_given=given, at=at)


def save(application, at, **answers):
    return enrolment.save_draft(application=fresh(application), person=application.member.user, answers=answers, at=at)


def codes_told(user):
    return list(Message.objects.filter(user=user).order_by("pk").values_list("code", flat=True))


def ended(member, kind, on):
    member.standing, member.end_kind, member.ended_on = Standing.ENDED, kind, on
    member.save()
    return member


class TestStart:  # Tables C and E, A-7, A-15, A-20, M-5
    def test_a_bare_account_becomes_an_applicant_with_an_empty_draft(self, at):
        user = UserFactory()

        application = enrolment.start(user=user, at=at)

        assert application.state == ApplicationState.DRAFT
        assert application.member.standing == Standing.APPLICANT
        assert application.proposed_dossier.phone == str(user.phone)
        assert application.proposed_dossier.name == ""

    @pytest.mark.parametrize("state", [s for s in stories.BUILDERS if s not in (ApplicationState.CLOSED, ApplicationState.DRAFT)])
    def test_nobody_has_two_first_enrolments_open(self, at, state):
        application = stories.in_state(state, at=at)

        with pytest.raises(enrolment.MayNotStart, match="还在进行中"):
            enrolment.start(user=application.member.user, at=at)

    def test_a_draft_on_another_device_is_the_one_to_go_on_with(self, at):
        user = UserFactory()
        enrolment.start(user=user, at=at)

        with pytest.raises(enrolment.MayNotStart, match="还在进行中"):
            enrolment.start(user=user, at=at)

    @pytest.mark.parametrize("until", [TODAY, TODAY - timedelta(days=30)], ids=["active", "last day of grace"])
    def test_a_member_needs_no_enrolment(self, at, until):
        member = active_member(until=until)

        with pytest.raises(enrolment.MayNotStart, match="您已是会员"):
            enrolment.start(user=member.user, at=at)

    @pytest.mark.parametrize("until", [TODAY - timedelta(days=31), date(2025, 3, 17)], ids=["first day lapsed", "twelve months ago"])
    def test_who_lapsed_within_a_year_renews(self, at, until):
        member = active_member(until=until)

        with pytest.raises(enrolment.MayNotStart, match="请先续会"):
            enrolment.start(user=member.user, at=at)

    def test_who_lapsed_longer_ago_enrols_again_with_the_same_number(self, at):
        member = active_member(until=date(2025, 3, 16))

        application = enrolment.start(user=member.user, at=at)

        assert application.member.number == member.number

    def test_who_lapsed_with_nothing_to_renew_enrols_again(self, at):
        member = active_member(until=TODAY - timedelta(days=40))
        Member.objects.filter(pk=member.pk).update(last_valid_to=None)

        assert enrolment.start(user=member.user, at=at).state == ApplicationState.DRAFT

    def test_who_comes_back_finds_their_data_filled_in(self, at):
        earlier = stories.approved(at=at)
        later = moment(date(2028, 5, 2))

        again = enrolment.start(user=earlier.member.user, at=later)

        assert again.proposed_dossier.name == "沈砚秋"
        assert again.proposed_dossier.version == 1
        assert again.proposed_dossier.submitted_at is None

    def test_the_frozen_apply_for_nothing(self, at):
        member = MemberFactory()
        freeze(member, at=at)

        with pytest.raises(enrolment.MayNotStart, match="冻结"):
            enrolment.start(user=member.user, at=at)

    def test_who_left_may_come_back_at_any_time(self, at):
        member = ended(active_member(), EndKind.WITHDRAWN, TODAY)

        assert enrolment.start(user=member.user, at=at).member.number == member.number

    def test_the_deceased_are_not_enrolled(self, at):
        member = ended(active_member(), EndKind.DECEASED, TODAY)

        with pytest.raises(enrolment.MayNotStart, match="请联系协会"):
            enrolment.start(user=member.user, at=at)

    def test_the_expelled_wait_three_years_and_read_until_when(self, at):
        member = ended(active_member(), EndKind.EXPELLED, date(2023, 3, 18))

        with pytest.raises(enrolment.MayNotStart, match="2026-03-18 起可以重新申请"):
            enrolment.start(user=member.user, at=at)

        assert enrolment.start(user=member.user, at=moment(date(2026, 3, 18))).state == ApplicationState.DRAFT

    def test_who_was_not_accepted_waits_six_months_and_reads_until_when(self, at):
        application = stories.checking(at=at)
        review.not_accept_file(
            application=application,
            dossier=dossiers.latest_sealed(application),
            reviewer=association_reviewer(),
            at=at,
            reason="不符合入会条件",
            is_ineligible=True,
        )
        user = application.member.user
        with pytest.raises(enrolment.MayNotStart, match="2026-09-17 起可以重新申请"):
            enrolment.start(user=user, at=moment(date(2026, 9, 16)))

        assert enrolment.start(user=user, at=moment(date(2026, 9, 17))).state == ApplicationState.DRAFT

    def test_a_former_member_activates_instead(self, at):
        member = MemberFactory()
        LegacyMember.objects.create(source="原系统", old_number="A-1", name=member.name, member=member)

        with pytest.raises(enrolment.MayNotStart, match="请激活账号"):
            enrolment.start(user=member.user, at=at)

    def test_who_withdrew_may_apply_again_at_once(self, at):
        application = stories.submitted(at=at)
        enrolment.withdraw(application=application, person=application.member.user, at=at)

        assert enrolment.start(user=application.member.user, at=at).state == ApplicationState.DRAFT


class TestSave:  # APP-8, B1
    def test_a_draft_keeps_what_was_typed_however_incomplete(self, at):
        application = enrolment.start(user=UserFactory(), at=at)

        save(application, at, name="沈", institutions=[InstitutionFactory()])

        kept = fresh(application)
        assert kept.proposed_dossier.name == "沈"
        assert kept.chosen.count() == 1

    def test_nobody_writes_into_anothers_draft(self, at):
        application = stories.draft(at=at)

        with pytest.raises(NotAllowed):
            enrolment.save_draft(application=application, person=UserFactory(), answers={"name": "别人"}, at=at)

    def test_what_another_device_saved_meanwhile_is_not_overwritten(self, at):
        application = enrolment.start(user=UserFactory(), at=at)
        opened_with = application.proposed_dossier.edits
        save(application, at, name="先保存")

        with pytest.raises(dossiers.EditedElsewhere):
            enrolment.save_draft(
                application=application, person=application.member.user, answers={"name": "后保存"}, at=at, seen_edits=opened_with
            )

        assert fresh(application).proposed_dossier.name == "先保存"

    @pytest.mark.parametrize("state", [ApplicationState.AWAITING_FORM, ApplicationState.CHECKING, ApplicationState.DECIDING])
    def test_nothing_is_written_while_the_file_is_under_review(self, at, state):
        application = stories.in_state(state, at=at)

        with pytest.raises(NotPossible):
            save(application, at, name="改名")

    def test_a_returned_file_opens_the_next_version_with_the_answers_of_the_last(self, at):
        application = stories.returned(at=at)

        save(application, at, remarks="补充")

        draft = fresh(application).proposed_dossier
        assert (draft.version, draft.name, draft.is_sealed) == (2, "沈砚秋", False)
        assert Dossier.objects.get(application=application, version=1).remarks == ""


class TestDiscard:  # B1, A-20, D-9
    def discard(self, application, at, person=None):
        enrolment.discard(application=application, person=person or application.member.user, at=at)

    def test_a_draft_goes_with_its_dossier_its_pictures_and_the_person(self, at, django_capture_on_commit_callbacks):
        application = stories.draft(at=at)
        member, user = application.member, application.member.user
        stored = application.proposed_dossier.portrait.file.name

        with django_capture_on_commit_callbacks(execute=True):
            self.discard(application, at)

        assert not Application.objects.exists()
        assert not Dossier.objects.exists()
        assert not Attachment.objects.exists()
        assert not storages["private"].exists(stored)
        assert not Member.objects.filter(pk=member.pk).exists()
        assert AuditEntry.objects.get(action="application.discard").actor == user

    def test_a_seat_holder_stays_known_to_the_society(self, at):
        seat = SeatFactory()
        application = stories.draft(at=at, user=seat.member.user)

        self.discard(application, at)

        assert Member.objects.filter(pk=seat.member_id).exists()

    def test_who_submitted_once_stays_known_and_the_document_is_free(self, at):
        application = stories.submitted(at=at)
        person = application.member.user
        enrolment.recall(application=application, person=person, at=at)

        self.discard(application, at, person)

        assert Member.objects.get(user=person).standing == Standing.APPLICANT
        assert not MemberDocument.objects.exists()

    def test_discarding_twice_says_that_the_draft_is_gone(self, at):
        application = stories.draft(at=at)
        person = application.member.user
        twin = fresh(application)
        self.discard(application, at, person)

        with pytest.raises(NotPossible, match="已删除"):
            self.discard(twin, at, person)

    def test_a_submitted_application_is_withdrawn_not_discarded(self, at):
        with pytest.raises(NotPossible, match="待交盖章文件"):
            self.discard(stories.submitted(at=at), at)

    def test_nobody_discards_anothers_draft(self, at):
        with pytest.raises(NotAllowed):
            self.discard(stories.draft(at=at), at, UserFactory())


class TestSubmit:  # B1, APP-9, P-1, P-2, D-9, A-11, M-11
    def test_the_version_is_sealed_and_the_signed_form_awaited(self, at):
        application = stories.submitted(at=at)

        assert application.state == ApplicationState.AWAITING_FORM
        assert application.submitted_at == at
        assert (application.proposed_dossier.version, application.proposed_dossier.submitted_at) == (1, at)
        assert codes_told(application.member.user) == ["enrolment-submitted"]

    def test_each_chosen_institution_gets_a_waiting_row_that_remembers_the_day(self, at):
        chosen = InstitutionFactory.create_batch(2, committee=True)

        application = stories.submitted(at=at, institutions=chosen)

        made = application.rows.order_by("institution__code")
        assert [row.institution for row in made] == sorted(chosen, key=lambda one: one.code)
        assert {(row.state, row.round, row.first_submitted_on, row.due_on) for row in made} == {(RowState.WAITING, 1, TODAY, None)}

    def test_the_document_is_claimed_by_the_application(self, at):
        application = stories.submitted(at=at)

        document = MemberDocument.objects.get(member=application.member)

        assert (document.state, document.claimed_by) == (DocumentHold.CLAIMED, application)

    def test_lists_find_the_applicant_by_name_and_letters_reach_the_contact(self, at):
        application = stories.submitted(at=at)
        member = Member.objects.get(pk=application.member_id)

        assert (member.name, member.name_initials) == ("沈砚秋", "syq")
        assert member.contact.email == "shen@example.org"

    def test_the_consent_is_recorded_with_the_wording_and_the_time(self, at):
        application = stories.submitted(at=at)

        consent = Consent.objects.get(user=application.member.user)

        assert (consent.kind, consent.version, consent.given_at) == (ConsentKind.IDENTITY_DOCUMENTS, stories.CONSENTS.version, at)

    def test_the_named_committee_member_is_asked(self, at):
        seat = committee_member()

        application = stories.submitted(at=at, referral=stories.referred_by(seat))

        assert application.endorsements.get().state == EndorsementState.ASKED
        assert codes_told(seat.member.user) == ["endorsement-asked"]

    def test_with_gaps_nothing_at_all_changes(self, at):
        application = stories.draft(at=at, email="")

        with pytest.raises(enrolment.Incomplete) as refusal:
            submit(application, at)

        assert [gap.field for gap in refusal.value.gaps] == ["email"]
        assert fresh(application).state == ApplicationState.DRAFT
        assert not MemberDocument.objects.exists()
        assert not Consent.objects.exists()
        assert not ApplicationInstitution.objects.exists()

    def test_without_the_separate_consent_to_documents_nothing_is_submitted(self, at):
        application = stories.draft(at=at)

        with pytest.raises(enrolment.ConsentMissing) as refusal:
            submit(application, at, enrolment.Consents(version="2026-11"))

        assert refusal.value.field == "identity_documents"

    @pytest.mark.parametrize(
        ("given", "field"),
        [({}, "guardian"), ({"guardian": True}, "guardian_name"), ({"guardian": True, "guardian_name": " "}, "guardian_name")],
    )
    def test_a_minor_needs_a_guardian_by_name(self, at, given, field):
        application = stories.draft(at=at, member_type=MemberType.STUDENT, born_on=date(2008, 3, 18))

        with pytest.raises(enrolment.ConsentMissing) as refusal:
            submit(application, at, enrolment.Consents(version="2026-11", identity_documents=True, **given))

        assert refusal.value.field == field

    def test_the_guardian_stands_in_the_file_and_in_the_consent(self, at):
        application = stories.draft(at=at, member_type=MemberType.STUDENT, born_on=date(2008, 3, 18))
        given = enrolment.Consents(version="2026-11", identity_documents=True, guardian=True, guardian_name="沈万里")

        submit(application, at, given)

        assert fresh(application).proposed_dossier.guardian_name == "沈万里"
        assert Consent.objects.get(kind=ConsentKind.GUARDIAN).guardian_name == "沈万里"

    def test_on_the_eighteenth_birthday_nobody_asks_for_a_guardian(self, at):
        application = stories.draft(at=at, member_type=MemberType.STUDENT, born_on=date(2008, 3, 17))

        assert submit(application, at).state == ApplicationState.AWAITING_FORM

    def test_a_double_click_submits_once_and_names_the_state(self, at):
        application = stories.draft(at=at)
        submit(application, at)

        with pytest.raises(NotPossible, match="待交盖章文件"):
            submit(application, at)

        assert application.rows.count() == 1
        assert codes_told(application.member.user) == ["enrolment-submitted"]

    def test_nobody_submits_for_another(self, at):
        application = stories.draft(at=at)

        with pytest.raises(NotAllowed):
            enrolment.submit(application=application, person=UserFactory(), consents_given=stories.CONSENTS, at=at)

    def test_a_frozen_file_is_not_submitted(self, at):
        application = stories.draft(at=at)
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        with pytest.raises(NotPossible, match="审核已暂停"):
            submit(application, at)

    def test_what_was_answered_before_another_document_was_chosen_is_left_behind(self, at):
        application = stories.draft(at=at, nationality="SG", issuing_country="SG")

        submit(application, at)

        sealed = fresh(application).proposed_dossier
        assert (sealed.nationality, sealed.issuing_country) == ("", "")
        assert MemberDocument.objects.get().issuing_country == ""

    def test_a_renamed_unit_stands_in_the_file_as_it_is_called_that_day(self, at):
        application = stories.draft(at=at)
        unit = application.proposed_dossier.work_unit
        unit.name = "更名后的肿瘤医院"
        unit.save()

        submit(application, at)

        assert fresh(application).proposed_dossier.work_unit_name == "更名后的肿瘤医院"

    def test_the_printed_number_is_of_shanghais_year(self):
        application = enrolment.start(user=UserFactory(), at=moment(date(2027, 1, 1), hour=1))

        assert application.number == f"2027-{application.pk:06d}"
        assert fresh(application).number == application.number


class TestRecall:
    def recall(self, application, at):
        enrolment.recall(application=application, person=application.member.user, at=at)
        return fresh(application)

    def test_before_the_form_is_uploaded_it_is_a_draft_again(self, at):
        chosen = [InstitutionFactory(committee=True)]
        application = self.recall(stories.submitted(at=at, institutions=chosen), at)

        assert application.state == ApplicationState.DRAFT
        assert not application.rows.exists()
        assert list(application.chosen.all()) == chosen

    def test_the_printed_version_is_void_and_the_next_one_keeps_the_answers(self, at):
        application = self.recall(stories.submitted(at=at), at)

        assert Dossier.objects.get(application=application, version=1).voided_at == at
        assert (application.proposed_dossier.version, application.proposed_dossier.name) == (2, "沈砚秋")

    def test_the_document_stays_claimed(self, at):
        application = self.recall(stories.submitted(at=at), at)

        assert MemberDocument.objects.get().claimed_by == application

    @pytest.mark.parametrize("answered", [False, True], ids=["asked", "agreed"])
    def test_the_committee_member_need_not_answer_and_is_told(self, at, answered):
        seat = committee_member()
        application = stories.submitted(at=at, referral=stories.referred_by(seat))
        if answered:
            endorsements.agree(endorsement=application.endorsements.get(), person=seat.member.user, at=at)

        self.recall(application, at + timedelta(hours=1))

        assert application.endorsements.get().state == EndorsementState.DROPPED
        assert "endorsement-dropped" in codes_told(seat.member.user)

    def test_submitted_again_the_committee_member_is_asked_again(self, at):
        seat = committee_member()
        application = self.recall(stories.submitted(at=at, referral=stories.referred_by(seat)), at)

        submit(application, at + timedelta(hours=1))

        assert application.endorsements.filter(state=EndorsementState.ASKED).count() == 1

    def test_a_file_that_was_with_the_association_is_returned_with_its_rows(self, at):
        application = stories.returned(at=at)
        save(application, at, email="new@example.org")
        submit(application, at)

        recalled = self.recall(application, at)

        assert recalled.state == ApplicationState.RETURNED
        assert recalled.rows.get().state == RowState.WAITING
        assert Dossier.objects.get(application=application, version=2).voided_at == at

    def test_once_the_form_is_uploaded_it_is_too_late(self, at):
        application = stories.checking(at=at)

        with pytest.raises(NotPossible, match="协会审核"):
            self.recall(application, at)

    def test_nobody_recalls_for_another(self, at):
        with pytest.raises(NotAllowed):
            enrolment.recall(application=stories.submitted(at=at), person=UserFactory(), at=at)


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


class TestWithdraw:  # B1 withdraw, withdraw all, D-9
    def withdraw(self, application, at, person=None):
        enrolment.withdraw(application=application, person=person or application.member.user, at=at)
        return fresh(application)

    @pytest.mark.parametrize("state", BEFORE_DECIDING)
    def test_before_the_institutions_decide_it_ends_and_frees_everything(self, at, state):
        application = self.withdraw(stories.in_state(state, at=at), at)

        assert (application.state, application.outcome, application.closed_at) == (ApplicationState.WITHDRAWN, "", at)
        assert set(application.rows.values_list("state", flat=True)) <= {RowState.WITHDRAWN}
        assert not MemberDocument.objects.filter(member=application.member).exists()
        assert set(application.endorsements.values_list("state", flat=True)) <= {EndorsementState.DROPPED}

    @pytest.mark.parametrize(
        ("verdicts", "state", "outcome"),
        [
            ("", ApplicationState.WITHDRAWN, ""),
            ("no", ApplicationState.RETURNED, ""),
            ("yes", ApplicationState.CLOSED, Outcome.APPROVED),
            ("yes no", ApplicationState.CLOSED, Outcome.APPROVED),
        ],
    )
    def test_while_they_decide_the_file_follows_from_what_they_said(self, at, verdicts, state, outcome):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(3, committee=True))
        decide = {"yes": stories.approve_row, "no": stories.refuse_row}
        undecided = list(application.rows.order_by("pk"))
        for verdict in verdicts.split():
            decide[verdict](undecided.pop(0), at=at)

        application = self.withdraw(application, at)

        assert (application.state, application.outcome) == (state, outcome)
        assert {application.rows.get(pk=row.pk).state for row in undecided} == {RowState.WITHDRAWN}

    def test_a_member_keeps_the_document_a_withdrawn_applicant_does_not(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        stories.approve_row(application.rows.first(), at=at)

        self.withdraw(application, at)

        assert MemberDocument.objects.get(member=application.member).state == DocumentHold.HELD

    def test_returned_by_the_rows_the_document_stays_claimed(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        stories.refuse_row(application.rows.first(), at=at)

        self.withdraw(application, at)

        assert MemberDocument.objects.get(member=application.member).state == DocumentHold.CLAIMED

    def test_what_is_finished_cannot_be_withdrawn(self, at):
        with pytest.raises(NotPossible, match="已结束"):
            self.withdraw(stories.approved(at=at), at)

    def test_twice_says_that_it_is_withdrawn(self, at):
        application = self.withdraw(stories.submitted(at=at), at)

        with pytest.raises(NotPossible, match="已撤销"):
            self.withdraw(application, at)

    @pytest.mark.parametrize("state", [ApplicationState.CHECKING, ApplicationState.DECIDING])
    def test_the_frozen_wait(self, at, state):
        application = stories.in_state(state, at=at)
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        with pytest.raises(NotPossible, match="审核已暂停"):
            self.withdraw(application, at)

    def test_what_is_open_for_correction_can_be_withdrawn_and_is_no_longer_held(self, at):
        application = stories.checking(at=at)
        Application.objects.filter(pk=application.pk).update(hold=Hold.REOPENED)

        assert self.withdraw(application, at).hold == Hold.NONE

    def test_moved_by_its_rows_it_is_no_longer_open_for_correction(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        stories.refuse_row(application.rows.first(), at=at)
        Application.objects.filter(pk=application.pk).update(hold=Hold.REOPENED)

        application = self.withdraw(application, at)

        assert (application.state, application.hold) == (ApplicationState.RETURNED, Hold.NONE)

    def test_nobody_withdraws_for_another(self, at):
        with pytest.raises(NotAllowed):
            self.withdraw(stories.submitted(at=at), at, UserFactory())


class TestExpire:  # K-9, D-9
    def after(self, application, days):
        return endings.expire(application=fresh(application), at=moment(TODAY + timedelta(days=days), hour=0))

    @pytest.mark.parametrize(("state", "days"), [(ApplicationState.AWAITING_FORM, 60), (ApplicationState.RETURNED, 90)])
    def test_on_its_day_the_file_closes_and_lets_everything_go(self, at, state, days):
        application = stories.in_state(state, at=at)
        with pytest.raises(NotPossible):
            self.after(application, days - 1)

        expired = self.after(application, days)

        assert expired.state == ApplicationState.EXPIRED
        assert expired.rows.get().state == RowState.WITHDRAWN
        assert not MemberDocument.objects.exists()
        assert codes_told(application.member.user)[-1] == "file-expired"

    def test_the_figures_are_the_societys(self, at):
        society_settings(form_expiry_days=10)

        assert self.after(stories.submitted(at=at), 10).state == ApplicationState.EXPIRED

    def test_an_awaited_form_expires_although_the_referrer_is_still_asked(self, at):
        application = stories.submitted(at=at, referral=stories.referred_by(committee_member()))

        self.after(application, 60)

        assert application.endorsements.get().state == EndorsementState.DROPPED

    def test_with_the_form_here_the_referrer_is_waited_for(self, at):
        application = stories.endorsing(at=at)

        with pytest.raises(NotPossible, match="推荐人的答复期限"):
            self.after(application, 60)

    def test_when_nobody_is_asked_any_more_the_file_with_its_form_expires_too(self, at):
        application = stories.endorsing(at=at)
        endorsements.void(endorsement=application.endorsements.get(), at=at)

        assert self.after(application, 60).state == ApplicationState.EXPIRED

    @pytest.mark.parametrize("state", [ApplicationState.DRAFT, ApplicationState.CHECKING, ApplicationState.DECIDING])
    def test_nothing_else_expires(self, at, state):
        application = stories.in_state(state, at=at)

        with pytest.raises(NotPossible):
            self.after(application, 400)

        assert {row.state for row in application.rows.all()} <= {RowState.WAITING, RowState.PENDING}

    def test_the_frozen_do_not_lose_time(self, at):
        application = stories.submitted(at=at)
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        with pytest.raises(NotPossible, match="审核已暂停"):
            self.after(application, 60)

    def test_afterwards_another_may_be_begun(self, at):
        application = stories.submitted(at=at)
        self.after(application, 60)

        again = enrolment.start(user=application.member.user, at=moment(same_day_next(TODAY, 3)))

        assert again.state == ApplicationState.DRAFT
        assert claims.document_hash(again.proposed_dossier) == ""
