"""What was seen on a signed form, in sentences: the same for who hands it in and for who reviews it."""

import pytest

from membership.domain import scan_hints
from membership.domain.scan_hints import FormCode, Place, Seen, Subject

OURS, OTHER = ["2026-000123", 2], ["2026-000456", 2]


def page(**changes) -> dict:
    """The facts of a good page."""
    good = {
        "width": 1654,
        "height": 2339,
        "codes": [{"named": OURS, "place": [1300, 60, 220, 220]}],
        "dpi": 200,
        "seal": [1100, 1480, 330, 330],
        "stamp_place": [260, 1457, 1275, 378],
        "grey": False,
        "sharpness": 88.0,
        "tile": [100, 400, 100, 100],
    }
    return {**good, **changes}


def findings(*pages: dict, **changes) -> dict:
    good = {
        "seal": True,
        "grey": False,
        "code": FormCode.OURS,
        "named": OURS,
        "expected": OURS,
        "sharpness": 88.0,
        "pages": list(pages or [page()]),
    }
    return {**good, **changes}


def warnings(found: dict, **options) -> list[scan_hints.Hint]:
    return [hint for hint in scan_hints.on_scan(found, range(1, len(found["pages"]) + 1), **options) if hint.is_warning]


class TestGoodForm:  # APP-11
    def test_a_good_form_is_told_to_be_so_in_all_that_was_asked(self):
        hints = scan_hints.on_scan(findings(), [7])

        assert [hint.text for hint in hints] == ["盖章文件上有红色印章", "扫描件清晰", "二维码与本申请相符"]
        assert scan_hints.checked(hints) == ((Subject.SEAL, True), (Subject.SHARPNESS, True), (Subject.NUMBER, True))

    def test_the_seal_is_shown_where_it_is(self):
        seal = scan_hints.on_scan(findings(), [7])[0]

        assert seal.seen == Seen(1, 7, 1654, 2339, Place(1100, 1480, 330, 330))


