"""
How often the check of a stamped form is right: ``python -m tests.measurements.stamped_forms``.

Forms as our printer gives them are stamped, signed, scanned and photographed by script (``specimens``), sent through the same cleaning and
reading as an upload, and what was found is held against what is known to be on them. Detectors are tuned on one half; the figures that
are printed, and stand in ``docs/decisions/0006-scans.md``, are those of the other.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "caca.settings.test"
    sys.path.append(str(Path(__file__).resolve().parents[2] / "site"))
    django.setup()

from membership.documents import scan_files, scans
from membership.domain import scan_hints
from membership.domain.scan_hints import FormCode
from tests.measurements import capturing, printing, specimens
from tests.measurements.specimens import CODES, NUMBER, VERSION, Specimen

COUNT = 400


@dataclass(frozen=True)
class Reading:
    """A specimen with what was found on it, in bytes of the file and seconds of computing."""

    specimen: Specimen
    findings: dict
    seconds: float

    @property
    def page(self) -> dict:
        return self.findings["pages"][0]

    @property
    def is_upright(self) -> bool:
        """Whether the page was set as it should be, judged by the code at its upper right."""
        left, top, width, height = self.page["codes"][0]["place"]
        return left + width / 2 > self.page["width"] / 2 and top + height / 2 < self.page["height"] / 2


@dataclass(frozen=True)
class Score:
    """Hits, false alarms and misses."""

    name: str
    hits: int
    false_alarms: int
    misses: int
    rightly_quiet: int

    @property
    def precision(self) -> float:
        """Of what was said, the share that is so."""
        return self.hits / (self.hits + self.false_alarms) if self.hits + self.false_alarms else 1.0

    @property
    def recall(self) -> float:
        """Of what is so, the share that was said."""
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 1.0

    def __str__(self) -> str:
        cases = f"{self.hits + self.misses:>4} of {self.hits + self.misses + self.false_alarms + self.rightly_quiet:<4}"
        return f"{self.name:<34} {cases}  precision {self.precision:6.1%}  recall {self.recall:6.1%}"


def read(specimen: Specimen, file: bytes) -> Reading:
    """Look at a file as at an upload."""
    begun = time.process_time()
    pages = [scan_files.new_page(picture) for picture in scans.clean(BytesIO(file)).pages]
    found = scan_files.findings([page.seen for page in pages], expected=scans.form_qr_text(NUMBER, VERSION))
    return Reading(specimen, found, time.process_time() - begun)


# What is asked: (whether it is so, whether it was said) of each reading; None leaves it out of the count.
Question = Callable[[Reading], tuple[bool | None, bool]]

QUESTIONS: dict[str, Question] = {
    "seal": lambda one: (one.specimen.shows_a_seal, one.findings["seal"]),
    "blur": lambda one: (one.specimen.is_blurred, one.findings["sharpness"] < scan_hints.SHARP_ENOUGH),
    "code read, of all": lambda one: (one.specimen.paper.code != "none", one.findings["code"] != FormCode.UNREAD),
    "code read, of those in focus": lambda one: (
        one.specimen.paper.code != "none" if one.specimen.is_blurred is False else None,
        one.findings["code"] != FormCode.UNREAD,
    ),
    "another application's form": lambda one: (one.specimen.paper.code == "other", one.findings["code"] == FormCode.OTHER),
    "older version": lambda one: (one.specimen.paper.code == "older", one.findings["code"] == FormCode.OLDER),
    # Of a photocopy in black people would say the same.
    "grey": lambda one: (one.specimen.capture.grey or (None if one.specimen.paper.copied else False), one.findings["grey"]),
}


def scores(readings: Sequence[Reading]) -> Iterator[Score]:
    """Return a line for each question."""
    for name, question in QUESTIONS.items():
        yield score(name, [question(one) for one in readings])


def score(name: str, answers: Iterable[tuple[bool | None, bool]]) -> Score:
    counted = [(bool(is_so), said) for is_so, said in answers if is_so is not None]
    return Score(name, *(counted.count(pair) for pair in ((True, True), (False, True), (True, False), (False, False))))


def misread(readings: Sequence[Reading]) -> list[int]:
    """Return the specimens whose code was read as something that does not stand on them."""
    named = ((one, CODES[one.specimen.paper.code], one.findings["named"]) for one in readings)
    return [one.specimen.index for one, printed, said in named if said is not None and said != list(printed or ())]


def upright(readings: Sequence[Reading]) -> Score:
    """Of pages that lay turned and whose code was read, the share that was set upright."""
    read_codes = [one for one in readings if one.page["codes"]]
    return score("set upright", [(True if one.specimen.capture.turn else None, one.is_upright) for one in read_codes])


def by_circumstance(readings: Sequence[Reading]) -> Iterator[str]:
    """Return how many seals are found, and codes read, under each circumstance."""
    circumstances: dict[str, Callable[[Specimen], object]] = {
        "seal": lambda one: one.paper.seal.kind if one.paper.seal else None,
        "ink": lambda one: one.paper.seal.strength if one.paper.seal else None,
        "picture": lambda one: "photo" if one.capture.is_photo else "scan",
        "skew": lambda one: abs(one.capture.skew),
        "perspective": lambda one: one.capture.keystone if one.capture.is_photo else None,
        "shade": lambda one: one.capture.shade if one.capture.is_photo else None,
        "blur mm": lambda one: one.capture.blur,
        "JPEG": lambda one: one.capture.quality,
    }
    for name, value_of in circumstances.items():
        for value in sorted({str(value_of(one.specimen)) for one in readings} - {"None"}):
            some = [one for one in readings if str(value_of(one.specimen)) == value]
            seals = [one.findings["seal"] for one in some if one.specimen.shows_a_seal]
            codes = [one.findings["code"] != FormCode.UNREAD for one in some if one.specimen.paper.code != "none"]
            yield f"  {name + ' ' + value:<20} seals {sum(seals):>3} of {len(seals):<3}  codes {sum(codes):>3} of {len(codes):<3}"


def twelve_megapixels() -> Specimen:
    """Return a photograph as telephones take them today, lying on its side."""
    first = specimens.specimen(0)
    capture = replace(first.capture, is_photo=True, long_side=4_000, turn=90, noise=6.0, quality=85, share=0.9, blur=0.08, shake=0.0)
    return replace(first, capture=capture)


def price(file: Path) -> str:
    """Return what it costs to look at a file: seconds of computing, and megabytes beyond what the process had at its highest before."""
    content = file.read_bytes()
    before = _highest_memory()
    seconds = read(specimens.specimen(0), content).seconds
    return f"a photograph of 12 megapixels, set upright: {seconds:.2f} s of computing, {_highest_memory() - before:.0f} MB beyond the rest"


def _highest_memory() -> float:
    """Return the most that this process ever held, in MB. What resource.getrusage tells would be the parent's as well."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main() -> None:
    options = _options()
    if options.price:
        return say(price(options.price))
    tuned, reported = specimens.halves(list(specimens.specimens(options.count)))
    chosen = tuned if options.half == "tuned" else reported
    readings = [read(one, _file(one, options.keep)) for one in _in_order_of_forms(chosen)]
    say(f"{len(readings)} pictures, half: {options.half}")
    for line in (*scores(readings), upright(readings)):
        say(str(line))
    say(f"codes read wrong: {misread(readings) or 'none'}")
    seconds = sorted(one.seconds for one in readings)
    say(f"computing a picture: {seconds[len(seconds) // 2]:.2f} s in the middle, {seconds[-1]:.2f} s at most")
    for line in by_circumstance(readings):
        say(line)
    with TemporaryDirectory() as folder:
        _file(twelve_megapixels(), Path(folder))
        # In a process of its own, which has drawn nothing before.
        subprocess.run([sys.executable, "-m", "tests.measurements.stamped_forms", "--price", *Path(folder).iterdir()], check=True)
    return None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.measurements.stamped_forms", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="how many pictures both halves have")
    parser.add_argument("--half", choices=("reported", "tuned"), default="reported")
    parser.add_argument("--price", type=Path, metavar="FILE", help="print what it costs to look at this file, and nothing else")
    parser.add_argument("--keep", type=Path, help="a folder to keep the pictures in, and to take them from")
    return parser.parse_args()


def _in_order_of_forms(some: Sequence[Specimen]) -> list[Specimen]:
    """A form is printed once for all that have the same."""
    return sorted(some, key=lambda one: (one.paper.sheet, str(one.paper.portrait), one.paper.code))


def _file(specimen: Specimen, folder: Path | None) -> bytes:
    kept = folder / f"{specimen.index:04}.jpg" if folder else None
    if kept and kept.exists():
        return kept.read_bytes()
    file = capturing.captured(specimen, printing.printed(specimen))
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(file)
    return file


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  a table for people


if __name__ == "__main__":
    main()
