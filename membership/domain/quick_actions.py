"""快捷操作: the five ways of the member centre; one that does not apply says why and whom to call, it does not vanish (UI-2, Table E)."""

from dataclasses import dataclass

from membership.domain.own_records import Records
from membership.enums import ApplicationState, Hold, MembershipStatus, MemberType
from membership.models import Application

APPLY, EDIT, GUIDE, UPGRADE, CHANGE = "apply", "edit", "guide", "upgrade", "change"
LABELS = {APPLY: "申请会员", EDIT: "修改信息", GUIDE: "CACA指南", UPGRADE: "升级专业会员", CHANGE: "申请资料变更"}


@dataclass(frozen=True)
class QuickAction:
    """
    One of the five. Possible now: ``url_name`` (and ``pk``) lead there. Not possible: ``because`` is the sentence that says why,
    ``steps`` what it takes. ``note`` is the short line below the label.
    """

    code: str
    note: str
    url_name: str = ""
    pk: int | None = None
    because: str = ""
    steps: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return LABELS[self.code]


def quick_actions(records: Records) -> tuple[QuickAction, ...]:
    """Return the five, in the order of the guide."""
    application = records.first_enrolment
    under_way = application if application is not None and application.is_open else None
    return (
        _apply(records, under_way),
        _edit(records, under_way),
        QuickAction(GUIDE, "图文步骤", "guide"),
        _upgrade(records),
        _change(records),
    )


def quick_action(records: Records, code: str) -> QuickAction | None:
    """Return one of the five by its code."""
    return next((one for one in quick_actions(records) if one.code == code), None)


def _apply(records: Records, under_way: Application | None) -> QuickAction:
    if records.is_frozen:
        return QuickAction(APPLY, "暂不可用", because=FROZEN)
    if records.status == MembershipStatus.ACTIVE:
        return QuickAction(APPLY, "加入更多机构", "member_further")
    if records.status == MembershipStatus.GRACE:
        because = "会员资格待续会，续会以后才能加入更多机构。在线续会还没有开放，请联系会员部办理。"
        return QuickAction(APPLY, "请先续会", because=because)
    if records.status == MembershipStatus.LAPSED:
        return QuickAction(APPLY, "请先续会", because="您的会员资格已过期。在线续会还没有开放，请联系会员部办理。")
    if under_way is None:
        return QuickAction(APPLY, "在线填写", "member_apply")
    if under_way.state in (ApplicationState.DRAFT, ApplicationState.RETURNED) and under_way.hold == Hold.NONE:
        return QuickAction(APPLY, "继续填写", "member_apply")
    return QuickAction(APPLY, "查看进度", "member_application", under_way.pk)


def _edit(records: Records, under_way: Application | None) -> QuickAction:
    """修改信息 leads to what may be edited now: the draft, the returned form, or before the upload the recall (A-14, CHG-1)."""
    if records.is_frozen:
        return QuickAction(EDIT, "暂不可用", because=FROZEN)
    if records.is_member:
        return QuickAction(EDIT, "邮箱、地址、电话", because=NO_CHANGE_YET, steps=CHANGE_STEPS)
    if under_way is None:
        return QuickAction(EDIT, "提交申请后可用", because="您还没有填写申请。填写时可以随时修改，内容会保存。")
    if under_way.state in (ApplicationState.DRAFT, ApplicationState.RETURNED) and under_way.hold == Hold.NONE:
        return QuickAction(EDIT, "继续填写", "member_apply")
    if under_way.state == ApplicationState.AWAITING_FORM and under_way.hold == Hold.NONE:
        return QuickAction(EDIT, "撤回修改", "member_recall", under_way.pk)
    return QuickAction(EDIT, "审核中不能修改", because="审核期间资料不能修改。发现填错了，请联系会员部，可以为您开放修改。")


def _upgrade(records: Records) -> QuickAction:
    dossier = records.member.current_dossier if records.member is not None else None
    if records.is_frozen:
        return QuickAction(UPGRADE, "暂不可用", because=FROZEN)
    if not records.is_member or dossier is None:
        because = "入会后才能升级。如果您已有资质证书，申请时可以直接选择「专业会员」。"
        return QuickAction(UPGRADE, "入会后可用", because=because)
    if dossier.member_type == MemberType.PROFESSIONAL:
        return QuickAction(UPGRADE, "您已是专业会员", because="您已是专业会员，不需要升级。")
    because = "在线升级还没有开放，请先准备材料，并联系会员部办理。"
    return QuickAction(UPGRADE, "需资质证书", because=because, steps=UPGRADE_STEPS)


def _change(records: Records) -> QuickAction:
    if records.is_frozen:
        return QuickAction(CHANGE, "暂不可用", because=FROZEN)
    if not records.is_member:
        return QuickAction(CHANGE, "入会后可用", because="申请资料变更在入会后使用。入会申请提交之前，请在申请表里直接修改。")
    return QuickAction(CHANGE, "单位、职称、姓名", because=NO_CHANGE_YET, steps=CHANGE_STEPS)


FROZEN = "会员资格已冻结，现在不能办理。请联系会员部说明情况。"
NO_CHANGE_YET = "在线变更还没有开放，请先准备材料，并联系会员部办理。"
CHANGE_STEPS = (
    "说明变更什么：联系方式、单位名称、职称、关键信息（姓名、证件），或其他",
    "准备盖章的申请表：由现在的工作单位或就读学校盖章",
    "变更姓名、证件的，另附证件照片",
)
UPGRADE_STEPS = (
    "资质证书首页（医师、护士、药师、技师等）",
    "工作单位在名单中的全称",
    "盖章的升级申请表",
)
