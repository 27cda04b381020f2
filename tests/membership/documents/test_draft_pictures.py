"""The pictures of the form as they are stored: as they came, turned, cut."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from membership.documents import draft_pictures, pictures
from membership.documents.certificate_face import _portrait
from membership.documents.pictures import Box, CleanPicture
from membership.domain import attachments
from membership.domain.attachments import NewFile
from membership.enums import AttachmentKind
from membership.models import Attachment

PORTRAIT, QUALIFICATION = AttachmentKind.PORTRAIT, AttachmentKind.QUALIFICATION
AT = datetime(2026, 11, 30, tzinfo=UTC)


def picture(size: tuple[int, int], *, marked: tuple[int, int, int, int] | None = None, format: str = "JPEG") -> CleanPicture:
    """A grey picture of this size, with a red part."""
    image = Image.new("RGB", size, (150, 160, 170))
    if marked:
        image.paste("red", marked)
    content = BytesIO()
    image.save(content, format, quality=92)
    return CleanPicture(content.getvalue(), format, *size)


def stored(new: NewFile) -> Attachment:
    return Attachment.objects.get(pk=attachments.store(new, member=None, by=None, at=AT).pk)


def pixel(content: bytes, place: tuple[int, int]) -> str:
    red, green, _ = Image.open(BytesIO(content)).convert("RGB").getpixel(place)
    return "red" if red > 200 and green < 80 else "grey"


def bytes_of(attachment: Attachment) -> bytes:
    with attachment.file.open("rb") as file:
        return file.read()


class TestPartOfAPhoto:  # CERT-1, APP-7
    @pytest.mark.parametrize(
        ("size", "box"),
        [((1000, 1400), Box(0, 0, 1000, 1400)), ((2000, 1400), Box(500, 0, 1000, 1400)), ((1000, 2000), Box(0, 300, 1000, 1400))],
    )
    def test_without_a_choice_it_is_the_largest_in_the_centre(self, size, box):
        assert pictures.portrait_in_the_centre(picture(size)) == box

    @pytest.mark.parametrize(
        ("chosen", "box"),
        [
            ((100, 50, 500), Box(100, 50, 500, 700)),
            ((-40, -1, 500), Box(0, 0, 500, 700)),
            ((1900, 1300, 500), Box(1500, 700, 500, 700)),
            ((0, 0, 99_999), Box(0, 0, 1000, 1400)),
            ((0, 0, 0), Box(0, 0, 40, 56)),
        ],
        ids=["inside", "left and above", "right and below", "too large", "nothing"],
    )
    def test_what_was_chosen_is_brought_inside_the_photo(self, chosen, box):
        left, top, width = chosen

        assert pictures.portrait_at(picture((2000, 1400)), left=left, top=top, width=width) == box

    @pytest.mark.parametrize("size", [(30, 30), (41, 57), (12_000, 31), (5, 7)])
    def test_of_the_smallest_photo_too_there_is_a_part_and_it_can_be_cut(self, size):
        whole = picture(size)

        part = pictures.cut_portrait(whole, pictures.portrait_at(whole, left=9, top=9, width=1))

        assert part.width * 7 == pytest.approx(part.height * 5, abs=7)

    @pytest.mark.parametrize(("width", "size"), [(200, (354, 496)), (600, (600, 840)), (1000, (708, 992))])
    def test_it_is_stored_as_large_as_the_certificate_prints_it(self, width, size):
        whole = picture((2000, 1400))

        part = pictures.cut_portrait(whole, pictures.portrait_at(whole, left=0, top=0, width=width))

        assert (part.format, part.width, part.height) == ("JPEG", *size)

    def test_it_shows_what_stood_in_the_frame(self):
        whole = picture((2000, 1400), marked=(300, 100, 800, 800))

        part = pictures.cut_portrait(whole, Box(300, 100, 500, 700))

        assert {pixel(part.content, place) for place in ((5, 5), (494, 5), (5, 694), (494, 694))} == {"red"}


class TestNewPicture:  # APP-7
    def test_a_photo_of_the_right_shape_is_stored_once(self):
        new = draft_pictures.new_picture(PORTRAIT, picture((500, 700)), "寸照.jpg")

        assert (new.cut_from, new.cut_box) == (None, None)

    def test_any_other_photo_is_stored_cut_beside_the_whole_one(self):
        new = draft_pictures.new_picture(PORTRAIT, picture((1500, 1000), format="PNG"), "横.png")

        assert (new.width, new.height, new.content_type, new.original_name) == (708, 992, "image/jpeg", "横.png")
        assert (new.cut_from.width, new.cut_from.height, new.cut_from.content_type) == (1500, 1000, "image/png")

    def test_a_paper_is_not_cut(self):
        assert draft_pictures.new_picture(QUALIFICATION, picture((1600, 1130)), "证.jpg").cut_from is None


@pytest.mark.django_db
class TestChanged:  # APP-7
    def test_a_paper_turned_four_times_lies_as_before(self):
        paper = stored(draft_pictures.new_picture(QUALIFICATION, picture((600, 400), marked=(0, 0, 100, 100)), "证.jpg"))

        corners = []
        for _ in range(4):
            paper = stored(draft_pictures.turned(paper))
            corners.append(pixel(bytes_of(paper), (paper.width - 20, 20)))

        assert corners == ["red", "grey", "grey", "grey"]  # top right after the first quarter
        assert (paper.width, paper.height) == (600, 400)
        assert pixel(bytes_of(paper), (20, 20)) == "red"

    def test_a_photo_is_cut_anew_from_the_whole_one_not_from_the_part(self):
        whole = picture((2000, 1400), marked=(0, 0, 200, 280))
        portrait = stored(draft_pictures.new_picture(PORTRAIT, whole, "横.jpg"))

        anew = draft_pictures.cut(portrait, left=0, top=0, width=200)

        assert anew.cut_from == portrait.cut_from
        assert pixel(anew.content, (300, 400)) == "red"

    def test_a_photo_from_before_is_cut_from_itself(self):
        portrait = stored(NewFile(PORTRAIT, picture((708, 992)).content, "image/jpeg", "a.jpg", 708, 992))

        anew = draft_pictures.cut(portrait, left=100, top=100, width=400)

        assert (anew.cut_from, anew.cut_box) == (portrait, (100, 100, 400, 560))
        assert draft_pictures.box_of(portrait) == Box(0, 0, 708, 991)

    def test_the_certificate_prints_what_was_cut(self):
        portrait = stored(draft_pictures.new_picture(PORTRAIT, picture((2000, 1400)), "横.jpg"))
        anew = stored(draft_pictures.cut(portrait, left=30, top=20, width=650))

        assert _portrait(anew) == bytes_of(anew)


class TestWarning:  # APP-7
    @pytest.mark.parametrize(("size", "what"), [((300, 420), "图片 300 × 420"), ((1200, 400), "裁剪后 286 × 400"), ((1000, 1400), "")])
    def test_of_a_photo_what_is_left_counts(self, size, what):
        warning = draft_pictures.warning_of(draft_pictures.new_picture(PORTRAIT, picture(size), "a.jpg"))

        assert warning.startswith(what)
        assert bool(warning) == bool(what)

    @pytest.mark.parametrize(("kind", "least"), [(PORTRAIT, (354, 496)), (QUALIFICATION, (1039, 1476))])
    def test_the_page_is_told_what_the_server_asks_for(self, kind, least):
        assert draft_pictures.least_pixels(kind) == least
