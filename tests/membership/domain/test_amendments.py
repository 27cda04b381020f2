"""The association's approval of activations, changes and upgrades: what becomes current, which edition is issued, what stays as it was."""

from datetime import date, timedelta

import pytest

from membership import rules
from membership.domain import amendments, dossiers, review
from membership.domain.errors import NotAllowed
from membership.enums import (
    AffiliationSource,
    ApplicationState,
    ChangeCategoryCode,
    DocumentHold,
    Hold,
    MemberType,
    Outcome,
    StampWaiver,
    Standing,
    Verdict,
)
from membership.models import Application, AuditEntry, LegacyMember, Member, Message
from tests.factories import amendments as stories
from tests.factories import enrolment
from tests.factories.people import association_reviewer, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(at) -> Member:
    return Member.objects.get(pk=enrolment.approved(at=at, name="沈砚秋").member_id)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def later(at):
    return at + timedelta(days=30)


class TestChange:  # B3, D-1, D-11, D-17, N-14, N-15
    def test_approved_it_is_closed_and_its_data_are_the_current_ones(self, at, member):
        application = stories.change(at=later(at), member=member, duty="科主任")

        decision = stories.approve(application, at=later(at))

        application, member = fresh(application), fresh(member)
        assert (application.state, application.outcome, application.stage_due_on) == (ApplicationState.CLOSED, Outcome.APPROVED, None)
        assert member.current_dossier == application.proposed_dossier and member.current_dossier.duty == "科主任"
        assert (decision.verdict, decision.institution, decision.dossier) == (Verdict.APPROVED, None, application.proposed_dossier)

    def test_what_the_certificate_does_not_show_supersedes_nothing(self, at, member):
        stories.approve(stories.change(at=later(at), member=member, duty="科主任"), at=later(at))

        assert [one.edition for one in member.certificates.live()] == [1]
        assert "会员证书没有变化" in Message.objects.get(code="amendment-approved").body

    @pytest.mark.parametrize("answer", [{"name": "沈彦秋"}, {"specialty": "放射治疗"}, {"work_unit": None, "work_unit_name": "自由执业"}])
    def test_a_changed_face_is_the_next_edition_under_the_same_number(self, at, member, answer):
        number = member.number

        stories.approve(stories.change(at=later(at), member=member, **answer), at=later(at))

        first, second = member.certificates.order_by("edition")
        assert (first.superseded_at, second.supersedes, second.edition) == (later(at), first, 2)
        assert second.dossier == fresh(member).current_dossier and fresh(member).number == number == second.number
        assert "旧版会显示“已换发”" in Message.objects.get(code="amendment-approved").body

    def test_a_changed_name_is_the_members_name_with_its_spellings(self, at, member):
        stories.approve(stories.change(at=later(at), member=member, name="沈彦秋"), at=later(at))

        assert (fresh(member).name, fresh(member).name_initials) == ("沈彦秋", "syq")

    def test_validity_and_affiliations_stay(self, at, member):
        before = list(member.affiliations.values())

        stories.approve(stories.change(at=later(at), member=member, name="沈彦秋"), at=later(at))

        assert list(member.affiliations.values()) == before

    def test_contact_data_are_written_only_where_contact_was_ticked(self, at, member):
        stories.approve(stories.change(at=later(at), member=member, email="alt@example.org", duty="主任"), at=later(at))
        assert fresh(member).contact.email == "shen@example.org"

        ticked = stories.change(at=later(at), member=member, email="neu@example.org", categories=[ChangeCategoryCode.CONTACT])
        stories.approve(ticked, at=later(at))

        assert fresh(member).contact.email == "neu@example.org"
        assert AuditEntry.objects.filter(action="contact.change", about=member).count() == 1

    def test_a_new_document_is_held_beside_the_old_one(self, at, member):  # D-6
        number = enrolment.resident_number(date(1984, 9, 30), serial=499)

        stories.approve(stories.change(at=later(at), member=member, document_number=number), at=later(at))

        assert [one.state for one in member.documents.all()] == [DocumentHold.HELD, DocumentHold.HELD]

    def test_on_data_that_are_no_longer_the_current_ones_it_is_refused(self, at, member):
        application = stories.change(at=later(at), member=member, duty="主任")
        Member.objects.filter(pk=member.pk).update(current_dossier=dossiers.latest_sealed(application))

        with pytest.raises(amendments.BaseChanged, match="资料已变化，请重新核对"):
            stories.approve(application, at=later(at))

        assert fresh(application).state == ApplicationState.CHECKING
        assert not application.decisions.exists()

    def test_without_stamp_only_where_somebody_waived_it(self, at, member):  # E-6
        application = stories.change(at=later(at), member=member, duty="主任")
        Application.objects.filter(pk=application.pk).update(basis=[])
        with pytest.raises(amendments.StampMissing):
            stories.approve(fresh(application), at=later(at))

        Application.objects.filter(pk=application.pk).update(stamp_waiver=StampWaiver.RETIRED)

        assert stories.approve(fresh(application), at=later(at)).verdict == Verdict.APPROVED

    def test_a_correction_replaces_the_wrong_edition(self, at, member):  # D-15
        stories.approve(stories.change(at=later(at), member=member, is_correction=True, name="沈彦秋"), at=later(at))

        assert [one.edition for one in member.certificates.live()] == [2]
        assert Message.objects.get(code="amendment-approved").title == "更正审批通过"


