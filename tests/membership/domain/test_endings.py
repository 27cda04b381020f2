"""How an application ends before it is decided: withdrawn by the applicant, or its time ran out (A-6, A-12, K-9)."""

from datetime import date, timedelta

import pytest

from membership.domain import claims, endings, endorsements, enrolment
from membership.domain.errors import NotAllowed
from membership.domain.transitions import NotPossible
from membership.enums import (
    ApplicationState,
    DocumentHold,
    EndorsementState,
    Hold,
    Outcome,
    RowState,
)
from membership.models import (
    Application,
    MemberDocument,
)
from membership.periods import same_day_next
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import UserFactory, committee_member
from tests.factories.reference import InstitutionFactory
from tests.membership.domain.acts import codes_told, fresh

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)

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
