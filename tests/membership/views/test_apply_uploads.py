"""Photographs and papers sent with the application form (APP-7)."""

from io import BytesIO
from itertools import product

import pytest
from django.core.cache import cache
from django.core.files.storage import Storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from membership.domain import enrolment
from membership.models import Application, Attachment
from membership.views import apply_pictures
from tests.factories import enrolment as stories
from tests.factories.browser import PICTURES, client_of, photograph, picture_bytes, upload
from tests.factories.people import UserFactory
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


def seen(application: Application) -> str:
    dossier = dossier_of(application)
    return f"{dossier.pk}-{dossier.edits}"


def shown(application: Application, field: str) -> int | str:
    """The picture that a page opened now shows."""
    return getattr(dossier_of(application), f"{field}_id") or ""


def act(browser: Client, application: Application, field: str = "portrait", verb: str = "upload", **values):
    """Send what the page's script sends; the page shows the draft as it is now unless it is told otherwise."""
    sent = {"act": verb, "seen": seen(application), "picture": shown(application, field), **values}
    return browser.post(f"/member/apply/pictures/{field}/", sent)


def files_in(storage: Storage, folder: str = "") -> set[str]:
    folders, files = storage.listdir(folder)
    below = (files_in(storage, f"{folder}{one}/") for one in folders)
    return {f"{folder}{one}" for one in files}.union(*below)


@pytest.fixture
def new_files():
    """Return a function that tells which private files came since the test began."""
    storage = Attachment._meta.get_field("file").storage
    before = files_in(storage)
    return lambda: files_in(storage) - before


