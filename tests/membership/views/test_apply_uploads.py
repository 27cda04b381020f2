"""Photographs and papers sent with the application form (APP-7)."""

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from membership.models import Attachment
from tests.factories import enrolment as stories
from tests.factories.browser import client_of, photograph, picture_bytes, upload
from tests.membership.views.apply_pages import APPLY, dossier_of, errors, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


class TestUploads:  # APP-7, field cases 19, 21, 22
    def send(self, browser, field, file):
        return browser.post(APPLY, {field: file, "act": "save"})

    def test_a_fine_picture_is_kept_although_another_answer_is_wrong(self, browser, started):
        answer = browser.post(APPLY, {"portrait": photograph(), "born_on": "昨天", "act": "save"})

        assert set(errors(answer)) == {"born_on"}
        portrait = dossier_of(started).portrait
        assert portrait.original_name == "寸照.jpg"
        assert reverse("private_file", args=[portrait.pk]) in text_of(answer)

    def test_the_portrait_is_cut_to_the_certificates_shape(self, browser, started):
        self.send(browser, "portrait", photograph(size=(1200, 1200)))

        portrait = dossier_of(started).portrait
        assert (portrait.width, portrait.height) == (708, 992)

    def test_another_picture_takes_the_place_of_the_first(self, browser, started):
        self.send(browser, "portrait", photograph("一.jpg"))
        self.send(browser, "portrait", photograph("二.jpg"))

        assert dossier_of(started).portrait.original_name == "二.jpg"

    def test_a_picture_too_small_to_print_is_taken_with_a_word_about_it(self, browser, started):
        browser.post(APPLY, {"portrait": photograph(size=(120, 168)), "act": "stay"})

        page = text_of(browser.get(APPLY))
        assert "个人寸照：图片 120 × 168 像素" in page
        assert dossier_of(started).portrait is not None

    def test_five_megabytes_and_one_tenth(self, browser, started):
        large = upload("IMG_2031.jpg", b"\xff\xd8\xff" + b"0" * int(5.1 * 1024 * 1024))

        answer = self.send(browser, "qualification", large)

        assert errors(answer)["qualification"] == ["文件 5.2 MB，超过 5 MB。请压缩后重新上传"]
        assert dossier_of(started).qualification is None

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (picture_bytes(format="GIF"), "GIF"),
            (b"%PDF-1.7 one page", "PDF"),
            (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "HEIC"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
            (b"", "文件是空的"),
        ],
        ids=["gif", "pdf", "heic", "svg", "empty"],
    )
    def test_another_format_named_jpg_is_refused_with_the_way_out(self, browser, started, content, word):
        answer = self.send(browser, "portrait", upload("照片.jpg", content))

        assert word in errors(answer)["portrait"][0]
        assert dossier_of(started).portrait is None

    def test_a_truncated_png(self, browser, started):
        content = picture_bytes(format="PNG", size=(400, 560))

        answer = self.send(browser, "portrait", upload("a.png", content[: len(content) // 2]))

        assert errors(answer)["portrait"] == ["图片不完整，请重新上传"]

    def test_a_decompression_bomb_is_refused_by_its_header(self, browser, started):
        bomb = picture_bytes(format="PNG", size=(13_000, 100))

        answer = self.send(browser, "qualification", upload("a.png", bomb))

        assert "13000 × 100 像素" in errors(answer)["qualification"][0]

    def test_a_photograph_turned_by_its_camera_is_stored_upright(self, browser, started):
        image = Image.new("RGB", (1300, 1800), "white")
        exif = image.getexif()
        exif[0x0112] = 6
        content = BytesIO()
        image.save(content, "JPEG", exif=exif)
        self.send(browser, "qualification", upload("横.jpg", content.getvalue()))

        stored = dossier_of(started).qualification
        assert (stored.width, stored.height) == (1800, 1300)
        with stored.file.open("rb") as file:
            assert not Image.open(file).getexif()

    def test_a_name_of_three_hundred_characters_is_no_hindrance(self, browser, started):
        self.send(browser, "portrait", photograph("照" * 300 + ".jpg"))

        assert dossier_of(started).portrait is not None

    def test_an_upload_is_refused_once_the_form_is_submitted(self, at):
        application = stories.submitted(at=at)
        files = Attachment.objects.count()

        self.send(client_of(application.member.user), "portrait", photograph())

        assert Attachment.objects.count() == files
