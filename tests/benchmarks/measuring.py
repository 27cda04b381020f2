"""
What a line is, and how its price is taken: in turn with what it is compared with, the median of many turns.

It is the processor's time: by the clock, whatever else the machine does would weigh more on what takes longer.
"""

import gc
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from statistics import median
from time import process_time

from django.db import DEFAULT_DB_ALIAS, connections
from django.test.utils import CaptureQueriesContext

ROUNDS = 25
# A turn lasts about so long, so that a cheap thing is done several times in it; seconds.
TURN = 0.01
MOST_RUNS = 10


@dataclass(frozen=True)
class Act:
    """
    Something whose price is taken. ``ready`` runs before each time, is not counted, and gives ``run`` what it needs. ``within``: where its
    queries go, unless to the usual database.
    """

    run: Callable[..., object]
    ready: Callable[[], tuple] = tuple
    within: Callable[[], AbstractContextManager] = nullcontext


@dataclass(frozen=True)
class Line:
    """
    A line of the table. ``prepare`` returns the act, ``against`` another that it is compared with (None: Y).

    ``clock``: the processor's time, unless another process does a part of the work, as PostgreSQL's server does.
    ``goal`` is the most that the ratio may be, ``least`` the least; ``queries`` the most that one time may ask the database. None: no goal.
    """

    name: str
    prepare: Callable[[], Act]
    goal: float | None = None
    least: float = 0.0
    queries: int | None = None
    against: Callable[[], Act] | None = None
    compared_with: str = "Y, a plain view of ten rows"
    unit: str = "Y"
    needs_site: bool = True
    clock: Callable[[], float] = process_time


@dataclass(frozen=True)
class Price:
    """What was measured: the ratio, and the queries of one time."""

    line: Line
    value: float
    queries: int

    @property
    def holds(self) -> bool:
        ratio = self.line.goal is None or self.line.least <= self.value <= self.line.goal
        return ratio and (self.line.queries is None or self.queries <= self.line.queries)


def price(line: Line, plain: Act, *, rounds: int = ROUNDS) -> Price:
    """Take the price of a line; ``plain`` is Y."""
    act = line.prepare()
    other = line.against() if line.against else plain
    queries = _queries(act)
    runs, other_runs = _runs(act, line.clock), _runs(other, line.clock)
    gc.collect()
    gc.disable()
    try:
        # First one, then the other: whatever else the machine does meets both.
        ratios = [_turn(act, runs, line.clock) / _turn(other, other_runs, line.clock) for _ in range(rounds)]
    finally:
        gc.enable()
    return Price(line, median(ratios), queries)


def _queries(act: Act) -> int:
    """Warm up, then count what one time asks."""
    act.run(*act.ready())
    arguments = act.ready()
    with act.within(), CaptureQueriesContext(connections[DEFAULT_DB_ALIAS]) as asked:
        act.run(*arguments)
    return sum(1 for query in asked if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "PRAGMA")))


def _runs(act: Act, clock: Callable[[], float]) -> int:
    return max(1, min(MOST_RUNS, int(TURN / max(_turn(act, 1, clock), TURN / MOST_RUNS))))


def _turn(act: Act, runs: int, clock: Callable[[], float]) -> float:
    """Return the seconds of one time, the median of a turn."""
    taken = []
    for _ in range(runs):
        arguments = act.ready()
        began = clock()
        act.run(*arguments)
        taken.append(clock() - began)
    return median(taken)
