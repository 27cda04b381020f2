"""提交盖章文件: what a signed form may rest on, where it goes, and until when the scan may be replaced."""

from datetime import timedelta

import pytest

from membership.domain import deadlines, endorsements, enrolment, review, stamped_forms
from membership.domain.errors import NotAllowed
from membership.domain.stamped_forms import AlreadyOpened, NoBasis, Scan
from membership.domain.transitions import NotPossible
from membership.enums import ApplicationState, AttachmentKind, Basis, EndorsementState
from membership.models import Application, AuditEntry, Message
from tests.factories import enrolment as stories
from tests.factories.people import MemberFactory, SeatFactory, UserFactory, association_reviewer, committee_member
from tests.factories.reference import ReviewReasonFactory

pytestmark = pytest.mark.django_db


def upload(application, at, basis=(Basis.STAMP,), scan=None, person=None):
    return stamped_forms.upload(
        application=application, person=person or application.member.user, scan=scan or stories.scan(), basis=basis, at=at
    )


def asked(at, seat=None):
    return stories.submitted(at=at, referral=stories.referred_by(seat or committee_member()))


class TestBasis:  # E-1, E-2, E-18
    @pytest.mark.parametrize("basis", [[Basis.STAMP], [Basis.SIGNATURE], [Basis.STAMP, Basis.SIGNATURE]])
    def test_a_stamp_or_a_signature_carries_the_form_to_the_association(self, at, basis):
        application = upload(stories.submitted(at=at), at, basis)

        assert application.state == ApplicationState.CHECKING
        assert application.basis == sorted(basis)

    @pytest.mark.parametrize("basis", [[], [Basis.ENDORSEMENT]], ids=["nothing", "an endorsement nobody was asked for"])
    def test_a_form_that_rests_on_nothing_is_refused(self, at, basis):
        application = stories.submitted(at=at)

        with pytest.raises(NoBasis) as refusal:
            upload(application, at, basis)

        assert refusal.value.field == "basis"
        assert not application.stamped_forms.exists()

    def test_one_who_cannot_be_asked_online_must_sign_by_hand(self, at):
        application = asked(at, SeatFactory(member=MemberFactory(user=None)))
        with pytest.raises(NoBasis):
            upload(application, at, [])

        assert upload(application, at, [Basis.SIGNATURE]).state == ApplicationState.CHECKING

    def test_an_endorsement_given_online_is_basis_enough(self, at):
        seat = committee_member()
        application = asked(at, seat)
        endorsements.agree(endorsement=application.endorsements.get(), person=seat.member.user, at=at)

        assert upload(application, at, []).state == ApplicationState.CHECKING

    def test_after_a_refusal_of_the_referrer_a_stamp_is_needed(self, at):
        seat = committee_member()
        application = asked(at, seat)
        endorsements.decline(endorsement=application.endorsements.get(), person=seat.member.user, reason_public="不熟悉", at=at)

        with pytest.raises(NoBasis):
            upload(application, at, [])


class TestWhereItGoes:  # B1 upload form, E-2, K-1
    @pytest.mark.parametrize("basis", [[], [Basis.STAMP]], ids=["endorsement alone", "stamp beside it"])
    def test_while_the_referrer_is_silent_the_file_waits_and_no_clock_runs(self, at, basis):
        application = upload(asked(at), at, basis)

        assert application.state == ApplicationState.ENDORSING
        assert (application.clock_started_at, application.stage_due_on, application.first_checked_at) == (None, None, None)
        assert not Message.objects.filter(user=application.member.user, code="file-arrived").exists()

    def test_a_signature_by_hand_drops_the_request_and_goes_on(self, at):
        seat = committee_member()
        application = upload(asked(at, seat), at, [Basis.SIGNATURE])

        assert application.state == ApplicationState.CHECKING
        assert application.endorsements.get().state == EndorsementState.DROPPED
        assert Message.objects.filter(user=seat.member.user, code="endorsement-dropped").exists()

    def test_a_signature_beside_an_endorsement_already_given_takes_nothing_away(self, at):
        seat = committee_member()
        application = asked(at, seat)
        endorsements.agree(endorsement=application.endorsements.get(), person=seat.member.user, at=at)

        upload(application, at, [Basis.SIGNATURE])

        assert application.endorsements.get().state == EndorsementState.AGREED

    def test_the_clock_starts_when_the_form_comes_in_and_the_date_is_named(self, at):
        application = stories.submitted(at=at)
        later = at + timedelta(days=3)

        checking = upload(application, later)

        assert checking.clock_started_at == checking.first_checked_at == later
        assert checking.stage_due_on == deadlines.association_due(later.date())
        told = Message.objects.get(user=application.member.user, code="file-arrived")
        assert f"{deadlines.promise(later.date())}" in told.body

    def test_the_form_is_tied_to_the_version_that_was_printed(self, at):
        application = stories.returned(at=at, reason="邮箱有误")
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers={"email": "right@example.org"}, at=at)
        again = enrolment.submit(
            application=Application.objects.get(pk=application.pk), person=person, consents_given=stories.CONSENTS, at=at
        )

        upload(again, at)

        assert stamped_forms.current(again).dossier.version == 2
        assert again.stamped_forms.filter(superseded_at__isnull=False).get().dossier.version == 1

    def test_every_page_is_kept_in_order(self, at):
        pages = [stories.picture(AttachmentKind.STAMPED_PAGE, tone=tone) for tone in (50, 150)]
        scan = Scan(original=stories.picture(AttachmentKind.STAMPED_FORM), pages=pages, findings={"seal": "none"})
        application = stories.submitted(at=at)

        upload(application, at, scan=scan)

        form = stamped_forms.current(application)
        assert [page.number for page in form.pages.all()] == [1, 2]
        assert form.findings == {"seal": "none"}
        assert AuditEntry.objects.get(action="application.upload_form").details == {"pages": 2}

    def test_a_second_upload_says_where_the_file_is(self, at):
        application = stories.checking(at=at)

        with pytest.raises(NotPossible, match="协会审核"):
            upload(application, at)

    def test_nobody_uploads_for_another(self, at):
        with pytest.raises(NotAllowed):
            upload(stories.submitted(at=at), at, person=UserFactory())


