"""消息文本 and 发送记录 in the admin, as administrators and support work with them (UI-8)."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client

from membership import rules
from membership.domain import message_texts
from membership.domain.announcements import WORDINGS, announce
from membership.enums import DeliveryState
from membership.models import AuditEntry, Delivery, Message, MessageTemplate, User
from membership.review.message_vendor import vendor_of
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, freeze, staff

pytestmark = pytest.mark.django_db

TEXTS, LOG = "/admin/snippets/membership/messagetemplate/", "/admin/message-log/"
CODE = "form-reminder"
NEW = {"title": "请交表", "body": "到 {expires} 为止。", "sms": "请交表。", "sms_template_id": ""}


@pytest.fixture
def administrator() -> Client:
    return client_of(staff(rules.ADMINISTRATOR, "管理员"))


@pytest.fixture
def support() -> Client:
    return client_of(staff(rules.SUPPORT, "支持"))


def told(at, name: str = "沈砚秋", **options) -> Message:
    """Return a message to somebody, who has no other."""
    application = stories.submitted(at=at, name=name, **options)
    Message.objects.filter(user=application.member.user).delete()
    return announce(CODE, application.member.user, at=at, application=application, expires=date(2026, 5, 16))


def failed(at) -> Message:
    message = told(at)
    Delivery.objects.filter(message=message).update(state=DeliveryState.FAILED, error="throttled", attempts=3)
    return message


def words(response: HttpResponse) -> str:
    """Return what stands on a page."""
    return " ".join(BeautifulSoup(response.content.decode(), "html.parser").select_one(".review").get_text(" ").split())


class TestTexts:  # UI-8
    def test_every_event_is_on_the_list_in_words(self, administrator):
        page = words(administrator.get(TEXTS))

        assert all(message_texts.event_name(code) in page for code in WORDINGS)

    def test_an_edited_one_is_marked(self, administrator):
        administrator.post(f"{TEXTS}{CODE}/", {**NEW, "act": "save"})

        page = words(administrator.get(TEXTS))

        assert (page.count("已修改"), "请交表" in page) == (1, True)

    def test_the_codes_of_the_login_are_shown_and_not_edited(self, administrator):
        assert "验证码 {code}" in words(administrator.get(TEXTS))
        assert administrator.get(f"{TEXTS}account_code/").status_code == 404

    def test_what_may_stand_in_a_text_is_listed_with_its_meaning(self, administrator):
        page = words(administrator.get(f"{TEXTS}endorsement-asked/"))

        assert "{applicant} 申请人姓名" in page
        assert "{due} 最迟答复日期" in page
        assert "{reason}" not in page

    def test_a_preview_shows_what_was_typed_and_keeps_nothing(self, administrator):
        page = words(administrator.post(f"{TEXTS}{CODE}/", {**NEW, "act": "preview"}))

        assert "到 2026-05-16 为止。" in page
        assert "连签名共 12 个字，按 1 条计费" in page
        assert "还没有保存" in page
        assert not MessageTemplate.objects.exists()

    def test_enter_in_a_field_previews_rather_than_saves(self, administrator):
        administrator.post(f"{TEXTS}{CODE}/", NEW)

        assert not MessageTemplate.objects.exists()

    def test_saved_it_is_in_the_next_message(self, administrator, at):
        administrator.post(f"{TEXTS}{CODE}/", {**NEW, "act": "save"})

        message = told(at)

        assert (message.title, message.body, message.deliveries.get().text) == ("请交表", "到 2026-05-16 为止。", "请交表。")

    def test_all_faults_are_said_at_once_and_what_was_typed_stays(self, administrator):
        typed = {"title": "{x}", "body": "", "sms": "长" * 301, "act": "save"}

        response = administrator.post(f"{TEXTS}{CODE}/", typed)

        page = words(response)
        assert all(fault in page for fault in ("不认识占位符 {x}", "请填写正文", "短信最多 300 个字，现在是 301 个"))
        assert "长" * 301 in response.content.decode()
        assert not MessageTemplate.objects.exists()

    def test_an_event_without_sms_has_no_field_for_it(self, administrator):
        page = administrator.get(f"{TEXTS}file-expired/").content.decode()

        assert 'name="body"' in page
        assert 'name="sms"' not in page

    def test_restoring_asks_first(self, administrator):
        administrator.post(f"{TEXTS}{CODE}/", {**NEW, "act": "save"})

        page = words(administrator.get(f"{TEXTS}{CODE}/restore/"))

        assert "请交表" in page
        assert WORDINGS[CODE].title in page
        assert MessageTemplate.objects.exists()

    def test_restored_the_delivered_text_counts(self, administrator, at):
        administrator.post(f"{TEXTS}{CODE}/", {**NEW, "act": "save"})

        administrator.post(f"{TEXTS}{CODE}/restore/")

        assert told(at).title == WORDINGS[CODE].title
        assert [entry.action for entry in AuditEntry.objects.filter(action__startswith="message_text").order_by("pk")] == [
            "message_text.change",
            "message_text.restore",
        ]

    def test_support_reads_and_changes_nothing(self, support):
        page = support.get(f"{TEXTS}{CODE}/").content.decode()
        support.post(f"{TEXTS}{CODE}/", {**NEW, "act": "save"})
        support.post(f"{TEXTS}{CODE}/restore/")

        assert "disabled" in page
        assert "保存</button>" not in page
        assert not MessageTemplate.objects.exists()

    @pytest.mark.parametrize("code", ["no-such-event", "1"])
    def test_an_event_that_is_none_is_not_found(self, administrator, code):
        assert administrator.get(f"{TEXTS}{code}/").status_code == 404
        assert administrator.post(f"{TEXTS}{code}/restore/").status_code == 404


class TestVendor:  # UI-8: the vendor's template id stands beside a text message
    def test_a_backend_that_sends_any_wording_needs_none(self):
        assert not vendor_of(CODE).registers

    @pytest.mark.parametrize("backend", ["aliyun", "tencent"])
    def test_the_id_really_used_is_shown_with_the_warning(self, administrator, settings, backend):
        settings.SMS_BACKEND = backend
        setattr(settings, f"{backend.upper()}_SMS_TEMPLATES", {CODE: "SMS_40077"})
        setattr(settings, f"{backend.upper()}_SMS_SIGN_NAME", "抗癌协会")

        page = words(administrator.get(f"{TEXTS}{CODE}/"))

        assert "SMS_40077" in page
        assert "提交新模板" in page
        assert "【抗癌协会】" in page

    def test_one_that_is_not_registered_is_said(self, administrator, settings):
        settings.SMS_BACKEND = "aliyun"
        settings.ALIYUN_SMS_TEMPLATES = {}

        assert "没有登记，这条短信发不出去" in words(administrator.get(f"{TEXTS}{CODE}/"))
        assert "服务商没有登记模板，发不出去" in words(administrator.get(TEXTS))

    def test_one_that_cannot_be_loaded_breaks_no_page(self, administrator, settings):
        settings.SMS_BACKEND = "nowhere.Backend"

        assert administrator.get(TEXTS).status_code == administrator.get(f"{TEXTS}{CODE}/").status_code == 200


class TestLog:  # UI-8
    def test_a_line_says_who_was_told_what_and_what_became_of_it(self, support, at):
        failed(at)

        page = words(support.get(LOG))

        assert "沈砚秋" in page
        assert message_texts.event_name(CODE) in page
        assert "没有发出" in page

    def test_numbers_are_masked(self, support, at):
        message = told(at, user=UserFactory(phone="+8613887654321"))

        for url in (LOG, f"{LOG}{message.pk}/"):
            page = support.get(url).content.decode()
            assert "138****4321" in page
            assert "13887654321" not in page

    def test_it_is_read_on_by_key_and_keeps_what_is_looked_for(self, support, at):
        message = told(at)
        Message.objects.bulk_create(
            Message(user=message.user, code=CODE, title=f"{number}", body="x", grouping_key=f"{number}", created_at=at)
            for number in range(60)
        )

        first = support.get(LOG, {"code": CODE})
        second = support.get(first.context["next_url"])

        assert (len(first.context["lines"]), len(second.context["lines"])) == (50, 11)
        assert f"code={CODE}" in second.context["previous_url"]
        assert second.context["next_url"] == ""

    def test_the_latest_stands_first_whatever_was_written_last(self, support, at):
        earlier = [told(at - timedelta(days=days), name) for days, name in ((1, "甲甲"), (3, "丙丙"), (2, "乙乙"))]

        first = support.get(LOG, {"code": CODE})

        assert [line.name for line in first.context["lines"]] == ["甲甲", "乙乙", "丙丙"]
        assert len(earlier) == 3

    @pytest.mark.parametrize("place", ["x", "1", "1.x", "99999999999999999.1", "2026-03-17.1", "²"])
    def test_a_place_that_is_none_shows_the_first_page(self, support, at, place):
        told(at)

        assert len(support.get(LOG, {"before": place}).context["lines"]) == 1

    @pytest.mark.parametrize(
        "asked",
        [
            {"state": "x"},
            {"code": "x"},
            {"since": "2026-02-30"},
            {"until": "0001-01-01"},
            {"since": "9999-12-31"},
            {"after": "x", "before": "y"},
            {"q": "x" * 200},
        ],
    )
    def test_what_an_address_cannot_mean_is_left_out(self, support, at, asked):
        told(at)

        assert len(support.get(LOG, asked).context["lines"]) == 1

    def test_a_search_without_result_says_so(self, support, at):
        told(at)

        assert "没有找到" in words(support.get(LOG, {"q": "9999"}))

    def test_opening_one_is_written_down(self, support, at):
        message = told(at)

        page = words(support.get(f"{LOG}{message.pk}/"))

        assert message.body in page
        assert AuditEntry.objects.filter(action="view.message", target_id=message.pk).count() == 1

    def test_a_failed_text_is_sent_again(self, support, at, sms_outbox, django_capture_on_commit_callbacks):
        message = failed(at)
        assert "重新发送" in words(support.get(f"{LOG}{message.pk}/"))

        with django_capture_on_commit_callbacks(execute=True):
            support.post(f"{LOG}{message.pk}/send-again/")

        assert len(sms_outbox) == 1
        assert "重新发送" not in words(support.get(f"{LOG}{message.pk}/"))

    def test_one_of_unknown_outcome_has_no_button_and_says_why(self, support, at, sms_outbox, django_capture_on_commit_callbacks):
        message = failed(at)
        Delivery.objects.update(state=DeliveryState.UNKNOWN)

        page = words(support.get(f"{LOG}{message.pk}/"))
        with django_capture_on_commit_callbacks(execute=True):
            support.post(f"{LOG}{message.pk}/send-again/")

        assert "不能重新发送" in page
        assert sms_outbox == []

    def test_a_message_without_text_cannot_be_sent_again(self, support, at):
        message = told(at)
        message.deliveries.all().delete()

        assert support.post(f"{LOG}{message.pk}/send-again/").status_code == 404

    def test_looking_sends_nothing(self, support, at):
        assert support.get(f"{LOG}{failed(at).pk}/send-again/").status_code == 405

    @pytest.mark.parametrize("pk", ["999999", "9" * 30])
    def test_a_message_that_is_none_is_not_found(self, support, pk):
        assert support.get(f"{LOG}{pk}/").status_code == 404


LOGIN, OPEN, BACK, NO_ROLE, NOBODY = "login", 200, "back", 403, 404
# Who, and the answers: list of texts, a text, its way back, list of the log, an entry of it, sending it again (posted).
EXPECTED = {
    "visitor": (LOGIN,) * 6,
    "member": (NO_ROLE,) * 6,
    "association_reviewer": (BACK, BACK, BACK, NOBODY, NOBODY, NOBODY),
    "institution_reviewer": (BACK, BACK, BACK, NOBODY, NOBODY, NOBODY),
    "administrator": (OPEN, OPEN, OPEN, OPEN, OPEN, OPEN),
    "editor": (BACK, BACK, BACK, NOBODY, NOBODY, NOBODY),
    "support": (OPEN, OPEN, BACK, OPEN, OPEN, OPEN),
    "frozen administrator": (BACK, BACK, BACK, NOBODY, NOBODY, NOBODY),
    "superuser without a role": (BACK, BACK, BACK, NOBODY, NOBODY, NOBODY),
}


class TestPermissions:  # UI-8, ACC-6, M-19
    @pytest.mark.parametrize("who", EXPECTED)
    def test_each_page_is_open_to_its_roles_alone(self, who, at):
        message = failed(at)
        client = self.browser_of(who, at)
        pages = (TEXTS, f"{TEXTS}{CODE}/", f"{TEXTS}{CODE}/restore/", LOG, f"{LOG}{message.pk}/")

        answers = [self.answer(client.get(page)) for page in pages]
        answers.append(self.answer(client.post(f"{LOG}{message.pk}/send-again/"), after=f"{LOG}{message.pk}/"))

        assert tuple(answers) == EXPECTED[who]

    def test_the_menu_shows_it_to_them_alone(self, administrator, support):
        for client, shown in ((administrator, True), (support, True), (client_of(staff(rules.EDITOR)), False)):
            assert (LOG in client.get("/admin/").content.decode()) is shown

    def browser_of(self, who: str, at) -> Client:
        if who == "visitor":
            return Client()
        return client_of(self.person(who, at))

    def person(self, who: str, at) -> User | AnonymousUser:
        if who == "member":
            return UserFactory()
        if who == "superuser without a role":
            return User.objects.create_superuser("+8618811110000")
        if who == "frozen administrator":
            frozen = stories.draft(at=at, user=staff(rules.ADMINISTRATOR)).member
            freeze(frozen, at=at)
            return frozen.user
        return staff(who)

    def answer(self, response: HttpResponse, after: str = "") -> object:
        if response.status_code != 302:
            return response.status_code
        if response.url.startswith("/accounts/login/"):
            return LOGIN
        return OPEN if after and response.url == after else BACK
