"""
What people are told of an event, and that they are told: one in-site message a person and act, one text message at most (UI-4, S-9).

The wordings here are delivered with the product; a MessageTemplate of the same code, edited by staff, outranks them (UI-8). It is read at
every event, so that what was edited counts from then on.
Rows are written inside the transaction, and delivery begins on commit: a rollback sends nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from django.db import transaction

from membership.domain import deadlines
from membership.enums import MessageChannel
from membership.models import Application, ApplicationInstitution, Delivery, Endorsement, Message, MessageTemplate, User
from membership.outbox import delivery


@dataclass(frozen=True)
class Wording:
    """
    Title, body and text message of one event; ``{…}`` are the placeholders the event fills. No sms: told on the site only.

    ``also_after_leaving``: it answers what the person asked, or concerns the account alone, so it reaches also who has left (S-10).
    """

    title: str
    body: str
    sms: str = ""
    link: str = "/member/"
    also_after_leaving: bool = False


WORDINGS: dict[str, Wording] = {
    "enrolment-submitted": Wording(
        "会员申请提交成功",
        "申请编号 {number}。请下载申请表格，签字盖章后提交盖章文件，审核才会开始。",
    ),
    "file-arrived": Wording(
        "盖章文件已收到，开始审核",
        "申请编号 {number}。最迟 {due} 答复您，审核期间资料不能修改。",
    ),
    "endorsement-asked": Wording(
        "有人请您推荐入会",
        "{applicant}申请加入中国抗癌协会，选择您为推荐委员。请在 {due} 前答复。",
        "{applicant}申请入会，请您推荐。请在{due}前登录会员中心「推荐会员」答复。",
        "/member/referrals/",
    ),
    "endorsement-agreed": Wording("推荐人已同意推荐", "{referrer}已同意推荐您入会。"),
    "endorsement-declined": Wording(
        "推荐人未同意推荐",
        "{referrer}未同意推荐：{reason}。{next}",
        "推荐人未同意推荐，请登录会员中心查看。",
    ),
    "endorsement-timed-out": Wording(
        "推荐人未答复",
        "推荐人在期限内没有答复。{next}",
        "推荐人在期限内没有答复，请登录会员中心查看。",
    ),
    "endorsement-void": Wording("推荐人已变更", "推荐人已变更，请重新选择。{next}"),
    "endorsement-dropped": Wording("一份推荐请求已取消", "{applicant}的推荐请求已取消，您不需要再答复。", link="/member/referrals/"),
    "seat-given": Wording(
        "已登记您的委员任职",
        "{committee}{role}，任期到 {until}。任期内可以推荐会员，也可以使用专属推荐码。",
        link="/member/referrals/",
    ),
    "seat-changed": Wording("您的委员任职有变动", "{committee}{role}，任期到 {until}。", link="/member/referrals/"),
    "seat-ending": Wording(
        "委员任期快要结束",
        "{terms}。到期以后不能再推荐会员，专属推荐码随之停用；已经答复的推荐不受影响。续任请联系会员部。",
        link="/member/referrals/",
    ),
    "seat-ended": Wording(
        "委员任职结束",
        "{committee}{role}，任期到 {until}。到期以后不能再推荐会员，专属推荐码随之停用；已经答复的推荐不受影响。",
        link="/member/referrals/",
    ),
    "seat-removed": Wording("一条委员任职登记已删除", "{committee}{role}的登记有误，已经删除。如有疑问请联系会员部。"),
    "file-approved": Wording("协会会员部审核通过", "申请编号 {number}。现在由您申请的机构审核，最迟 {due} 答复您。"),
    "further-submitted": Wording(
        "已提交给您选择的机构",
        "申请编号 {number}。不用打印盖章，现在由您选择的机构审核，最迟 {due} 答复您。",
    ),
    "affiliation-given-up": Wording(
        "已撤销{institution}的会员资格",
        "您在{institution}的会员资格于 {on} 结束。您在其他机构的会员资格和会员编号不变；需要时可以重新申请。",
    ),
    "membership-left": Wording(
        "您已退会",
        "您的会员资格于 {on} 结束。会员编号 {member_number} 为您保留，需要时可以重新申请入会。",
        also_after_leaving=True,
    ),
    "activation-approved": Wording(
        "激活成功，您已是会员",
        "协会会员部审批通过。会员编号 {member_number}，会员有效期 {valid_from} 至 {valid_to}。请核对个人信息后下载会员证书。",
        "您的会员激活审批通过，会员编号{member_number}。请登录会员中心下载会员证书。",
    ),
    "amendment-approved": Wording(
        "{what}审批通过",
        "申请编号 {number}。协会会员部审批通过，新的资料即日生效。{next}",
        "您的{what}审批通过，请登录会员中心查看。",
    ),
    "file-refused": Wording(
        "审批不通过，请修改后重新提交",
        "协会会员部：{reason}。请在 {expires} 前修改并重新提交。",
        "您的申请审批不通过，请登录会员中心查看原因并重新提交。",
    ),
    "file-not-accepted": Wording(
        "申请不予受理",
        "协会会员部：{reason}。{again} 起可以重新申请。",
        "您的申请不予受理，请登录会员中心查看原因。",
    ),
    "row-approved-first": Wording(
        "审批通过，您已成为会员",
        "{institution}审批通过。会员编号 {member_number}，请核对个人信息后下载会员证书。",
        "您的入会申请审批通过，会员编号{member_number}。请登录会员中心下载会员证书。",
    ),
    "row-approved": Wording(
        "{institution}审批通过",
        "{institution}审批通过，会员有效期 {valid_from} 至 {valid_to}。{next}",
        "{institution}审批通过，请登录会员中心查看。",
    ),
    "row-refused": Wording(
        "{institution}审批不通过",
        "{institution}：{reason}。{next}",
        "{institution}审批不通过，请登录会员中心查看原因。",
    ),
    "file-returned-by-rows": Wording(
        "各机构审批不通过，请修改后重新提交",
        "{institution}：{reason}。您申请的机构都已答复，没有通过的。请在 {expires} 前修改并重新提交。",
        "您的申请审批不通过，请登录会员中心查看原因并重新提交。",
    ),
    "file-expired": Wording("申请已自动关闭", "申请编号 {number} 逾期未完成，已自动关闭。您可以重新申请。"),
    "form-reminder": Wording(
        "请提交盖章文件",
        "申请编号 {number} 还没有盖章文件。请在 {expires} 前提交，否则申请会自动关闭。",
        "您的入会申请还没有盖章文件，请登录会员中心提交。",
    ),
    "returned-reminder": Wording("请修改后重新提交", "申请编号 {number} 还没有重新提交。请在 {expires} 前修改并提交，否则申请会自动关闭。"),
    "row-resubmitted": Wording("已再次提交", "已向{institution}再次提交，最迟 {due} 答复您。"),
    "limit-reached": Wording(
        "机构数量已达上限",
        "{institution}暂时不能通过您的申请：您所属机构的数量已达上限。请先放弃或撤销一个机构，由您选择。",
        "您所属机构的数量已达上限，请登录会员中心放弃或撤销一个。",
    ),
    "review-late": Wording(
        "很抱歉，审核超过了承诺的日期",
        "申请编号 {number} 没有按时答复，很抱歉让您久等。预计 {due} 前完成，您不需要做什么。",
        "您的申请未能按时答复，很抱歉。预计{due}前完成。",
    ),
    "review-date-moved": Wording(
        "答复日期有变化",
        "申请编号 {number}。放假安排公布后重新计算了工作日，最迟答复日期由 {was} 改为 {due}。您不需要做什么。",
    ),
    "review-digest": Wording(
        "审核提醒：{summary}",
        "{queues}。每个工作日提醒一次，没有到期的就不提醒。",
        link="/admin/",
        also_after_leaving=True,
    ),
    "violation-reported": Wording(
        "{institution}上报违规，请处理",
        "申请编号 {number}。{institution}的审核已暂停，等待协会处理。",
        link="/admin/",
        also_after_leaving=True,
    ),
    "report-dismissed": Wording(
        "上报的违规已由协会驳回",
        "申请编号 {number}，{institution}。协会的意见：{answer}。请继续审核，剩余的工作日继续计算。",
        link="/admin/",
        also_after_leaving=True,
    ),
    "phone-released": Wording(
        "手机号已与账号解除绑定",
        "{on} 有人用您登记的手机号收到验证码，并确认这个账号不是自己的。"
        "手机号已解除绑定，您的资料没有变动。如果号码仍由您使用，请联系协会。",
        also_after_leaving=True,
    ),
    "feedback-answered": Wording(
        "您的意见反馈有答复了", "您反馈的「{category}」，技术支持答复：{answer}", link="/member/feedback/#sent", also_after_leaving=True
    ),
    "feedback-corrected": Wording(
        "意见反馈的答复有更正",
        "您反馈的「{category}」，技术支持更正了答复：{answer}",
        link="/member/feedback/#sent",
        also_after_leaving=True,
    ),
    "unit-added": Wording("工作单位已添加", "您申请添加的「{unit}」已加入名单，全称是「{full_name}」。{next}", link="/member/apply/"),
    "unit-found": Wording("名单中已有您的工作单位", "您申请添加的「{unit}」在名单中的全称是「{full_name}」。{next}", link="/member/apply/"),
    "unit-declined": Wording(
        "工作单位没有添加", "您申请添加的「{unit}」没有添加：{answer}。请在申请表中另选，或联系技术支持。", link="/member/apply/"
    ),
}


# The placeholder of a date counted in working days.
DUE = "due"


def announce(
    code: str,
    user: User | None,
    *,
    at: datetime,
    application: Application | None,
    row: ApplicationInstitution | None = None,
    link: str = "",
    **facts: object,
) -> Message | None:
    """
    Tell a person of an event of an application, or of one of its rows; or, without an application, of something of their own.

    Without an account nobody is told, nor are the deceased; who has left or is frozen hears of an application of their own and what they
    asked (M-15, S-10). ``facts`` fill the placeholders; dates print as 2025-03-17, and what is ``due`` says if it is provisional. One
    message per person, event, application or row, and moment. ``link``: where it leads, if not where the wording says.
    """
    delivered = WORDINGS[code]
    if user is None or delivery.is_kept_from(user, application, also_after_leaving=delivered.also_after_leaving):
        return None
    wording = wording_of(code)
    if application is not None:
        facts.setdefault("number", application.number)
    text = {name: _said(name, fact) for name, fact in facts.items()}
    message = Message.objects.create(
        user=user,
        code=code,
        title=fill(wording.title, text)[:120],
        body=fill(wording.body, text)[:2000],
        link=link or wording.link,
        application=application,
        grouping_key=_act(user, code, application, row, at),
        created_at=at,
    )
    if wording.sms:
        short = {name: _said(name, fact, short=True) for name, fact in facts.items()}
        queued = Delivery.objects.create(
            message=message, channel=MessageChannel.SMS, text=fill(wording.sms, short)[:300], parameters=short, queued_at=at
        )
        transaction.on_commit(partial(delivery.deliver.enqueue, queued.pk))
    return message


def _said(name: str, fact: object, *, short: bool = False) -> str:
    if not isinstance(fact, date):
        return str(fact)
    return deadlines.in_words(fact, short=short) if name == DUE else f"{fact:%Y-%m-%d}"


def was_told(code: str, row: ApplicationInstitution) -> bool:
    """Whether the applicant was told of this event of the row's present round before."""
    return Message.objects.filter(code=code, application=row.application, grouping_key__contains=f":{_place(row)}:").exists()


