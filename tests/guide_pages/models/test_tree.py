from datetime import date

import pytest
from django.core.exceptions import ValidationError
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from guide_pages.models import GuideChapterPage, GuideIndexPage, HomePage, NewsArticlePage, NewsIndexPage, PlainPage

OURS = [HomePage, GuideIndexPage, GuideChapterPage, NewsIndexPage, NewsArticlePage, PlainPage]


class TestPageTree:  # CMS-1
    @pytest.mark.parametrize(
        "parent, children",
        [
            (Page, {HomePage}),
            (HomePage, {GuideIndexPage, NewsIndexPage, PlainPage}),
            (GuideIndexPage, {GuideChapterPage}),
            (NewsIndexPage, {NewsArticlePage}),
            (GuideChapterPage, set()),
            (NewsArticlePage, set()),
            (PlainPage, set()),
        ],
    )
    def test_each_page_holds_only_the_pages_that_belong_below_it(self, parent, children):
        assert {model for model in parent.allowed_subpage_models() if model in OURS} == children

    def test_the_site_has_one_home_one_guide_one_news(self, home):
        root = home.get_parent()

        assert not HomePage.can_create_at(root)
        assert not GuideIndexPage.can_create_at(home)
        assert not NewsIndexPage.can_create_at(home)
        assert PlainPage.can_create_at(home)

    @pytest.mark.parametrize("model", OURS)
    def test_editors_read_chinese_names(self, model):
        assert not model._meta.verbose_name.isascii()
        own_fields = [field for field in model._meta.local_fields if field.name != "page_ptr"]
        assert [field.name for field in own_fields if str(field.verbose_name).isascii()] == []


class TestArticle:  # CMS-1, UI-7
    def test_a_picture_needs_a_description(self, news):
        picture = get_image_model().objects.create(title="盖章", file=get_test_image_file())
        article = NewsArticlePage(title="通知", slug="notice", date=date(2026, 11, 25), intro="摘要。", picture=picture)

        with pytest.raises(ValidationError) as refusal:
            news.add_child(instance=article)

        assert list(refusal.value.message_dict) == ["picture_alt"]
