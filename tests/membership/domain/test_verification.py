"""What a certificate verifies as: every state of Table D, reached by its rows."""

from datetime import date, timedelta

import pytest

from membership import link_signing
from membership.domain import certificates, verification
from membership.enums import AffiliationEnd, CertificateState, EndKind, NumberKind, Standing
from membership.models import Affiliation, Certificate, Freeze, LegacyMember, Member, MemberNumber, Violation
from membership.models.settings import SocietySettings
from tests.factories import enrolment as stories
from tests.factories.people import MemberFactory, UserFactory, association_reviewer
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db
NAME = "沈砚秋"
LUNG = "中国抗癌协会肺癌专业委员会"


@pytest.fixture
def member(at) -> Member:
    application = stories.approved(at=at, name=NAME, institutions=[InstitutionFactory(committee=True, name="肺癌专业委员会")])
    return Member.objects.get(pk=application.member_id)


@pytest.fixture
def edition(member) -> Certificate:
    return certificates.live_edition(member)


@pytest.fixture
def today(at) -> date:
    return at.date()


def freeze(member: Member, at) -> None:
    staff = association_reviewer()
    violation = Violation.objects.create(member=member, text="所附证明与出具单位核实不符", recorded_by=staff, recorded_at=at)
    Freeze.objects.create(member=member, violation=violation, reason="核实材料", frozen_by=staff, started_at=at)


def end(member: Member, kind: EndKind, on: date) -> None:
    Affiliation.objects.filter(member=member).update(ended_on=on, ended_by=AffiliationEnd.MEMBERSHIP_ENDED)
    Member.objects.filter(pk=member.pk).update(standing=Standing.ENDED, end_kind=kind, ended_on=on)


def supersede(edition: Certificate, at) -> Certificate:
    return certificates.issue(edition.member, dossier=edition.dossier, decision=edition.decision, at=at)


def both(edition: Certificate, today: date) -> tuple[verification.Verification, verification.Verification]:
    """Return what the scanned link says, and the typed number."""
    return verification.by_link(edition.token, today=today), verification.by_number(edition.number, today=today)


