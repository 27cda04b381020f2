"""Two runs over the same cases, and two workers at one run, in the same moment (REV-5, REV-6)."""

from contextlib import contextmanager

import pytest
from django.db import transaction

from membership.domain import bulk_decisions, dossiers
from membership.domain.bulk_choice import Chosen
from membership.enums import ApplicationState, BulkItemState, BulkState, Verdict
from membership.models import Application, BulkRun, Certificate, Decision, MemberNumber, Message
from tests.factories import enrolment as stories
from tests.factories.people import association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory
from tests.membership.domain.test_races import at_once, held_member

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def started(reviewer, cases, *, at, verdict=Verdict.APPROVED, **why) -> BulkRun:
    chosen = []
    for case in cases:
        application = case if isinstance(case, Application) else case.application
        row = None if application is case else case.pk
        chosen.append(Chosen(application.pk, row, case.round, dossiers.latest_sealed(application).pk))
    run = bulk_decisions.prepare(reviewer=reviewer, desk="desk", verdict=verdict, chosen=chosen, at=at)
    return bulk_decisions.start(run=run, reviewer=reviewer, at=at, **why)


@contextmanager
def held_run(run: BulkRun):
    """Let nobody take up a run."""
    with transaction.atomic():
        BulkRun.objects.select_for_update().get(pk=run.pk)
        yield


def carrying_out(run: BulkRun, at):
    """Return what a worker does."""

    def carry_out() -> int:
        cases = 0
        while bulk_decisions.decide_next(run_id=run.pk, at=at):
            cases += 1
        return cases

    return carry_out


class TestTwoRuns:
    def test_of_two_reviewers_who_do_the_same_each_case_is_decided_once_and_the_other_reads_who_was_faster(self, at):
        files = [stories.checking(at=at) for _ in range(4)]
        approving = started(association_reviewer("赵老师"), files, at=at)
        refusing = started(association_reviewer("钱老师"), files, at=at, verdict=Verdict.REFUSED, reason="盖章不清晰")

        at_once(held_member(files[0].member), carrying_out(approving, at), carrying_out(refusing, at))

        done = [bulk_decisions.progress(run) for run in (approving, refusing)]
        assert [one.waiting + one.failed for one in done] == [0, 0]
        assert sum(one.done for one in done) == sum(one.skipped for one in done) == Decision.objects.count() == 4
        assert Message.objects.filter(code__in=("file-approved", "file-refused")).count() == 4
        for run in (approving, refusing):
            assert all("老师 已于" in item.note for item in run.items.filter(state=BulkItemState.SKIPPED))
        expected = {Verdict.APPROVED: ApplicationState.DECIDING, Verdict.REFUSED: ApplicationState.RETURNED}
        for decision in Decision.objects.select_related("application"):
            assert decision.application.state == expected[decision.verdict]

    def test_two_institutions_that_approve_the_same_persons_make_each_a_member_once(self, at):
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        files = [stories.deciding(at=at, institutions=[lung, liver]) for _ in range(3)]
        runs = [
            started(institution_reviewer(institution), [file.rows.get(institution=institution) for file in files], at=at)
            for institution in (lung, liver)
        ]

        at_once(held_member(files[0].member), *(carrying_out(run, at) for run in runs))

        assert [bulk_decisions.progress(run).done for run in runs] == [3, 3]
        assert MemberNumber.objects.count() == 3 and Certificate.objects.count() == 3
        assert set(Application.objects.values_list("state", flat=True)) == {ApplicationState.CLOSED}


class TestTwoWorkers:
    def test_at_one_run_they_do_each_case_once_and_both_end(self, at):
        files = [stories.checking(at=at) for _ in range(5)]
        run = started(association_reviewer(), files, at=at)

        results = at_once(held_member(files[0].member), carrying_out(run, at), carrying_out(run, at))

        assert sum(results) == Decision.objects.count() == 5
        assert BulkRun.objects.get(pk=run.pk).state == BulkState.DONE

    def test_a_double_tap_starts_it_once(self, at):
        file = stories.checking(at=at)
        reviewer = association_reviewer()
        shown = Chosen(file.pk, None, 1, dossiers.latest_sealed(file).pk)
        run = bulk_decisions.prepare(reviewer=reviewer, desk="desk", verdict=Verdict.APPROVED, chosen=[shown], at=at)

        results = at_once(held_run(run), *(lambda: bulk_decisions.start(run=run, reviewer=reviewer, at=at) for _ in range(2)))

        assert sorted(type(one).__name__ for one in results) == ["AlreadyStarted", "BulkRun"]
