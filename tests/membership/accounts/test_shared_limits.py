"""The limits hold for all processes of the site together (ACC-5): two of them, asking at the same time, share one Redis."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
REDIS = os.environ.get("TEST_REDIS_URL", "")

pytestmark = pytest.mark.skipif(not REDIS and "CI" not in os.environ, reason="no Redis on this machine (TEST_REDIS_URL)")

# Each process waits for the other, then asks for what its arguments say, and prints which of it was given.
PROCESS = """
import json, sys, time
import django
django.setup()
from django.core.cache import cache, caches
from django.test import RequestFactory
from allauth.core import context, ratelimit
from membership.accounts import allowance

what, run, numbers = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
caches["default"].key_prefix = run  # nothing of an earlier run of today
request = RequestFactory().post("/", REMOTE_ADDR=f"203.0.113.{int(run, 16) % 200}")
cache.add(f"{run}:here", 0, 60)
cache.incr(f"{run}:here")
while cache.get(f"{run}:here") < 2:
    time.sleep(0.01)

def site_has_one():
    try:
        allowance.take_from_the_site()
    except allowance.CeilingReached:
        return False
    return True

asked = {
    "codes": lambda number: allowance.take(request, number),
    "site": lambda number: site_has_one(),
    "logins": lambda number: bool(ratelimit.consume(request, action="login_failed", key=number)),
}[what]
with context.request_context(request):
    print(json.dumps([number for number in numbers if asked(number)]))
"""


def together(what: str, first: list[str], second: list[str], run: str, **environment: str) -> tuple[list[str], list[str]]:
    """Let two processes ask at the same time; return what each was given."""
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "caca.settings.development",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        "REDIS_URL": REDIS,
        "SECRET_KEY": "two-processes-only-0123456789-abcdefghijklmnopqrstuv",
        **environment,
    }
    processes = [
        subprocess.Popen([sys.executable, "-c", PROCESS, what, run, json.dumps(numbers)], env=variables, cwd=ROOT, stdout=subprocess.PIPE)
        for numbers in (first, second)
    ]
    answers = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    return tuple(json.loads(answer.decode().splitlines()[-1]) for answer in answers)


@pytest.fixture
def run() -> str:
    """A name no other run has used in this Redis."""
    return os.urandom(6).hex()


def numbers(run: str, *, start: int, count: int) -> list[str]:
    return [f"+86{run}{start + number:03d}" for number in range(count)]


class TestTwoProcesses:  # ACC-5
    def test_a_number_gets_one_code_a_minute_whoever_is_asked(self, run):
        same = numbers(run, start=0, count=1) * 8

        first, second = together("codes", same, same, run)

        assert len(first) + len(second) == 1

    def test_an_address_gets_thirty_an_hour(self, run):
        first, second = together("codes", numbers(run, start=0, count=25), numbers(run, start=25, count=25), run)

        assert len(first) + len(second) == 30

    def test_the_site_has_one_ceiling(self, run):
        first, second = together("site", ["x"] * 10, ["x"] * 10, run, SMS_CODES_A_DAY="7")

        assert len(first) + len(second) == 7

    def test_failed_logins_are_counted_together(self, run):
        same = numbers(run, start=0, count=1) * 6

        first, second = together("logins", same, same, run)

        assert len(first) + len(second) == 5