class TestOneAtATime:  # APP-7, APP-8
    def test_a_picture_is_part_of_the_draft_as_soon_as_it_arrives(self, browser, started):
        before = dossier_of(started).edits

        answer = act(browser, started, portrait=photograph(size=(1200, 1200))).json()

        dossier = dossier_of(started)
        assert answer["picture"] == str(dossier.portrait_id)
        assert answer["said"] == "已上传"
        assert answer["seen"] == f"{dossier.pk}-{before + 1}"
        assert answer["note"].startswith("已保存 ")

    def test_the_answer_is_the_tile_that_the_page_would_show(self, browser, started):
        tile = act(browser, started, qualification=photograph(size=(1600, 1130)), field="qualification").json()["tile"]

        assert " ".join(tile.split()) in " ".join(text_of(browser.get(APPLY)).split())

    def test_a_typed_answer_that_was_on_its_way_meanwhile_meets_no_conflict(self, browser, started):
        opened, marks = seen(started), browser.get(APPLY).context["marks"]
        act(browser, started, portrait=photograph())

        answer = browser.post("/member/apply/draft/", {"save": "name", "name": "沈砚秋", "seen": opened, "marks": marks})

        assert answer.status_code == 200
        assert dossier_of(started).name == "沈砚秋"

    @pytest.mark.parametrize(
        ("file", "word"),
        [
            (upload("a.jpg", b"\xff\xd8\xff" + b"0" * (5 * 1024 * 1024 - 2)), "文件 5.1 MB，超过 5 MB"),
            (upload("照片.jpg", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "HEIC"),
            (upload("a.jpg", b"PK\x03\x04 word"), "Word"),
            (upload("a.jpg", b""), "文件是空的"),
        ],
        ids=["one-byte-too-many", "heic", "word", "empty"],
    )
    def test_what_cannot_be_taken_is_said_and_leaves_the_former_picture(self, browser, started, file, word):
        act(browser, started, portrait=photograph("一.jpg"))
        file.seek(0)

        answer = act(browser, started, portrait=file)

        assert answer.status_code == 422
        assert word in answer.json()["error"]
        assert dossier_of(started).portrait.original_name == "一.jpg"

    def test_a_file_of_exactly_five_megabytes_is_looked_into(self, browser, started):
        answer = act(browser, started, portrait=upload("a.jpg", b"\xff\xd8\xff" + b"0" * (5 * 1024 * 1024 - 3)))

        assert answer.json()["error"] == "图片不完整，请重新上传"

    def test_no_file_at_all(self, browser, started):
        assert act(browser, started).status_code == 422

    def test_a_picture_too_small_to_print_is_taken_and_its_tile_keeps_saying_so(self, browser, started):
        act(browser, started, portrait=photograph(size=(120, 168)))

        assert "图片 120 × 168 像素，不足 300 dpi" in text_of(browser.get(APPLY))

    def test_a_wide_photograph_is_judged_by_what_is_left_of_it(self, browser, started):
        tile = act(browser, started, portrait=photograph(size=(1200, 400))).json()["tile"]

        assert "裁剪后 286 × 400 像素，不足 300 dpi" in tile

    def test_a_picture_of_a_returned_file_opens_its_next_version_and_keeps_the_submitted_one(self, at):
        application = stories.returned(at=at)
        submitted = dossier_of(application)
        browser = client_of(application.member.user)

        act(browser, application, portrait=photograph("新.jpg"))

        assert dossier_of(application).version == submitted.version + 1
        assert Attachment.objects.filter(pk=submitted.portrait_id).exists()


class TestTurnedAndCut:  # APP-7
    def test_a_paper_is_turned_by_a_quarter_clockwise(self, browser, started):
        image = Image.new("RGB", (1600, 1000), "white")
        image.paste("red", (0, 0, 200, 200))  # top left
        content = BytesIO()
        image.save(content, "PNG")
        act(browser, started, "qualification", qualification=upload("证.png", content.getvalue()))

        answer = act(browser, started, "qualification", "turn").json()

        stored = dossier_of(started).qualification
        assert answer["said"] == "已旋转"
        assert (stored.width, stored.height, stored.original_name) == (1000, 1600, "证.png")
        with stored.file.open("rb") as file:
            red, _green, blue = Image.open(file).convert("RGB").getpixel((950, 50))
        assert red > 200 > 60 > blue

    def test_a_photograph_is_turned_whole_and_cut_again(self, browser, started):
        act(browser, started, portrait=photograph(size=(1500, 1000)))

        act(browser, started, verb="turn")

        portrait = dossier_of(started).portrait
        assert (portrait.cut_from.width, portrait.cut_from.height) == (1000, 1500)
        assert portrait.cut_box == [0, 50, 1000, 1400]

    def test_the_chosen_part_is_cut_from_the_whole_photograph(self, browser, started):
        act(browser, started, portrait=photograph(size=(2000, 1500)))

        answer = act(browser, started, verb="cut", left=100, top=50, width=600).json()

        portrait = dossier_of(started).portrait
        assert answer["said"] == "已裁剪"
        assert portrait.cut_box == [100, 50, 600, 840]
        assert (portrait.width, portrait.height) == (600, 840)
        assert 'data-crop="2000 1500 100 50 600 840"' in answer["tile"]

    def test_it_can_be_cut_again_and_larger_than_before(self, browser, started):
        act(browser, started, portrait=photograph(size=(2000, 1500)))
        act(browser, started, verb="cut", left=100, top=50, width=600)

        act(browser, started, verb="cut", left=0, top=0, width=1000)

        assert dossier_of(started).portrait.cut_box == [0, 0, 1000, 1400]

    def test_a_part_outside_the_photograph_is_brought_inside(self, browser, started):
        act(browser, started, portrait=photograph(size=(2000, 1500)))

        act(browser, started, verb="cut", left=-500, top=9000, width=700)

        assert dossier_of(started).portrait.cut_box == [0, 520, 700, 980]

    @pytest.mark.parametrize("box", [{}, {"left": "x", "top": 0, "width": 9}, {"left": 0, "top": 0, "width": "1e99"}])
    def test_no_part_at_all_changes_nothing(self, browser, started, box):
        act(browser, started, portrait=photograph())
        before = shown(started, "portrait")

        assert act(browser, started, verb="cut", **box).status_code == 422
        assert shown(started, "portrait") == before

    def test_papers_are_not_cut(self, browser, started):
        act(browser, started, "qualification", qualification=photograph(size=(1600, 1130)))

        assert act(browser, started, "qualification", "cut", left=0, top=0, width=100).status_code == 422

    def test_a_removed_picture_is_missing_again(self, browser, started):
        act(browser, started, portrait=photograph())

        answer = act(browser, started, verb="remove").json()

        assert dossier_of(started).portrait is None
        assert answer["picture"] == ""
        assert "upload--filled" not in answer["tile"]

    def test_what_it_is_cut_from_is_seen_small_by_its_owner_alone(self, browser, started):
        act(browser, started, portrait=photograph(size=(2000, 1500)))
        address = f"/member/apply/pictures/{dossier_of(started).portrait.cut_from_id}/1600.jpg"

        answer = browser.get(address)

        assert max(Image.open(BytesIO(answer.content)).size) <= 1600
        assert "no-store" in answer.headers["Cache-Control"]
        assert client_of(UserFactory()).get(address).status_code == 404
        assert browser.get(address.replace("1600", "1601")).status_code == 404


class TestAnotherDevice:  # field case 42
    def test_of_two_uploads_the_last_counts_and_says_that_it_replaced_another(self, browser, started):
        opened = shown(started, "portrait")
        act(browser, started, portrait=photograph("手机.jpg"))

        answer = act(browser, started, picture=opened, portrait=photograph("电脑.jpg")).json()

        assert answer["said"] == "刚才传过另一张，已换成您现在选的这张"
        assert dossier_of(started).portrait.original_name == "电脑.jpg"

    @pytest.mark.parametrize("verb", ["turn", "cut", "remove"])
    def test_a_picture_that_was_replaced_elsewhere_is_shown_instead_of_being_changed(self, browser, started, verb):
        act(browser, started, portrait=photograph("一.jpg"))
        opened = shown(started, "portrait")
        act(browser, started, portrait=photograph("二.jpg"))

        answer = act(browser, started, verb=verb, picture=opened, left=0, top=0, width=100)

        assert answer.status_code == 409
        assert "二.jpg" in answer.json()["tile"]
        assert "刚在别处更换过" in answer.json()["error"]
        assert dossier_of(started).portrait.original_name == "二.jpg"

    def test_a_page_asks_what_the_pictures_are_now(self, browser, started):
        act(browser, started, portrait=photograph("手机.jpg"))

        tiles = browser.get("/member/apply/pictures/").json()["tiles"]

        assert set(tiles) == set(PICTURES)
        assert "手机.jpg" in tiles["portrait"]["tile"]
        assert tiles["student_card"]["picture"] == ""

    def test_twenty_at_once_leave_four_pictures_the_last_of_each_and_no_file_without_an_owner(
        self, browser, person, started, new_files, django_capture_on_commit_callbacks
    ):
        devices = (browser, client_of(person))
        with django_capture_on_commit_callbacks(execute=True):
            for number, field in product(range(5), PICTURES):
                picture = photograph(f"{field}{number}.jpg", size=(900, 1300))
                assert act(devices[number % 2], started, field, picture="", **{field: picture}).status_code == 200

        dossier = dossier_of(started)
        kept = [getattr(dossier, field) for field in PICTURES]
        assert [one.original_name for one in kept] == [f"{field}4.jpg" for field in PICTURES]
        assert new_files() == {one.file.name for one in Attachment.objects.all()}
        assert Attachment.objects.count() == 5  # the photo's whole one beside it


class TestWhoAndWhen:  # S-1, B1
    def test_somebody_logged_out_meanwhile_is_led_to_the_login_and_back_to_the_picture(self, browser, started):
        sent = {"act": "upload", "seen": seen(started), "portrait": photograph()}

        answer = Client().post("/member/apply/pictures/portrait/", sent)

        assert answer.status_code == 401
        assert "%23id_portrait_field" in answer.json()["url"]

    def test_a_page_of_another_account_writes_into_nobodys_draft(self, started, at):
        other = stories.draft(at=at)
        browser, before = client_of(other.member.user), shown(other, "portrait")

        answer = browser.post("/member/apply/pictures/portrait/", {"act": "upload", "seen": seen(started), "portrait": photograph()})

        assert answer.status_code == 403
        assert "另一个账号" in answer.json()["leave"]
        assert shown(other, "portrait") == before

    def test_a_page_that_does_not_say_which_draft_it_shows_is_to_be_loaded_anew(self, browser, started):
        answer = browser.post("/member/apply/pictures/portrait/", {"act": "upload", "portrait": photograph()})

        assert answer.json()["url"] == APPLY
        assert dossier_of(started).portrait is None

    @pytest.mark.parametrize("verb", ["upload", "turn", "cut", "remove"])
    def test_a_submitted_form_keeps_its_pictures(self, at, verb):
        application = stories.submitted(at=at)
        browser, before = client_of(application.member.user), shown(application, "portrait")

        answer = act(browser, application, verb=verb, portrait=photograph(), left=0, top=0, width=100)

        assert answer.json()["leave"].startswith("申请已提交")
        assert shown(application, "portrait") == before

    def test_a_draft_that_was_discarded_meanwhile_leads_away(self, browser, person, started, at, new_files):
        opened = seen(started)
        enrolment.discard(application=started, person=person, at=at)

        answer = browser.post("/member/apply/pictures/portrait/", {"act": "upload", "seen": opened, "portrait": photograph()})

        assert "leave" in answer.json()
        assert new_files() == set()

    @pytest.mark.parametrize(("field", "verb"), [("stamped_form", "upload"), ("portrait", "frame")])
    def test_there_are_four_pictures_and_four_acts(self, browser, started, field, verb):
        assert browser.post(f"/member/apply/pictures/{field}/", {"act": verb, "seen": seen(started)}).status_code == 404

    def test_who_asks_without_end_is_told_when_to_go_on(self, browser, started, monkeypatch):
        cache.clear()
        monkeypatch.setattr(apply_pictures, "PICTURES_PER_MINUTE", 1)
        act(browser, started, portrait=photograph("一.jpg"))

        answer = act(browser, started, portrait=photograph("二.jpg"))

        assert answer.status_code == 429
        assert answer.json() == {"error": apply_pictures.TOO_OFTEN, "retry_after": 60}
        assert dossier_of(started).portrait.original_name == "一.jpg"


class TestWithoutAScript:  # UI-7
    def test_a_picture_is_turned_and_what_was_typed_is_kept(self, browser, started):
        act(browser, started, portrait=photograph(size=(1500, 1000)))
        sent = {"name": "沈砚秋", "picture_act": f"turn-{shown(started, 'portrait')}"}

        answer = browser.post("/member/apply/pictures/portrait/change/", sent)

        dossier = dossier_of(started)
        assert answer.url == f"{APPLY}#id_portrait_field"
        assert dossier.name == "沈砚秋"
        assert dossier.portrait.cut_from.height == 1500

    def test_before_a_picture_is_removed_it_is_asked_once_more(self, browser, started):
        act(browser, started, portrait=photograph())
        asked = browser.post("/member/apply/pictures/portrait/change/", {"picture_act": f"remove-{shown(started, 'portrait')}"})

        page = browser.get(asked.url)
        assert "删除这张图片？" in text_of(page)
        assert dossier_of(started).portrait is not None

        browser.post(asked.url)
        assert dossier_of(started).portrait is None

    def test_an_old_page_removes_nothing_else(self, browser, started):
        act(browser, started, portrait=photograph("一.jpg"))
        old = f"/member/apply/pictures/portrait/{shown(started, 'portrait')}/remove/"
        act(browser, started, portrait=photograph("二.jpg"))

        assert browser.get(old).url == APPLY
        browser.post(old)
        assert dossier_of(started).portrait.original_name == "二.jpg"

    @pytest.mark.parametrize("value", ["", "frame-1", "turn-" + "9" * 30])
    def test_what_is_no_act_does_nothing(self, browser, started, value):
        act(browser, started, portrait=photograph("一.jpg"))

        browser.post("/member/apply/pictures/portrait/change/", {"picture_act": value})

        assert dossier_of(started).portrait.original_name == "一.jpg"
