"""One verdict for many cases: each its own transaction, each once, each with what was shown."""

from datetime import timedelta

import pytest
from django.db import transaction

from membership.domain import bulk_decisions, dossiers, enrolment, review, sweeping
from membership.domain.bulk_choice import ON_BEHALF, Chosen
from membership.domain.errors import NotAllowed
from membership.enums import ApplicationState, BulkItemState, BulkState, RowState, Verdict
from membership.models import Application, ApplicationInstitution, AuditEntry, BulkItem, BulkRun, Decision, Member, Message
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import UserFactory, association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory
from tests.membership.domain.acts import save, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return association_reviewer()


def chosen(case, **changes) -> Chosen:
    """Return a case as a list shows it now."""
    row = case if isinstance(case, ApplicationInstitution) else None
    application = row.application if row else case
    shown = {"round": case.round, "dossier": dossiers.latest_sealed(application).pk, **changes}
    return Chosen(application.pk, row.pk if row else None, **shown)


def prepared(reviewer, cases, *, at, verdict=Verdict.APPROVED) -> BulkRun:
    found = [case if isinstance(case, Chosen) else chosen(case) for case in cases]
    return bulk_decisions.prepare(reviewer=reviewer, desk="desk", verdict=verdict, chosen=found, at=at)


def carried_out(run, reviewer, *, at, **why) -> BulkRun:
    bulk_decisions.start(run=run, reviewer=reviewer, at=at, **why)
    while bulk_decisions.decide_next(run_id=run.pk, at=at):
        pass
    return BulkRun.objects.get(pk=run.pk)


def notes(run) -> list[str]:
    return [item.note for item in run.items.filter(state=BulkItemState.SKIPPED)]


class TestRun:  # REV-6
    def test_every_file_that_was_chosen_is_approved(self, reviewer, at):
        files = [stories.checking(at=at, name=name) for name in ("甲", "乙", "丙")]

        run = carried_out(prepared(reviewer, files, at=at), reviewer, at=at)

        assert run.state == BulkState.DONE and run.finished_at == at
        assert bulk_decisions.progress(run) == bulk_decisions.Progress(done=3)
        assert set(Application.objects.values_list("state", flat=True)) == {ApplicationState.DECIDING}
        assert set(Decision.objects.values_list("decided_by", "verdict")) == {(reviewer.pk, Verdict.APPROVED)}

    def test_nothing_is_decided_before_it_was_confirmed(self, reviewer, at):
        run = prepared(reviewer, [stories.checking(at=at)], at=at)

        assert not bulk_decisions.decide_next(run_id=run.pk, at=at)
        assert not Decision.objects.exists()

    def test_everybody_who_is_refused_reads_the_same_reason(self, reviewer, at):
        files = [stories.checking(at=at, name=name) for name in ("甲", "乙")]

        carried_out(prepared(reviewer, files, at=at, verdict=Verdict.REFUSED), reviewer, at=at, reason="盖章不清晰")

        assert list(Decision.objects.values_list("reason", flat=True)) == ["盖章不清晰"] * 2
        assert Message.objects.filter(code="file-refused").count() == 2

    def test_a_refusal_without_reason_starts_nothing(self, reviewer, at):
        run = prepared(reviewer, [stories.checking(at=at)], at=at, verdict=Verdict.REFUSED)

        with pytest.raises(review.ReasonMissing):
            bulk_decisions.start(run=run, reviewer=reviewer, at=at, reason="  ")

        assert BulkRun.objects.get().state == BulkState.PREPARED

    def test_rows_of_an_institution_make_members(self, at):
        lung = InstitutionFactory(committee=True)
        rows = [stories.deciding(at=at, name=name, institutions=[lung]).rows.get() for name in ("甲", "乙")]
        reviewer = institution_reviewer(lung)

        carried_out(prepared(reviewer, rows, at=at), reviewer, at=at)

        assert {row.state for row in ApplicationInstitution.objects.all()} == {RowState.APPROVED}
        assert Member.objects.in_the_society().count() == 2

    def test_rows_of_an_institution_are_refused_with_the_reason(self, at):
        lung = InstitutionFactory(committee=True)
        row = stories.deciding(at=at, institutions=[lung]).rows.get()
        reviewer = institution_reviewer(lung)

        carried_out(prepared(reviewer, [row], at=at, verdict=Verdict.REFUSED), reviewer, at=at, reason="不符合要求")

        assert Decision.objects.get(row=row).reason == "不符合要求"

    def test_the_audit_says_who_began_what_and_how_it_ended(self, reviewer, at):
        run = carried_out(prepared(reviewer, [stories.checking(at=at)], at=at), reviewer, at=at)

        begun, ended = AuditEntry.objects.filter(target="bulkrun", target_id=run.pk).order_by("pk")
        assert (begun.action, begun.details) == ("bulk.start", {"verdict": "approved", "cases": 1, "everything": False})
        assert (ended.action, ended.details) == ("bulk.finish", {"done": 1, "skipped": 0, "failed": 0})


