"""A few of the measured pictures, with floors well below what is measured on all of them (docs/decisions/0006-scans.md)."""

from itertools import islice

import pytest

from membership.domain.scan_hints import FormCode
from tests.measurements import capturing, printing, specimens, stamped_forms
from tests.measurements.stamped_forms import Score, score

# The smaller pictures alone: they are drawn and read in a fraction of the time.
FEW, SMALL = 20, 2_400


@pytest.fixture(scope="module")
def readings():
    small = (one for one in specimens.specimens(400) if one.capture.long_side <= SMALL)
    return [stamped_forms.read(one, capturing.captured(one, printing.printed(one))) for one in islice(small, FEW)]


def answers(name: str, readings) -> Score:
    return score(name, [stamped_forms.QUESTIONS[name](one) for one in readings])


class TestChecksOfAFew:  # APP-11
    @pytest.mark.parametrize(
        ("name", "precision", "recall"),
        [
            ("seal", 0.8, 0.8),
            ("blur", 0.7, 0.7),
            ("code read, of all", 0.95, 0.75),
            ("code read, of those in focus", 0.95, 0.9),
            ("another application's form", 0.95, 0.6),
            ("grey", 0.6, 0.7),
        ],
    )
    def test_what_is_said_is_mostly_so_and_what_is_so_is_mostly_said(self, name, precision, recall, readings):
        found = answers(name, readings)

        assert found.hits > 0
        assert found.precision >= precision, found
        assert found.recall >= recall, found

    def test_no_code_is_read_as_another(self, readings):
        assert stamped_forms.misread(readings) == []

    def test_every_page_whose_code_is_read_stands_upright(self, readings):
        turned = [one for one in readings if one.specimen.capture.turn and one.findings["code"] != FormCode.UNREAD]

        assert turned
        assert all(one.is_upright for one in turned)


class TestSpecimens:
    def test_a_specimen_is_the_same_picture_every_time(self):
        one = next(one for one in specimens.specimens(50) if one.capture.noise and one.paper.seal and one.capture.long_side <= SMALL)

        first, second = (capturing.captured(one, printing.printed(one)) for _ in range(2))

        assert first == second

    def test_what_detectors_are_tuned_on_is_not_reported(self):
        tuned, reported = specimens.halves(list(specimens.specimens(100)))

        assert {one.index for one in tuned} | {one.index for one in reported} == set(range(100))
        assert not {one.index for one in tuned} & {one.index for one in reported}

    def test_each_circumstance_is_among_them(self):
        drawn = list(specimens.specimens(400))

        assert {one.capture.turn for one in drawn} == {0, 90, 180, 270}
        assert {abs(one.capture.skew) for one in drawn} == {0, 3, 8}
        assert {one.paper.code for one in drawn} == set(specimens.CODES)
        assert {one.paper.seal.kind for one in drawn if one.paper.seal} == set(specimens.SEALS)
        assert {one.capture.grey for one in drawn} == {one.capture.is_photo for one in drawn} == {True, False}


class TestScore:
    def test_precision_and_recall_are_reckoned_from_what_is_so_and_what_was_said(self):
        found = score("seal", [(True, True)] * 3 + [(False, True)] + [(True, False)] * 2 + [(False, False), (None, True)])

        assert found == Score("seal", hits=3, false_alarms=1, misses=2, rightly_quiet=1)
        assert (found.precision, found.recall) == (0.75, 0.6)

    def test_where_nothing_was_said_nothing_was_said_wrongly(self):
        assert score("seal", []).precision == score("seal", []).recall == 1.0
