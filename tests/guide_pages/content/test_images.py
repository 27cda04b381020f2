import json

from wagtail.images import get_image_model

from guide_pages import content
from guide_pages.content import images
from guide_pages.models import GuideChapterPage


class TestDeliveredPictures:  # CMS-2
    def test_a_picture_named_in_a_page_stands_in_it(self, home):
        steps = [block for block in GuideChapterPage.objects.get(slug="phone-enrolment").body if block.block_type == "step"]

        figure = next(block for step in steps for block in step.value["content"] if block.block_type == "figure")

        assert (figure.value["picture"].title, figure.value["phone_picture"].title) == ("login-web", "login-phone")

    def test_a_picture_is_put_into_the_library_once(self, home):
        before = get_image_model().objects.count()

        assert images.image_of("login-web.png", "登录页面") == get_image_model().objects.get(title="login-web").pk
        assert get_image_model().objects.count() == before

    def test_a_picture_taken_again_is_a_change_of_its_page(self, tmp_path, monkeypatch):
        before = content.delivered("guide-phone-enrolment").fingerprint
        for picture in content.PICTURES.glob("*.png"):
            (tmp_path / picture.name).write_bytes(picture.read_bytes() + b"again")

        monkeypatch.setattr(content, "PICTURES", tmp_path)

        assert content.delivered("guide-phone-enrolment").fingerprint != before

    def test_no_picture_is_delivered_that_no_page_shows(self):
        text = "".join(json.dumps(content.delivered(key).values) for key in content.KEYS)

        assert [picture.name for picture in content.PICTURES.glob("*") if picture.name not in text] == []
