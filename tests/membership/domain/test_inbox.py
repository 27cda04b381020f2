"""消息: newest first, unread until opened, one's own alone, in groups of days."""

from datetime import timedelta

import pytest

from membership.domain import inbox
from membership.models import Message
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, committee_member

pytestmark = pytest.mark.django_db


def message(user, at, title: str = "审核有进展", link: str = "/member/", body: str = "正文", application=None) -> Message:
    key = f"{user.pk}:{Message.objects.count()}"
    return Message.objects.create(
        user=user, code="x", title=title, body=body, link=link, application=application, grouping_key=key, created_at=at
    )


def titles(user, at, **options) -> list[str]:
    return [letter.title for letter in inbox.page(user, at=at, **options).letters]


class TestInbox:  # UI-4
    def test_the_newest_stands_first_and_anothers_is_not_there(self, at):
        user = UserFactory()
        message(user, at, "先")
        message(user, at + timedelta(hours=1), "后")
        message(UserFactory(), at, "别人的")

        assert titles(user, at) == ["后", "先"]

    def test_opening_one_keeps_the_first_moment(self, at):
        user = UserFactory()
        one = message(user, at)

        inbox.mark_read(message=one, at=at)
        inbox.mark_read(message=one, at=at + timedelta(days=1))

        one.refresh_from_db()
        assert one.read_at == at
        assert inbox.page(user, at=at).unread == 0

    def test_the_unread_alone_are_those_not_opened(self, at):
        user = UserFactory()
        inbox.mark_read(message=message(user, at, "读过"), at=at)
        message(user, at, "没读过")

        assert titles(user, at, unread_alone=True) == ["没读过"]

    def test_pages_follow_one_another_without_gap_or_double(self, at):
        user = UserFactory()
        for number in range(45):
            message(user, at, f"{number}")  # all of one moment: the key decides

        assert list(self.all_pages(user, at)) == [f"{number}" for number in reversed(range(45))]

    def test_pages_of_the_unread_go_on_from_one_that_was_read_meanwhile(self, at):
        user = UserFactory()
        for number in range(25):
            message(user, at, f"{number}")
        first = inbox.page(user, at=at, unread_alone=True)
        inbox.mark_read(message=Message.objects.get(pk=first.older), at=at)

        rest = titles(user, at, before=first.older, unread_alone=True)

        assert rest == ["4", "3", "2", "1", "0"]

    def test_anothers_key_pages_nothing(self, at):
        user = UserFactory()
        message(user, at, "我的")
        foreign = message(UserFactory(), at - timedelta(days=1))

        assert titles(user, at, before=foreign.pk) == ["我的"]

    @pytest.mark.parametrize("link", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
    def test_a_message_leads_nowhere_but_this_site(self, at, link):
        assert inbox.link_of(message(UserFactory(), at, link=link)) == ""

    def all_pages(self, user, at):
        before = None
        while True:
            page = inbox.page(user, at=at, before=before)
            yield from (letter.title for letter in page.letters)
            before = page.older
            if before is None:
                break


class TestAllRead:  # UI-4: 全部标为已读
    def test_it_says_how_many_they_were(self, at):
        user = UserFactory()
        message(user, at)
        message(user, at)

        assert inbox.mark_all_read(user=user, at=at) == 2
        assert inbox.mark_all_read(user=user, at=at) == 0

    def test_anothers_stay_unread(self, at):
        message(UserFactory(), at)

        assert inbox.mark_all_read(user=UserFactory(), at=at) == 0

    def test_what_came_after_the_page_was_shown_stays_unread(self, at):
        user = UserFactory()
        message(user, at, "看到的")
        shown = inbox.page(user, at=at)
        message(user, at, "后来的")

        inbox.mark_all_read(user=user, at=at, newest=shown.newest)

        assert titles(user, at, unread_alone=True) == ["后来的"]


class TestGroups:  # UI-4
    def test_messages_stand_under_today_yesterday_and_their_month(self, at):
        user = UserFactory()
        for days in (0, 0, 1, 2, 40, 400):
            message(user, at - timedelta(days=days))

        found = [(group.label, len(group.letters)) for group in inbox.page(user, at=at).groups]

        assert found == [("今天", 2), ("昨天", 1), ("2026 年 3 月", 1), ("2026 年 2 月", 1), ("2025 年 2 月", 1)]

    def test_the_day_is_shanghais(self, at):
        user = UserFactory()
        message(user, at.replace(hour=0, minute=5))  # still the day before in UTC

        assert [group.label for group in inbox.page(user, at=at).groups] == ["今天"]


class TestLetter:  # UI-4
    def test_a_long_text_shows_its_beginning_and_keeps_the_whole(self, at):
        user = UserFactory()
        message(user, at, body="长" * 2000)

        letter = inbox.page(user, at=at).letters[0]

        assert (letter.glimpse, len(letter.body)) == ("长" * 100 + "…", 2000)

    def test_one_of_an_application_names_it(self, at):
        application = stories.submitted(at=at)

        letter = inbox.page(application.member.user, at=at).letters[0]

        assert (letter.application, letter.number) == (application.pk, application.number)

    def test_who_is_asked_to_endorse_is_not_led_into_anothers_application(self, at):
        seat = committee_member()
        stories.submitted(at=at, referral=stories.referred_by(seat))

        letter = inbox.page(seat.member.user, at=at).letters[0]

        assert (letter.application, letter.link) == (None, "/member/referrals/")
