import re

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from guide_pages.blocks import (
    ArticleBodyBlock,
    ChapterBodyBlock,
    DestinationBlock,
    FigureBlock,
    NoticeBlock,
    StepContentBlock,
    TableBlock,
    cells_of,
)

HEAD = "会员类型 | 谁来盖章"


def table(cells: str):
    block = TableBlock()
    return block.clean(block.to_python({"caption": "盖章", "cells": cells}))


class TestFigure:  # CMS-1, UI-7
    @pytest.fixture
    def picture(self, db):
        return get_image_model().objects.create(title="登录页面", file=get_test_image_file())

    def test_a_figure_without_a_description_is_refused(self, picture):
        block = FigureBlock()

        with pytest.raises(ValidationError) as refusal:
            block.clean(block.to_python({"picture": picture.pk, "alt": ""}))

        assert list(refusal.value.block_errors) == ["alt"]

    def test_the_description_reaches_those_who_cannot_see_the_picture(self, picture):
        block = FigureBlock()

        markup = block.render(block.clean(block.to_python({"picture": picture.pk, "alt": "登录页面上的两个页签"})))

        assert 'alt="登录页面上的两个页签"' in markup

    def test_a_picture_is_a_link_to_itself_so_that_it_opens_without_javascript(self, picture):
        block = FigureBlock()

        markup = block.render(block.clean(block.to_python({"picture": picture.pk, "alt": "登录页面"})))

        assert re.search(r'<a class="figure__enlarge" href="[^"]+max-2400x2400[^"]*" data-enlarge>', markup)


class TestTable:  # CMS-1
    def test_a_table_pasted_from_a_spreadsheet_reads_like_a_typed_one(self):
        assert table(HEAD.replace(" | ", "\t") + "\n学生会员\t就读院校").lines == table(HEAD + "\n学生会员 | 就读院校").lines

    def test_outer_bars_belong_to_no_cell(self):
        assert cells_of("| 学生会员 | 就读院校 |") == ["学生会员", "就读院校"]

    def test_an_empty_cell_at_the_end_of_a_pasted_row_is_kept(self):
        assert cells_of("学生会员\t") == ["学生会员", ""]

    def test_a_row_that_lacks_a_cell_is_named(self):
        with pytest.raises(ValidationError) as refusal:
            table(HEAD + "\n专业会员 | 工作单位\n学生会员")

        assert "第 3 行有 1 格，表头有 2 格" in str(refusal.value.block_errors["cells"])

    def test_a_head_without_rows_is_refused(self):
        with pytest.raises(ValidationError):
            table(HEAD)

    def test_every_cell_names_its_column_for_narrow_screens(self):
        block = TableBlock()

        markup = block.render(block.to_python({"caption": "盖章", "cells": HEAD + "\n学生会员 | 就读院校"}))

        assert '<td data-label="谁来盖章">就读院校</td>' in markup
        assert '<th scope="row">学生会员</th>' in markup


class TestDestination:  # CMS-1
    @pytest.mark.parametrize("place, has_page", [("", False), ("verify", True)])
    def test_an_entry_leads_to_a_place_or_a_page_and_not_to_both(self, db, place, has_page):
        block = DestinationBlock()
        page = Page.get_first_root_node().pk if has_page else None

        with pytest.raises(ValidationError):
            block.clean(block.to_python({"place": place, "page": page}))

    def test_a_place_is_addressed_by_its_url_name(self):
        assert DestinationBlock().to_python({"place": "verify", "page": None}).url == "/verify/"

    def test_a_page_that_is_no_longer_published_has_no_address(self, guide):
        destination = DestinationBlock().to_python({"place": "", "page": guide.pk})
        assert destination.url == "/guide/"

        guide.unpublish()

        assert DestinationBlock().to_python({"place": "", "page": guide.pk}).url == ""


class TestPreviews:  # CMS-1
    """Editors see how a block looks, and read what it is for, before they choose it."""

    @pytest.mark.parametrize("stream", [ChapterBodyBlock, ArticleBodyBlock, StepContentBlock])
    def test_every_block_of_a_body_has_a_preview_and_a_description_in_chinese(self, db, stream):
        for block in stream().child_blocks.values():
            assert block.is_previewable, block.name
            assert not str(block.get_description()).isascii(), block.name
            assert not str(block.label).isascii(), block.name
            block.render(block.get_preview_value())

    def test_a_preview_wears_the_styles_of_the_site(self, db):
        block = ChapterBodyBlock().child_blocks["notice"]

        markup = render_to_string(
            block.DEFAULT_PREVIEW_TEMPLATE, {"bound_block": block.bind(block.get_preview_value()), "block_def": block}
        )

        assert "css/components/notice.css" in markup
        assert "请盖实体章" in markup


class TestNotice:  # CMS-1
    def test_text_of_a_notice_is_text(self):
        block = NoticeBlock()

        markup = block.render(block.to_python({"kind": "attention", "title": "请盖实体章", "text": "<script>x</script>"}))

        assert "notice--attention" in markup
        assert "<script>" not in markup
