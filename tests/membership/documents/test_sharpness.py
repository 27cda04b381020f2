import pytest
from PIL import Image, ImageFilter

from membership.documents import sharpness
from membership.domain.scan_hints import SHARP_ENOUGH
from tests.membership.documents.stamped_forms import PAGE, blank_form, stamped_form


class TestSharpness:  # APP-11
    def test_a_scan_is_sharp_enough(self):
        assert sharpness.of(stamped_form()).value > SHARP_ENOUGH + 15

    @pytest.mark.parametrize("blur", [ImageFilter.GaussianBlur(4), ImageFilter.BoxBlur((9, 0))], ids=["out of focus", "shaken"])
    def test_a_blurred_one_is_not(self, blur):
        assert sharpness.of(stamped_form().filter(blur)).value < SHARP_ENOUGH - 10

    def test_little_writing_counts_as_much_as_a_full_page(self):
        full = blank_form()
        little = Image.new("RGB", PAGE, "white")
        little.paste(full.crop((0, 300, PAGE[0], 700)), (0, 300))

        assert sharpness.of(little).value == pytest.approx(sharpness.of(full).value, abs=10)

    def test_pale_writing_is_as_sharp_as_black(self):
        pale = blank_form().point(lambda value: 120 + value * 135 // 255)

        assert sharpness.of(pale).value == pytest.approx(sharpness.of(blank_form()).value, abs=10)

    def test_the_tile_shown_has_writing_on_it(self):
        tile = sharpness.of(blank_form()).tile

        shown = blank_form().crop((tile.left, tile.top, tile.left + tile.width, tile.top + tile.height))
        assert shown.convert("L").getextrema()[0] < 100

    @pytest.mark.parametrize("colour", ["white", "black", "red"])
    @pytest.mark.parametrize("size", [(1, 1), (1, 4000), (1654, 2339)])
    def test_where_nothing_is_written_nothing_is_said(self, size, colour):
        assert sharpness.of(Image.new("RGB", size, colour)) is None
