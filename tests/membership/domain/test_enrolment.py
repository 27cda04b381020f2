"""The applicant's side of a first enrolment: started, saved, discarded, submitted, recalled."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import storages

from membership.domain import dossiers, endorsements, enrolment, review
from membership.domain.errors import NotAllowed
from membership.domain.transitions import NotPossible
from membership.enums import (
    ApplicationState,
    ConsentKind,
    DocumentHold,
    EndKind,
    EndorsementState,
    Hold,
    MemberType,
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
)
from tests.factories import enrolment as stories
from tests.factories.moments import moment
from tests.factories.people import MemberFactory, SeatFactory, UserFactory, active_member, association_reviewer, committee_member, freeze
from tests.factories.reference import InstitutionFactory
from tests.membership.domain.acts import codes_told, fresh, save, submit

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


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
