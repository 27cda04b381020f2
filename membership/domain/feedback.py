"""意见反馈: anybody with an account writes to support, and support answers (UI-5, Table E)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from membership import rules
from membership.domain import attachments, audit
from membership.domain.announcements import announce
from membership.domain.errors import DomainError, NotAllowed
from membership.domain.wording import Status
from membership.enums import FeedbackCategory, RequestState
from membership.models import Feedback, Member, User

MOST_SCREENSHOTS = 3
MOST_A_DAY = 10
LONGEST_TEXT = 2000
# An answer travels in a message, whose text has the same column width, behind a few words.
LONGEST_ANSWER = 1500
LONGEST_CONTACT = 120
PAGE_SIZE = 20
# What people choose from; the others are the system's.
CHOSEN = tuple(one for one in FeedbackCategory if one is not FeedbackCategory.UNPRINTABLE)


class CategoryMissing(DomainError):
    message = "请选择类别"
    field = "category"


class TextMissing(DomainError):
    message = "请写明遇到的问题或建议"
    field = "text"


class TooManyScreenshots(DomainError):
    field = "screenshot_1"


class TooManyToday(DomainError):
    message = f"24 小时内最多提交 {MOST_A_DAY} 条反馈。请稍后再来，急事请致电会员部。"


class AlreadySent(DomainError):
    """The same words wait for an answer: a second click, or a page sent again."""

    message = "同样的内容已经提交，正在处理，不用再次提交。"


class AnswerMissing(DomainError):
    message = "请填写答复"
    field = "answer"


class AnswerUnchanged(DomainError):
    message = "答复没有改动，没有再次发送"
    field = "answer"


class AnsweredMeanwhile(DomainError):
    """A colleague was faster; the screen showed another answer than the present one."""

    def __init__(self, feedback: Feedback) -> None:
        by = feedback.answered_by.get_full_name() if feedback.answered_by else ""
        super().__init__(f"{by or '同事'}已经答复了这条反馈，您的没有发送。请看现在的答复，需要的话再更正。")


@dataclass(frozen=True)
class Sent:
    """What its sender sees of it. ``screenshots``: ids of files; ``answer`` is empty while nobody answered."""

    pk: int
    category: str
    text: str
    screenshots: tuple[int, ...]
    contact: str
    status: Status
    sent_at: datetime
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Page:
    """A page of what a person sent, the newest first. ``older`` is the key of the page after it, None on the last."""

    entries: tuple[Sent, ...]
    older: int | None


@transaction.atomic
def send_feedback(
    *, person: User, category: str, text: str, contact: str = "", screenshots: Sequence[attachments.NewFile] = (), at: datetime
) -> Feedback:
    """
    Write to support. Whoever has an account may: applicant, member, frozen, former or none of these (Table E).

    :raises CategoryMissing, TextMissing, TooManyScreenshots: the form's faults.
    :raises AlreadySent: the same words of theirs are not answered yet.
    :raises TooManyToday: ``MOST_A_DAY`` in 24 hours.
    """
    if category not in CHOSEN:
        raise CategoryMissing()
    if not text.strip():
        raise TextMissing()
    if len(screenshots) > MOST_SCREENSHOTS:
        raise TooManyScreenshots(f"截图最多 {MOST_SCREENSHOTS} 张，请去掉 {len(screenshots) - MOST_SCREENSHOTS} 张")
    # Of two clicks at once the second waits here, and finds what the first one wrote.
    person = User.objects.select_for_update().get(pk=person.pk)
    _require_news(person, category, text, at=at)
    member = Member.objects.filter(user=person).first()
    feedback = Feedback.objects.create(user=person, category=category, text=text, contact=contact, sent_at=at)
    feedback.screenshots.set([attachments.store(file, member=member, by=person, at=at) for file in screenshots])
    audit.log("feedback.send", feedback, by=person, at=at, about=member, category=category, screenshots=len(screenshots))
    return feedback


def _require_news(person: User, category: str, text: str, *, at: datetime) -> None:
    own = Feedback.objects.filter(user=person)
    if own.filter(state=RequestState.OPEN, category=category, text=text).exists():
        raise AlreadySent()
    if own.filter(category__in=CHOSEN, sent_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyToday()


@transaction.atomic
def answer(*, feedback: Feedback, person: User, text: str, seen: datetime | None, at: datetime) -> Feedback:
    """
    Answer what somebody wrote, or correct the answer; either way its sender gets a message (UI-5).

    ``seen`` is the time of the answer that the screen showed, None for none.

    :raises NotAllowed: neither support nor administrator, or their own feedback (S-6).
    :raises AnswerMissing, AnswerUnchanged: the form's faults.
    :raises AnsweredMeanwhile: a colleague was faster.
    """
    feedback = Feedback.objects.select_for_update(of=("self",)).select_related("user", "answered_by").get(pk=feedback.pk)
    if not rules.may(person, "answer_feedback", feedback):
        raise NotAllowed()
    if feedback.answered_at != seen:
        raise AnsweredMeanwhile(feedback)
    if not text.strip():
        raise AnswerMissing()
    if text == feedback.answer:
        raise AnswerUnchanged()
    act = "feedback.correct" if feedback.answered_at else "feedback.answer"
    code = "feedback-corrected" if feedback.answered_at else "feedback-answered"
    feedback.answer, feedback.answered_by, feedback.answered_at = text, person, at
    feedback.state = RequestState.DONE
    feedback.save(update_fields=["answer", "answered_by", "answered_at", "state"])
    audit.log(act, feedback, by=person, at=at, about=sender_of(feedback))
    announce(code, feedback.user, at=at, application=None, category=category_word(feedback.category), answer=text)
    return feedback


def opened(*, feedback: Feedback, person: User, at: datetime) -> None:
    """Note that somebody looked at what another wrote: it may hold personal data (S-8)."""
    audit.log("feedback.view", feedback, by=person, at=at, about=sender_of(feedback))


def sender_of(feedback: Feedback) -> Member | None:
    """Return the person behind the account that sent it, if the society knows one."""
    return Member.objects.filter(user=feedback.user_id).first() if feedback.user_id else None


def sent_by(person: User, *, before: int | None = None) -> Page:
    """Return what a person sent before the one with the key ``before``, or the newest."""
    own = Feedback.objects.filter(user=person).order_by("-pk").prefetch_related("screenshots")
    found = list((own.filter(pk__lt=before) if before else own)[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return Page(tuple(map(_sent, shown)), older=shown[-1].pk if len(found) > PAGE_SIZE else None)


def open_to(person: User) -> QuerySet[Feedback]:
    """Return all that a person may answer: others' feedback, for support and administrators; the rest does not exist for them."""
    if not rules.may(person, "answer_feedback", None):
        return Feedback.objects.none()
    return Feedback.objects.exclude(user=person)


def waiting(person: User) -> QuerySet[Feedback]:
    """Return what waits for an answer from this person, the oldest first."""
    return open_to(person).filter(state=RequestState.OPEN).order_by("pk")


def answered(person: User) -> QuerySet[Feedback]:
    """Return what was answered, the newest first."""
    return open_to(person).exclude(state=RequestState.OPEN).order_by("-pk")


def category_word(category: str) -> str:
    """Return what a category is called; an old one that is no longer on the list is 其他."""
    return FeedbackCategory(category).label if category in FeedbackCategory.values else FeedbackCategory.OTHER.label


def status_of(feedback: Feedback) -> Status:
    """Return how it stands, in the same words for both sides."""
    return Status("待答复", "pending") if feedback.state == RequestState.OPEN else Status("已答复", "plain")


def _sent(feedback: Feedback) -> Sent:
    return Sent(
        pk=feedback.pk,
        category=category_word(feedback.category),
        text=feedback.text,
        screenshots=tuple(sorted(file.pk for file in feedback.screenshots.all())),
        contact=feedback.contact,
        status=status_of(feedback),
        sent_at=feedback.sent_at,
        answer=feedback.answer,
        answered_at=feedback.answered_at,
    )
