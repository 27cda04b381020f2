"""Whose turn it is in a first enrolment, until when, and what to do now (APP-12, state words, K-2, E-3)."""

from dataclasses import dataclass
from datetime import date

from membership.domain import deadlines, todo, transitions, wording
from membership.domain.own_records import Records
from membership.domain.todo import Todo
from membership.domain.wording import Action, Status, day
from membership.enums import ApplicationState, Hold, Outcome, RowState, Verdict
from membership.models import Application, ApplicationInstitution, Decision
from membership.models import settings as society
from membership.periods import same_day_next, shanghai_date


@dataclass(frozen=True)
class Turn:
    """The answer to the three questions: whose turn, until when, what now. ``actions``: at most two, the first is the page's own."""

    headline: str
    text: str = ""
    number: str = ""
    date_label: str = ""
    until: date | None = None
    date_note: str = ""
    status: Status | None = None
    actions: tuple[Action, ...] = ()


def turn_of(application: Application, records: Records, tasks: tuple[Todo, ...]) -> Turn | None:
    """Return whose turn it is; nothing for a closed file that made a member, whose certificate speaks for itself."""
    if application.hold == Hold.FROZEN:
        return Turn("审核已暂停，请联系协会", number=application.number)
    if application.hold == Hold.REOPENED and records.reopening is not None:
        sections = "、".join(records.reopening.sections)
        return Turn(f"协会开放修改：{sections}", number=application.number, date_label="请在当天结束前提交", until=records.reopening.until)
    tell = _TURNS.get(ApplicationState(application.state))
    return tell(application, records, tasks) if tell else None


# --- The applicant's turn ------------------------------------------------------------------------


def _draft(application: Application, records: Records, tasks: tuple[Todo, ...]) -> Turn:
    task = next((task for task in tasks if task.code == "complete"), None)
    return Turn(
        "轮到您了：继续填写并提交",
        f"{task.text}。填写的内容都已保存，可以分几次填。" if task else "填写的内容都已保存。",
        actions=(Action("继续填写", "member_apply"),),
    )


def _awaiting_form(application: Application, records: Records, tasks: tuple[Todo, ...]) -> Turn:
    where = "学校" if application.own_dossier.is_student else "单位"
    return Turn(
        f"轮到您了：打印申请表，签字后到{where}盖章",
        "资料已保存好。下载申请表格，签字盖章后「提交盖章文件」，审核才会开始。",
        number=application.number,
        date_label="请在此前上传",
        until=deadlines.form_expires_on(application),
        date_note="逾期自动关闭",
        actions=(
            Action("打印/下载申请表格", "member_form_pdf", application.pk),
            Action("提交盖章文件", "member_stamped_form", application.pk),
        ),
    )


def _endorsing(application: Application, records: Records, tasks: tuple[Todo, ...]) -> Turn:
    ways = (Action("更换推荐人", "member_referrer", application.pk), Action("改交盖章文件", "member_stamped_form", application.pk))
    asked = todo.asked_endorsement(application)
    if asked is None:
        return Turn(
            "轮到您了：更换推荐人，或改交盖章文件",
            todo.why_no_endorsement(application),
            number=application.number,
            date_label="请在此前处理",
            until=deadlines.form_expires_on(application),
            date_note="逾期自动关闭",
            actions=ways,
        )
    since = day(shanghai_date(asked.asked_at))
    return Turn(
        "等待推荐人意见",
        f"申请表已收到。{since} 起等待{asked.seat.member.name}（{asked.seat.committee.name}）答复，答复后转协会会员部审核。",
        number=application.number,
        date_label="推荐人答复期限",
        until=asked.due_on,
        actions=ways,
    )


def _returned(application: Application, records: Records, tasks: tuple[Todo, ...]) -> Turn:
    refusal = association_refusal(application)
    again = Action("修改后重新提交", "member_apply")
    headline = "轮到您了：请修改后重新提交" if refusal else "各机构都已答复：请修改后重新提交"
    said = f"协会会员部于 {day(shanghai_date(refusal.decided_at))} 答复。" if refusal else ""
    return Turn(
        headline,
        f"{said}没有提到的资料不用重填，都还在。",
        number=application.number,
        date_label="请在此前重新提交",
        until=deadlines.returned_expires_on(application),
        date_note="逾期自动关闭",
        status=_status(application),
        actions=(again,),
    )


# --- The society's turn ----------------------------------------------------------------------------


