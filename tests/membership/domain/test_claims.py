"""One person, one member: whose document it is, for how long, and what somebody reads who submits a taken one."""

from datetime import date, timedelta

import pytest

from membership import encryption
from membership.domain import claims, dossiers, endings, enrolment, review
from membership.domain.claims import DocumentTaken, TooManyTries
from membership.enums import ApplicationState, DocumentHold, DocumentKind, RowState
from membership.models import Application, AuditEntry, LegacyMember, MemberDocument
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import MemberFactory, UserFactory, association_reviewer

pytestmark = pytest.mark.django_db

BORN = date(1984, 9, 30)
NUMBER = stories.resident_number(BORN, serial=7)
ENDS_IN_X = next(number for number in (stories.resident_number(BORN, serial=serial) for serial in range(1, 100)) if number.endswith("X"))
PASSPORT = {"document_kind": DocumentKind.PASSPORT, "document_number": "K1234567A", "issuing_country": "SG", "nationality": "SG"}
TEXT = "该证件号码已有记录。如您是原会员或已有账号，请激活或找回；否则请求人工核对"


def submit(at, **options) -> Application:
    return stories.submitted(at=at, **options)


def legacy_row(number=NUMBER, **fields):
    number_hash = encryption.document_hash(DocumentKind.RESIDENT_ID, "", number)
    return LegacyMember.objects.create(source="原系统", old_number="A-1", name="沈砚秋", document_hash=number_hash, **fields)


class TestWhoseItIs:  # D-6, D-7
    def test_the_same_number_belongs_to_one_person(self, at):
        submit(at, document_number=NUMBER)

        with pytest.raises(DocumentTaken):
            submit(at, document_number=NUMBER)

    def test_a_small_x_is_the_same_person(self, at):
        submit(at, document_number=ENDS_IN_X)

        with pytest.raises(DocumentTaken):
            submit(at, document_number=ENDS_IN_X.lower())

    def test_spaces_and_wide_figures_are_the_same_person(self, at):
        submit(at, document_number=NUMBER)

        with pytest.raises(DocumentTaken):
            submit(at, document_number=f" {NUMBER[:6]} {NUMBER[6:]}".replace("1", "１"))

    def test_the_same_passport_number_of_two_countries_is_two_persons(self, at):
        submit(at, **PASSPORT)

        submit(at, **{**PASSPORT, "issuing_country": "MY"})

        assert set(MemberDocument.objects.values_list("issuing_country", flat=True)) == {"SG", "MY"}

    def test_a_passport_of_one_country_is_one_person_however_the_country_is_written(self, at):
        submit(at, **PASSPORT)

        with pytest.raises(DocumentTaken):
            submit(at, **{**PASSPORT, "issuing_country": "sg"})

    def test_a_reissued_permit_of_hong_kong_is_the_same_person(self, at):
        permit = {"document_kind": DocumentKind.HK_MACAU_PERMIT, "document_number": "H0123456701"}
        submit(at, **permit)

        with pytest.raises(DocumentTaken):
            submit(at, **{**permit, "document_number": "H0123456702"})

    def test_the_number_stands_encrypted_and_is_found_by_its_hash(self, at):
        submit(at, document_number=ENDS_IN_X.lower())

        document = MemberDocument.objects.get()

        assert document.number == ENDS_IN_X
        assert document.number_hash == encryption.document_hash(DocumentKind.RESIDENT_ID, "", ENDS_IN_X)

    def test_a_form_without_a_document_has_no_hash(self, at):
        application = enrolment.start(user=UserFactory(), at=at)

        assert claims.document_hash(application.proposed_dossier) == ""


class TestFormerMembers:  # L-5, I-8
    def test_an_unclaimed_former_members_document_is_taken(self, at):
        legacy_row()

        with pytest.raises(DocumentTaken):
            submit(at, document_number=NUMBER)

    def test_so_is_a_seat_holders_who_has_no_account_yet(self, at):
        legacy_row(member=MemberFactory(user=None))

        with pytest.raises(DocumentTaken):
            submit(at, document_number=NUMBER)

    def test_a_row_that_was_activated_long_ago_stops_nobody_by_itself(self, at):
        legacy_row(member=MemberFactory(), activated_at=at)

        assert submit(at, document_number=NUMBER).state == ApplicationState.AWAITING_FORM


class TestOneText:  # D-10
    def test_account_former_member_and_member_read_the_same(self, at):
        legacy_row(stories.resident_number(BORN, serial=11))
        submit(at, document_number=stories.resident_number(BORN, serial=12))
        stories.approved(at=at, document_number=stories.resident_number(BORN, serial=13))
        read = set()

        for serial in (11, 12, 13):
            with pytest.raises(DocumentTaken) as refusal:
                submit(at, document_number=stories.resident_number(BORN, serial=serial))
            read.add((refusal.value.field, refusal.value.message))

        assert read == {("document_number", TEXT)}

    def test_nothing_of_the_refused_submission_remains(self, at):
        submit(at, document_number=NUMBER)
        application = stories.draft(at=at, document_number=NUMBER)
        person = application.member.user

        with pytest.raises(DocumentTaken):
            enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)

        kept = Application.objects.get(pk=application.pk)
        assert (kept.state, kept.submitted_at) == (ApplicationState.DRAFT, None)
        assert not kept.rows.exists()
        assert not person.consents.exists()