class TestWarnings:  # APP-11, E-7
    def test_no_seal_is_shown_where_it_belongs(self):
        [hint] = warnings(findings(page(seal=None), seal=False))

        assert hint.text == "没有找到红色印章"
        assert "实物章" in hint.advice
        assert hint.seen == Seen(1, 1, 1654, 2339, Place(260, 1457, 1275, 378), is_missing=True)

    def test_where_no_code_was_read_the_seal_belongs_where_an_upright_form_has_it(self):
        found = findings(page(seal=None, codes=[], stamp_place=None, dpi=None), seal=False, code=FormCode.UNREAD, named=None)

        seal = warnings(found)[0].seen.place

        assert 0.6 < seal.top / 2339 < 0.65
        assert seal.left + seal.width < 1654

    @pytest.mark.parametrize("place", [[-50, 2200, 900, 400], [1500, -100, 900, 300]])
    def test_a_place_that_reaches_beyond_the_picture_is_cut(self, place):
        seen = warnings(findings(page(seal=None, stamp_place=place), seal=False))[0].seen.place

        assert min(seen.left, seen.top) >= 0
        assert seen.left + seen.width <= 1654
        assert seen.top + seen.height <= 2339

    def test_a_place_beside_the_picture_is_not_shown(self):
        assert warnings(findings(page(seal=None, stamp_place=[2000, 1400, 300, 300]), seal=False))[0].seen is None

    def test_a_grey_scan_is_told_to_be_grey_and_not_to_lack_a_seal(self):
        [hint] = warnings(findings(page(seal=None, grey=True), seal=False, grey=True))

        assert hint.text == "黑白扫描看不到红色印章，请彩色扫描"

    def test_a_grey_form_with_the_seal_on_a_coloured_page_has_a_seal(self):
        assert warnings(findings(page(seal=None, grey=True), page(), grey=True)) == []

    def test_a_form_that_rests_on_signatures_needs_no_seal(self):  # E-1
        assert warnings(findings(page(seal=None), seal=False), is_stamp_expected=False) == []

    def test_an_older_version_names_both(self):
        [hint] = warnings(findings(code=FormCode.OLDER, named=["2026-000123", 1]))

        assert hint.text == "这是旧版申请表"
        assert hint.note == "表上是资料第 1 版，现在是第 2 版"

    def test_anothers_form_is_shown_with_its_code(self):
        other = page(codes=[{"named": OTHER, "place": [10, 20, 200, 200]}])

        [hint] = warnings(findings(page(codes=[]), other, code=FormCode.OTHER, named=OTHER))

        assert hint.note == "表上的申请编号是 2026-000456，本申请是 2026-000123"
        assert hint.seen == Seen(2, 2, 1654, 2339, Place(10, 20, 200, 200))

    def test_a_code_that_was_not_read_is_looked_for_at_the_upper_right(self):
        [hint] = warnings(findings(page(codes=[]), code=FormCode.UNREAD, named=None))

        assert hint.text == "没有读到表上的二维码"
        assert hint.seen.is_missing
        assert hint.seen.place.left > 1654 / 2 > hint.seen.place.top

    def test_blurred_pages_are_named_and_the_worst_is_shown(self):
        found = findings(page(sharpness=40.0), page(), page(sharpness=12.0, tile=[5, 6, 100, 100]), sharpness=12.0)

        [hint] = warnings(found)

        assert hint.text == "扫描件可能不清晰"
        assert hint.advice.startswith("第 1、3 页：")
        assert hint.seen == Seen(3, 3, 1654, 2339, Place(5, 6, 100, 100))

    def test_the_page_of_one_is_not_named(self):
        [hint] = warnings(findings(page(sharpness=12.0), sharpness=12.0))

        assert hint.advice.startswith("请对焦后重拍")

    def test_where_nothing_is_written_nothing_can_be_read(self):
        [hint] = warnings(findings(page(sharpness=None, tile=None), sharpness=0.0))

        assert hint.text == "扫描件可能不清晰"
        assert hint.seen is None

    @pytest.mark.parametrize(
        ("size", "is_small"),
        [
            ({"dpi": 129}, True),
            ({"dpi": 130}, False),
            ({"dpi": 300, "width": 900, "height": 700}, False),
            ({"dpi": None, "width": 1199, "height": 1700}, True),
            ({"dpi": None, "width": 1600, "height": 1200}, False),
        ],
        ids=["seen too coarsely", "just finely enough", "a part of a form, finely", "few pixels", "just enough, lying"],
    )
    def test_too_few_pixels_are_warned_of(self, size, is_small):
        found = [hint.text for hint in warnings(findings(page(**size)))]

        assert found == (["图片太小，可能看不清"] if is_small else [])

    def test_each_says_what_to_do(self):
        bad = findings(page(seal=None, sharpness=3.0, dpi=90, codes=[]), seal=False, sharpness=3.0, code=FormCode.UNREAD, named=None)

        hints = warnings(bad)

        assert [hint.subject for hint in hints] == [Subject.SEAL, Subject.SHARPNESS, Subject.SHARPNESS, Subject.NUMBER]
        assert all(hint.advice for hint in hints)
        assert scan_hints.checked(hints) == ((Subject.SEAL, False), (Subject.SHARPNESS, False), (Subject.NUMBER, False))


class TestView:
    def test_a_place_is_shown_with_what_is_around_it_and_within_the_picture(self):
        view = Seen(1, 1, 1654, 2339, Place(1600, 2300, 54, 39)).view

        assert view.left < 1600
        assert view.top < 2300
        assert (view.left + view.width, view.top + view.height) == (1654, 2339)


class TestFormsFromBefore:  # forms that came when less was kept
    @pytest.mark.parametrize(
        ("findings", "expected"),
        [
            ({"seal": True}, [("盖章文件上有红色印章", False)]),
            ({"seal": False}, [("没有找到红色印章", True)]),
            ({"qr_matches": True}, [("二维码与本申请相符", False)]),
            ({"qr_matches": False}, [("二维码不是这一版申请表", True)]),
            ({"qr_matches": None}, [("没有读到表上的二维码", True)]),
            ({"sharpness": 88.0}, [("扫描件清晰", False)]),
            ({"sharpness": 31.5}, [("扫描件可能不清晰", True)]),
            ({}, []),
        ],
    )
    def test_are_told_as_far_as_they_were_looked_at(self, findings, expected):
        hints = scan_hints.on_scan(findings, [7])

        assert [(hint.text, hint.is_warning) for hint in hints] == expected
        assert [hint.seen for hint in hints] == [None] * len(expected)
