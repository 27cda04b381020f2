import pytest
from PIL import Image, ImageDraw, ImageOps

from membership.documents import seals
from tests.membership.documents.stamped_forms import DPI, INK, PAGE, SEAL_CENTRE, blank_form, mm, on_a_desk, stamped, stamped_form


class TestSealIsFound:  # APP-11
    def test_red_seal_on_a_form_is_found_where_it_is(self):
        seal = seals.find(stamped_form())

        assert seal.left + seal.width / 2 == pytest.approx(SEAL_CENTRE[0], abs=mm(2))
        assert seal.top + seal.height / 2 == pytest.approx(SEAL_CENTRE[1], abs=mm(2))
        assert seal.width == pytest.approx(mm(42), abs=mm(5))

    @pytest.mark.parametrize(
        "ink",
        [(235, 110, 120), (245, 190, 195), (150, 20, 30), (225, 60, 30), (200, 30, 80)],
        ids=["pale", "very pale", "dark", "orange", "magenta"],
    )
    def test_every_red_of_ink_counts(self, ink):
        assert seals.find(stamped_form(ink=ink))

    def test_oval_seal_counts(self):
        assert seals.find(stamped_form(height_mm=30))

    def test_seal_with_a_pale_edge_counts(self):
        assert seals.find(stamped_form(imprinted=0.85))

    def test_seal_on_a_page_scanned_sideways_is_found(self):
        assert seals.find(stamped_form().transpose(Image.Transpose.ROTATE_90))

    def test_seal_beside_a_portrait_on_red_ground_is_found(self):
        seal = seals.find(stamped_form(photo_ground=(200, 30, 35)))

        assert seal.top > PAGE[1] / 2

    @pytest.mark.parametrize("desk", [(60, 60, 65), (150, 85, 50), (140, 50, 35)], ids=["grey", "wood", "red wood"])
    def test_seal_on_a_photographed_page_is_found_whatever_the_desk(self, desk):
        assert seals.find(on_a_desk(stamped_form(), colour=desk))

    def test_seal_that_touches_a_remark_in_red_ink_is_found(self):
        page = stamped_form()
        ImageDraw.Draw(page).ellipse(
            (SEAL_CENTRE[0] - mm(50), SEAL_CENTRE[1] - mm(6), SEAL_CENTRE[0] - mm(20), SEAL_CENTRE[1] + mm(8)), outline=INK, width=4
        )

        assert seals.find(page)

    def test_seal_is_found_from_afar(self):
        assert seals.find(on_a_desk(stamped_form(), colour=(60, 60, 65), share=0.55))

    def test_seal_is_found_under_a_warm_lamp(self):
        red, green, blue = stamped_form().split()
        warm = Image.merge("RGB", [red, green.point(lambda value: value * 0.86), blue.point(lambda value: value * 0.62)])

        assert seals.find(warm)


class TestNoSealIsSeen:  # APP-11
    def test_form_without_a_seal_has_none(self):
        assert seals.find(blank_form()) is None

    def test_grey_scan_shows_no_seal(self):
        assert seals.find(ImageOps.grayscale(stamped_form())) is None

    @pytest.mark.parametrize("turned", [0, 15])
    def test_portrait_on_red_ground_is_no_seal(self, turned):
        page = blank_form(photo_ground=(200, 30, 35)).rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor="white")

        assert seals.find(page) is None

    def test_half_a_seal_is_none(self):
        assert seals.find(stamped_form(imprinted=0.5)) is None

    def test_blue_seal_is_none(self):
        assert seals.find(stamped_form(ink=(40, 60, 190))) is None

    @pytest.mark.parametrize("desk", [(150, 85, 50), (140, 50, 35)], ids=["wood", "red wood"])
    def test_reddish_desk_is_no_seal(self, desk):
        assert seals.find(on_a_desk(blank_form(), colour=desk)) is None

    def test_thumb_print_is_no_seal(self):
        page = blank_form()
        for step in range(1, 9):
            across, down = step * mm(0.85), step * mm(1.2)
            ImageDraw.Draw(page).ellipse((900 - across, 1700 - down, 900 + across, 1700 + down), outline=(200, 40, 50), width=4)

        assert seals.find(page) is None

    def test_round_thing_of_two_centimetres_is_no_seal_where_the_page_is_known(self):
        page = stamped_form(width_mm=20, height_mm=20)

        assert seals.find(page, dpi=DPI) is None

    def test_red_frame_is_no_seal(self):
        page = blank_form()
        ImageDraw.Draw(page).rectangle((900, 1550, 900 + mm(45), 1550 + mm(35)), outline=(200, 30, 40), width=10)

        assert seals.find(page) is None

    def test_red_disc_is_no_seal(self):
        page = blank_form()
        ImageDraw.Draw(page).ellipse((200, 40, 200 + mm(40), 40 + mm(40)), fill=(200, 30, 40))

        assert seals.find(page) is None

    def test_red_line_under_a_letterhead_is_no_seal(self):
        page = blank_form()
        ImageDraw.Draw(page).rectangle((mm(15), 120, mm(195), 132), fill=(200, 30, 40))

        assert seals.find(page) is None

    @pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3)])
    def test_sliver_of_a_picture_has_no_seal(self, size):
        assert seals.find(Image.new("RGB", size, "red")) is None


class TestGreyScan:  # APP-11
    def test_grey_scan_is_told_from_a_coloured_one(self):
        page = stamped(blank_form())

        assert seals.is_grey(ImageOps.grayscale(page))
        assert not seals.is_grey(page)

    def test_white_page_in_warm_light_is_not_called_grey(self):
        assert not seals.is_grey(Image.new("RGB", (400, 600), (250, 225, 190)))
