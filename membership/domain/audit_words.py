"""What the acts of the audit are called (S-8): one table, action → words, in the groups in which a reader looks for them."""

from membership.enums import AttachmentKind, ExportFormat, FeedbackCategory, Verdict

GROUPS: dict[str, dict[str, str]] = {
    "审核": {
        "application.view": "打开申请审核",
        "case.claim": "领取申请",
        "case.release": "释放申请",
        "case.recuse": "回避",
        "note.write": "写内部备注",
        "report.send": "上报违规",
        "report.dismiss": "驳回上报",
        "file.approved": "协会审核：通过",
        "file.refused": "协会审核：不通过",
        "file.not_accepted": "协会审核：不予受理",
        "row.approved": "机构审核：通过",
        "row.refused": "机构审核：不通过",
        "bulk.start": "开始批量审核",
        "bulk.resume": "继续批量审核",
        "bulk.finish": "批量审核完成",
    },
    "查看个人信息": {
        "view.document_number": "查看完整证件号码",
        "file.view": "查看文件",
        "endorsement.view": "推荐人查看申请人资料",
        "view.message": "查看消息内容",
        "feedback.view": "查看意见反馈",
        "member.lookup": "按姓名查找推荐人",
        "audit.read": "查看某人的审计记录",
    },
    "导出与下载": {
        "case.file": "下载审核档案",
        "export.ask": "申请导出",
        "export.made": "导出完成",
        "export.fetch": "下载导出文件",
        "export.failed": "导出失败",
        "export.removed": "导出文件到期删除",
        "certificate.download": "下载会员证书",
    },
    "申请": {
        "application.start": "开始申请",
        "application.submit": "提交申请",
        "application.upload_form": "提交盖章文件",
        "application.recall": "撤回修改",
        "application.withdraw": "申请撤销",
        "application.discard": "删除草稿",
        "application.clear_away": "清理过期草稿",
        "application.expire": "逾期自动关闭",
        "application.end_by_system": "系统终止申请",
        "application.change_referrer": "更换推荐人",
        "row.withdraw": "撤销一个机构的申请",
        "row.resubmit": "向机构再次提交",
        "document.taken": "提交的证件号码已有记录",
    },
    "推荐": {
        "endorsement.agree": "同意推荐",
        "endorsement.decline": "不同意推荐",
        "endorsement.retract": "收回同意推荐",
        "endorsement.time_out": "推荐请求逾期",
        "endorsement.void": "推荐请求失效",
        "endorsement.remind": "提醒推荐人",
        "referral_code.issue": "启用专属推荐码",
        "referral_code.revoke": "停用专属推荐码",
        "referral_code.follow": "通过推荐码申请",
        "referral_code.let_go": "不再使用推荐码的推荐人",
        "seat.give": "登记委员任职",
        "seat.change": "修改委员任职",
        "seat.end": "结束委员任职",
        "seat.remove": "删除委员任职",
    },
    "会员": {
        "certificate.issue": "颁发会员证书",
        "certificate.unprintable": "证书上有字无法打印",
        "affiliation.give_up": "放弃一个机构的会员资格",
        "member.leave": "退会",
        "contact.change": "变更联系方式",
    },
    "账号": {
        "account.password_reset": "重设密码",
        "account.number_changed": "更换手机号",
        "account.second_factor_activated": "启用动态验证码",
        "account.second_factor_deactivated": "停用动态验证码",
        "account.second_factor_reset": "重置动态验证码",
        "account.recovery_codes_renewed": "更换恢复码",
        "account.opened_by_old_number": "用原手机号登录账号",
        "identity.confirmed": "核对身份：一致",
        "identity.refused": "核对身份：不一致",
        "identity.locked": "核对身份：次数用完",
        "phone.released": "手机号解除绑定",
    },
    "支持与设置": {
        "feedback.send": "提交意见反馈",
        "feedback.answer": "答复意见反馈",
        "feedback.correct": "更正意见反馈的答复",
        "work_unit.request": "申请添加单位",
        "work_unit.add": "添加工作单位",
        "work_unit.grant": "答复添加单位申请",
        "work_unit.decline": "不添加单位",
        "message_text.change": "修改消息文本",
        "message_text.restore": "恢复消息文本",
        "sms.send_again": "重新发送短信",
        "calendar.follow": "按新的节假日安排重算期限",
    },
}
ACTIONS: dict[str, str] = {action: words for group in GROUPS.values() for action, words in group.items()}

# The codes in an entry's details that mean something to a reader; all others are shown as they are.
DETAILS: dict[str, str] = {
    "version": "资料版本",
    "round": "轮次",
    "edition": "版次",
    "kind": "种类",
    "reason": "原因",
    "rows": "行数",
    "cases": "份数",
    "done": "已处理",
    "skipped": "已跳过",
    "failed": "没有处理",
    "verdict": "决定",
    "format": "格式",
    "list": "列表",
    "identity": "含证件号码",
    "pages": "页数",
    "attempts": "发送次数",
    "application": "申请",
    "dossier": "资料",
    "screenshots": "截图",
    "category": "类别",
    "years": "年份",
    "files": "申请",
    "requests": "推荐请求",
    "name": "名称",
    "seat": "委员任职",
    "committee": "专委会",
    "term": "任期",
    "changed": "改动",
    "fields": "栏目",
    "unit": "单位",
    "code": "事件",
}


# What such a detail's values are called.
VALUES: dict[str, dict[str, str]] = {
    name: {value: str(label) for value, label in choices}
    for name, choices in (
        ("kind", AttachmentKind.choices),
        ("category", FeedbackCategory.choices),
        ("verdict", Verdict.choices),
        ("format", ExportFormat.choices),
    )
}


def words_for(action: str) -> str:
    """Return what an act is called; one that is no longer in the table is named by its code."""
    return ACTIONS.get(action, action)


def value_for(detail: str, value: str) -> str:
    """Return what a value of a detail is called; one without words stays as it is."""
    return VALUES.get(detail, {}).get(value, value)
