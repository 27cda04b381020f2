"""
One verdict for many cases: chosen, shown, confirmed, and then decided one by one (REV-6).

The verbs of ``review`` decide, under their own locks, as if each screen's button had been pressed. What they refuse is left alone and
listed with their words. A case and what became of it are one transaction, so that a worker that dies in the middle leaves nothing half
done, and the one after it does no case twice.
"""

import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count

from membership import encryption, rules
from membership.domain import audit, review
from membership.domain.bulk_choice import ON_BEHALF, Chosen
from membership.domain.errors import DomainError, NotAllowed
from membership.enums import BulkItemState, BulkState, Verdict
from membership.models import BulkItem, BulkRun, Decision, ReviewReason, User
from membership.models.applications import ENROLMENTS
from membership.periods import shanghai_date

logger = logging.getLogger(__name__)

MOST = 500  # cases of one run: what a person can still answer for, and a worker decides within minutes
STALE_AFTER = timedelta(minutes=2)
_LOOK_AGAIN = "有提示，按您的选择留待逐份审核"
_FAULT = "处理时出现问题，没有生效，请逐份审核"


class NothingChosen(DomainError):
    """No case of the list was ticked, or none of the ticked ones is on this reviewer's desk."""

    message = "没有选中任何待审的申请。请在列表中勾选后再试。"


class TooMany(DomainError):
    """More cases than one run takes."""

    message = f"一次最多处理 {MOST} 份。"


class AlreadyStarted(DomainError):
    """The run was confirmed before: a double tap, or a second tab."""

    message = "这一批已经开始处理，没有重复执行。"


class StillRunning(DomainError):
    """The run goes on by itself."""

    message = "这一批仍在处理中。"


class OneByOne(DomainError):
    """A case that is a person's single decision (K-6, REV-8)."""

    message = "关键信息须由审核员逐份决定"


@dataclass(frozen=True)
class Progress:
    """How many cases of a run wait, were decided, left alone, or failed by a fault."""

    waiting: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    total: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", self.waiting + self.done + self.skipped + self.failed)

    @property
    def finished(self) -> int:
        return self.total - self.waiting

    @property
    def left_alone(self) -> int:
        return self.skipped + self.failed


@transaction.atomic
def prepare(
    *,
    reviewer: User,
    desk: str,
    verdict: Verdict,
    chosen: Sequence[Chosen],
    at: datetime,
    asked: str = "",
    is_everything: bool = False,
    left_out: int = 0,
) -> BulkRun:
    """
    Keep what a reviewer chose, to be shown and confirmed; nothing is decided.

    ``chosen`` are cases of the reviewer's own desk, ``left_out`` how many others were asked for, ``asked`` the query of the list's URL.

    :raises NothingChosen: there is none to decide or to name.
    :raises TooMany: more than ``MOST``.
    """
    if not rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER, rules.INSTITUTION_REVIEWER):
        raise NotAllowed()
    if not chosen:
        raise NothingChosen()
    if len(chosen) > MOST:
        raise TooMany()
    run = BulkRun.objects.create(
        reviewer=reviewer,
        desk=desk,
        verdict=verdict,
        asked=encryption.encrypt(asked),
        is_everything=is_everything,
        left_out=left_out,
        prepared_at=at,
    )
    BulkItem.objects.bulk_create([_item(run, one) for one in chosen])
    return run


@transaction.atomic
def start(
    *,
    run: BulkRun,
    reviewer: User,
    at: datetime,
    reason: str = "",
    reasons: Sequence[ReviewReason] = (),
    leaves_warned: bool = False,
) -> BulkRun:
    """
    Confirm a run: what was shown is decided from now on, by :func:`decide_next`.

    ``leaves_warned``: the cases that deserve a second look are left for single ones.

    :raises NotAllowed: another person's run.
    :raises AlreadyStarted: it was confirmed before.
    :raises ReasonMissing: 审批不通过 with neither a picked nor a written reason; ReasonTooLong as for a single one.
    """
    run = _lock(run.pk)
    if run.reviewer_id != reviewer.pk:
        raise NotAllowed()
    if run.state != BulkState.PREPARED:
        raise AlreadyStarted()
    if run.verdict == Verdict.REFUSED:
        review.reason_text(reasons, reason)
        run.reason = reason.strip()
        run.reasons.set(reasons)
    run.state, run.started_at, run.moved_at = BulkState.RUNNING, at, at
    run.save()
    if leaves_warned:
        for item in run.items.filter(state=BulkItemState.WAITING).exclude(warnings=[]):
            item.state, item.note, item.done_at = BulkItemState.SKIPPED, _LOOK_AGAIN, at
            item.save(update_fields=["state", "note", "done_at"])
    figures = progress(run)
    audit.log("bulk.start", run, by=reviewer, at=at, verdict=run.verdict, cases=figures.waiting, everything=run.is_everything)
    return run