def _checking(application: Application, records: Records, tasks: tuple[Todo, ...]) -> Turn:
    return _society_works(application, records, "材料已到协会，您不用做什么", "协会会员部审核中")


def _deciding(application: Application, records: Records, tasks: tuple[Todo, ...]) -> Turn:
    rows = shown_rows(application)
    answered = sum(not row.is_open for row in rows)
    headline = "协会已核对，现在由各机构审核" if not answered else f"{len(rows)} 个机构中，{answered} 个已答复"
    return _society_works(application, records, headline, "各机构审核中")


def _society_works(application: Application, records: Records, headline: str, who: str) -> Turn:
    due = deadlines.promised_on(application)
    if due is not None and due < records.today:
        later = deadlines.expected_after(due, today=records.today)
        text = f"{who}。比答应您的 {day(due)} 晚了，很抱歉；预计 {day(later)} 前完成，有结果会立即告诉您。"
        return Turn(headline, text, application.number, "预计答复", later, deadlines.note_on(later))
    text = f"{who}，预计 {day(due)} 前完成。有结果会发站内消息告诉您，重要的同时发短信。"
    count = society.current().decision_working_days
    note = "，".join(part for part in (f"{count} 个工作日内", deadlines.note_on(due)) if part)
    return Turn(headline, text, application.number, "最迟答复", due, note)


# --- Ended ------------------------------------------------------------------------------------------


def _closed(application: Application, records: Records, tasks: tuple[Todo, ...]) -> Turn | None:
    status = _status(application)
    if application.outcome == Outcome.APPROVED:
        return None
    if application.outcome == Outcome.REFUSED:
        return Turn("申请已结束", "各机构都已答复，没有通过的。", application.number, status=status)
    decision = next((one for one in of_the_association(application) if one.verdict == Verdict.NOT_ACCEPTED), None)
    again = same_day_next(shanghai_date(application.closed_at or application.state_since), society.current().not_accepted_block_months)
    return Turn(
        "申请未予受理",
        f"协会会员部：{decision.reason}" if decision else "",
        number=application.number,
        date_label="可重新申请的日期",
        until=again,
        status=status,
        actions=(Action("重新申请", "member_apply"),) if records.today >= again else (),
    )


def _withdrawn(application: Application, records: Records, tasks: tuple[Todo, ...]) -> Turn:
    return _over(application, "申请已撤销", "可重新申请。", "撤销日期")


def _expired(application: Application, records: Records, tasks: tuple[Todo, ...]) -> Turn:
    return _over(application, "逾期未完成，已自动关闭", "可重新申请。", "关闭日期")


def _over(application: Application, headline: str, text: str, label: str) -> Turn:
    return Turn(
        headline,
        text,
        number=application.number,
        date_label=label,
        until=shanghai_date(application.closed_at or application.state_since),
        status=_status(application),
        actions=(Action("重新申请", "member_apply"),),
    )


def _status(application: Application) -> Status | None:
    word = transitions.applicant_word(application)
    return wording.of_word(word) if word else None


_TURNS = {
    ApplicationState.DRAFT: _draft,
    ApplicationState.AWAITING_FORM: _awaiting_form,
    ApplicationState.ENDORSING: _endorsing,
    ApplicationState.CHECKING: _checking,
    ApplicationState.DECIDING: _deciding,
    ApplicationState.RETURNED: _returned,
    ApplicationState.CLOSED: _closed,
    ApplicationState.WITHDRAWN: _withdrawn,
    ApplicationState.EXPIRED: _expired,
}


def association_refusal(application: Application) -> Decision | None:
    """Return the association's refusal of this round among the decisions at hand, or None where the rows returned the file (A-3)."""
    return next((one for one in of_the_association(application) if one.verdict == Verdict.REFUSED), None)


def of_the_association(application: Application) -> list[Decision]:
    """Return the association's decisions of this round among those at hand."""
    return [one for one in application.decisions.all() if one.institution_id is None and one.round == application.round]


def shown_rows(application: Application) -> list[ApplicationInstitution]:
    """Return the latest row of each institution among those at hand; a row that moved is not shown, the new one is."""
    latest: dict[int, ApplicationInstitution] = {}
    for row in sorted(application.rows.all(), key=lambda row: row.round):
        if row.state != RowState.MOVED:
            latest[row.institution_id] = row
    return sorted(latest.values(), key=lambda row: row.pk)
