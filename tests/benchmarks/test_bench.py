"""``make bench`` itself: that it measures, tells and judges. What things cost is its own to say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.lines import LINES
from tests.benchmarks.measuring import Act, Line, Price, price
from tests.benchmarks.report import record, row

ROOT = Path(__file__).resolve().parents[2]


def busy(times: int) -> Act:
    return Act(lambda: sum(range(times * 1000)))


def line(**changes) -> Line:
    return Line(**{"name": "a line", "prepare": lambda: busy(40), "needs_site": False, **changes})


class TestBench:  # Speed
    def test_one_line_is_printed_and_written(self, tmp_path):
        out = tmp_path / "bench.json"

        ran = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.benchmarks", "--only", "QR", "--rounds", "3", "--check", "--out", str(out)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": ""},
            capture_output=True,
            text=True,
        )

        assert ran.returncode == 0, ran.stderr
        assert "QR code" in ran.stdout
        [told] = json.loads(out.read_text())
        assert {"line", "value", "goal", "unit", "compared_with", "holds"} <= told.keys()
        assert told["holds"] is True
        assert 0 < told["value"] <= told["goal"] == 8

    def test_every_line_has_a_name_of_its_own(self):
        assert len({one.name for one in LINES}) == len(LINES)


@pytest.mark.django_db
class TestPrice:
    def test_what_does_ten_times_as_much_costs_about_ten_times(self):
        taken = price(line(prepare=lambda: busy(400)), busy(40), rounds=5)

        assert 5 < taken.value < 20

    def test_a_line_may_be_compared_with_another_than_the_yardstick(self):
        taken = price(line(against=lambda: busy(40)), busy(1), rounds=5)

        assert 0.6 < taken.value < 1.6

    def test_getting_ready_costs_nothing(self):
        slow_start = Act(lambda _: sum(range(40_000)), ready=lambda: (sum(range(4_000_000)),))

        assert price(line(prepare=lambda: slow_start), busy(40), rounds=3).value < 4


class TestVerdict:
    @pytest.mark.parametrize(("value", "queries", "holds"), [(1.0, 1, True), (1.06, 1, False), (0.94, 1, False), (1.0, 2, False)])
    def test_a_line_holds_within_its_goals(self, value, queries, holds):
        taken = Price(line(goal=1.05, least=0.95, queries=1), value, queries)

        assert taken.holds is holds
        assert record(taken)["holds"] is holds
        assert row(taken).startswith("ok" if holds else "MISS")

    def test_a_line_without_a_goal_only_tells(self):
        assert row(Price(line(), 3.0, 9)).startswith("-")