class TestForged:  # N-6, Table D
    def test_a_wrong_check_letter_is_refused_without_a_lookup(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            answer = verification.by_number("M1650002054B", today=date(2026, 3, 17))

        assert answer == verification.FORGED

    def test_an_altered_link_is_refused_without_a_lookup(self, edition, today, django_assert_num_queries):
        altered = edition.token.replace(".1.", ".2.", 1)

        with django_assert_num_queries(0):
            assert verification.by_link(altered, today=today) == verification.FORGED

    @pytest.mark.parametrize("typed", ["", "　 ", "编号\x00", "A" * 65])
    def test_what_no_system_ever_gave_is_refused_without_a_lookup(self, typed, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert verification.by_number(typed, today=date(2026, 3, 17)).state == CertificateState.FORGED


class TestUnknown:  # N-5, N-8
    def test_the_number_of_the_guides_sample_is_well_formed_and_never_given(self, db):
        answer = verification.by_number("M1650002054A", today=date(2026, 3, 17))

        assert (answer.state, answer.word) == (CertificateState.UNKNOWN, "查无此证书")

    def test_a_truly_signed_link_that_the_register_does_not_know_asks_for_the_association(self, db):
        answer = verification.by_link(link_signing.sign("M1650009999Z", 1), today=date(2026, 3, 17))

        assert (answer.state, answer.word) == (CertificateState.UNKNOWN, "查无，请联系协会")
        assert not answer.name


class TestValid:  # N-4, N-12, N-13, CERT-3
    def test_it_is_valid_from_the_approval_downloaded_or_not(self, edition, today):
        scanned, typed = both(edition, today)

        assert edition.first_downloaded_at is None
        assert (scanned.state, typed.state) == (CertificateState.VALID, CertificateState.VALID)

    def test_it_shows_the_masked_name_the_type_and_each_institution_with_its_dates(self, edition, today):
        answer = verification.by_number(edition.number, today=today)

        assert (answer.name, answer.member_type) == ("沈**", "专业会员")
        assert [(line.institution, line.valid_from, line.valid_to) for line in answer.lines] == [(LUNG, today, date(2027, 3, 17))]

    def test_a_scan_names_the_edition_and_the_day_of_issue(self, edition, today):
        answer = verification.by_link(edition.token.lower(), today=today)

        assert (answer.edition, answer.issued_on) == (1, today)

    @pytest.mark.parametrize("typed", ["沈砚秋", " 沈 砚秋 ", "沈·砚秋"])
    def test_who_types_the_whole_name_sees_it(self, edition, today, typed):
        answer = verification.by_number(edition.number, today=today, full_name=typed)

        assert (answer.name, answer.is_name_full) == (NAME, True)

    def test_a_wrong_name_shows_no_more_than_none(self, edition, today):
        answer = verification.by_number(edition.number, today=today, full_name="沈砚")

        assert (answer.name, answer.is_name_full) == ("沈**", False)

    def test_it_runs_to_the_end_of_its_last_day(self, edition):
        assert verification.by_number(edition.number, today=date(2027, 3, 17)).state == CertificateState.VALID
        assert verification.by_number(edition.number, today=date(2027, 3, 18)).state == CertificateState.GRACE

    @pytest.mark.parametrize("typed", ["m1650000001d", " M165 0000-001D "])
    def test_capitals_blanks_and_hyphens_do_not_count(self, edition, today, typed):
        assert edition.number == "M1650000001D"

        assert verification.by_number(typed, today=today).state == CertificateState.VALID

    def test_a_look_costs_two_queries(self, edition, today, django_assert_num_queries):
        verification.by_link(edition.token, today=today)

        with django_assert_num_queries(2):
            verification.by_link(edition.token, today=today)


class TestGraceAndExpiry:  # N-12, M-3, M-4
    def test_in_grace_it_says_so_and_still_lists_the_institutions(self, edition):
        scanned, typed = both(edition, date(2027, 4, 16))

        assert (scanned.word, typed.word) == ("待续会", "待续会")
        assert [line.institution for line in typed.lines] == [LUNG]

    def test_after_it_the_last_day_alone_is_shown(self, edition):
        scanned, typed = both(edition, date(2027, 4, 17))

        assert (scanned.state, typed.state) == (CertificateState.EXPIRED, CertificateState.EXPIRED)
        assert (typed.on, typed.lines, typed.member_type, typed.name) == (date(2027, 3, 17), (), "", "沈**")


class TestEnded:  # Table D, M-13, M-15, P-8
    @pytest.mark.parametrize("kind", [EndKind.WITHDRAWN, EndKind.EXPELLED])
    def test_it_says_since_when_and_names_no_institution(self, edition, today, kind):
        end(edition.member, kind, today)

        for answer in both(edition, today):
            assert (answer.word, answer.on, answer.name, answer.lines) == ("会员资格已终止", today, "沈**", ())

    def test_of_the_dead_neither_date_nor_name_is_shown(self, edition, today):
        end(edition.member, EndKind.DECEASED, today)

        for answer in both(edition, today):
            assert (answer.word, answer.on, answer.name) == ("会员资格已终止", None, "")

    def test_the_forgotten_are_told_the_same_way(self, edition, today):
        Member.objects.filter(pk=edition.member_id).update(standing=Standing.ANONYMISED, name="")

        for answer in both(edition, today):
            assert (answer.word, answer.on, answer.name) == ("会员资格已终止", None, "")

    def test_it_stands_before_a_revoked_edition(self, edition, today, at):
        end(edition.member, EndKind.WITHDRAWN, today)
        Certificate.objects.filter(pk=edition.pk).update(revoked_at=at)

        assert verification.by_link(edition.token, today=today).state == CertificateState.ENDED


class TestRevoked:  # A-17, Table D
    def test_the_edition_shows_nothing_more(self, edition, today, at):
        Certificate.objects.filter(pk=edition.pk).update(revoked_at=at)

        answer = verification.by_link(edition.token, today=today)

        assert (answer.word, answer.name, answer.lines, answer.member_type) == ("该证书已撤销", "", (), "")

    def test_the_typed_number_answers_for_the_member(self, edition, today, at):
        Certificate.objects.filter(pk=edition.pk).update(revoked_at=at)

        assert verification.by_number(edition.number, today=today).state == CertificateState.VALID

    def test_a_number_whose_only_approval_was_taken_back_is_revoked_too(self, edition, today, at):
        Certificate.objects.filter(pk=edition.pk).update(revoked_at=at)
        Affiliation.objects.filter(member=edition.member).update(voided_at=at)
        Member.objects.filter(pk=edition.member_id).update(standing=Standing.APPLICANT)

        answer = verification.by_number(edition.number, today=today)

        assert (answer.word, answer.name) == ("已撤销", "")


class TestFrozen:  # M-2, CHG-4, Table D
    def test_it_says_so_without_the_reason(self, edition, today, at):
        freeze(edition.member, at)

        for answer in both(edition, today):
            assert (answer.word, answer.name, answer.lines) == ("会员资格已冻结", "沈**", ())

    def test_an_old_paper_cannot_hide_a_freeze(self, edition, today, at):
        supersede(edition, at)
        freeze(edition.member, at)

        assert verification.by_link(edition.token, today=today).state == CertificateState.FROZEN

    def test_unfrozen_it_is_what_the_dates_say(self, edition, today, at):
        freeze(edition.member, at)
        Freeze.objects.update(ended_at=at, unfrozen_by=UserFactory())

        assert verification.by_number(edition.number, today=today).state == CertificateState.VALID


class TestReplaced:  # N-1, N-3, N-14, M-20
    def test_an_earlier_edition_says_so_and_below_it_how_the_member_stands(self, edition, today, at):
        newer = supersede(edition, at)

        old = verification.by_link(edition.token, today=today)

        assert (old.word, old.present, old.edition) == ("已换发：以新版为准", CertificateState.VALID, 1)
        assert [line.institution for line in old.lines] == [LUNG]
        assert verification.by_link(newer.token, today=today).state == CertificateState.VALID

    def test_a_merged_number_names_neither_the_new_one_nor_an_institution(self, edition, today, at):
        merged = link_signing.number_of(900, "165")
        MemberNumber.objects.create(number=merged, member=edition.member, kind=NumberKind.MERGED, is_current=False, given_at=at)

        answer = verification.by_number(merged, today=today)

        assert (answer.word, answer.number, answer.name, answer.lines) == ("已由新编号取代", merged, "沈**", ())

    def test_a_merged_number_does_not_hide_a_freeze(self, edition, today, at):
        merged = link_signing.number_of(900, "165")
        MemberNumber.objects.create(number=merged, member=edition.member, kind=NumberKind.MERGED, is_current=False, given_at=at)
        freeze(edition.member, at)

        assert verification.by_number(merged, today=today).state == CertificateState.FROZEN


class TestLegacy:  # L-10
    @pytest.fixture
    def row(self, member) -> LegacyMember:
        return LegacyMember.objects.create(source="old", old_number="津2019-0123", name="沈砚秋")

    def word(self, today: date) -> str:
        answer = verification.by_number("津2019-0123", today=today)
        assert (answer.name, answer.lines) == ("", ())
        return answer.word

    def test_before_activation_it_waits(self, row, today):
        assert self.word(today) == "原系统编号，待激活"

    def test_activated_it_waits_to_be_collected_until_its_day(self, row, member, today, at):
        LegacyMember.objects.update(member=member, activated_at=at, void_on=today + timedelta(days=90))

        assert self.word(today) == "原系统编号，待换领"
        assert self.word(today + timedelta(days=90)) == "原系统编号已失效"

    def test_collected_it_is_replaced_without_the_new_number(self, row, member, today, at):
        LegacyMember.objects.update(member=member, activated_at=at, collected_at=at)

        answer = verification.by_number("津2019-0123", today=today)

        assert (answer.word, answer.number) == ("已由新编号取代", "津2019-0123")

    def test_from_the_day_the_association_sets_every_old_number_is_void(self, row, today):
        SocietySettings(legacy_numbers_void_on=today).save()

        assert self.word(today) == "原系统编号已失效"

    def test_an_old_number_cannot_hide_a_freeze(self, row, member, today, at):
        LegacyMember.objects.update(member=member, activated_at=at, collected_at=at)
        freeze(member, at)

        assert self.word(today) == "会员资格已冻结"

    def test_of_a_member_who_left_it_says_so(self, row, member, today, at):
        LegacyMember.objects.update(member=member, activated_at=at, collected_at=at)
        end(member, EndKind.WITHDRAWN, today)

        assert self.word(today) == "会员资格已终止"


class TestNames:  # CERT-3
    @pytest.mark.parametrize(
        ("name", "masked"),
        [("王明", "王*"), ("王小明", "王**"), ("阿卜杜·热合曼", "阿****"), ("王", "王"), ("Anne-Marie O'Neill", "A****"), ("", "")],
    )
    def test_the_first_character_stays(self, name, masked):
        assert verification.mask(name) == masked

    @pytest.mark.parametrize("typed", ["anne marie o'neill", "ANNE-MARIE O’NEILL"])
    def test_capitals_and_marks_between_do_not_make_another_name(self, typed):
        assert verification.is_same_name("Anne-Marie O'Neill", typed)

    def test_nobody_is_the_nameless(self):
        assert not verification.is_same_name("", "")


class TestWithoutMember:
    def test_a_person_who_was_never_approved_has_no_number_to_verify(self, today):
        applicant = MemberFactory()

        assert applicant.number is None
        assert verification.by_number("M1650000001D", today=today).state == CertificateState.UNKNOWN