@transaction.atomic
def resume(*, run: BulkRun, reviewer: User, at: datetime) -> BulkRun:
    """
    Take up a run whose worker is gone; what was decided stays, the rest follows.

    :raises NotAllowed: another person's run.
    :raises StillRunning: it moved a moment ago, or has nothing left to do.
    """
    run = _lock(run.pk)
    if run.reviewer_id != reviewer.pk:
        raise NotAllowed()
    if not is_stale(run, at=at):
        raise StillRunning()
    run.moved_at = at
    run.save(update_fields=["moved_at"])
    audit.log("bulk.resume", run, by=reviewer, at=at)
    return run


@transaction.atomic
def decide_next(*, run_id: int, at: datetime) -> bool:
    """Decide the next case of a run, or note why it was left alone; False when none is left. Safe to repeat, by several workers."""
    run = _lock(run_id)
    item = _next_item(run)
    if run.state != BulkState.RUNNING or item is None:
        _finish(run, at=at)
        return False
    try:
        item.decision = _decide(run, item, at=at)
        item.state = BulkItemState.DONE
    except DomainError as refusal:
        item.state, item.note = BulkItemState.SKIPPED, refusal.message[:300]
    except Exception as fault:
        # Where it happened, never what it said: a database's message quotes the values. A lost connection fails again below, and
        # leaves the case waiting.
        where = "".join(traceback.format_tb(fault.__traceback__))
        logger.error("Bulk run %d, item %d: %s\n%s", run.pk, item.pk, type(fault).__name__, where)
        item.state, item.note = BulkItemState.FAILED, _FAULT
    item.done_at = at
    item.save(update_fields=["decision", "state", "note", "done_at"])
    run.moved_at = at
    run.save(update_fields=["moved_at"])
    return True


def progress(run: BulkRun) -> Progress:
    """Return how far a run is."""
    found = dict(run.items.order_by().values_list("state").annotate(number=Count("pk")))
    return Progress(*(found.get(state, 0) for state in BulkItemState))


def is_stale(run: BulkRun, *, at: datetime) -> bool:
    """Whether a run was left by its worker: it should move, and has not for a while."""
    return run.state == BulkState.RUNNING and run.moved_at is not None and run.moved_at < at - STALE_AFTER


def stale(*, at: datetime) -> list[int]:
    """Return the ids of runs that were left by their workers."""
    running = BulkRun.objects.filter(state=BulkState.RUNNING, moved_at__lt=at - STALE_AFTER)
    return list(running.order_by("pk").values_list("pk", flat=True))


def never_confirmed(before: datetime) -> list[int]:
    """Return the ids of runs that were shown before a moment and never confirmed."""
    return list(BulkRun.objects.filter(state=BulkState.PREPARED, prepared_at__lt=before).values_list("pk", flat=True))


def forget(*, run_id: int) -> None:
    """Delete a run that was never confirmed."""
    run = _lock(run_id)
    if run.state == BulkState.PREPARED:
        run.delete()


def _lock(run_id: int) -> BulkRun:
    return BulkRun.objects.select_for_update(of=("self",)).select_related("reviewer").get(pk=run_id)


def _item(run: BulkRun, chosen: Chosen) -> BulkItem:
    return BulkItem(
        run=run,
        application_id=chosen.application,
        row_id=chosen.row,
        round=chosen.round,
        dossier_id=chosen.dossier,
        warnings=list(chosen.warnings),
        state=BulkItemState.SKIPPED if chosen.note else BulkItemState.WAITING,
        note=chosen.note[:300],
    )


def _next_item(run: BulkRun) -> BulkItem | None:
    waiting = run.items.filter(state=BulkItemState.WAITING).select_related("application__member", "row__application", "dossier")
    return waiting.order_by("pk").first()


def _finish(run: BulkRun, *, at: datetime) -> None:
    if run.state == BulkState.RUNNING:
        run.state, run.finished_at = BulkState.DONE, at
        run.save(update_fields=["state", "finished_at"])
        figures = progress(run)
        audit.log("bulk.finish", run, by=run.reviewer, at=at, done=figures.done, skipped=figures.skipped, failed=figures.failed)


def _decide(run: BulkRun, item: BulkItem, *, at: datetime) -> Decision:
    """Make the one call that the run's verdict on this case means."""
    if item.application.kind not in ENROLMENTS:
        raise OneByOne()
    shown: dict[str, Any] = {"dossier": item.dossier, "seen_round": item.round, "reviewer": run.reviewer, "at": at}
    why: dict[str, Any] = {"reason": run.reason, "reasons": list(run.reasons.all())} if run.verdict == Verdict.REFUSED else {}
    approves = run.verdict == Verdict.APPROVED
    if item.row is None:
        decide_file = review.approve_file if approves else review.refuse_file
        return decide_file(application=item.application, **shown, **why)
    if review.may_substitute(run.reviewer, item.row, today=shanghai_date(at)):
        raise OneByOne(ON_BEHALF)
    decide_row = review.approve_row if approves else review.refuse_row
    return decide_row(row=item.row, **shown, **why)
