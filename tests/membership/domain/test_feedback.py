"""意见反馈: whoever has an account writes, support answers, the answer arrives; nobody else reads it."""

from datetime import timedelta

import pytest

from membership import rules
from membership.domain import attachments, feedback
from membership.domain.errors import NotAllowed
from membership.enums import AttachmentKind, EndKind, FeedbackCategory, RequestState, Standing
from membership.models import Attachment, AuditEntry, Delivery, Feedback, Member, Message
from tests.factories import enrolment as stories
from tests.factories.people import (
    MemberFactory,
    UserFactory,
    active_member,
    association_reviewer,
    freeze,
    institution_reviewer,
    staff,
)

pytestmark = pytest.mark.django_db
ANSWERING = (rules.SUPPORT, rules.ADMINISTRATOR)


def send(person, at, **changes) -> Feedback:
    told = {"category": FeedbackCategory.APPLICATION, "text": "上传时提示文件太大", **changes}
    return feedback.send_feedback(person=person, at=at, **told)


def support():
    return staff(rules.SUPPORT, "何老师")


def answer(entry: Feedback, at, *, person=None, text="请压缩到 5 MB 以内", seen=None) -> Feedback:
    return feedback.answer(feedback=entry, person=person or support(), text=text, seen=seen, at=at)


class TestSend:  # UI-5, Table E
    def test_it_waits_for_an_answer_with_everything_that_was_written(self, at):
        person = UserFactory()

        entry = send(person, at, contact="022-00000000", screenshots=[stories.picture(AttachmentKind.FEEDBACK)] * 3)

        assert (entry.user, entry.state, entry.sent_at, entry.contact) == (person, RequestState.OPEN, at, "022-00000000")
        assert entry.screenshots.count() == 3
        assert {(file.kind, file.uploaded_by) for file in entry.screenshots.all()} == {(AttachmentKind.FEEDBACK, person)}

    def test_whoever_has_an_account_may(self, at):
        frozen, left = active_member(), active_member()
        freeze(frozen, at=at)
        Member.objects.filter(pk=left.pk).update(standing=Standing.ENDED, end_kind=EndKind.EXPELLED, ended_on=at.date())

        for person in (UserFactory(), stories.draft(at=at).member.user, active_member().user, frozen.user, left.user):
            assert send(person, at).pk

    @pytest.mark.parametrize("category", ["", "nonsense", FeedbackCategory.UNPRINTABLE])
    def test_a_category_that_is_not_offered_is_refused(self, category, at):
        with pytest.raises(feedback.CategoryMissing):
            send(UserFactory(), at, category=category)

    @pytest.mark.parametrize("text", ["", " \n　"])
    def test_without_a_word_it_is_refused(self, text, at):
        with pytest.raises(feedback.TextMissing):
            send(UserFactory(), at, text=text)

    def test_a_fourth_screenshot_is_refused_and_nothing_kept(self, at):
        with pytest.raises(feedback.TooManyScreenshots, match="请去掉 1 张"):
            send(UserFactory(), at, screenshots=[stories.picture(AttachmentKind.FEEDBACK)] * 4)

        assert not Feedback.objects.exists()
        assert not Attachment.objects.exists()

    def test_the_same_words_twice_are_one(self, at):
        person = UserFactory()
        send(person, at)

        with pytest.raises(feedback.AlreadySent):
            send(person, at + timedelta(seconds=1))

        assert Feedback.objects.count() == 1

    def test_once_answered_the_same_words_may_come_again_and_another_may_use_them_too(self, at):
        person = UserFactory()
        answer(send(person, at), at)

        assert send(person, at).pk
        assert send(UserFactory(), at).pk

    def test_ten_in_a_day_are_the_most_and_the_next_day_goes_on(self, at):
        person = UserFactory()
        for number in range(feedback.MOST_A_DAY):
            send(person, at, text=f"第 {number} 条")

        with pytest.raises(feedback.TooManyToday):
            send(person, at + timedelta(hours=23), text="再来一条")
        assert send(person, at + timedelta(hours=24, seconds=1), text="再来一条").pk
        assert send(UserFactory(), at).pk

    def test_it_is_written_down_without_a_word_of_it(self, at):
        member = active_member()

        entry = send(member.user, at, text="我的手机号是 13800000000")

        written = AuditEntry.objects.get(action="feedback.send")
        assert (written.actor, written.about, written.target_id) == (member.user, member, entry.pk)
        assert written.details == {"category": "application", "screenshots": 0}