class TestTries:  # D-10: document_tries_per_day
    @pytest.fixture
    def stopped(self, at):
        submit(at, document_number=NUMBER)
        return stories.draft(at=at, document_number=NUMBER)

    def attempt(self, application, at):
        fresh = Application.objects.get(pk=application.pk)
        return enrolment.submit(application=fresh, person=application.member.user, consents_given=stories.CONSENTS, at=at)

    def use_up(self, application, at, count=5):
        for _ in range(count):
            with pytest.raises(DocumentTaken):
                self.attempt(application, at)

    def test_after_five_tries_the_account_waits_until_tomorrow(self, stopped, at):
        self.use_up(stopped, at)

        with pytest.raises(TooManyTries):
            self.attempt(stopped, at)

    def test_even_the_own_number_waits_then(self, stopped, at):
        self.use_up(stopped, at)
        own = {"document_number": stories.resident_number(BORN, serial=8)}
        enrolment.save_draft(application=stopped, person=stopped.member.user, answers=own, at=at)

        with pytest.raises(TooManyTries):
            self.attempt(stopped, at)

    def test_the_day_ends_at_shanghais_midnight(self, stopped, at):
        self.use_up(stopped, moment(at.date(), 23, 59))

        with pytest.raises(DocumentTaken):
            self.attempt(stopped, moment(at.date() + timedelta(days=1), 0, 1))

    def test_another_account_has_its_own_tries(self, stopped, at):
        self.use_up(stopped, at)

        with pytest.raises(DocumentTaken):
            submit(at, document_number=NUMBER)

    def test_the_figure_is_the_societys(self, stopped, at):
        society_settings(document_tries_per_day=1)
        self.use_up(stopped, at, count=1)

        with pytest.raises(TooManyTries):
            self.attempt(stopped, at)

    def test_a_free_number_is_no_try(self, at):
        submit(at)

        assert not AuditEntry.objects.filter(action="document.taken").exists()


@pytest.mark.django_db
class TestACountThatOutlivesTheRefusal:  # D-10
    def test_the_try_is_counted_although_the_submission_was_rolled_back(self, at):
        submit(at, document_number=NUMBER)
        application = stories.draft(at=at, document_number=NUMBER)

        with pytest.raises(DocumentTaken):
            enrolment.submit(application=application, person=application.member.user, consents_given=stories.CONSENTS, at=at)

        assert AuditEntry.objects.filter(action="document.taken", actor=application.member.user).count() == 1
        assert MemberDocument.objects.count() == 1


class TestHowLong:  # D-9
    def taken(self):
        return MemberDocument.objects.filter(number_hash=encryption.document_hash(DocumentKind.RESIDENT_ID, "", NUMBER)).exists()

    def not_accepted(self, application, at):
        review.not_accept_file(
            application=application,
            dossier=dossiers.latest_sealed(application),
            reviewer=association_reviewer(),
            at=at,
            reason="不符合入会条件",
            is_ineligible=True,
        )

    def test_it_is_kept_on_recall(self, at):
        application = submit(at, document_number=NUMBER)

        enrolment.recall(application=application, person=application.member.user, at=at)

        assert self.taken()

    def test_it_is_kept_on_return(self, at):
        stories.returned(at=at, document_number=NUMBER)

        assert self.taken()

    @pytest.mark.parametrize("end", ["discard", "withdraw", "expire", "not accepted"])
    def test_it_is_free_again_however_the_application_ends(self, at, end):
        application = stories.checking(at=at, document_number=NUMBER) if end == "not accepted" else submit(at, document_number=NUMBER)
        person = application.member.user
        if end == "discard":
            enrolment.recall(application=application, person=person, at=at)
        acts = {
            "discard": lambda: enrolment.discard(application=application, person=person, at=at),
            "withdraw": lambda: enrolment.withdraw(application=application, person=person, at=at),
            "expire": lambda: endings.expire(application=application, at=at + timedelta(days=60)),
            "not accepted": lambda: self.not_accepted(application, at),
        }

        acts[end]()

        assert not self.taken()
        assert submit(at, document_number=NUMBER).state == ApplicationState.AWAITING_FORM

    def test_when_the_last_row_is_withdrawn_it_is_free_again(self, at):
        application = stories.deciding(at=at, document_number=NUMBER)

        enrolment.withdraw(application=application, person=application.member.user, at=at)

        assert not self.taken()

    def test_from_the_first_approval_it_is_held_for_good(self, at):
        application = stories.approved(at=at, document_number=NUMBER)

        document = MemberDocument.objects.get(member=application.member)

        assert document.state == DocumentHold.HELD
        with pytest.raises(DocumentTaken):
            submit(at, document_number=NUMBER)

    def test_a_corrected_number_frees_the_mistyped_one(self, at):
        application = stories.returned(at=at, document_number=NUMBER)
        person = application.member.user
        right = stories.resident_number(BORN, serial=21)
        enrolment.save_draft(application=application, person=person, answers={"document_number": right}, at=at)

        enrolment.submit(application=Application.objects.get(pk=application.pk), person=person, consents_given=stories.CONSENTS, at=at)

        assert not self.taken()
        assert MemberDocument.objects.get(member=application.member).number == right

    def test_who_comes_back_years_later_brings_the_same_document(self, at):
        application = stories.approved(at=at, document_number=NUMBER)
        later = moment(date(2028, 5, 2))

        again = submit(later, user=application.member.user, document_number=NUMBER)

        assert again.rows.get().state == RowState.WAITING
        assert MemberDocument.objects.get(member=application.member).state == DocumentHold.HELD

    def test_withdrawing_the_second_enrolment_leaves_the_held_document_alone(self, at):
        application = stories.approved(at=at, document_number=NUMBER)
        later = moment(date(2028, 5, 2))
        again = submit(later, user=application.member.user, document_number=NUMBER)

        enrolment.withdraw(application=again, person=again.member.user, at=later)

        assert self.taken()
