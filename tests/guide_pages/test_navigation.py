import pytest

from guide_pages import navigation
from guide_pages.models import GuideChapterPage
from tests.guide_pages.conftest import STEP, add_chapter

NOTICE = {"type": "notice", "value": {"kind": "info", "title": "先看这里", "text": ""}}


@pytest.mark.django_db  # a page asks for its content type
class TestNumbering:  # CMS-1
    def test_steps_are_counted_and_what_stands_between_them_is_not(self):
        page = GuideChapterPage(body=[NOTICE, STEP, NOTICE, STEP])

        assert [(section.number, section.anchor) for section in page.sections()] == [
            (None, ""),
            (1, "step-1"),
            (None, ""),
            (2, "step-2"),
        ]

    def test_parts_are_named_in_chinese(self):
        assert [GuideChapterPage(part=part).part_name for part in (1, 4, 12)] == ["第一部分", "第四部分", "第12部分"]


class TestWaysThroughTheGuide:  # CMS-1
    def test_crumbs_lead_home(self, chapter):
        assert navigation.crumbs(chapter) == [
            navigation.Link("首页", "/"),
            navigation.Link("会员指南", "/guide/"),
            navigation.Link("新会员入会", "/guide/web-enrolment/"),
        ]

    def test_chapters_stand_under_their_device_in_the_order_of_their_parts(self, guide, lone_chapter):
        phone = add_chapter(guide, slug="phone-enrolment", title="新会员入会", device="phone", part=1)
        later = add_chapter(guide, slug="web-upgrade", title="申请会员升级", device="web", part=4)
        earlier = add_chapter(guide, slug="web-change", title="会员信息修改", device="web", part=3)

        assert navigation.by_device(guide.chapters()) == [("网页端", [lone_chapter, earlier, later]), ("移动端", [phone])]

    def test_a_device_without_chapters_is_not_mentioned(self, guide, lone_chapter):
        assert navigation.by_device(guide.chapters()) == [("网页端", [lone_chapter])]

    def test_next_is_the_next_part_for_the_same_device(self, guide, lone_chapter):
        add_chapter(guide, slug="phone-enrolment", title="新会员入会", device="phone", part=1)
        after = add_chapter(guide, slug="web-activation", title="原会员激活", device="web", part=2)

        assert navigation.neighbours(lone_chapter, guide.chapters()) == (None, after)
        assert navigation.neighbours(after, guide.chapters()) == (lone_chapter, None)

    def test_a_chapter_shown_as_a_draft_has_no_neighbours(self, guide, lone_chapter):
        lone_chapter.unpublish()

        assert navigation.neighbours(lone_chapter, guide.chapters()) == (None, None)

    def test_tabs_appear_only_where_both_devices_have_the_part(self, guide, lone_chapter):
        assert navigation.device_tabs(lone_chapter, guide.chapters()) == []

        add_chapter(guide, slug="phone-enrolment", title="新会员入会", device="phone", part=1)

        tabs = navigation.device_tabs(lone_chapter, guide.chapters())
        assert [(tab.label, tab.current) for tab in tabs] == [("网页端", True), ("移动端", False)]

    def test_home_lists_a_part_once_with_its_devices(self, guide, lone_chapter):
        add_chapter(guide, slug="phone-enrolment", title="新会员入会", device="phone", part=1)

        assert navigation.parts(guide.chapters()) == [navigation.Part("新会员入会", "/guide/web-enrolment/", "网页端 · 移动端")]