class TestWhatIsLeftAlone:  # D-4, REV-5, K-6, S-6, A-9
    def test_a_file_that_a_colleague_decided_meanwhile_names_them(self, reviewer, at):
        file, other = stories.checking(at=at), stories.checking(at=at)
        run = prepared(reviewer, [file, other], at=at)
        stories.approve_file(file, at=at, reviewer=association_reviewer("罗老师"))

        run = carried_out(run, reviewer, at=at)

        assert notes(run) == ["罗老师 已于 2026-03-17 10:00 作出决定：审批通过。您的操作没有生效。"]
        assert Application.objects.get(pk=other.pk).state == ApplicationState.DECIDING

    def test_a_file_that_came_back_in_another_round_was_not_the_one_shown(self, reviewer, at):
        file = stories.returned(at=at, reason="信息填写不完整")
        save(file, at, remarks="补充说明")
        file = submit(file, at)

        run = carried_out(prepared(reviewer, [chosen(file, round=1)], at=at), reviewer, at=at)

        assert "作出决定：审批不通过" in notes(run)[0]
        assert Application.objects.get(pk=file.pk).state == ApplicationState.CHECKING

    def test_another_version_than_the_one_shown_is_not_decided(self, reviewer, at):
        file, other = stories.checking(at=at), stories.checking(at=at)

        run = carried_out(prepared(reviewer, [chosen(file, dossier=dossiers.latest_sealed(other).pk)], at=at), reviewer, at=at)

        assert notes(run) == [dossiers.DossierChanged.message]

    def test_who_withdrew_meanwhile_is_left_alone(self, reviewer, at):
        file = stories.checking(at=at)
        run = prepared(reviewer, [file], at=at)
        enrolment.withdraw(application=file, person=file.member.user, at=at)

        run = carried_out(run, reviewer, at=at)

        assert bulk_decisions.progress(run).skipped == 1
        assert "撤销" in notes(run)[0]

    def test_an_own_case_is_never_decided_even_if_it_got_in(self, at):
        applicant = association_reviewer()
        file = stories.checking(at=at, user=applicant)

        run = carried_out(prepared(applicant, [file], at=at), applicant, at=at)

        assert notes(run) == [NotAllowed.message]
        assert not Decision.objects.exists()

    def test_in_an_institutions_place_nobody_decides_in_one_go(self, reviewer, at):
        lung = InstitutionFactory(committee=True)
        institution_reviewer(lung)
        row = stories.deciding(at=at, institutions=[lung]).rows.get()
        late = at + timedelta(days=60)

        for verdict, why in ((Verdict.APPROVED, {}), (Verdict.REFUSED, {"reason": "不符合要求"})):
            run = carried_out(prepared(reviewer, [row], at=late, verdict=verdict), reviewer, at=late, **why)
            assert notes(run) == [ON_BEHALF]

        assert not Decision.objects.filter(row=row).exists()

    def test_where_the_limit_is_reached_the_member_is_told_and_the_next_one_goes_on(self, at):
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        full = stories.deciding(at=at, institutions=[lung, liver])
        stories.approve_row(full.rows.get(institution=liver), at=at)
        other = stories.deciding(at=at, institutions=[lung])
        society_settings(max_committees=1)
        reviewer = institution_reviewer(lung)

        rows = [full.rows.get(institution=lung), other.rows.get()]
        run = carried_out(prepared(reviewer, rows, at=at), reviewer, at=at)

        assert bulk_decisions.progress(run) == bulk_decisions.Progress(done=1, skipped=1)
        assert Message.objects.filter(code="limit-reached", user=full.member.user).count() == 1

    def test_what_deserves_a_second_look_may_be_left_for_single_decisions(self, reviewer, at):
        plain, warned = stories.checking(at=at), stories.checking(at=at)
        run = prepared(reviewer, [chosen(plain), Chosen(**{**vars(chosen(warned)), "warnings": ["未找到印章"]})], at=at)

        run = carried_out(run, reviewer, at=at, leaves_warned=True)

        assert bulk_decisions.progress(run) == bulk_decisions.Progress(done=1, skipped=1)
        assert Application.objects.get(pk=warned.pk).state == ApplicationState.CHECKING

    def test_who_lost_the_role_in_the_middle_decides_nothing_more(self, reviewer, at):
        files = [stories.checking(at=at), stories.checking(at=at)]
        run = prepared(reviewer, files, at=at)
        bulk_decisions.start(run=run, reviewer=reviewer, at=at)
        bulk_decisions.decide_next(run_id=run.pk, at=at)
        reviewer.groups.clear()

        while bulk_decisions.decide_next(run_id=run.pk, at=at):
            pass

        assert bulk_decisions.progress(run) == bulk_decisions.Progress(done=1, skipped=1)


