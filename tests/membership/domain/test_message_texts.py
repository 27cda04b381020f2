"""What staff may write for an event, what is refused and in which words, and the way back (UI-8)."""

from datetime import timedelta

import pytest

from membership import rules
from membership.domain import message_texts
from membership.domain.announcements import WORDINGS, announce, placeholders_in
from membership.domain.errors import NotAllowed
from membership.models import AuditEntry, MessageTemplate
from membership.outbox.sms import templates
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, freeze, staff

pytestmark = pytest.mark.django_db

CODE = "file-refused"  # {reason} and {expires} on the site, a text message without places
WITH_PLACES = "endorsement-asked"


def administrator():
    return staff(rules.ADMINISTRATOR)


def reword(code: str = CODE, *, by=None, at, **texts):
    now = message_texts.text_of(code)
    typed = {"title": now.title, "body": now.body, "sms": now.sms, "sms_template_id": "", **texts}
    return message_texts.reword(code=code, **typed, by=by or administrator(), at=at)


class TestEveryEvent:  # UI-8
    def test_all_events_are_listed_edited_or_not(self, at):
        reword(title="请修改", at=at)

        texts = message_texts.all_texts()

        assert [text.code for text in texts] == list(WORDINGS)
        assert [text.code for text in texts if text.is_edited] == [CODE]

    @pytest.mark.parametrize("code", WORDINGS)
    def test_each_has_a_name_without_a_placeholder(self, code):
        assert message_texts.event_name(code)
        assert "{" not in message_texts.event_name(code)

    def test_no_two_have_the_same_name(self):
        names = [message_texts.event_name(code) for code in WORDINGS]

        assert len(set(names)) == len(names)

    @pytest.mark.parametrize("code", WORDINGS)
    def test_each_placeholder_has_a_meaning_and_a_sample(self, code):
        wording = WORDINGS[code]
        used = placeholders_in(wording.title + wording.body + wording.sms)

        assert [one.name for one in message_texts.placeholders_of(code)] == list(used)

    @pytest.mark.parametrize("code", WORDINGS)
    def test_the_delivered_text_is_one_that_would_be_kept(self, code):
        wording = WORDINGS[code]

        assert [message_texts.fault_in(code, field, getattr(wording, field)) for field in ("title", "body", "sms")] == ["", "", ""]

    @pytest.mark.parametrize("code", [code for code, wording in WORDINGS.items() if wording.sms])
    def test_a_text_message_holds_the_places_that_are_registered(self, code):
        assert tuple(one.name for one in message_texts.placeholders_of(code, "sms")) == templates.PLACES[code]

    def test_an_event_that_is_no_more_keeps_its_code_in_the_log(self):
        assert message_texts.event_name("of-long-ago") == "of-long-ago"


class TestRewording:  # UI-8
    def test_the_next_message_has_the_new_text(self, at):
        application = stories.submitted(at=at)
        reword(body="原因：{reason}", at=at)

        message = announce(CODE, application.member.user, at=at, application=application, reason="照片不清", expires=at.date())

        assert message.body == "原因：照片不清"

    def test_who_changed_what_is_written_down(self, at):
        by = administrator()
        template = reword(title="请修改", sms="请登录查看。", by=by, at=at)

        entry = AuditEntry.objects.get(action="message_text.change")

        assert (entry.actor, entry.target_id) == (by, template.pk)
        assert entry.details == {"code": CODE, "fields": ["title", "sms"]}
        assert message_texts.last_change(CODE) == entry

    def test_the_same_text_again_changes_nothing(self, at):
        assert reword(at=at) is None
        assert not MessageTemplate.objects.exists()
        assert not AuditEntry.objects.filter(action__startswith="message_text").exists()

    def test_the_vendors_id_is_a_note_of_its_own(self, at):
        assert reword(sms_template_id="SMS_2026", at=at).sms_template_id == "SMS_2026"

    def test_an_emptied_text_message_is_not_sent_any_more(self, at):
        application = stories.submitted(at=at)
        reword(sms="", at=at)

        message = announce(CODE, application.member.user, at=at, application=application, reason="x", expires=at.date())

        assert not message.deliveries.exists()

    def test_invisible_characters_and_line_breaks_in_a_title_are_cleaned(self, at):
        assert reword(title="  请\u200b修改\n资料 ", at=at).title == "请修改 资料"

    def test_lines_of_a_body_stay(self, at):
        assert reword(body="第一行\r\n第二行", at=at).body == "第一行\n第二行"

    @pytest.mark.parametrize("role", [role for role in rules.ROLES if role != rules.ADMINISTRATOR])
    def test_only_an_administrator_changes_or_restores(self, role, at):
        with pytest.raises(NotAllowed):
            reword(title="请修改", by=staff(role), at=at)
        with pytest.raises(NotAllowed):
            message_texts.restore(code=CODE, by=staff(role), at=at)

    def test_a_frozen_administrator_does_not(self, at):
        frozen = stories.draft(at=at, user=administrator()).member
        freeze(frozen, at=at)

        with pytest.raises(NotAllowed):
            reword(title="请修改", by=frozen.user, at=at)


