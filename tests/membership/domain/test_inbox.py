"""消息: newest first, unread until opened, one's own alone."""

from datetime import timedelta

import pytest

from membership.domain import inbox
from membership.models import Message
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def message(user, at, title: str = "审核有进展", link: str = "/member/") -> Message:
    key = f"{user.pk}:{Message.objects.count()}"
    return Message.objects.create(user=user, code="x", title=title, body="正文", link=link, grouping_key=key, created_at=at)


class TestInbox:  # UI-4
    def test_the_newest_stands_first_and_anothers_is_not_there(self, at):
        user = UserFactory()
        message(user, at, "先")
        message(user, at + timedelta(hours=1), "后")
        message(UserFactory(), at, "别人的")

        assert [letter.title for letter in inbox.page(user).letters] == ["后", "先"]

    def test_opening_one_keeps_the_first_moment(self, at):
        user = UserFactory()
        one = message(user, at)

        inbox.mark_read(message=one, at=at)
        inbox.mark_read(message=one, at=at + timedelta(days=1))

        one.refresh_from_db()
        assert one.read_at == at
        assert inbox.page(user).unread == 0

    def test_全部已读_says_how_many_they_were(self, at):
        user = UserFactory()
        message(user, at)
        message(user, at)

        assert inbox.mark_all_read(user=user, at=at) == 2
        assert inbox.mark_all_read(user=user, at=at) == 0

    def test_pages_follow_one_another_without_gap_or_double(self, at):
        user = UserFactory()
        for number in range(45):
            message(user, at, f"{number}")  # all of one moment: the key decides

        seen, before = [], None
        while True:
            page = inbox.page(user, before=before)
            seen += [letter.title for letter in page.letters]
            before = page.older
            if before is None:
                break

        assert seen == [f"{number}" for number in reversed(range(45))]

    def test_anothers_key_pages_nothing(self, at):
        user = UserFactory()
        message(user, at, "我的")
        foreign = message(UserFactory(), at - timedelta(days=1))

        assert [letter.title for letter in inbox.page(user, before=foreign.pk).letters] == ["我的"]

    @pytest.mark.parametrize("link", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
    def test_a_message_leads_nowhere_but_this_site(self, at, link):
        assert inbox.link_of(message(UserFactory(), at, link=link)) == ""