class TestOnce:  # REV-5: a double tap, a worker that dies
    def test_a_second_press_starts_nothing_anew(self, reviewer, at):
        run = prepared(reviewer, [stories.checking(at=at)], at=at)
        bulk_decisions.start(run=run, reviewer=reviewer, at=at)

        with pytest.raises(bulk_decisions.AlreadyStarted):
            bulk_decisions.start(run=run, reviewer=reviewer, at=at)

    def test_another_persons_run_is_not_theirs_to_start(self, reviewer, at):
        run = prepared(reviewer, [stories.checking(at=at)], at=at)

        with pytest.raises(NotAllowed):
            bulk_decisions.start(run=run, reviewer=association_reviewer(), at=at)

    def test_a_worker_that_dies_leaves_the_rest_and_the_next_one_does_each_once(self, reviewer, at):
        files = [stories.checking(at=at) for _ in range(3)]
        run = prepared(reviewer, files, at=at)
        bulk_decisions.start(run=run, reviewer=reviewer, at=at)
        bulk_decisions.decide_next(run_id=run.pk, at=at)
        later = at + bulk_decisions.STALE_AFTER + timedelta(seconds=1)

        assert bulk_decisions.stale(at=at) == [] and bulk_decisions.stale(at=later) == [run.pk]
        bulk_decisions.resume(run=run, reviewer=reviewer, at=later)
        while bulk_decisions.decide_next(run_id=run.pk, at=later):
            pass

        assert bulk_decisions.progress(run) == bulk_decisions.Progress(done=3)
        assert Decision.objects.count() == 3

    def test_a_case_whose_transaction_dies_is_as_it_was_and_still_waits(self, reviewer, at):
        file = stories.checking(at=at)
        run = prepared(reviewer, [file], at=at)
        bulk_decisions.start(run=run, reviewer=reviewer, at=at)

        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            bulk_decisions.decide_next(run_id=run.pk, at=at)
            raise KeyboardInterrupt

        assert BulkItem.objects.get().state == BulkItemState.WAITING
        assert Application.objects.get(pk=file.pk).state == ApplicationState.CHECKING
        assert not Message.objects.filter(code="file-approved").exists()

    def test_one_that_moves_is_not_taken_from_its_worker(self, reviewer, at):
        run = prepared(reviewer, [stories.checking(at=at)], at=at)
        bulk_decisions.start(run=run, reviewer=reviewer, at=at)

        with pytest.raises(bulk_decisions.StillRunning):
            bulk_decisions.resume(run=run, reviewer=reviewer, at=at)

    def test_a_fault_of_ours_costs_one_case_alone_and_is_logged_without_its_words(self, reviewer, at, caplog):
        broken, fine = stories.checking(at=at), stories.checking(at=at)
        run = prepared(reviewer, [broken, fine], at=at)
        # What no verb writes, and none expects.
        Application.objects.filter(pk=broken.pk).update(basis=7)

        run = carried_out(run, reviewer, at=at)

        assert bulk_decisions.progress(run) == bulk_decisions.Progress(done=1, failed=1)
        assert "TypeError" in caplog.text and broken.member.name not in caplog.text


class TestChoice:  # REV-6
    def test_nothing_chosen_is_no_run(self, reviewer, at):
        with pytest.raises(bulk_decisions.NothingChosen):
            prepared(reviewer, [], at=at)

    def test_one_run_takes_so_many_and_no_more(self, reviewer, at):
        one = chosen(stories.checking(at=at))

        with pytest.raises(bulk_decisions.TooMany):
            prepared(reviewer, [one] * (bulk_decisions.MOST + 1), at=at)

    def test_who_reviews_nothing_prepares_nothing(self, at):
        with pytest.raises(NotAllowed):
            prepared(UserFactory(), [stories.checking(at=at)], at=at)

    def test_what_nobody_confirmed_is_forgotten_and_what_was_started_is_not(self, reviewer, at):
        prepared(reviewer, [stories.checking(at=at)], at=at)
        started = prepared(reviewer, [stories.checking(at=at)], at=at)
        bulk_decisions.start(run=started, reviewer=reviewer, at=at)

        assert sweeping.sweep(at=at + timedelta(days=1))["bulk decisions forgotten"].done == 0
        assert sweeping.sweep(at=moment(at.date() + timedelta(days=3), 1))["bulk decisions forgotten"].done == 1

        assert BulkRun.objects.get() == started
