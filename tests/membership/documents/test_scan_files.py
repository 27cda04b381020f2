"""What is seen on the pages of a signed form, and which files come of it."""

from io import BytesIO

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps

from membership.documents import pictures, scan_files, scans
from membership.domain.attachments import NewFile
from membership.domain.scan_hints import SHARP_ENOUGH, FormCode
from membership.enums import AttachmentKind
from tests.membership.documents.stamped_forms import PAGE, SEAL_CENTRE, as_file, blank_form, mm, on_a_desk, stamped_form
from tests.membership.documents.test_scans import pdf

OURS = "CACA:2026-000123:2"


def page_of(image: Image.Image):
    """The page as it is after an upload."""
    return scan_files.new_page(pictures.clean(as_file(image)))


def findings_on(*images: Image.Image) -> dict:
    return scan_files.findings([page_of(image).seen for image in images], expected=OURS)


def opened(file: NewFile) -> Image.Image:
    return Image.open(BytesIO(file.content))


class TestFindings:  # APP-11: facts for hints, never verdicts
    def test_stamped_form_of_the_application(self):
        found = findings_on(stamped_form(qr_text=OURS))

        assert (found["seal"], found["grey"], found["code"], found["named"]) == (True, False, FormCode.OURS, ["2026-000123", 2])
        assert found["sharpness"] > SHARP_ENOUGH

    def test_form_without_a_seal(self):
        assert findings_on(blank_form(qr_text=OURS, photo_ground=(60, 120, 200)))["seal"] is False

    def test_grey_scan_shows_no_seal_and_says_that_it_is_grey(self):
        found = findings_on(ImageOps.grayscale(stamped_form(qr_text=OURS)))

        assert (found["seal"], found["grey"]) == (False, True)

    def test_grey_form_with_a_coloured_letter_counts_as_grey(self):
        letter = Image.new("RGB", PAGE, (90, 160, 220))

        assert findings_on(letter, ImageOps.grayscale(stamped_form(qr_text=OURS)))["grey"] is True

    @pytest.mark.parametrize(
        ("code", "state"),
        [
            ("CACA:2026-000456:2", FormCode.OTHER),
            ("CACA:2026-000123:1", FormCode.OLDER),
            (None, FormCode.UNREAD),
            ("https://weixin.example.org/q/1", FormCode.UNREAD),
        ],
    )
    def test_code_tells_whose_form_it_is(self, code, state):
        assert findings_on(stamped_form(qr_text=code))["code"] == state

    def test_form_of_this_application_counts_though_another_is_with_it(self):
        found = findings_on(blank_form(qr_text="CACA:2026-000456:1"), stamped_form(qr_text=OURS))

        assert found["code"] == FormCode.OURS

    def test_the_least_sharp_page_counts_and_an_empty_back_does_not(self):
        blurred = stamped_form().resize((400, 566)).resize(PAGE)

        assert findings_on(stamped_form(qr_text=OURS), blurred)["sharpness"] < SHARP_ENOUGH
        assert findings_on(stamped_form(qr_text=OURS), Image.new("RGB", PAGE, "white"))["sharpness"] > SHARP_ENOUGH

    def test_seal_and_code_are_told_with_their_places(self):
        [page] = findings_on(stamped_form(qr_text=OURS))["pages"]

        left, top, width, height = page["seal"]
        assert (left + width / 2, top + height / 2) == pytest.approx(SEAL_CENTRE, abs=mm(2))
        [code] = page["codes"]
        assert code["place"][0] > PAGE[0] / 2 > code["place"][1]

    @pytest.mark.parametrize(
        "photographed",
        [
            lambda form: form.transpose(Image.Transpose.ROTATE_90),
            lambda form: form.transpose(Image.Transpose.ROTATE_180),
            lambda form: form.rotate(2, Image.Resampling.BICUBIC, fillcolor="white"),
            lambda form: on_a_desk(form, colour=(150, 85, 50)),
            lambda form: on_a_desk(form, colour=(60, 60, 65), turned=12),
        ],
        ids=["sideways", "upside down", "skew", "on wood", "askew on a desk"],
    )
    def test_form_is_recognised_however_it_lies(self, photographed):
        found = findings_on(photographed(stamped_form(qr_text=OURS)))

        assert (found["code"], found["seal"]) == (FormCode.OURS, True)

    @pytest.mark.parametrize("size", [(1, 1), (1, 4000), (1654, 2339)])
    @pytest.mark.parametrize("colour", ["white", "black", "red"])
    def test_picture_of_nothing_is_no_error(self, size, colour):
        found = findings_on(Image.new("RGB", size, colour))

        assert (found["code"], found["seal"], found["sharpness"]) == (FormCode.UNREAD, False, 0.0)


