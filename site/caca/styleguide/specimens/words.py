"""Titles, buttons, states, notices, the guide, and the frame around a page."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace

from django.templatetags.static import static
from django.utils.safestring import mark_safe

from caca.styleguide import forms
from caca.styleguide.specimens.specimen import (
    APPROVED,
    LONG_INSTITUTION,
    LONG_NAME,
    PENDING,
    REFUSED,
    WITHDRAWN,
    Specimen,
)
from membership.domain.wording import Status
from membership.periods import SHANGHAI
from membership.views.context_processors import Shell
from membership.views.presenting import Link

ICON_NAMES = ("check", "stamp", "download", "printer", "upload", "lock", "mail", "info", "triangle-alert", "circle-alert")


def words() -> tuple[Specimen, ...]:
    crumbs = [("首页", "/"), ("会员指南", "/guide/"), ("第一部分　新会员入会（网页端）", "")]
    return (
        Specimen("page_head", "有说明", {"title": "请核对您的资料", "lead": "提交以后不能自行修改；有错的地方，点右边的「修改」。"}),
        Specimen("page_head", "长标题", {"title": f"{LONG_INSTITUTION}的入会申请"}),
        Specimen(
            "section_head", "有链接", {"title": "已申请的专委会/省市抗癌协会", "url": "#lists", "link": "查看全部资料", "icon": "file-text"}
        ),
        Specimen("section_head", "只有标题", {"title": "审核记录"}),
        Specimen("form_part_head", "第一部分", {"number": 1, "title": "会员类型与机构"}),
        Specimen("breadcrumbs", "三层", {"crumbs": crumbs}),
        *(Specimen("icon", name, {"name": name, "label": name}) for name in ICON_NAMES),
        Specimen("support_contact", "网站设置里的", {"name": "霍老师", "phone": "022-28219588-805", "hours": "工作日 9:00–17:00"}),
    )


def buttons() -> tuple[Specimen, ...]:
    printing = Link("打印/下载申请表格", "#buttons", icon="printer")
    return (
        Specimen("action", "首要", {"action": Link("申请会员", "#buttons"), "style": "primary"}),
        Specimen("action", "次要，有图标", {"action": printing}),
        Specimen("action", "危险", {"action": Link("申请撤销", "#buttons"), "style": "outline-danger"}),
        Specimen("action", "文字", {"action": Link("返回", "#buttons"), "style": "text"}),
        Specimen("action", "小", {"action": printing, "small": True}),
        Specimen("row_action", "行尾", {"action": Link("申请撤销", "#buttons"), "name": LONG_INSTITUTION}),
        Specimen(
            "action_bar",
            "长表单的底部",
            {
                "note": "14:32 已自动保存",
                "retreat_url": "#buttons",
                "retreat_label": "返回",
                "second_label": "稍后再填",
                "submit_label": "核对并提交",
            },
        ),
        Specimen(
            "dialog",
            "要收不回来的事",
            {
                "id": "ask-withdraw",
                "title": f"撤销对{LONG_INSTITUTION}的申请？",
                "text": "撤销后该机构不再审核；其他机构照常进行。",
                "post_url": "#buttons",
                "confirm": "申请撤销",
                "retreat": "保留申请",
                "danger": True,
            },
            opens="ask-withdraw",
        ),
        Specimen(
            "dialog",
            "可以收回的事",
            {
                "id": "ask-read",
                "title": "把 12 条消息都标为已读？",
                "post_url": "#buttons",
                "confirm": "全部已读",
                "retreat": "保留未读",
            },
            opens="ask-read",
        ),
        Specimen(
            "tabs",
            "等宽",
            {
                "label": "登录方式",
                "fill": True,
                "tabs": [{"label": "密码登录", "url": "#buttons", "current": True}, {"label": "验证码登录", "url": "#buttons"}],
            },
        ),
        Specimen(
            "tabs",
            "有图标与数目",
            {
                "label": "消息",
                "tabs": [
                    {"label": "未读", "url": "#buttons", "icon": "mail", "count": 12, "current": True},
                    {"label": "全部", "url": "#buttons", "icon": "list-checks", "count": 1204},
                ],
            },
        ),
        Specimen("paging", "第一页", {"next_url": "?after=50", "order": "每页 50 份，按最迟答复排列"}),
        Specimen("paging", "中间", {"previous_url": "?before=51", "next_url": "?after=100"}),
        Specimen(
            "pager",
            "前后两章",
            {
                "previous": {"url": "#guide", "title": "新会员入会"},
                "next": {"url": "#guide", "title": "会员信息修改与申请资料变更记录的查看"},
            },
        ),
        Specimen("pager", "最后一章", {"previous": {"url": "#guide", "title": "申请会员升级"}}),
        Specimen(
            "pager",
            "前后两篇新闻",
            {
                "label": "上一篇与下一篇",
                "previous_label": "上一篇",
                "next_label": "下一篇",
                "previous": {"url": "#guide", "title": "盖章申请表怎样扫描"},
                "next": {"url": "#guide", "title": "证书怎样查验"},
            },
        ),
        Specimen("theme_choice", "随系统、浅色、深色"),
    )


def status() -> tuple[Specimen, ...]:
    tags = (
        PENDING,
        APPROVED,
        REFUSED,
        WITHDRAWN,
        Status("待续会", "pending"),
        Status("已过期", "rejected"),
        Status("已冻结", "frozen"),
        Status("已换发", "replaced"),
        Status("专业会员", "type"),
        Status("第 2 轮", "plain"),
    )
    verdicts = (
        ("valid", "证书有效"),
        ("grace", "待续会"),
        ("expired", "证书已过期"),
        ("revoked", "证书已撤销"),
        ("frozen", "会员资格已冻结"),
        ("replaced", "证书已换发"),
        ("unknown", "没有查到这份证书"),
    )
    return (
        *(Specimen("status_tag", tag.word, {"word": tag.word, "kind": tag.kind}) for tag in tags),
        Specimen("seal", "行内", {"word": "审批通过"}),
        Specimen("seal", "大", {"word": "证书有效", "large": True}),
        Specimen("seal", "新批下来的", {"word": "审批通过", "fresh": True}),
        *(
            Specimen(
                "verdict",
                title,
                {
                    "kind": kind,
                    "title": title,
                    "text": "请与持证人出示的证件核对姓名。",
                    "checked_at": datetime(2026, 12, 8, 9, 41, tzinfo=SHANGHAI),
                },
            )
            for kind, title in verdicts
        ),
    )


def notices() -> tuple[Specimen, ...]:
    return (
        Specimen("notice", "提示", {"title": "请盖实体章", "text": "电子章不能通过审核。"}),
        Specimen("notice", "注意", {"kind": "attention", "title": "下载前请核对", "text": "证书一经下载，个人信息不能再自行修改。"}),
        Specimen("notice", "错误", {"kind": "error", "title": "没有上传成功", "text": "网络中断了，资料没有丢。请再点一次「上传」。"}),
        Specimen(
            "notice",
            "完成，分条，有链接",
            {
                "kind": "done",
                "title": "会员申请提交成功，请返回并提交盖章文件",
                "lines": ["打印申请表，本人签字", "到单位盖章，或请推荐委员签字", "拍照或扫描后上传"],
                "url": "#notices",
                "action": "怎样拍得清楚",
            },
        ),
        Specimen("site_notice", "网站公告", {"text": "今晚 22:00 至 23:00 维护，期间可以查看，不能提交。", "url": "#notices"}),
        Specimen("site_notice", "可以关闭", {"text": "会员证书已可在线下载，请登录会员中心办理。", "key": "styleguide"}),
        Specimen(
            "site_notice",
            "维护公告",
            {"text": "12月1日 22:00 至 23:00 网站维护，期间可以查看，不能提交。", "label": "维护公告", "icon": "triangle-alert"},
        ),
        Specimen("environment_bar", "不是正式网站", {"name": "测试环境"}),
        Specimen(
            "messages",
            "轻提示与错误",
            {
                "messages": [
                    _Message("error", "没有保存：您离开时资料已在另一台设备上修改。请核对后再保存。"),
                    _Message("success", "已复制验证链接"),
                    _Message("info", "请先完成申请表"),
                ]
            },
        ),
        Specimen(
            "empty",
            "有去处",
            {
                "icon": "mail",
                "title": "还没有消息",
                "text": "审核有进展时，会在这里告诉您。",
                "url": "#notices",
                "link": "看看怎样申请",
            },
        ),
        Specimen("empty", "最短", {"title": "还没有变更记录"}),
        Specimen(
            "error_summary",
            "表单与表单之外的错误",
            {
                "form": _head_of(forms.mistaken()),
                "errors": [{"message": "第 1 页太暗，看不清印章。请重新拍照", "anchor": "fields", "label": "盖章文件"}],
                "count": 4,
            },
        ),
    )


def guide() -> tuple[Specimen, ...]:
    picture = {"url": static("images/samples/qualification.svg"), "alt": "资质证书示例", "width": 640, "height": 452}
    return (
        Specimen(
            "guide_step",
            "一步",
            {
                "number": 3,
                "title": "打印申请表，到单位盖章",
                "anchor": "sample-step",
                "body": mark_safe("<p>点「打印/下载申请表格」，用 A4 纸打印，本人签字后到单位盖章。</p>"),
            },
        ),
        Specimen("figure", "有图注", {**picture, "caption": "图 1　资质证书首页要拍到四角"}),
        Specimen("figure", "可以放大", {**picture, "full_url": picture["url"], "caption": "图 1　点一下看大图"}),
        Specimen("figure", "手机屏幕", {**picture, "phone": True, "caption": "图 2　手机上的样子"}),
    )


def frame() -> tuple[Specimen, ...]:
    person = SimpleNamespace(is_authenticated=True, phone="+8618800000002")
    busy = Shell(display_name=LONG_NAME, todo_count=2, unread_count=12, is_staff=True, refers=True)
    return (
        Specimen("user_menu", "账号菜单", {"name": "许静安", "staff": True}),
        Specimen("member_header", "会员的页头", {"user": person, "shell": busy}),
        Specimen("side_menu", "有事要做", {"shell": busy, "menu_item": "todo"}),
        Specimen("side_menu", "没有事", {"shell": Shell(display_name="陆闻溪"), "menu_item": "member"}),
        Specimen("tab_bar", "手机底部（只在窄屏）", {"user": person, "shell": busy, "menu_item": "member"}),
    )


@dataclass(frozen=True)
class _Message:
    """As django.contrib.messages has it."""

    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


def _head_of(form: forms.SampleForm) -> forms.SampleForm:
    """The form with its first fields alone: a summary as long as people get it."""
    for name in list(form.fields)[4:]:
        del form.fields[name]
        form.errors.pop(name, None)
    return form
