"""待办事项: what this person has to do now, computed, never stored (UI-3). The same words stand in the member centre's headline."""

from dataclasses import dataclass
from datetime import date

from membership.domain import answers, deadlines, endorsements, gaps, queues, transitions
from membership.domain.own_records import Records
from membership.enums import ApplicationKind, ApplicationState, EndorsementState, Hold, MembershipStatus
from membership.models import Application, Endorsement
from membership.periods import shanghai_date

MAY_DOWNLOAD = (MembershipStatus.ACTIVE, MembershipStatus.GRACE)


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


def tasks(records: Records) -> tuple[Todo, ...]:
    """
    Return the person's tasks, the first due first, what has no date last.

    Frozen, a person can do none of them (Table E). Renewal is not among them while there is no page for it.
    """
    if records.member is None or records.is_frozen:
        return ()
    application = records.first_enrolment
    own = _of_application(application, records.today) if application and application.is_open else []
    endorse = _to_endorse(records) if _may_endorse(records) else ()
    found = (*own, *_further(records), *endorse, *_certificate(records))
    return tuple(sorted(found, key=lambda task: (task.due is None, task.due)))


def _of_application(application: Application, today: date) -> list[Todo]:
    state = application.state
    if application.hold != Hold.NONE:
        return []
    if state == ApplicationState.DRAFT:
        return [_complete(application, today)]
    if state == ApplicationState.AWAITING_FORM:
        text = "下载申请表格，签字盖章后上传扫描件或照片"
        due = deadlines.form_expires_on(application)
        return [
            Todo("stamp", "提交盖章文件", text, "提交盖章文件", "member_stamped_form", application.pk, due),
            *_to_remind(application, today),
        ]
    if state == ApplicationState.ENDORSING and asked_endorsement(application) is None:
        why, due = why_no_endorsement(application), deadlines.form_expires_on(application)
        return [Todo("referrer", "更换推荐人，或改交盖章文件", why, "去处理", "member_referrer", application.pk, due)]
    if state == ApplicationState.ENDORSING:
        return _to_remind(application, today)
    if state == ApplicationState.RETURNED:
        due = deadlines.returned_expires_on(application)
        return [Todo("correct", "修改后重新提交", "请按审批不通过的原因修改", "去修改", "member_apply", due=due)]
    return []


def _further(records: Records) -> list[Todo]:
    """Return the draft of a further enrolment as a task, while it can be submitted (APP-13, Table E)."""
    drafts = [one for one in records.enrolments if one.kind == ApplicationKind.FURTHER_ENROLMENT and one.state == ApplicationState.DRAFT]
    if records.status != MembershipStatus.ACTIVE:
        return []
    text = "资料不用再填，选好机构、核对后提交"
    return [
        Todo("further", "加入更多机构：继续并提交", text, "去提交", "member_further", due=deadlines.draft_goes_on(one))
        for one in drafts
        if one.hold == Hold.NONE
    ]


def _to_remind(application: Application, today: date) -> list[Todo]:
    """Return that a committee member who does not answer may be reminded today: it can be done, and has no day (K-8)."""
    asked = asked_endorsement(application)
    if asked is None or not endorsements.may_be_reminded_from(asked) <= today <= asked.due_on:
        return []
    who = f"{asked.seat.member.name}（{asked.seat.committee.name}）"
    text = f"{who}从 {shanghai_date(asked.asked_at)} 起还没有答复，期限到 {deadlines.in_words(asked.due_on)}"
    return [Todo("remind", "推荐人还没有答复，可以提醒一次", text, "提醒推荐人", "member_referrer", application.pk)]


def _complete(application: Application, today: date) -> Todo:
    if application.proposed_dossier_id is not None:
        # With all that the questions below follow, or each would ask the database anew.
        application.proposed_dossier = answers.dossier_with_answers(application.proposed_dossier_id)
    count = len(gaps.gaps_in(application, today=today))
    text = f"还有 {count} 项没有填好" if count else "资料已填好，请核对后提交"
    return Todo("complete", "继续填写并提交", text, "继续填写", "member_apply", due=deadlines.draft_goes_on(application))


def asked_endorsement(application: Application) -> Endorsement | None:
    """Return the endorsement that was asked and not answered, among those at hand."""
    return next((one for one in application.endorsements.all() if one.state == EndorsementState.ASKED), None)


def last_endorsement(application: Application) -> Endorsement | None:
    """Return the last endorsement at hand that was not dropped, whatever became of it (E-3)."""
    return next((one for one in list(application.endorsements.all())[::-1] if one.state != EndorsementState.DROPPED), None)


def why_no_endorsement(application: Application) -> str:
    """Return what became of the last request, in the words the applicant reads (E-3, E-10, E-12)."""
    last = last_endorsement(application)
    if last is None:
        return ""
    if last.state == EndorsementState.VOID:
        return "推荐人已变更，请重新选择"
    return f"{last.name or last.seat.member.name}{last.get_state_display()}" + (f"：{last.reason_public}" if last.reason_public else "")


def _may_endorse(records: Records) -> bool:
    """Whether a member endorses at all now; in grace or later the right is lost (E-9, Table E)."""
    return records.holds_seat and records.status == MembershipStatus.ACTIVE


def _to_endorse(records: Records) -> list[Todo]:
    """Return the requests this person may still answer: in time, seat running, application not on hold (E-9)."""
    asked = queues.endorsements_of(records.user).filter(
        state=EndorsementState.ASKED,
        due_on__gte=records.today,
        seat__starts_on__lte=records.today,
        seat__ends_on__gte=records.today,
    )
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
        for one in asked.select_related("application__member").order_by("due_on", "pk")
        if transitions.is_possible(one, "agree")
    ]


def _certificate(records: Records) -> list[Todo]:
    certificate = records.certificate
    if certificate is None or certificate.first_downloaded_at or records.status not in MAY_DOWNLOAD:
        return []
    return [Todo("certificate", "下载会员证书", "请先核对个人信息，再下载", "去下载", "member_certificate")]
