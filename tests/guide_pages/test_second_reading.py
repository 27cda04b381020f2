import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.models import Workflow

from guide_pages import second_reading
from guide_pages.models import GuideChapterPage, NewsArticlePage
from membership.accounts import roles
from membership.models import User
from tests.factories.browser import client_of

NEW = "改过的引言。"


@pytest.fixture
def staff(home):
    """Return a function that makes a person with a role."""
    roles.ensure_groups()

    def person(phone: str, role: str) -> User:
        user = User.objects.create_user(phone=phone)
        user.groups.add(Group.objects.get(name=role))
        return user

    return person


@pytest.fixture
def editor(staff) -> User:
    return staff("+8613800000001", "editor")


@pytest.fixture
def submitted(chapter, editor) -> GuideChapterPage:
    """A chapter with a change that the editor has submitted."""
    chapter.intro = NEW
    chapter.save_revision(user=editor)
    chapter.get_workflow().start(chapter, editor)
    return GuideChapterPage.objects.get(pk=chapter.pk)


class TestSecondReading:  # CMS-1
    def test_the_guide_comes_with_the_workflow_and_the_news_without(self, chapter):
        assert chapter.get_workflow().name == second_reading.NAME
        assert not NewsArticlePage.objects.first().has_workflow

    @pytest.mark.parametrize("role", ["editor", "administrator"])
    def test_another_editor_or_an_administrator_approves_and_it_is_published(self, submitted, staff, role):
        reader = staff("+8613800000002", role)
        state = submitted.current_workflow_task_state
        assert "approve" in [name for name, *_ in state.task.specific.get_actions(submitted, reader)]

        state.approve(user=reader)

        assert GuideChapterPage.objects.get(pk=submitted.pk).intro == NEW

    def test_who_submitted_does_not_approve(self, submitted, editor):
        task = submitted.current_workflow_task

        assert task.get_actions(submitted, editor) == []
        assert not task.get_task_states_user_can_moderate(editor).exists()

    def test_a_reviewer_of_members_does_not_approve(self, submitted, staff):
        reviewer = staff("+8613800000003", "association_reviewer")

        assert submitted.current_workflow_task.get_actions(submitted, reviewer) == []

    def test_no_editor_publishes_a_chapter_past_the_workflow(self, submitted, editor):
        assert not submitted.permissions_for_user(editor).can_publish()
        assert not submitted.get_parent().specific.permissions_for_user(editor).can_publish_subpage()
        with pytest.raises(PublishPagePermissionError):
            submitted.get_latest_revision().publish(user=editor)

    def test_an_administrator_reads_and_publishes_nothing_alone(self, submitted, staff):
        administrator = staff("+8613800000002", "administrator")

        assert not submitted.permissions_for_user(administrator).can_publish()
        assert not NewsArticlePage.objects.first().permissions_for_user(administrator).can_publish()

    def test_news_are_published_by_an_editor_alone(self, editor):
        assert NewsArticlePage.objects.first().permissions_for_user(editor).can_publish()

    def test_a_workflow_that_was_switched_off_stays_off_and_editors_publish(self, chapter, editor):
        Workflow.objects.get(name=second_reading.NAME).deactivate()

        second_reading.ensure(chapter.get_parent())

        assert not GuideChapterPage.objects.get(pk=chapter.pk).has_workflow
        assert chapter.permissions_for_user(editor).can_publish()


class TestOnTheScreen:  # CMS-1
    @pytest.mark.parametrize("role", ["editor", "administrator"])
    def test_who_reads_finds_the_change_on_the_first_page_and_what_changed_behind_it(self, submitted, staff, role):
        reader = client_of(staff("+8613800000002", role))

        home = BeautifulSoup(reader.get("/admin/").text, "html.parser")

        card = next(card for card in home.select("a.waiting__desk") if "页面修改" in card.text)
        listed = home.select_one(card["href"])
        addresses = {link["href"] for link in listed.select("a[href^='/admin/']")}
        assert "待您审阅 1 处" in card.text
        assert submitted.title in card.text
        assert any("/compare/" in address for address in addresses)
        assert {reader.get(address).status_code for address in addresses} == {200}

    def test_who_submitted_reads_that_nothing_waits_for_them(self, submitted, editor):
        assert "没有待审阅的" in client_of(editor).get("/admin/").text

    def test_after_the_approval_an_administrator_is_told_that_alone(self, submitted, staff):
        reader = client_of(staff("+8613800000002", "administrator"))
        state = submitted.current_workflow_task_state
        address = reverse("wagtailadmin_pages:workflow_action", args=[submitted.pk, "approve", state.pk])

        answer = reader.post(address, {"next": reverse("wagtailadmin_explore", args=[submitted.get_parent().pk])}, follow=True)

        assert answer.status_code == 200
        assert "没有权限" not in answer.text
        assert GuideChapterPage.objects.get(pk=submitted.pk).intro == NEW
