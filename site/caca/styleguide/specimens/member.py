"""Who somebody is, whose turn it is, and what was decided."""

from datetime import date
from types import SimpleNamespace

from django.templatetags.static import static

from caca.styleguide.specimens.specimen import (
    APPROVED,
    LONG_INSTITUTION,
    LONG_NAME,
    LONG_UNIT,
    PENDING,
    RARE_NAME,
    REFUSED,
    SINCE,
    UNTIL,
    WITHDRAWN,
    Specimen,
)
from membership.domain.wording import Status
from membership.views.presenting import Link, ListRow, Record, SummaryRow

NUMBER = "M1650002054A"


def person() -> tuple[Specimen, ...]:
    photo = static("images/samples/portrait.svg")
    facts = [("手机号", "188****0002"), ("工作单位", "河西市肿瘤防治中心"), ("入会", "2026-12-08")]
    paper = {"name": "许静安", "member_type": "专业会员", "number": NUMBER, "valid_from": SINCE, "valid_to": UNTIL, "photo_url": photo}
    return (
        Specimen("portrait", "有照片", {"url": photo, "name": "许静安"}),
        Specimen("portrait", "没有照片", {"name": "许静安"}),
        Specimen("identity", "会员", {"name": "许静安", "photo_url": photo, "member_type": "专业会员", "facts": facts}),
        Specimen(
            "identity",
            "长名、长单位、已冻结",
            {
                "name": LONG_NAME,
                "member_type": "普通会员",
                "facts": [*facts[:1], ("工作单位", LONG_UNIT), facts[2]],
                "status": Status("已冻结", "frozen"),
            },
        ),
        Specimen("identity", "生僻字", {"name": RARE_NAME, "member_type": "学生会员", "facts": facts[:1]}),
        Specimen("identity", "还没有资料", {"name": "会员中心", "facts": facts[:1]}),
        Specimen("certificate", "有效", paper),
        Specimen("certificate", "长名，没有照片", {**paper, "name": LONG_NAME, "photo_url": ""}),
        Specimen(
            "certificate_strip",
            "可以下载",
            {
                "certificate": paper,
                "note": "有效期至 2027-12-08，还有 365 天",
                "actions": [Link("下载会员证书", "#person", icon="download"), Link("分享验证链接", "#person")],
            },
        ),
        Specimen("certificate_strip", "已过期", {"certificate": paper, "note": "有效期至 2027-12-08，已过 12 天", "actions": []}),
        Specimen("quick_actions", "五个快捷操作", {"items": _quick_items()}),
    )