class TestRefused:  # UI-8: said in words, and nothing is kept
    @pytest.mark.parametrize(
        ("code", "field", "text", "says"),
        [
            (CODE, "title", " ", "请填写标题"),
            (CODE, "body", "\u200b", "请填写正文"),
            (CODE, "title", "长" * 121, "标题最多 120 个字，现在是 121 个"),
            (CODE, "body", "长" * 2001, "正文最多 2000 个字，现在是 2001 个"),
            (CODE, "sms", "长" * 301, "短信最多 300 个字，现在是 301 个"),
            (CODE, "body", "{raison}", "不认识占位符 {raison}。可以用：{reason}、{expires}"),
            (CODE, "body", "{institution}", "不认识占位符 {institution}。可以用：{reason}、{expires}"),
            (CODE, "body", "{原因}", "不认识占位符 {原因}。可以用：{reason}、{expires}"),
            (CODE, "sms", "{reason}", "不认识占位符 {reason}。这里没有可用的占位符"),
            (WITH_PLACES, "sms", "{applicant}{number}", "不认识占位符 {number}。可以用：{applicant}、{due}"),
            (CODE, "body", "{reason", "花括号要成对，里面只写占位符的名称，用半角，例如 {number}"),
            (CODE, "body", "reason}", "花括号要成对，里面只写占位符的名称，用半角，例如 {number}"),
            (CODE, "body", "{}", "花括号要成对，里面只写占位符的名称，用半角，例如 {number}"),
            (CODE, "body", "{ reason }", "花括号要成对，里面只写占位符的名称，用半角，例如 {number}"),
            (CODE, "body", "{{reason}}", "花括号要成对，里面只写占位符的名称，用半角，例如 {number}"),
            (CODE, "body", "｛reason｝", "花括号要成对，里面只写占位符的名称，用半角，例如 {number}"),
            ("file-expired", "sms", "申请已关闭", "这个事件不发短信，请清空短信"),
            (CODE, "body", "\ue000", "含有造字（U+E000），其他电脑无法显示，请改用标准汉字"),
        ],
    )
    def test_a_text_that_cannot_be_kept(self, code, field, text, says, at):
        with pytest.raises(message_texts.TextRefused) as refusal:
            reword(code, **{field: text}, at=at)

        assert (refusal.value.field, refusal.value.message) == (field, says)
        assert not MessageTemplate.objects.exists()


class TestRestoring:  # UI-8: 恢复默认文本
    def test_the_delivered_text_counts_again(self, at):
        reword(title="请修改", at=at)

        assert message_texts.restore(code=CODE, by=administrator(), at=at + timedelta(hours=1))
        assert message_texts.text_of(CODE) == message_texts.delivered_text(CODE)
        assert AuditEntry.objects.get(action="message_text.restore").details == {"code": CODE}

    def test_where_nothing_was_edited_there_is_nothing_to_restore(self, at):
        assert not message_texts.restore(code=CODE, by=administrator(), at=at)
        assert not AuditEntry.objects.filter(action="message_text.restore").exists()


class TestPreview:  # UI-8
    def test_samples_stand_where_the_placeholders_were(self):
        shown = message_texts.preview(WITH_PLACES, title="{applicant}", body="到 {due}", sms="{applicant}，{due}", signature="【甲】")

        assert (shown.title, shown.body, shown.sms) == ("沈砚秋", "到 2026-03-31", "沈砚秋，2026-03-31")

    @pytest.mark.parametrize(("characters", "parts"), [(67, 1), (70 - 3, 1), (70 - 2, 2), (134 - 3, 2), (134 - 2, 3), (300, 5)])
    def test_parts_are_counted_with_the_signature(self, characters, parts):
        shown = message_texts.preview(CODE, title="", body="", sms="长" * characters, signature="【甲】")

        assert (shown.sms_length, shown.sms_parts) == (characters + 3, parts)

    def test_a_rare_character_counts_twice(self):
        assert message_texts.units_in("𠮷田") == 3

    def test_without_a_text_there_is_nothing_to_pay(self):
        shown = message_texts.preview(CODE, title="x", body="x", sms="", signature="【甲】")

        assert (shown.sms_length, shown.sms_parts) == (0, 0)

    def test_whoever_is_no_staff_changes_nothing(self):
        assert not message_texts.may_change(UserFactory())
