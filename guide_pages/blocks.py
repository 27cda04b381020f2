"""
The blocks that editors compose pages from (CMS-1).

Each names itself and says in Chinese what it is for. Whatever a reader must be able to perceive without seeing is required here:
a figure without a description is refused.
"""

from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText

PLAIN_FEATURES = ["bold", "ol", "ul", "link"]
LONG_FEATURES = ["h2", "h3", *PLAIN_FEATURES]

# Where a button of the site may lead inside the membership system: its URL names, which both sides keep.
PLACES = [
    ("account_signup", "用户注册"),
    ("account_login", "登录"),
    ("member_home", "会员中心"),
    ("member_apply", "申请会员"),
    ("verify", "查验证书"),
]

STATUSES = [("pending", "申请中"), ("approved", "审批通过"), ("rejected", "审批不通过")]


class TextBlock(blocks.RichTextBlock):
    """A few paragraphs with lists and links; headings belong to the page's own structure."""

    def __init__(self, **options):
        options.setdefault("features", PLAIN_FEATURES)
        options.setdefault("label", "文字")
        options.setdefault("help_text", "一段话说一件事。按钮、页面、字段的名称请用「」括起来，与页面上的写法一致。")
        super().__init__(**options)

    class Meta:
        icon = "pilcrow"
        template = "guide_pages/blocks/text.html"
        description = "段落、列表和链接"
        preview_value = "<p>登录后进入「会员中心」，点击「申请会员」。一次填不完，保存后下次<b>接着填</b>。</p>"


class LongTextBlock(TextBlock):
    """Text that carries its own headings: news articles and plain pages."""

    def __init__(self, **options):
        options.setdefault("features", LONG_FEATURES)
        options.setdefault("help_text", "较长的文章请用二级标题分段。")
        super().__init__(**options)

    class Meta:
        description = "段落、列表、链接，可带小标题"
        preview_value = "<h2>扫描的时候</h2><p>选彩色、300 dpi，整张纸都要在画面里。</p>"


class NoticeBlock(blocks.StructBlock):
    """Something to know (提示) or to beware of (注意)."""

    kind = blocks.ChoiceBlock(
        choices=[("info", "提示"), ("attention", "注意")], default="info", label="种类", help_text="「注意」只用于做错了不易挽回的事。"
    )
    title = blocks.CharBlock(max_length=40, label="标题", help_text="一句话说清是什么。")
    text = blocks.TextBlock(required=False, max_length=300, rows=3, label="说明", help_text="再说该怎么做，可以不填。")

    class Meta:
        icon = "warning"
        label = "提示或注意"
        description = "一行醒目的话，加一句怎么做"
        preview_value = {"kind": "attention", "title": "请盖实体章", "text": "印章要完整、清晰。电子章不能通过审核。"}
        template = "guide_pages/blocks/notice.html"


class FigureBlock(blocks.StructBlock):
    """A picture, its description for those who cannot see it, and another cut of it for narrow screens."""

    picture = ImageChooserBlock(label="图片")
    phone_picture = ImageChooserBlock(required=False, label="手机上的图片", help_text="窄屏上改用这一张，可以不填。")
    alt = blocks.CharBlock(
        max_length=200, label="图片说明（读屏用）", help_text="写给看不见图片的人：图上有什么、要看哪里。不要写「图片」二字。"
    )
    caption = blocks.CharBlock(required=False, max_length=80, label="图题", help_text="印在图片下方，例如：登录页面，两种方式任选其一。")

    def get_preview_value(self):
        """Any picture of the library, since none comes with the block itself."""
        picture = get_image_model().objects.order_by("pk").first()
        return self.to_python({"picture": picture and picture.pk, "alt": "图片说明", "caption": "图题印在这里"})

    class Meta:
        icon = "image"
        label = "图片"
        description = "图片、图题和读屏用的说明；读者点一下就放大"
        template = "guide_pages/blocks/figure.html"


class TableValue(blocks.StructValue):
    """The typed text of a table as rows of cells."""

    @property
    def lines(self) -> list[list[str]]:
        """All rows, the head first; cells are divided by | or, when pasted from a spreadsheet, by tabulators."""
        return [cells_of(line) for line in self["cells"].splitlines() if line.strip()]

    @property
    def head(self) -> list[str]:
        return self.lines[0]

    @property
    def labelled_rows(self) -> list[list[tuple[str, str]]]:
        """The rows below the head, every cell with the head of its column."""
        return [list(zip(self.head, row, strict=False)) for row in self.lines[1:]]


def cells_of(line: str) -> list[str]:
    """Return the trimmed cells of one line, typed ("甲 | 乙", with or without outer bars) or pasted ("甲<tab>乙")."""
    cells = line.split("\t") if "\t" in line else line.strip().removeprefix("|").removesuffix("|").split("|")
    return [cell.strip() for cell in cells]


class TableBlock(blocks.StructBlock):
    """A small table, typed as lines or pasted from a spreadsheet; the first line is the head, the first column names its row."""

    caption = blocks.CharBlock(max_length=80, label="表题", help_text="说明这张表列的是什么。")
    cells = blocks.TextBlock(
        rows=6, label="内容", help_text="每行一行，各格之间用竖线 | 隔开；也可以从电子表格复制后直接粘贴。第一行是表头，各行格数须相同。"
    )

    def clean(self, value):
        table = super().clean(value)
        if len(table.lines) < 2:
            raise StructBlockValidationError(block_errors={"cells": ValidationError("表格至少要有表头和一行内容")})
        for number, row in enumerate(table.lines, start=1):
            if len(row) != len(table.head):
                message = f"第 {number} 行有 {len(row)} 格，表头有 {len(table.head)} 格，请补齐"
                raise StructBlockValidationError(block_errors={"cells": ValidationError(message)})
        return table

    class Meta:
        icon = "table"
        label = "表格"
        description = "几行几列的小表，可以从电子表格粘贴"
        preview_value = {"caption": "谁来盖章", "cells": "会员类型 | 谁来盖章\n专业会员 | 工作单位\n学生会员 | 就读院校"}
        template = "guide_pages/blocks/table.html"
        value_class = TableValue