class TestUpgrade:  # UPG-1, N-14
    def test_the_type_changes_and_a_new_edition_says_so_while_validity_stays(self, at):
        application = stories.upgrade(at=later(at))
        member, before = application.member, list(application.member.affiliations.values())

        stories.approve(application, at=later(at))

        assert fresh(member).current_dossier.member_type == MemberType.PROFESSIONAL
        assert [one.edition for one in member.certificates.live()] == [2]
        assert list(member.affiliations.values()) == before


class TestActivation:  # B3, L-7, L-11
    def test_it_makes_a_member_for_a_year_at_the_former_institutions(self, at):
        lung, liver = InstitutionFactory.create_batch(2, committee=True)
        application = stories.activation(at=at, institutions=[lung, liver])

        stories.approve(application, at=at)

        member = fresh(application.member)
        assert (member.standing, member.name, member.joined_on) == (Standing.MEMBER, "沈砚秋", date(2026, 3, 17))
        assert [(one.institution, one.valid_from, one.valid_to, one.source) for one in member.affiliations.order_by("pk")] == [
            (place, date(2026, 3, 17), date(2027, 3, 17), AffiliationSource.ACTIVATION) for place in (lung, liver)
        ]
        assert member.last_valid_to == date(2027, 3, 17)
        assert [one.edition for one in member.certificates.live()] == [1]
        assert member.documents.get().state == DocumentHold.HELD
        assert member.number in Message.objects.get(code="activation-approved").body

    def test_without_a_former_institution_that_is_open_it_is_the_headquarters(self, at):
        closed = InstitutionFactory(committee=True, is_active=False)

        for institutions in ([], [closed]):
            application = stories.activation(at=at, institutions=institutions)
            stories.approve(application, at=at)
            assert application.member.affiliations.get().institution.is_headquarters

    def test_the_rows_that_were_ticked_are_the_members_the_others_are_free_again(self, at):
        application = stories.activation(at=at, rows=2)
        mine, others = application.legacy_rows.order_by("pk")

        stories.approve(application, at=at, legacy_rows=[mine])

        assert (fresh(mine).member, fresh(mine).activated_at) == (application.member, at)
        assert (fresh(others).member, fresh(others).activation, fresh(others).activated_at) == (None, None, None)

    def test_without_a_row_or_with_somebody_elses_it_is_refused(self, at):
        application, foreign = stories.activation(at=at), stories.legacy_row()

        for rows in ([], [foreign], [*application.legacy_rows.all(), foreign]):
            with pytest.raises(amendments.NoLegacyRow):
                stories.approve(application, at=at, legacy_rows=rows)

        assert fresh(application).state == ApplicationState.CHECKING
        assert not LegacyMember.objects.filter(activated_at__isnull=False).exists()


class TestWho:  # A-21, S-6, D-4
    @pytest.mark.parametrize("build", [stories.activation, stories.change, stories.upgrade])
    def test_the_association_alone_and_never_in_a_case_of_ones_own(self, at, build):
        application = build(at=at)
        application.member.user.groups.add(association_reviewer().groups.get())

        for person in (institution_reviewer(InstitutionFactory(committee=True)), staff(rules.SUPPORT), application.member.user):
            with pytest.raises(NotAllowed):
                stories.approve(application, at=at, reviewer=person)

    def test_once_the_second_reads_who_was_faster(self, at, member):
        application = stories.change(at=at, member=member, duty="主任")
        stories.approve(application, at=at, reviewer=association_reviewer("唐老师"))

        with pytest.raises(review.AlreadyDecided, match="唐老师"):
            stories.approve(application, at=at)

    def test_not_while_it_is_on_hold_nor_on_a_screen_that_showed_another_version(self, at, member):
        application = stories.change(at=at, member=member, duty="主任")
        with pytest.raises(dossiers.DossierChanged):
            amendments.approve_amendment(application=application, dossier=member.current_dossier, reviewer=association_reviewer(), at=at)
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        with pytest.raises(review.transitions.NotPossible):
            stories.approve(application, at=at)

    def test_an_enrolment_is_not_approved_here(self, at):
        with pytest.raises(amendments.NoAmendment):
            stories.approve(enrolment.checking(at=at), at=at)


class TestOtherVerdicts:  # B3: refuse, 不予受理
    @pytest.mark.parametrize("build", [stories.activation, stories.change, stories.upgrade])
    def test_refused_it_goes_back_and_nothing_becomes_current(self, at, build):
        application = build(at=at)
        before = application.member.current_dossier

        enrolment.refuse_file(application, at=at)

        assert fresh(application).state == ApplicationState.RETURNED
        assert fresh(application.member).current_dossier == before