class TestAnswer:  # UI-5
    @pytest.mark.parametrize("role", ANSWERING)
    def test_it_says_who_answered_and_when(self, role, at):
        colleague = staff(role)

        answered = answer(send(UserFactory(), at), at + timedelta(hours=2), person=colleague)

        assert (answered.state, answered.answered_by, answered.answered_at) == (RequestState.DONE, colleague, at + timedelta(hours=2))

    def test_the_answer_arrives_as_a_message_that_leads_back_and_as_no_text(self, at):
        person = UserFactory()

        answer(send(person, at), at)

        message = Message.objects.get(user=person)
        assert (message.code, message.link) == ("feedback-answered", "/member/feedback/#sent")
        assert message.body == "您反馈的「会员申请」，技术支持答复：请压缩到 5 MB 以内"
        assert not Delivery.objects.exists()

    @pytest.mark.parametrize("kind", [EndKind.WITHDRAWN, EndKind.EXPELLED])
    def test_who_left_hears_the_answer_to_what_they_asked(self, kind, at):  # S-10
        member = active_member()
        Member.objects.filter(pk=member.pk).update(standing=Standing.ENDED, end_kind=kind, ended_on=at.date())

        answer(send(member.user, at), at)

        assert Message.objects.filter(user=member.user).count() == 1

    def test_of_one_whose_sender_is_gone_nobody_is_told(self, at):
        entry = Feedback.objects.create(user=None, category="other", text="旧的反馈", sent_at=at)

        assert answer(entry, at).state == RequestState.DONE
        assert not Message.objects.exists()

    def test_an_answer_may_be_corrected_and_the_person_hears_so(self, at):
        person, later = UserFactory(), at + timedelta(days=1)
        entry = answer(send(person, at), at)

        corrected = answer(entry, later, text="10 MB 以内即可", seen=at)

        assert (corrected.answer, corrected.answered_at) == ("10 MB 以内即可", later)
        assert list(Message.objects.filter(user=person).order_by("pk").values_list("code", flat=True)) == [
            "feedback-answered",
            "feedback-corrected",
        ]

    def test_the_same_answer_again_tells_nobody_twice(self, at):
        entry = answer(send(UserFactory(), at), at)

        with pytest.raises(feedback.AnswerUnchanged):
            answer(entry, at + timedelta(hours=1), seen=at)

        assert Message.objects.count() == 1

    def test_the_slower_of_two_colleagues_overwrites_nothing(self, at):
        entry = send(UserFactory(), at)
        answer(entry, at, text="第一位的答复")

        with pytest.raises(feedback.AnsweredMeanwhile, match="何老师已经答复了"):
            answer(entry, at + timedelta(minutes=1), text="第二位的答复", seen=None)

        entry.refresh_from_db()
        assert entry.answer == "第一位的答复"

    @pytest.mark.parametrize("text", ["", "  \n"])
    def test_an_empty_answer_is_refused(self, text, at):
        with pytest.raises(feedback.AnswerMissing):
            answer(send(UserFactory(), at), at, text=text)

    @pytest.mark.parametrize("role", sorted(set(rules.ROLES) - set(ANSWERING)))
    def test_no_other_role_answers(self, role, at):
        with pytest.raises(NotAllowed):
            answer(send(UserFactory(), at), at, person=staff(role))

    def test_nobody_answers_themselves(self, at):  # S-6
        colleague = support()

        with pytest.raises(NotAllowed):
            answer(send(colleague, at), at, person=colleague)

    def test_a_frozen_colleague_answers_nothing(self, at):  # M-19
        colleague = support()
        freeze(MemberFactory(user=colleague), at=at)

        with pytest.raises(NotAllowed):
            answer(send(UserFactory(), at), at, person=colleague)

    def test_answer_and_correction_are_written_down(self, at):  # S-8
        member, colleague = active_member(), support()
        entry = answer(send(member.user, at), at, person=colleague)
        answer(entry, at + timedelta(days=1), person=colleague, text="更正", seen=at)

        written = AuditEntry.objects.filter(action__in=("feedback.answer", "feedback.correct")).order_by("pk")
        assert [(one.action, one.actor, one.about, one.details) for one in written] == [
            ("feedback.answer", colleague, member, {}),
            ("feedback.correct", colleague, member, {}),
        ]