class StatusValue(blocks.StructValue):
    """A status and what it means."""

    @property
    def word(self) -> str:
        """The guide's word for the status: 申请中, 审批通过, 审批不通过."""
        return dict(STATUSES)[self["status"]]


class StatusBlock(blocks.StructBlock):
    """One status with its meaning."""

    status = blocks.ChoiceBlock(choices=STATUSES, label="状态")
    meaning = blocks.TextBlock(max_length=200, rows=2, label="含义", help_text="这时发生了什么，会员要做什么。")

    class Meta:
        icon = "tag"
        label = "状态"
        value_class = StatusValue


class StatusListBlock(blocks.ListBlock):
    """The statuses as they look in 会员中心, each with its meaning."""

    def __init__(self, **options):
        super().__init__(StatusBlock(), **options)

    class Meta:
        icon = "list-ul"
        label = "状态说明"
        description = "申请中、审批通过、审批不通过，样子与会员中心一致"
        preview_value = [
            {"status": "pending", "meaning": "正在审核，您不用做什么。"},
            {"status": "approved", "meaning": "该机构已接纳您。"},
        ]
        template = "guide_pages/blocks/statuses.html"


class StepContentBlock(blocks.StreamBlock):
    """What a step is made of, in any order."""

    text = TextBlock()
    figure = FigureBlock()
    notice = NoticeBlock()
    table = TableBlock()
    statuses = StatusListBlock()

    class Meta:
        label = "内容"


class StepBlock(blocks.StructBlock):
    """One step of a chapter. Its number is its place among the steps, so that no two can have the same."""

    title = blocks.CharBlock(max_length=40, label="标题", help_text="这一步做什么，例如：打印申请表并盖章。序号由页面自动编排。")
    content = StepContentBlock(label="内容")

    class Meta:
        icon = "list-ol"
        label = "步骤"
        description = "指南的一步：标题、文字、图片、提示；序号自动编排"
        preview_value = {
            "title": "打印申请表，签字盖章",
            "content": [("text", RichText("<p>点击「打印/下载申请表格」，用 A4 纸打印。</p>"))],
        }
        template = "guide_pages/blocks/step.html"


class ChapterBodyBlock(blocks.StreamBlock):
    """The body of a chapter of the guide: mostly steps; the other blocks stand before, between and after them."""

    step = StepBlock()
    paragraph = TextBlock()
    notice = NoticeBlock()
    figure = FigureBlock()
    table = TableBlock()
    statuses = StatusListBlock()


class SupportBlock(blocks.StaticBlock):
    """Who helps and when, taken from the site settings, so that a new number is typed once."""

    class Meta:
        icon = "help"
        label = "会员服务联系方式"
        description = "联系人、电话和时间，取自「设置 → 网站信息」"
        preview_value = None
        admin_text = "显示「设置 → 网站信息」里的联系人、电话和时间。"
        template = "guide_pages/blocks/support.html"


class ArticleBodyBlock(blocks.StreamBlock):
    """The body of a news article or a plain page."""

    paragraph = LongTextBlock()
    figure = FigureBlock()
    notice = NoticeBlock()
    table = TableBlock()
    support = SupportBlock()


class DestinationValue(blocks.StructValue):
    """Where an entry leads."""

    @property
    def url(self) -> str:
        """Address of the place or the page; empty when the page is gone or not published."""
        if self["place"]:
            return reverse(self["place"])
        page = self["page"]
        return (page.url or "") if page and page.live else ""


class DestinationBlock(blocks.StructBlock):
    """A place in the membership system or a page of the site, one of the two."""

    place = blocks.ChoiceBlock(choices=PLACES, required=False, label="会员系统中的页面")
    page = blocks.PageChooserBlock(required=False, label="网站页面")

    def clean(self, value):
        destination = super().clean(value)
        if bool(destination["place"]) == bool(destination["page"]):
            raise StructBlockValidationError(block_errors={"place": ValidationError("会员系统中的页面和网站页面，请选一项，且只选一项")})
        return destination

    class Meta:
        icon = "link"
        label = "通往"
        value_class = DestinationValue


class LinkBlock(blocks.StructBlock):
    """One entry of a menu."""

    label = blocks.CharBlock(max_length=8, label="名称", help_text="至多八个字，与所到页面的标题一致。")
    destination = DestinationBlock()

    class Meta:
        icon = "link"
        label = "链接"


class EntryBlock(blocks.StructBlock):
    """One of the home page's ways in: what a visitor can do here, and where."""

    title = blocks.CharBlock(max_length=12, label="标题", help_text="动词开头，例如：申请入会。")
    text = blocks.CharBlock(max_length=60, label="说明")
    destination = DestinationBlock()

    class Meta:
        icon = "redirect"
        label = "入口"


class StageBlock(blocks.StructBlock):
    """One stage on the way to membership, as the home page draws it."""

    title = blocks.CharBlock(max_length=8, label="名称")
    text = blocks.CharBlock(max_length=16, label="说明")

    class Meta:
        icon = "order"
        label = "阶段"
