import pytest
from django.template.loader import render_to_string
from django.test import Client


class TestErrorPages:  # CMS-1, UI-7
    def test_an_unknown_address_is_answered_in_chinese_with_ways_on(self, home, client):
        markup = client.get("/no-such-page/").content.decode()

        assert "没有找到这一页" in markup
        assert 'href="/guide/"' in markup

    def test_when_something_breaks_the_page_asks_nothing_of_the_database(self):
        # No database in this test: a query would raise.
        markup = render_to_string("500.html")

        assert "这一步没有办成" in markup
        assert "022-28219588-805" in markup

    def test_a_broken_request_is_answered_in_chinese_and_names_who_helps(self, chapter, client):
        response = client.post(f"/guide/{chapter.pk}/helpful/", {"answer": "perhaps"})

        assert response.status_code == 400
        assert "这次提交的内容不完整" in response.content.decode()
        assert "022-28219588-805" in response.content.decode()

    @pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "429"])
    def test_each_error_says_what_to_do_next(self, db, code, rf):
        markup = render_to_string(f"{code}.html", request=rf.get("/"))

        assert 'class="btn btn-primary"' in markup
        assert '<html lang="zh-CN"' in markup

    def test_a_form_that_expired_says_so(self, home):
        strict = Client(enforce_csrf_checks=True)

        response = strict.post("/accounts/login/", {"login": "13800000000"})

        assert response.status_code == 403
        assert "请再提交一次" in response.content.decode()