def _act(user: User, code: str, application: Application | None, row: ApplicationInstitution | None, at: datetime) -> str:
    """Return what tells one act from another, so that none is told twice (S-9)."""
    if application is None:
        return f"{user.pk}:-:-:{code}:{at.isoformat()}"
    where = _place(row) if row else f"{application.round}"
    return f"{user.pk}:{application.pk}:{where}:{code}:{at.isoformat()}"


def _place(row: ApplicationInstitution) -> str:
    return f"{row.pk}.{row.round}"


def ask_for_endorsement(endorsement: Endorsement, *, at: datetime) -> None:
    """Tell a committee member that somebody asks them."""
    announce(
        "endorsement-asked",
        endorsement.seat.member.user,
        at=at,
        application=endorsement.application,
        applicant=endorsement.application.member.name,
        due=endorsement.due_on,
    )


def wording_of(code: str) -> Wording:
    """
    Return the wording of an event that counts now.

    :raises KeyError: nobody worded it.
    """
    delivered = WORDINGS[code]
    edited = MessageTemplate.objects.filter(code=code).first()
    return replace(delivered, title=edited.title, body=edited.body, sms=edited.sms) if edited else delivered


PLACEHOLDER = re.compile(r"\{(\w+)\}")


def placeholders_in(pattern: str) -> tuple[str, ...]:
    """Return the names of a wording's placeholders, each once, in their order."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(pattern)))


def fill(pattern: str, text: Mapping[str, str]) -> str:
    """Fill ``{name}`` and nothing else: what staff typed must never fail the society's act, so an unknown name is left out."""
    return PLACEHOLDER.sub(lambda found: text.get(found[1], ""), pattern)
