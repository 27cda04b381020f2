"""
Two acts in the same moment, with real threads and real transactions (REV-5, D-9, N-4; field case 42).

Both are let go together: each has come as far as the lock, or the table, that the test holds, before any of them may go on.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from membership import rules
from membership.domain import (
    affiliations,
    assignments,
    claims,
    dossiers,
    endorsements,
    enrolment,
    further_enrolment,
    referral_codes,
    reports,
    review,
    rows,
    seats,
    transitions,
)
from membership.domain.errors import DomainError
from membership.domain.further_enrolment import Choice
from membership.enums import ApplicationState, AttachmentKind, EndorsementState, Hold, RowState, Standing, Verdict
from membership.models import (
    Application,
    ApplicationInstitution,
    Certificate,
    Decision,
    Delivery,
    Member,
    MemberDocument,
    MemberNumber,
    Message,
    NumberCounter,
    ReferralBinding,
    ReferralCode,
)
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, association_reviewer, committee_member, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@contextmanager
def held_member(member: Member):
    """Hold a person's lock, which every act takes first."""
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=member.pk)
        yield


@contextmanager
def held_counter():
    """Let nobody take a number."""
    with transaction.atomic():
        list(NumberCounter.objects.select_for_update())
        yield


@contextmanager
def held_documents():
    """Let nobody write down a document, while everybody may look whether it is there."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE membership_memberdocument IN EXCLUSIVE MODE")
        yield


def at_once(held, *acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads of their own, let go together; return what each returned, or the refusal it met."""
    with ThreadPoolExecutor(len(acts)) as pool:
        with held:
            running = [pool.submit(_carried_out, act) for act in acts]
            _wait_until_blocked(len(acts))
        return [one.result(timeout=30) for one in running]


def _carried_out(act: Callable[[], object]) -> object:
    try:
        return act()
    except DomainError as refusal:
        return refusal
    finally:
        connection.close()


def _wait_until_blocked(count: int) -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            # Within a transaction PostgreSQL shows its activity as it first was, unless told to forget it.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0] >= count:
                return
        time.sleep(0.05)
    raise AssertionError("The acts did not come as far as the lock.")


def refusals(results: list[object]) -> list[DomainError]:
    return [one for one in results if isinstance(one, DomainError)]


def of_file(verb, application: Application, name: str, at, **options) -> Callable[[], object]:
    """Return a reviewer's act on a file, as their screen shows it now."""
    reviewer, dossier = association_reviewer(name), dossiers.latest_sealed(application)
    return lambda: verb(application=application, dossier=dossier, reviewer=reviewer, at=at, **options)


def of_row(verb, row: ApplicationInstitution, at, **options) -> Callable[[], object]:
    """Return a reviewer's act on a row, as their screen shows it now."""
    reviewer, dossier = institution_reviewer(row.institution), dossiers.latest_sealed(row.application)
    return lambda: verb(row=row, dossier=dossier, reviewer=reviewer, at=at, **options)


class TestTwoReviewersOfOneFile:  # REV-5, A-2
    def test_of_approval_and_refusal_one_counts_and_the_other_reads_who_was_faster(self, at):
        application = stories.checking(at=at)

        results = at_once(
            held_member(application.member),
            of_file(review.approve_file, application, "赵老师", at),
            of_file(review.refuse_file, application, "钱老师", at, reason="盖章不清晰"),
        )

        decision = Decision.objects.get()
        [refusal] = refusals(results)
        application.refresh_from_db()
        assert isinstance(refusal, review.AlreadyDecided)
        assert str(decision.decided_by) in refusal.message
        expected = {Verdict.APPROVED: ApplicationState.DECIDING, Verdict.REFUSED: ApplicationState.RETURNED}
        assert application.state == expected[decision.verdict]
        assert Message.objects.filter(code__in=("file-approved", "file-refused")).count() == 1

    def test_of_two_claims_one_counts_and_the_other_reads_who_and_when(self, at):  # REV-9
        application = stories.checking(at=at)
        first, second = association_reviewer("赵老师"), association_reviewer("钱老师")

        results = at_once(
            held_member(application.member),
            *(partial(assignments.claim, case=application, reviewer=reviewer, at=at) for reviewer in (first, second)),
        )

        application.refresh_from_db()
        [refusal] = refusals(results)
        assert refusal.message == f"{application.assigned_to} 已于 2026-03-17 10:00 领取了这份申请。"

    def test_of_two_who_take_over_from_a_third_one_counts(self, at):
        application = stories.checking(at=at)
        absent = association_reviewer("孙老师")
        assignments.claim(case=application, reviewer=absent, at=at)
        others = [association_reviewer("赵老师"), association_reviewer("钱老师")]

        results = at_once(
            held_member(application.member),
            *(partial(assignments.claim, case=application, reviewer=one, at=at, takes_over_from=absent.pk) for one in others),
        )

        application.refresh_from_db()
        [refusal] = refusals(results)
        assert application.assigned_to in others and str(application.assigned_to) in refusal.message

    def test_of_a_report_and_a_decision_one_counts(self, at):  # M-18
        row = stories.deciding(at=at).rows.get()
        reporter = institution_reviewer(row.institution)

        results = at_once(
            held_member(row.member),
            of_row(review.approve_row, row, at),
            partial(reports.report, row=row, reviewer=reporter, text="资质证书编号查不到，疑似伪造", at=at),
        )

        row.refresh_from_db()
        [refusal] = refusals(results)
        assert isinstance(refusal, transitions.NotPossible)
        assert (row.state, row.hold) in ((RowState.APPROVED, Hold.NONE), (RowState.PENDING, Hold.REPORTED))