class TestUpright:  # APP-11, E-4
    @pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270])
    def test_a_page_that_lies_is_set_upright_by_its_code(self, turn):
        page = page_of(stamped_form(qr_text=OURS).transpose(turn))

        assert (page.picture.width, page.picture.height) == PAGE
        assert page.seen["codes"][0]["place"][1] < PAGE[1] / 4
        assert (page.seen["width"], page.seen["height"]) == opened(page.picture).size

    def test_a_page_without_a_code_stays_as_it_lies(self):
        assert page_of(blank_form().rotate(90, expand=True)).picture.width == PAGE[1]


class TestUpload:  # APP-7, APP-11
    def test_nothing_is_kept_of_a_file_but_its_name_its_size_and_what_it_shows(self):
        sent = SimpleUploadedFile("申请表.jpg", as_file(stamped_form(qr_text=OURS)).read())

        upload = scan_files.new_upload(scans.clean(sent), sent)

        assert (upload.name, upload.size, len(upload.sha256)) == ("申请表.jpg", sent.size, 64)
        [page] = upload.pages
        assert (page.picture.kind, page.picture.content_type, page.picture.original_name) == (
            AttachmentKind.STAMPED_PAGE, "image/jpeg", "申请表.jpg",
        )  # fmt: skip

    def test_pages_of_a_pdf_have_no_name_of_their_own(self):
        sent = SimpleUploadedFile("申请表.pdf", pdf(pages=2))

        upload = scan_files.new_upload(scans.clean(sent), sent)

        assert [page.picture.original_name for page in upload.pages] == ["", ""]

    def test_same_file_has_same_fingerprint(self):
        files = [SimpleUploadedFile(name, as_file(blank_form()).read()) for name in ("a.jpg", "b.jpg")]

        first, second = (scan_files.new_upload(scans.clean(file), file).sha256 for file in files)

        assert first == second


class TestDocument:  # APP-11: kept as one document
    def test_one_page_is_the_document_by_itself(self):
        assert scan_files.new_scan(scans.clean(as_file(stamped_form(qr_text=OURS))), name="a.jpg", expected=OURS).original is None

    def test_several_pages_are_bound_in_one_pdf_as_they_are_pictured(self):
        pages = [pictures.clean(as_file(image)) for image in (stamped_form(qr_text=OURS), blank_form().rotate(90, expand=True))]

        document = scan_files.document_of(pages)

        assert all(page.content in document.content for page in pages)
        bound = pypdf.PdfReader(BytesIO(document.content)).pages
        sizes = [(float(page.mediabox.width), float(page.mediabox.height)) for page in bound]
        assert sizes == [pytest.approx((595.3, 841.9), abs=1), pytest.approx((841.9, 595.3), abs=1)]

    def test_what_a_pdf_hides_is_not_bound_again(self):
        scan = scan_files.new_scan(scans.clean(BytesIO(pdf(pages=2))), name="a.pdf", expected=OURS)

        assert pypdf.PdfReader(BytesIO(scan.original.content)).get_num_pages() == 2
        assert "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(scan.original.content)).pages) == ""
