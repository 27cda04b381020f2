"""待办事项: what this person has to do now, computed, never stored (UI-3). The same words stand in the member centre's headline."""

from dataclasses import dataclass
from datetime import date, datetime

from membership.domain import certificates, deadlines, endorsements, gaps, members, queues
from membership.domain.errors import DomainError
from membership.enums import ApplicationKind, ApplicationState, EndorsementState, Hold
from membership.models import Application, Member, User
from membership.periods import shanghai_date


@dataclass(frozen=True)
class Todo:
    """
    One thing to do: a title in the imperative, what helps to do it, until when, and the URL name behind its button.

    ``code`` names the kind of task; ``pk`` goes with the URL where it needs one.
    """

    code: str
    title: str
    text: str
    button: str
    url_name: str
    pk: int | None = None
    due: date | None = None


def to_do(user: User, *, at: datetime) -> tuple[Todo, ...]:
    """Return the person's tasks, the most urgent first: their own application, then what others wait for."""
    today = shanghai_date(at)
    member = members.member_of(user)
    if member is None or members.is_frozen(member):
        return ()
    own = [task for application in _open_applications(member) for task in _of_application(application, today)]
    return (*own, *_to_endorse(user), *_certificate(member, today))


def _open_applications(member: Member) -> list[Application]:
    return list(member.applications.open().filter(kind=ApplicationKind.FIRST_ENROLMENT).select_related("member", "proposed_dossier"))


def _of_application(application: Application, today: date) -> list[Todo]:
    state = application.state
    if application.hold != Hold.NONE:
        return []
    if state == ApplicationState.DRAFT:
        count = len(gaps.gaps_in(application, today=today))
        text = f"还有 {count} 项没有填好" if count else "资料已填好，请核对后提交"
        return [Todo("complete", "继续填写并提交", text, "继续填写", "member_apply")]
    if state == ApplicationState.AWAITING_FORM:
        text = "下载申请表格，签字盖章后上传扫描件或照片"
        return [
            Todo(
                "stamp",
                "提交盖章文件",
                text,
                "提交盖章文件",
                "member_stamped_form",
                application.pk,
                deadlines.form_expires_on(application),
            )
        ]
    if state == ApplicationState.ENDORSING and endorsements.open_endorsement(application) is None:
        why = _why_no_endorsement(application)
        return [Todo("referrer", "更换推荐人，或改交盖章文件", why, "去处理", "member_referrer", application.pk)]
    if state == ApplicationState.RETURNED:
        due = deadlines.returned_expires_on(application)
        return [Todo("correct", "修改后重新提交", "请按审批不通过的原因修改", "去修改", "member_apply", due=due)]
    return []


def _why_no_endorsement(application: Application) -> str:
    last = endorsements.latest(application)
    if last is None:
        return ""
    if last.state == EndorsementState.VOID:
        return "推荐人已变更，请重新选择"
    return f"{last.name or last.seat.member.name}{last.get_state_display()}" + (f"：{last.reason_public}" if last.reason_public else "")


def _to_endorse(user: User) -> list[Todo]:
    asked = queues.endorsements_of(user).filter(state=EndorsementState.ASKED).select_related("application__member").order_by("due_on")
    return [
        Todo(
            "endorse",
            f"答复{one.application.member.name}的推荐请求",
            "同意推荐，或说明原因",
            "去答复",
            "member_endorse",
            one.pk,
            one.due_on,
        )
        for one in asked
    ]


def _certificate(member: Member, today: date) -> list[Todo]:
    try:
        certificate = certificates.downloadable(member, today=today)
    except DomainError:
        return []
    if certificate.first_downloaded_at:
        return []
    return [Todo("certificate", "下载会员证书", "请先核对个人信息，再下载", "去下载", "member_certificate")]