class TestTwoReviewersOfTheRows:  # REV-5, A-5, N-4
    def test_two_first_approvals_make_one_member_with_one_number_and_one_first_edition(self, at):
        application = stories.deciding(at=at, institutions=[InstitutionFactory(committee=True), InstitutionFactory(committee=True)])
        first, second = application.rows.order_by("pk")

        results = at_once(held_member(application.member), of_row(review.approve_row, first, at), of_row(review.approve_row, second, at))

        member = Member.objects.get(pk=application.member_id)
        assert refusals(results) == []
        assert member.standing == Standing.MEMBER
        assert MemberNumber.objects.get().number == member.number
        assert [one.edition for one in Certificate.objects.all()] == [1]
        assert member.affiliations.count() == 2
        assert Application.objects.get(pk=application.pk).state == ApplicationState.CLOSED

    def test_two_persons_approved_at_once_get_different_numbers(self, at):  # N-2
        stories.approved(at=at)
        pair = [stories.deciding(at=at).rows.get() for _ in range(2)]

        results = at_once(held_counter(), *(of_row(review.approve_row, row, at) for row in pair))

        assert refusals(results) == []
        assert MemberNumber.objects.count() == 3

    def test_of_approval_and_refusal_of_a_row_one_counts(self, at):
        application = stories.deciding(at=at)
        row = application.rows.get()

        results = at_once(
            held_member(application.member), of_row(review.approve_row, row, at), of_row(review.refuse_row, row, at, reason="专业方向不符")
        )

        decision = row.decisions.get()
        [refusal] = refusals(results)
        assert isinstance(refusal, review.AlreadyDecided)
        assert Certificate.objects.count() == (1 if decision.verdict == Verdict.APPROVED else 0)

    def test_of_withdrawal_and_approval_the_first_wins_and_the_other_reads_what_happened(self, at):
        application = stories.deciding(at=at)
        row, person = application.rows.get(), application.member.user

        results = at_once(
            held_member(application.member),
            of_row(review.approve_row, row, at),
            lambda: rows.withdraw_row(row=row, person=person, at=at),
        )

        row.refresh_from_db()
        [refusal] = refusals(results)
        assert isinstance(refusal, transitions.NotPossible)
        assert row.state in (RowState.APPROVED, RowState.WITHDRAWN)
        assert (row.state == RowState.APPROVED) == row.decisions.exists() == Certificate.objects.exists()
        assert row.get_state_display() in refusal.message


class TestTheMemberTwice:  # M-13, field case 42
    def test_two_devices_that_submit_the_same_further_enrolment_submit_one(self, at):
        member = stories.approved(at=at).member
        chosen = Choice((InstitutionFactory(committee=True),))

        def submit():
            return further_enrolment.submit(person=member.user, choice=chosen, is_still_true=True, at=at)

        results = at_once(held_member(member), submit, submit)

        [refusal] = refusals(results)
        assert isinstance(refusal, enrolment.Incomplete)
        assert member.rows.filter(state=RowState.PENDING).count() == 1
        assert not member.applications.filter(state=ApplicationState.DRAFT).exists()

    def test_two_devices_for_the_last_place_fill_it_once(self, at):
        member = stories.approved(at=at, institutions=[InstitutionFactory(committee=True) for _ in range(4)]).member

        def submit():
            chosen = Choice((InstitutionFactory(committee=True),))
            return further_enrolment.submit(person=member.user, choice=chosen, is_still_true=True, at=at)

        results = at_once(held_member(member), submit, submit)

        assert len(refusals(results)) == 1
        assert member.rows.filter(state=RowState.PENDING).count() == 1

    def test_who_gives_up_both_at_once_is_asked_before_the_membership_ends(self, at):
        member = stories.approved(at=at, institutions=[InstitutionFactory(committee=True) for _ in range(2)]).member
        first, second = member.affiliations.order_by("pk")

        def give_up(affiliation):
            return lambda: affiliations.give_up(affiliation=affiliation, person=member.user, at=at)

        results = at_once(held_member(member), give_up(first), give_up(second))

        [refusal] = refusals(results)
        assert isinstance(refusal, affiliations.MembershipWouldEnd)
        assert Member.objects.get(pk=member.pk).standing == Standing.MEMBER


