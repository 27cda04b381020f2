"""Print the table and write it to build/bench.json."""

import argparse
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    options = _options()
    _start_django()
    from tests.benchmarks import lines, measuring, report, site, yardstick

    chosen = [line for line in lines.LINES if options.only in line.name]
    if any(line.needs_site for line in chosen):
        site.prepare()
    plain = measuring.Act(yardstick.plain_view())
    prices = []
    for line in chosen:
        prices.append(measuring.price(line, plain, rounds=options.rounds))
        print(report.row(prices[-1]), flush=True)  # noqa: T201  a table for people
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([report.record(one) for one in prices], ensure_ascii=False, indent=1) + "\n")
    return int(options.check and not all(one.holds for one in prices))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default="", help="lines whose name contains this")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a goal is missed")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json")
    return parser.parse_args()


def _start_django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