def progress() -> tuple[Specimen, ...]:
    labels = ("填写申请表", "打印、签字、盖章", "上传盖章文件", "协会审核", "机构审核", "下载会员证书")
    steps = [
        {"label": label, "state": "done" if number < 3 else "now" if number == 3 else "later", "when": SINCE if number < 3 else ""}
        for number, label in enumerate(labels)
    ]
    return (
        Specimen(
            "turn",
            "轮到您",
            {
                "turn": {
                    "headline": "轮到您了：打印申请表，到单位盖章。",
                    "text": "盖章或推荐人签字，有一样即可；盖好后拍照上传。",
                    "number": "E-2026-000128",
                    "date_label": "请在此前上传",
                    "date": date(2027, 2, 6),
                    "date_note": "逾期申请作废",
                    "status": PENDING,
                    "actions": [Link("打印/下载申请表格", "#progress", icon="printer"), Link("提交盖章文件", "#progress", icon="upload")],
                }
            },
        ),
        Specimen(
            "turn",
            "轮到协会",
            {
                "turn": {
                    "headline": "协会正在审核您的资料。",
                    "date_label": "最迟答复",
                    "date": date(2026, 12, 29),
                    "date_note": "15 个工作日内",
                    "status": PENDING,
                }
            },
        ),
        Specimen("turn", "只有一句话", {"turn": {"headline": "申请会员，从填写申请表开始"}}),
        Specimen("timeline", "横排，窄处竖排", {"steps": steps}),
        Specimen(
            "timeline",
            "竖排，只讲步骤",
            {"steps": [{"label": step["label"], "state": "later"} for step in steps[:3]], "narrow": True, "numbers": True},
        ),
        Specimen(
            "todo_list",
            "两件事",
            {
                "items": [
                    {"title": "打印申请表，盖章后上传", "text": "请在 2027-02-06 前完成", "action": Link("提交盖章文件", "#progress")},
                    {"title": f"答复 {LONG_NAME} 的推荐请求", "text": LONG_INSTITUTION, "action": Link("去答复", "#progress")},
                    {"title": "不需要做什么，只是告诉您"},
                ]
            },
        ),
        Specimen(
            "progress",
            "长表单",
            {
                "parts": [
                    {"anchor": "fields", "label": "会员类型与机构", "note": "2/2", "done": True},
                    {"anchor": "fields", "label": "个人信息", "note": "2 处有误", "wrong": True, "current": True},
                    {"anchor": "long-forms", "label": "资质证书", "note": "选填"},
                ],
                "line": "第二部分，共三部分：个人信息",
                "count": "9 / 16 必填项",
                "save_note": "14:32 已自动保存",
                "back_url": "#progress",
                "back_label": "会员中心",
            },
        ),
    )


def lists() -> tuple[Specimen, ...]:
    rows = [
        ListRow("肺癌专业委员会", valid_from=SINCE, valid_to=UNTIL, status=APPROVED, action=Link("申请撤销", "#lists")),
        ListRow(LONG_INSTITUTION, texts=("最迟答复 2026-12-29",), status=PENDING, action=Link("申请撤销", "#lists")),
        ListRow("天津市抗癌协会", texts=("原因：不属于本会地域",), status=REFUSED, action=Link("补充材料再申请", "#lists")),
        ListRow("青年理事会", status=WITHDRAWN),
    ]
    records = [
        Record(
            "2026-12-02", "协会会员部（第 1 轮）", REFUSED, "盖章不清晰（涉及：盖章文件）。请在平整处重新拍照，四角都要拍到。", "#lists"
        ),
        Record("2026-12-08", "协会会员部（第 2 轮）", APPROVED),
    ]
    answers = [
        SummaryRow("姓名", LONG_NAME),
        SummaryRow("出生日期", "1984-09-30", number=True),
        SummaryRow("申请机构", values=("肺癌专业委员会", LONG_INSTITUTION)),
        SummaryRow("工作单位", LONG_UNIT),
        SummaryRow("个人寸照", image_url=static("images/samples/portrait.svg"), image_alt="个人寸照", image_kind="portrait"),
        SummaryRow("资质证书首页", image_url=static("images/samples/qualification.svg"), image_alt="资质证书首页"),
        SummaryRow("备注信息"),
    ]
    changeable = SimpleNamespace(label="职称", value="副高级，副主任医师", change_url="#lists")
    return (
        Specimen("row_list", "印章", {"rows": rows}),
        Specimen("row_list", "标签", {"rows": rows[:2], "tags": True}),
        Specimen(
            "records",
            "审核记录",
            {"caption": "审核记录", "columns": ("答复日期", "审核方", "审核状态", "审核不通过原因"), "records": records},
        ),
        Specimen("summary_list", "核对", {"rows": [*answers, changeable]}),
    )


def _quick_items() -> list[dict[str, str]]:
    names = ("申请会员", "修改信息", "CACA指南", "升级专业会员", "申请资料变更")
    icons = ("file-pen", "user-round-pen", "book-open-text", "award", "file-diff")
    notes = ("", "审核中，暂不能修改", "", "您已是专业会员", "")
    return [{"label": name, "url": "#person", "icon": icon, "note": note} for name, icon, note in zip(names, icons, notes, strict=True)]