class TestTheApplicantTwice:  # D-9, field case 42
    def test_submitting_twice_submits_once(self, at):
        application = stories.draft(at=at)
        person = application.member.user

        def submit():
            return enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)

        results = at_once(held_member(application.member), submit, submit)

        [refusal] = refusals(results)
        assert isinstance(refusal, transitions.NotPossible)
        assert application.rows.count() == MemberDocument.objects.count() == 1
        assert Message.objects.filter(code="enrolment-submitted").count() == 1
        assert Delivery.objects.filter(message__code="enrolment-submitted").count() <= 1

    def test_withdrawing_the_file_while_it_is_approved(self, at):
        application = stories.checking(at=at)
        person = application.member.user

        results = at_once(
            held_member(application.member),
            of_file(review.approve_file, application, "赵老师", at),
            lambda: enrolment.withdraw(application=application, person=person, at=at),
        )

        application.refresh_from_db()
        states = set(application.rows.values_list("state", flat=True))
        if refusals(results):
            assert (application.state, states) in (
                (ApplicationState.DECIDING, {RowState.PENDING}),
                (ApplicationState.WITHDRAWN, {RowState.WITHDRAWN}),
            )
        else:
            # The approval came first, and the withdrawal then took all rows along.
            assert (application.state, states) == (ApplicationState.WITHDRAWN, {RowState.WITHDRAWN})

    def test_of_several_pictures_sent_at_once_one_stays_and_no_other_file(self, at):  # APP-7
        application = stories.draft(at=at)
        person = application.member.user

        def sent(tone):
            file = stories.picture(tone=tone)
            return lambda: enrolment.attach(application=application, person=person, field="portrait", file=file, at=at)

        results = at_once(held_member(application.member), *(sent(tone) for tone in (20, 60, 100, 140)))

        application.own_dossier.refresh_from_db()
        [kept] = application.member.attachments.filter(kind=AttachmentKind.PORTRAIT)
        assert refusals(results) == []
        assert application.own_dossier.portrait == kept

    def test_a_picture_is_turned_while_another_device_removes_it(self, at):  # APP-7
        application = stories.draft(at=at)
        person, picture = application.member.user, application.own_dossier.portrait_id
        own = {"application": application, "person": person, "field": "portrait", "picture": picture, "at": at}

        results = at_once(
            held_member(application.member),
            lambda: enrolment.change_picture(**own, file=stories.picture(tone=60)),
            lambda: enrolment.remove_picture(**own),
        )

        assert [type(one) for one in refusals(results)] == [enrolment.PictureChanged]

    def test_two_devices_that_start_at_once_share_one_application(self, at):
        application = stories.draft(at=at)
        person = application.member.user
        enrolment.withdraw(application=application, person=person, at=at)

        def start():
            return enrolment.start(user=person, at=at)

        results = at_once(held_member(application.member), start, start)

        assert [type(one) for one in refusals(results)] == [enrolment.MayNotStart]
        assert Application.objects.filter(member__user=person, state=ApplicationState.DRAFT).count() == 1


class TestTwoAccountsWithOneDocument:  # APP-4, D-9, D-10
    def test_one_of_them_has_it_and_the_other_reads_the_one_text(self, at):
        number = stories.resident_number(serial=471)
        drafts = [stories.draft(at=at, user=UserFactory(), document_number=number) for _ in range(2)]

        def submission(application):
            person = application.member.user
            return lambda: enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)

        results = at_once(held_documents(), *(submission(one) for one in drafts))

        [refusal] = refusals(results)
        assert isinstance(refusal, claims.DocumentTaken)
        assert MemberDocument.objects.count() == 1
        states = sorted(Application.objects.values_list("state", flat=True))
        assert states == [ApplicationState.AWAITING_FORM, ApplicationState.DRAFT]


