import pytest
from django.core.cache import cache
from django.test import Client

from guide_pages.models import GuideChapterPage, Helpfulness
from membership.models import User


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def answer(client, chapter, value="yes"):
    return client.post(f"/guide/{chapter.pk}/helpful/", {"answer": value})


def counts(chapter) -> tuple[int, int]:
    return Helpfulness.objects.values_list("yes", "no").get(page=chapter.pk)


class TestHelpfulAnswers:  # CMS-1
    def test_a_reader_answers_without_an_account_and_is_thanked(self, chapter, client):
        response = answer(client, chapter)

        assert (response.status_code, response.headers["Location"]) == (302, "/guide/web-enrolment/?helpful=yes#helpful")
        assert "已记下「有帮助」" in client.get("/guide/web-enrolment/?helpful=yes").content.decode()
        assert counts(chapter) == (1, 0)

    def test_a_browser_counts_once_on_each_page(self, chapter, client):
        other = GuideChapterPage.objects.get(slug="web-change")

        for value in ("no", "no", "yes"):
            answer(client, chapter, value)
        answer(client, other)

        assert counts(chapter) == (0, 1)
        assert counts(other) == (1, 0)

    def test_browsers_count_each(self, chapter):
        answer(Client(), chapter, "yes")
        answer(Client(), chapter, "no")

        assert counts(chapter) == (1, 1)

    def test_a_cookie_made_up_counts_as_none(self, chapter, client):
        client.cookies["helpful"] = f"{chapter.pk}:made-up"

        answer(client, chapter)

        assert counts(chapter) == (1, 0)

    def test_an_address_that_answers_too_often_is_asked_to_wait(self, chapter, settings):
        settings.ACCOUNT_RATE_LIMITS = {"helpful_answer": "2/m/ip"}

        locations = [answer(Client(), chapter).headers["Location"] for _ in range(3)]

        assert [location.split("=")[1] for location in locations] == ["yes#helpful", "yes#helpful", "later#helpful"]
        assert counts(chapter) == (2, 0)

    def test_what_is_no_answer_is_refused(self, chapter, client):
        assert answer(client, chapter, "perhaps").status_code == 400
        assert client.get(f"/guide/{chapter.pk}/helpful/").status_code == 405

    def test_a_page_off_the_site_takes_no_answers(self, chapter, client):
        chapter.unpublish()

        assert answer(client, chapter).status_code == 404

    def test_the_question_sets_no_cookie(self, chapter, client):
        assert not client.get("/guide/web-enrolment/").cookies


class TestWhatEditorsSee:  # CMS-1
    @pytest.fixture
    def editors_client(self, db, client):
        client.force_login(User.objects.create_superuser("+8618800000006"))
        return client

    def test_chapters_are_listed_with_their_answers_the_least_helpful_first(self, chapter, editors_client):
        poor = GuideChapterPage.objects.get(slug="phone-upgrade")
        Helpfulness.objects.create(page=chapter, yes=7, no=1)
        Helpfulness.objects.create(page=poor, yes=0, no=4)

        markup = editors_client.get("/admin/reports/guide-helpfulness/").content.decode()

        assert markup.index(f"/admin/pages/{poor.pk}/edit/") < markup.index(f"/admin/pages/{chapter.pk}/edit/")

    def test_the_list_is_exported_with_chapters_that_nobody_judged(self, chapter, editors_client):
        Helpfulness.objects.create(page=chapter, yes=7, no=1)

        answer = editors_client.get("/admin/reports/guide-helpfulness/?export=csv")

        rows = b"".join(answer.streaming_content).decode().splitlines()
        assert rows[0] == "章节,设备,有帮助,没有帮助"
        assert rows[1:3] == ["新会员入会,网页端,7,1", "新会员入会,移动端,0,0"]

    def test_the_form_of_a_chapter_shows_its_answers(self, chapter, editors_client):
        Helpfulness.objects.create(page=chapter, yes=3, no=1)

        assert "75% 的读者觉得有帮助" in editors_client.get(f"/admin/pages/{chapter.pk}/edit/").content.decode()
