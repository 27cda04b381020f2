"""
Two at once, in real transactions on two connections: one counts, the other reads what happened (REV-5, A-5, A-12, D-10; field case 42).

These need PostgreSQL; the SQLite run does not collect them. They commit, so the transactional fixture cleans up after each.
"""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from membership.domain import claims, dossiers, enrolment, review, rows
from membership.domain.errors import DomainError
from membership.enums import ApplicationState, RowState, Standing
from membership.models import Application, Certificate, Decision, Delivery, Member, MemberDocument, MemberNumber
from tests.factories import enrolment as stories
from tests.factories.people import association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Start all acts in the same moment, each on a connection of its own; return what each gave back or how it was refused."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait(timeout=10)
        try:
            results[place] = act()
        except Exception as refusal:
            results[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def refusals(results: list[object]) -> list[DomainError]:
    """Return the refusals among the results; anything else that went wrong fails the test."""
    failed = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, DomainError) for one in failed), failed
    return failed


def approving(row, reviewer, at):
    seen = dossiers.latest_sealed(row.application)
    return lambda: review.approve_row(row=row, dossier=seen, reviewer=reviewer, at=at)


def refusing(row, reviewer, at):
    seen = dossiers.latest_sealed(row.application)
    return lambda: review.refuse_row(row=row, dossier=seen, reviewer=reviewer, at=at, reason="不符合要求")


@pytest.mark.parametrize("time", range(3))
class TestAtOnce:
    def test_of_approve_and_refuse_one_counts_and_the_other_is_told_who_and_when(self, at, time):
        row = stories.deciding(at=at).rows.get()
        first, second = institution_reviewer(row.institution, name="甲老师"), institution_reviewer(row.institution, name="乙老师")

        results = at_once(approving(row, first, at), refusing(row, second, at))

        [refusal] = refusals(results)
        assert isinstance(refusal, review.AlreadyDecided)
        decision = Decision.objects.get(institution=row.institution)
        assert str(decision.decided_by) in refusal.message
        assert "2026-03-17" in refusal.message

    def test_two_first_approvals_give_one_number_and_one_first_edition(self, at, time):
        institutions = [InstitutionFactory(committee=True), InstitutionFactory(committee=True)]
        pair = list(stories.deciding(at=at, institutions=institutions).rows.order_by("pk"))

        results = at_once(*(approving(row, institution_reviewer(row.institution), at) for row in pair))

        assert refusals(results) == []
        member = Member.objects.get(pk=pair[0].member_id)
        assert member.standing == Standing.MEMBER
        assert MemberNumber.objects.filter(member=member).count() == 1
        assert Certificate.objects.filter(member=member).values_list("edition", flat=True).get() == 1
        assert member.affiliations.count() == 2

    def test_two_persons_approved_at_once_get_different_numbers(self, at, time):
        pair = [stories.deciding(at=at).rows.get() for _ in "ab"]

        results = at_once(*(approving(row, institution_reviewer(row.institution), at) for row in pair))

        assert refusals(results) == []
        assert MemberNumber.objects.count() == 2

    def test_the_associations_approve_and_refuse(self, at, time):
        application = stories.checking(at=at)
        seen = dossiers.latest_sealed(application)
        first, second = association_reviewer("甲老师"), association_reviewer("乙老师")

        results = at_once(
            lambda: review.approve_file(application=application, dossier=seen, reviewer=first, at=at),
            lambda: review.refuse_file(application=application, dossier=seen, reviewer=second, at=at, reason="盖章不清晰"),
        )

        assert len(refusals(results)) == 1
        assert Decision.objects.filter(application=application).count() == 1

    def test_a_double_click_on_submit_submits_once(self, at, time):
        application = stories.draft(at=at)
        person = application.member.user

        def submit():
            return enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)

        results = at_once(submit, submit)

        assert len(refusals(results)) == 1
        application.refresh_from_db()
        assert application.state == ApplicationState.AWAITING_FORM
        assert application.rows.count() == 1
        assert person.site_messages.count() == 1

    def test_of_two_accounts_with_the_same_document_one_submits(self, at, time):
        number = stories.resident_number(serial=77)
        pair = [stories.draft(at=at, document_number=number) for _ in "ab"]

        results = at_once(
            *(
                lambda one=one: enrolment.submit(application=one, person=one.member.user, consents_given=stories.CONSENTS, at=at)
                for one in pair
            )
        )

        [refusal] = refusals(results)
        assert isinstance(refusal, claims.DocumentTaken)
        assert MemberDocument.objects.count() == 1

    def test_two_devices_that_start_at_once_share_one_application(self, at, time):
        application = stories.draft(at=at)
        person = application.member.user
        enrolment.withdraw(application=application, person=person, at=at)

        results = at_once(lambda: enrolment.start(user=person, at=at), lambda: enrolment.start(user=person, at=at))

        assert len(refusals(results)) == 1
        assert Application.objects.filter(member__user=person, state=ApplicationState.DRAFT).count() == 1

    def test_withdraw_against_approve_the_first_lock_wins(self, at, time):
        row = stories.deciding(at=at).rows.get()
        person = row.member.user

        results = at_once(
            lambda: rows.withdraw_row(row=row, person=person, at=at),
            approving(row, institution_reviewer(row.institution), at),
        )

        assert len(refusals(results)) == 1
        row.refresh_from_db()
        member = Member.objects.get(pk=row.member_id)
        assert (row.state == RowState.APPROVED) == (member.standing == Standing.MEMBER)
        assert (row.state == RowState.WITHDRAWN) == (member.standing == Standing.APPLICANT)


class TestAFailedTransaction:
    def test_sends_nothing(self, at, monkeypatch, sms_outbox):
        row = stories.deciding(at=at).rows.get()
        sms_outbox.clear()
        messages = Delivery.objects.count()

        def failing(*args, **kwargs):
            raise RuntimeError("the database went away")

        monkeypatch.setattr(rows, "settle", failing)

        with pytest.raises(RuntimeError):
            approving(row, institution_reviewer(row.institution), at)()

        assert sms_outbox == []
        assert Delivery.objects.count() == messages
        assert MemberNumber.objects.count() == 0