class TestSwitchToStamp:  # E-3, B1 endorsing
    def switch(self, application, at, basis=(Basis.STAMP,)):
        return stamped_forms.switch_to_stamp(
            application=application, person=application.member.user, scan=stories.scan(), basis=basis, at=at
        )

    def test_the_association_takes_over_and_the_request_is_dropped(self, at):
        seat = committee_member()
        application = self.switch(stories.endorsing(at=at, seat=seat), at + timedelta(days=2))

        assert application.state == ApplicationState.CHECKING
        assert application.clock_started_at == at + timedelta(days=2)
        assert application.endorsements.get().state == EndorsementState.DROPPED
        assert Message.objects.filter(user=seat.member.user, code="endorsement-dropped").exists()
        assert application.stamped_forms.count() == 2

    def test_it_helps_too_when_the_request_is_already_void(self, at):
        application = stories.endorsing(at=at)
        endorsements.void(endorsement=application.endorsements.get(), at=at)

        assert self.switch(application, at).state == ApplicationState.CHECKING

    @pytest.mark.parametrize("basis", [[], [Basis.ENDORSEMENT]])
    def test_it_needs_a_stamp_or_a_signature(self, at, basis):
        with pytest.raises(NoBasis):
            self.switch(stories.endorsing(at=at), at, basis)

    def test_elsewhere_there_is_nothing_to_switch(self, at):
        with pytest.raises(NotPossible):
            self.switch(stories.submitted(at=at), at)


class TestReplace:
    def replace(self, application, at):
        return stamped_forms.replace(application=application, person=application.member.user, scan=stories.scan(), at=at)

    def test_until_a_reviewer_has_opened_the_file_the_scan_may_be_replaced(self, at):
        application = stories.checking(at=at)

        replaced = self.replace(application, at + timedelta(hours=1))

        assert replaced.state == ApplicationState.CHECKING
        assert replaced.basis == [Basis.STAMP]
        assert application.stamped_forms.count() == 2
        assert application.stamped_forms.filter(superseded_at=at + timedelta(hours=1)).count() == 1

    def test_the_clock_runs_on(self, at):
        application = stories.checking(at=at)

        replaced = self.replace(application, at + timedelta(days=2))

        assert (replaced.clock_started_at, replaced.stage_due_on) == (at, deadlines.association_due(at.date()))

    def test_afterwards_it_stays(self, at):
        application = stories.checking(at=at)
        review.opened(application=application, reviewer=association_reviewer(), at=at)

        with pytest.raises(AlreadyOpened):
            self.replace(Application.objects.get(pk=application.pk), at)

    def test_a_new_form_in_the_next_round_may_be_replaced_again(self, at):
        application = stories.checking(at=at)
        review.opened(application=application, reviewer=association_reviewer(), at=at)
        stories.refuse_file(application, at=at, reason="", reasons=[ReviewReasonFactory(stamped_form=True)])
        person = application.member.user
        again = enrolment.submit(
            application=Application.objects.get(pk=application.pk), person=person, consents_given=stories.CONSENTS, at=at
        )
        upload(again, at)

        assert self.replace(again, at).first_opened_at is None

    def test_before_the_form_is_here_there_is_nothing_to_replace(self, at):
        with pytest.raises(NotPossible):
            self.replace(stories.submitted(at=at), at)
