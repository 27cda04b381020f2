import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from membership.documents import form, form_blanks, pdf_pictures, pictures, qr_reading
from membership.documents.pictures import CleanPicture
from tests.membership.documents.stamped_forms import DPI, as_file, blank_form, mm, on_a_desk, stamped_form
from tests.membership.documents.test_form import sheet

OURS = "CACA:2026-000123:2"


def picture_of(image: Image.Image) -> CleanPicture:
    return pictures.clean(as_file(image))


def read(image: Image.Image) -> list[str]:
    return [code.text for code in qr_reading.read(picture_of(image))]


class TestReading:  # E-4, field case 17
    @pytest.mark.parametrize(
        "photographed",
        [
            lambda form: form,
            lambda form: form.transpose(Image.Transpose.ROTATE_90),
            lambda form: form.transpose(Image.Transpose.ROTATE_180),
            lambda form: form.rotate(15, Image.Resampling.BICUBIC, expand=True, fillcolor="white"),
            lambda form: on_a_desk(form, colour=(150, 85, 50)),
            lambda form: on_a_desk(form, colour=(60, 60, 65), turned=12),
            lambda form: form.filter(ImageFilter.GaussianBlur(5)),
            lambda form: form.resize((600, 848)),
            lambda form: form.convert("L"),
            lambda form: form.point(lambda value: value // 4 + 20),
        ],
        ids=["as printed", "sideways", "upside down", "askew", "on wood", "askew on a desk", "blurred", "small", "grey", "in the dark"],
    )
    def test_the_code_is_read_however_the_form_lies(self, photographed):
        assert read(photographed(stamped_form(qr_text=OURS))) == [OURS]

    @pytest.mark.parametrize("text", [None, "https://weixin.example.org/q/1", "CACA:2026-000123"])
    def test_no_code_or_another_ones_is_none(self, text):
        assert read(blank_form(qr_text=text)) == []

    @pytest.mark.parametrize("size", [(1, 1), (1, 4000), (900, 3)])
    def test_sliver_of_a_picture_has_none(self, size):
        assert read(Image.new("RGB", size, "white")) == []


class TestHowThePageLies:  # APP-11
    @pytest.mark.parametrize(
        ("turn", "turned"),
        [(None, 0), (Image.Transpose.ROTATE_270, 90), (Image.Transpose.ROTATE_180, 180), (Image.Transpose.ROTATE_90, 270)],
    )
    def test_the_code_tells_how_far_the_page_is_turned(self, turn, turned):
        form = stamped_form(qr_text=OURS)

        [code] = qr_reading.read(picture_of(form.transpose(turn) if turn else form))

        assert code.turned == turned

    @pytest.mark.parametrize("degrees", [-8, 3, 8])
    def test_a_page_a_little_askew_counts_as_upright(self, degrees):
        form = stamped_form(qr_text=OURS).rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")

        assert qr_reading.read(picture_of(form))[0].turned == 0

    @pytest.mark.parametrize("degrees", [90, 180, 270])
    def test_turned_with_its_picture_the_code_lies_where_it_would_be_read(self, degrees):
        picture = picture_of(stamped_form(qr_text=OURS))
        [code] = qr_reading.read(picture)

        [again] = qr_reading.read(pictures.turned(picture, degrees))

        reckoned = code.turned_with(degrees, picture.width, picture.height)
        assert reckoned.turned == again.turned == degrees
        assert [reckoned.place.left, reckoned.place.top] == pytest.approx([again.place.left, again.place.top], abs=4)

    @pytest.mark.parametrize("dpi", [100, 200, 300])
    def test_the_codes_size_tells_how_finely_the_form_is_seen(self, dpi):
        [code] = qr_reading.read(picture_of(printed_form(dpi=dpi)))

        assert code.dpi == pytest.approx(dpi, rel=0.03)

    @pytest.mark.parametrize("degrees", [0, -8, 90])
    def test_the_code_tells_where_the_seal_belongs(self, degrees):
        across, down, radius = form_blanks.RING
        form = printed_form(dpi=DPI)
        ImageDraw.Draw(form).ellipse((mm(across) - 20, mm(down) - 20, mm(across) + 20, mm(down) + 20), fill=(255, 0, 0))
        seen = picture_of(form.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white"))

        [code] = qr_reading.read(seen)
        ring = code.place_of(across - radius, down - radius, across + radius, down + radius)

        left, top, right, bottom = red_of(seen)
        assert ring.left + ring.width / 2 == pytest.approx((left + right) / 2, abs=mm(4))
        assert ring.top + ring.height / 2 == pytest.approx((top + bottom) / 2, abs=mm(4))


def printed_form(*, dpi: int) -> Image.Image:
    """Our own form as it leaves the printer, without a photograph."""
    return pdf_pictures.picture_of(form.render(sheet(qr_text=OURS, portrait=None)), dpi=dpi)


def red_of(picture: CleanPicture) -> tuple[int, int, int, int]:
    red, green, _ = pictures.reduced(picture, max(picture.width, picture.height), "RGB").split()
    return ImageChops.subtract(red, green).point(lambda value: 255 if value > 150 else 0).getbbox()
