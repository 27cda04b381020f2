"""意见反馈 in the admin: who gets in, what stands in the queue, answering, and what is written down."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from membership import rules
from membership.domain import feedback
from membership.enums import AttachmentKind
from membership.models import AuditEntry, Feedback, Message, User
from membership.review import feedback_views
from membership.review.feedback_admin import FeedbackAdmin
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import MemberFactory, UserFactory, active_member, committee_member, freeze, institution_reviewer, staff

pytestmark = pytest.mark.django_db
QUEUE = "/admin/feedback/"
WORDS = "上传时提示文件太大"
SECRET = "只有技术支持能看的内容"


def send(at, *, person: User | None = None, text: str = WORDS, **changes) -> Feedback:
    return feedback.send_feedback(person=person or UserFactory(), category="application", text=text, at=at, **changes)


def url_of(entry: Feedback) -> str:
    return reverse("feedback_modeladmin_open", args=[entry.pk])


def support(name: str = "何老师") -> User:
    return staff(rules.SUPPORT, name)


def soup_of(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content.decode(), "html.parser")


def shown(colleague: User, entry: Feedback) -> dict[str, str]:
    """Return the hidden fields of the screen as it is now."""
    form = soup_of(client_of(colleague).get(url_of(entry))).select_one("form.feedback-answer")
    return {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]") if field["name"] != "csrfmiddlewaretoken"}


class TestWhoGetsIn:  # UI-5, REV-4, S-6, M-19
    @pytest.fixture
    def people(self, at) -> dict[str, User | AnonymousUser]:
        frozen = support("冻结者")
        freeze(MemberFactory(user=frozen), at=at)
        return {
            "visitor": AnonymousUser(),
            "member": active_member().user,
            "committee member": committee_member().member.user,
            "institution reviewer": institution_reviewer(),
            "association reviewer": staff(rules.ASSOCIATION_REVIEWER),
            "editor": staff(rules.EDITOR),
            "superuser without a role": User.objects.create_superuser("+8618811110000"),
            "frozen support": frozen,
            "support": support(),
            "administrator": staff(rules.ADMINISTRATOR),
        }

    def test_support_and_administrators_and_nobody_else_whatever_they_ask_for(self, people, at):
        entry = send(at, text=SECRET)
        entered = {}
        for who, person in people.items():
            client = client_of(person) if person.is_authenticated else Client()
            answers = [client.get(QUEUE), client.get(url_of(entry)), client.post(url_of(entry), {"answer": ""})]
            entered[who] = [response.status_code for response in answers]
            if who not in ("support", "administrator"):
                assert not any(SECRET in response.content.decode() for response in answers)

        assert {who for who, codes in entered.items() if codes == [200, 200, 200]} == {"support", "administrator"}
        assert not any(200 in codes for who, codes in entered.items() if who not in ("support", "administrator"))
        assert entered["association reviewer"] == [404, 404, 404]

    def test_ones_own_does_not_exist(self, at):
        colleague = support()
        entry = send(at, person=colleague, text=SECRET)
        client = client_of(colleague)

        assert SECRET not in client.get(QUEUE).content.decode()
        assert [client.get(url_of(entry)).status_code, client.post(url_of(entry), {"answer": "好"}).status_code] == [404, 404]

    @pytest.mark.parametrize("action", ["create", "edit", "delete", "inspect", "history"])
    def test_modeladmins_own_views_are_not_there(self, action, at):
        with pytest.raises(NoReverseMatch):
            reverse(f"feedback_modeladmin_{action}", args=[1])
        assert client_of(support()).get(f"{QUEUE}{action}/{send(at).pk}/").status_code == 404

    def test_its_helper_refuses_every_act_of_its_own_and_no_group_is_offered_one(self, at):
        helper, entry, colleague = FeedbackAdmin().permission_helper, send(at), support()

        assert not helper.user_can_create(colleague)
        assert not any(ask(colleague, entry) for ask in (helper.user_can_inspect_obj, helper.user_can_edit_obj, helper.user_can_delete_obj))
        assert not FeedbackAdmin().get_permissions_for_registration().exists()

    @pytest.mark.parametrize("pk", ["0", "999999", "9" * 18])
    def test_a_number_that_is_none_is_not_found(self, pk):
        assert client_of(support()).get(f"{QUEUE}{pk}/").status_code == 404


class TestQueue:  # UI-5
    def lines(self, colleague: User, query: str = "") -> list[str]:
        return [" ".join(link.get_text().split()) for link in soup_of(client_of(colleague).get(f"{QUEUE}{query}")).select("table th a")]

    def test_what_waits_stands_first_the_oldest_on_top(self, at):
        colleague = support()
        first, second, third = (send(at + timedelta(hours=number), text=f"第 {number} 条") for number in range(3))
        feedback.answer(feedback=second, person=colleague, text="好", seen=None, at=at)

        assert self.lines(colleague) == ["第 0 条", "第 2 条"]
        assert self.lines(colleague, "?tab=answered") == ["第 1 条"]

    @pytest.mark.parametrize("query", ["?tab=nonsense", "?after=x", "?after=-1", f"?after={'9' * 30}", "?after=½"])
    def test_an_address_that_means_nothing_shows_what_waits(self, query, at):
        send(at)

        assert self.lines(support(), query) == [WORDS]

    def test_a_long_text_is_cut_and_markup_stays_text(self, at):
        send(at, text="<b>粗</b>" + "长" * 200)

        [line] = self.lines(support())
        assert line.startswith("<b>粗</b>长") and line.endswith("…")

    def test_each_line_says_who_what_about_and_how_many_pictures(self, at):
        send(at, person=active_member(name="欧阳若兰").user, screenshots=[stories.picture(AttachmentKind.FEEDBACK)] * 2)

        row = soup_of(client_of(support()).get(QUEUE)).select_one("table tbody tr").get_text(" ", strip=True)
        assert "欧阳若兰" in row and "会员申请" in row and "2 张截图" in row and "2026-03-17 10:00" in row

    def test_pages_go_on_from_the_last_line(self, at, monkeypatch):
        monkeypatch.setattr(feedback_views, "PAGE_SIZE", 2)
        for number in range(3):
            send(at, text=f"第 {number} 条")
        colleague = support()

        following = soup_of(client_of(colleague).get(QUEUE)).select_one("nav.paging a[rel=next]")["href"]

        assert self.lines(colleague) == ["第 0 条", "第 1 条"]
        assert self.lines(colleague, following.removeprefix(QUEUE)) == ["第 2 条"]

    def test_empty_it_says_so(self):
        assert "没有待答复的反馈" in client_of(support()).get(QUEUE).content.decode()

    def test_it_costs_the_same_however_long_it_is(self, at):
        client = client_of(support())
        send(at, text="第一条")
        client.get(QUEUE)

        with CaptureQueriesContext(connection) as short:
            client.get(QUEUE)
        for number in range(30):
            send(at, text=f"第 {number} 条")
        with CaptureQueriesContext(connection) as long:
            client.get(QUEUE)

        assert len(long) == len(short)


class TestWaitingCount:  # REV-1
    def test_menu_and_first_page_say_how_many_wait(self, at):
        send(at)
        send(at)

        page = client_of(support()).get("/admin/").content.decode()

        assert "待答复 2 条" in page
        assert "data-waiting" in page

    def test_when_none_waits_the_first_page_says_so(self):
        assert "没有待答复的" in client_of(support()).get("/admin/").content.decode()

    @pytest.mark.parametrize("role", [rules.ASSOCIATION_REVIEWER, rules.INSTITUTION_REVIEWER, rules.EDITOR])
    def test_who_does_not_answer_is_not_told(self, role, at):
        send(at)

        page = client_of(staff(role)).get("/admin/").content.decode()
        assert "待答复" not in page and "/admin/feedback/" not in page


class TestScreen:  # UI-5, S-1, S-8
    def test_it_shows_text_pictures_and_a_way_to_reach_the_sender_but_no_whole_number(self, at):
        member = active_member(name="欧阳若兰")
        entry = send(at, person=member.user, contact="工作日下午", screenshots=[stories.picture(AttachmentKind.FEEDBACK)])

        page = soup_of(client_of(support()).get(url_of(entry)))

        text = page.get_text(" ", strip=True)
        assert WORDS in text and "欧阳若兰" in text and member.number in text and "工作日下午" in text
        assert str(member.user.phone) not in text and member.user.phone.as_e164[3:] not in text
        assert page.select_one(".paper img")["src"] == f"/files/{entry.screenshots.get().pk}/"

    def test_support_may_look_at_the_picture_and_the_look_is_written_down(self, at):
        member = active_member()
        file = send(at, person=member.user, screenshots=[stories.picture(AttachmentKind.FEEDBACK)]).screenshots.get()

        assert client_of(support()).get(f"/files/{file.pk}/").status_code == 200
        assert AuditEntry.objects.get(action="file.view").about == member
        assert client_of(staff(rules.ASSOCIATION_REVIEWER)).get(f"/files/{file.pk}/").status_code == 404

    def test_that_it_was_opened_is_written_down(self, at):
        member, colleague = active_member(), support()
        entry = send(at, person=member.user)

        client_of(colleague).get(url_of(entry))

        written = AuditEntry.objects.get(action="feedback.view")
        assert (written.actor, written.about, written.target_id) == (colleague, member, entry.pk)

    def test_a_bare_account_and_one_that_is_gone_have_a_screen_too(self, at):
        gone = Feedback.objects.create(user=None, category="other", text="旧的反馈", sent_at=at)

        assert "138****" in client_of(support()).get(url_of(send(at))).content.decode()
        assert "账号已注销" in client_of(support()).get(url_of(gone)).content.decode()


class TestAnswering:  # UI-5
    def post(self, colleague: User, entry: Feedback, **fields: str) -> HttpResponse:
        return client_of(colleague).post(url_of(entry), {**shown(colleague, entry), **fields}, follow=True)

    def test_it_is_sent_and_the_next_one_comes_up(self, at):
        colleague, entry = support(), send(at)
        following = send(at, text="下一条的内容")

        response = self.post(colleague, entry, answer="请压缩到 5 MB 以内")

        assert response.redirect_chain[-1][0] == url_of(following)
        assert "答复已发送" in response.content.decode()
        assert "请压缩到 5 MB 以内" in Message.objects.get(user=entry.user).body

    def test_after_the_last_one_comes_the_list(self, at):
        assert self.post(support(), send(at), answer="好").redirect_chain[-1][0] == QUEUE

    @pytest.mark.parametrize(
        ("typed", "says"), [("", "请填写答复"), (" \n　", "请填写答复"), ("字" * 1501, "最多 1500 个字，现在是 1501 个")]
    )
    def test_a_wrong_answer_comes_back_with_its_reason(self, typed, says, at):
        entry = send(at)

        response = self.post(support(), entry, answer=typed)

        assert says in response.content.decode()
        entry.refresh_from_db()
        assert entry.answered_at is None

    def test_a_correction_shows_the_present_answer_and_who_gave_it(self, at):
        entry = send(at)
        self.post(support("何老师"), entry, answer="第一次的答复")

        page = soup_of(client_of(support("另一位")).get(url_of(entry)))
        assert page.select_one("textarea[name=answer]").get_text().strip() == "第一次的答复"
        assert "何老师" in page.select_one("dl.facts").get_text()
        self.post(support("另一位"), entry, answer="更正后的答复")

        entry.refresh_from_db()
        assert (entry.answer, entry.answered_by.get_full_name()) == ("更正后的答复", "另一位")
        assert Message.objects.filter(user=entry.user, code="feedback-corrected").count() == 1

    def test_the_slower_colleague_reads_who_was_faster_and_keeps_their_words(self, at):
        entry, slow = send(at), support("另一位")
        seen = shown(slow, entry)
        self.post(support("何老师"), entry, answer="第一位的答复")

        page = client_of(slow).post(url_of(entry), {**seen, "answer": "第二位的答复"}).content.decode()

        assert "何老师已经答复了这条反馈" in page
        assert "第一位的答复" in page and "第二位的答复" in page
        entry.refresh_from_db()
        assert entry.answer == "第一位的答复"

    @pytest.mark.parametrize("seen", ["nonsense", "2026-13-45", "2020-01-01T00:00:00", "2020-01-01T00:00:00+08:00"])
    def test_a_screen_that_never_was_answers_nothing(self, seen, at):
        entry = send(at)

        response = client_of(support()).post(url_of(entry), {"answer": "好", "seen": seen})

        assert response.status_code == 200
        assert not Message.objects.exists()