class TestQueue:  # UI-5
    def test_the_oldest_waits_first_and_the_last_sent_stands_first_among_the_answered(self, at):
        person, colleague = UserFactory(), support()
        first, second, third, fourth = (send(person, at, text=f"第 {number} 条") for number in range(4))
        for entry in (first, second):
            answer(entry, at + timedelta(minutes=entry.pk), person=colleague)

        assert list(feedback.waiting(colleague)) == [third, fourth]
        assert list(feedback.answered(colleague)) == [second, first]

    def test_ones_own_is_in_a_colleagues_queue_alone(self, at):
        colleague, other = support(), support()
        entry = send(colleague, at)

        assert not feedback.open_to(colleague).exists()
        assert list(feedback.open_to(other)) == [entry]

    def test_one_without_a_sender_is_in_every_queue(self, at):
        entry = Feedback.objects.create(user=None, category="other", text="旧的反馈", sent_at=at)

        assert list(feedback.waiting(support())) == [entry]

    @pytest.mark.parametrize("role", sorted(set(rules.ROLES) - set(ANSWERING)))
    def test_for_other_roles_there_is_none(self, role, at):
        send(UserFactory(), at)

        assert not feedback.open_to(staff(role)).exists()


class TestOwn:  # UI-5
    def test_the_newest_stands_first_and_anothers_is_not_there(self, at):
        person = UserFactory()
        send(person, at, text="先")
        send(UserFactory(), at, text="别人的")
        send(person, at, text="后")

        assert [entry.text for entry in feedback.sent_by(person).entries] == ["后", "先"]

    def test_pages_follow_one_another(self, at):
        person = UserFactory()
        for number in range(feedback.PAGE_SIZE + 3):
            send(person, at + timedelta(days=number), text=f"{number}")

        first = feedback.sent_by(person)
        second = feedback.sent_by(person, before=first.older)

        assert [entry.text for entry in second.entries] == ["2", "1", "0"]
        assert (len(first.entries), second.older) == (feedback.PAGE_SIZE, None)

    def test_what_the_system_reported_for_them_is_there_in_words(self, at):
        person = UserFactory()
        Feedback.objects.create(user=person, category=FeedbackCategory.UNPRINTABLE, text="证书不能生成", sent_at=at)
        Feedback.objects.create(user=person, category="of-former-times", text="旧的", sent_at=at)

        assert [entry.category for entry in feedback.sent_by(person).entries] == ["其他", "证书不能生成"]


class TestScreenshots:  # OPS-2, UI-5
    @pytest.fixture
    def entry(self, at) -> Feedback:
        return send(active_member().user, at, screenshots=[stories.picture(AttachmentKind.FEEDBACK)])

    def test_sender_support_and_administrator_read_them_and_nobody_else(self, entry):
        file = entry.screenshots.get()
        people = {
            "sender": entry.user,
            "support": support(),
            "administrator": staff(rules.ADMINISTRATOR),
            "association": association_reviewer(),
            "institution": institution_reviewer(),
            "editor": staff(rules.EDITOR),
            "stranger": UserFactory(),
        }

        assert {who for who, person in people.items() if attachments.may_read(person, file)} == {"sender", "support", "administrator"}

    def test_a_bare_account_reads_its_own(self, at):
        person = UserFactory()
        file = send(person, at, screenshots=[stories.picture(AttachmentKind.FEEDBACK)]).screenshots.get()

        assert attachments.may_read(person, file)

    def test_they_stay_with_the_account_when_the_person_moves_to_another(self, entry):
        before, after = entry.user, UserFactory()
        Member.objects.filter(user=before).update(user=after)
        file = Attachment.objects.get(pk=entry.screenshots.get().pk)

        assert attachments.may_read(before, file)
        assert not attachments.may_read(after, file)

    def test_support_reads_no_other_kind(self, at):
        case = stories.checking(at=at)

        assert not any(attachments.may_read(support(), file) for file in case.member.attachments.all())

    def test_one_that_belongs_to_no_feedback_is_read_by_nobody(self, at):
        orphan = attachments.store(stories.picture(AttachmentKind.FEEDBACK), member=None, by=None, at=at)

        assert not attachments.may_read(support(), orphan)
