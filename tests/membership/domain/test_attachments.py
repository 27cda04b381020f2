"""Private files: stored under names of our own, read by those who may and by nobody else."""

import pytest

from membership.domain import attachments, dossiers, endorsements, rows
from membership.enums import AttachmentKind
from membership.models import Attachment
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, association_reviewer, committee_member, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db
PORTRAIT, QUALIFICATION = AttachmentKind.PORTRAIT, AttachmentKind.QUALIFICATION
STAMPED_PAGE, SUPPLEMENT = AttachmentKind.STAMPED_PAGE, AttachmentKind.SUPPLEMENT


def file_of(application, kind: AttachmentKind) -> Attachment:
    return application.member.attachments.filter(kind=kind).latest("pk")


class TestStore:  # OPS-2, field case 24
    def test_what_people_call_a_file_never_reaches_a_path(self, at):
        new = attachments.NewFile(PORTRAIT, b"\xff\xd8\xff", "image/jpeg", "..%2f..%2f证件 照\n终版.jpg", 354, 496)

        stored = attachments.store(new, member=None, by=None, at=at)

        assert stored.file.name.startswith("portrait/")
        assert stored.file.name.endswith(".jpg")
        assert "证件" not in stored.file.name
        assert ".." not in stored.file.name

    def test_size_pixels_and_fingerprint_are_kept(self, at):
        stored = attachments.store(attachments.NewFile(PORTRAIT, b"abc", "image/png", "a.png", 3, 4), member=None, by=None, at=at)

        assert (stored.size, stored.width, stored.height) == (3, 3, 4)
        assert stored.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    def test_a_long_name_is_kept_by_its_end(self, at):
        new = attachments.NewFile(PORTRAIT, b"abc", "image/jpeg", "长" * 300 + ".jpg")

        assert attachments.store(new, member=None, by=None, at=at).original_name.endswith(".jpg")


class TestMayRead:  # S-1, S-2, S-4, S-6, REV-4
    @pytest.fixture
    def case(self, at):
        return stories.deciding(at=at, referral=stories.referred_by(committee_member()))

    @pytest.mark.parametrize("kind", [PORTRAIT, QUALIFICATION, STAMPED_PAGE])
    def test_the_owner_reads_everything(self, case, kind):
        assert attachments.may_read(case.member.user, file_of(case, kind))

    @pytest.mark.parametrize("kind", [PORTRAIT, QUALIFICATION, STAMPED_PAGE])
    def test_the_association_reads_what_a_case_rests_on(self, case, kind):
        assert attachments.may_read(association_reviewer(), file_of(case, kind))

    @pytest.mark.parametrize(("kind", "allowed"), [(PORTRAIT, True), (QUALIFICATION, True), (STAMPED_PAGE, False)])
    def test_an_institution_never_sees_the_stamped_form(self, case, kind, allowed):
        reviewer = institution_reviewer(case.rows.get().institution)

        assert attachments.may_read(reviewer, file_of(case, kind)) is allowed

    @pytest.mark.parametrize(("kind", "allowed"), [(PORTRAIT, True), (QUALIFICATION, False), (STAMPED_PAGE, False)])
    def test_the_referrer_sees_the_portrait_alone(self, case, kind, allowed):
        referrer = case.referrer_seat.member.user

        assert attachments.may_read(referrer, file_of(case, kind)) is allowed

    @pytest.mark.parametrize("role", ["administrator", "editor", "support"])
    def test_other_staff_see_nothing(self, case, role):
        assert not attachments.may_read(staff(role), file_of(case, PORTRAIT))

    def test_another_institution_and_a_stranger_see_nothing(self, case):
        stranger, elsewhere = UserFactory(), institution_reviewer(InstitutionFactory(committee=True))

        assert not attachments.may_read(stranger, file_of(case, PORTRAIT))
        assert not attachments.may_read(elsewhere, file_of(case, PORTRAIT))

    def test_before_the_association_approved_an_institution_sees_nothing(self, at):
        case = stories.checking(at=at)
        reviewer = institution_reviewer(case.rows.get().institution)

        assert not attachments.may_read(reviewer, file_of(case, PORTRAIT))

    def test_of_a_draft_nobody_else_sees_anything(self, at):
        draft = stories.draft(at=at)

        assert not attachments.may_read(association_reviewer(), file_of(draft, PORTRAIT))
        assert attachments.may_read(draft.member.user, file_of(draft, PORTRAIT))

    def test_a_dropped_request_closes_the_portrait_again(self, at):
        seat = committee_member()
        case = stories.submitted(at=at, referral=stories.referred_by(seat))
        assert attachments.may_read(seat.member.user, file_of(case, PORTRAIT))

        endorsements.drop(case, at=at)

        assert not attachments.may_read(seat.member.user, file_of(case, PORTRAIT))

    def test_a_supplement_is_the_business_of_its_institution_and_the_associations(self, at):
        first, second = InstitutionFactory.create_batch(2, committee=True)
        case = stories.deciding(at=at, institutions=[first, second])
        row = case.rows.get(institution=first)
        stories.refuse_row(row, at=at)
        picture = stories.picture(SUPPLEMENT)
        rows.resubmit_row(row=row, person=case.member.user, statement="补充", supplements=[picture], at=at)

        supplement = file_of(case, SUPPLEMENT)

        assert attachments.may_read(institution_reviewer(first), supplement)
        assert not attachments.may_read(institution_reviewer(second), supplement)

    def test_a_reviewers_own_papers_are_theirs_as_an_applicant_and_no_colleagues_secret(self, at):
        reviewer = association_reviewer()
        case = stories.checking(at=at, user=reviewer)

        assert attachments.may_read(reviewer, file_of(case, STAMPED_PAGE))
        assert attachments.may_read(association_reviewer("另一位"), file_of(case, STAMPED_PAGE))

    def test_a_file_of_nobody_is_read_by_nobody(self, at):
        orphan = attachments.store(stories.picture(), member=None, by=None, at=at)

        assert not attachments.may_read(association_reviewer(), orphan)

    def test_what_a_later_version_replaced_stays_with_the_case(self, at):
        case = stories.returned(at=at)
        before = dossiers.latest_sealed(case).portrait

        assert attachments.may_read(association_reviewer(), before)