class TestTwoAnswersOfOneReferrer:  # REF-1, E-3, field case 42
    def answers(self, application, at):
        endorsement = application.endorsements.select_related("seat__member", "application").get()
        own = {"endorsement": endorsement, "person": endorsement.seat.member.user, "at": at}
        return lambda: endorsements.agree(**own), lambda: endorsements.decline(**own, reason_public="不熟悉申请人")

    def test_of_agreement_and_refusal_one_counts_and_the_file_moves_once(self, at):
        application = stories.endorsing(at=at)

        results = at_once(held_member(application.member), *self.answers(application, at))

        [refusal] = refusals(results)
        endorsement = application.endorsements.get()
        application.refresh_from_db()
        assert isinstance(refusal, transitions.NotPossible)
        assert endorsement.get_state_display() in refusal.message
        expected = {EndorsementState.AGREED: ApplicationState.CHECKING, EndorsementState.DECLINED: ApplicationState.ENDORSING}
        assert application.state == expected[endorsement.state]
        assert Message.objects.filter(code__in=("endorsement-agreed", "endorsement-declined")).count() == 1

    def test_the_same_answer_from_two_tabs_is_one_answer(self, at):
        application = stories.endorsing(at=at)
        agree, _ = self.answers(application, at)

        results = at_once(held_member(application.member), agree, agree)

        assert len(refusals(results)) == 1
        assert application.endorsements.get().state == EndorsementState.AGREED
        assert Message.objects.filter(code="endorsement-agreed").count() == 1

    def test_an_answer_and_the_withdrawal_of_the_file(self, at):
        application = stories.endorsing(at=at)
        person = application.member.user
        agree, _ = self.answers(application, at)

        at_once(held_member(application.member), agree, lambda: enrolment.withdraw(application=application, person=person, at=at))

        application.refresh_from_db()
        assert application.state == ApplicationState.WITHDRAWN
        assert application.endorsements.get().state == EndorsementState.DROPPED

    def test_an_answer_and_the_end_of_the_seat(self, at):
        seat = committee_member()
        application = stories.endorsing(at=at, seat=seat)
        administrator = staff(rules.ADMINISTRATOR)
        agree, _ = self.answers(application, at)
        yesterday = date(2026, 3, 16)

        results = at_once(held_member(application.member), agree, lambda: seats.end(seat=seat, last_day=yesterday, by=administrator, at=at))

        # Whichever came first: a word given in time stands, a request that was left is void, and neither act fails.
        state = application.endorsements.get().state
        refused = refusals(results)
        assert (state, len(refused)) in ((EndorsementState.AGREED, 0), (EndorsementState.VOID, 1))

    def test_two_reminders_are_one(self, at):
        application = stories.endorsing(at=at)
        person, later = application.member.user, at + timedelta(days=1)

        def remind():
            return endorsements.remind(application=application, person=person, at=later)

        results = at_once(held_member(application.member), remind, remind)

        assert [type(one) for one in refusals(results)] == [endorsements.RemindedToday]
        assert Message.objects.filter(code="endorsement-asked").count() == 2


class TestOneCodeTwice:  # E-17
    def test_two_codes_asked_for_at_once_are_one(self, at):
        seat = committee_member()
        person = seat.member.user

        def issue():
            return referral_codes.issue(seat=seat, person=person, at=at)

        first, second = at_once(held_member(seat.member), issue, issue)

        assert first == second
        assert ReferralCode.objects.count() == 1

    def test_two_scans_at_once_bind_one_referrer_to_one_draft(self, at):
        seat = committee_member()
        code = referral_codes.issue(seat=seat, person=seat.member.user, at=at)
        application = stories.draft(at=at)
        person = application.member.user

        def follow():
            return referral_codes.follow(code=code.code, person=person, at=at)

        results = at_once(held_member(application.member), follow, follow)

        assert refusals(results) == []
        assert ReferralBinding.objects.get().application == application

    def test_a_scan_while_the_draft_is_submitted(self, at):
        seat = committee_member()
        code = referral_codes.issue(seat=seat, person=seat.member.user, at=at)
        application = stories.draft(at=at)
        person = application.member.user

        results = at_once(
            held_member(application.member),
            lambda: referral_codes.follow(code=code.code, person=person, at=at),
            lambda: enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at),
        )

        # Bound before: the committee member is asked. Submitted before: the scan reads that it is too late.
        application.refresh_from_db()
        assert application.state == ApplicationState.AWAITING_FORM
        assert application.endorsements.exists() == (not refusals(results)) == (application.referrer_seat == seat)


class TestAFailedTransaction:  # REV-5
    def test_sends_nothing_and_gives_no_number(self, at, monkeypatch, sms_outbox):
        row = stories.deciding(at=at).rows.get()
        approve = of_row(review.approve_row, row, at)
        sms_outbox.clear()
        before = Delivery.objects.count()

        def fail(*args, **kwargs):
            raise RuntimeError("the database went away")

        monkeypatch.setattr(rows, "settle", fail)

        with pytest.raises(RuntimeError):
            approve()

        assert sms_outbox == []
        assert Delivery.objects.count() == before
        assert not MemberNumber.objects.exists()
