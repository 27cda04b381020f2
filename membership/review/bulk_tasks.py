"""The runs of bulk decisions, carried out by a worker (REV-6)."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from membership.domain import bulk_decisions


@task()
def carry_out(run_id: int) -> str:
    """Decide what is left of a run, case by case. Safe to repeat, and by several workers."""
    cases = 0
    while bulk_decisions.decide_next(run_id=run_id, at=timezone.now()):
        cases += 1
    return f"{cases} cases"


def send_off(run_id: int) -> None:
    """Hand a run to a worker once the transaction is certain."""
    transaction.on_commit(partial(carry_out.enqueue, run_id))


def sweep() -> int:
    """Take up the runs whose workers died; return how many."""
    found = bulk_decisions.stale(at=timezone.now())
    for run_id in found:
        carry_out.enqueue(run_id)
    return len(found)
