"""
What stands at fixed places on the form: number, title and QR code above; stamp, endorsement and signatures below.

All measures are millimetres from the upper left corner of the page; the check of uploaded scans relies on them.
"""

from typing import TYPE_CHECKING

from reportlab.lib.colors import Color

from membership.documents import lines
from membership.documents.fonts import BOLD
from membership.documents.sheet import Sheet

if TYPE_CHECKING:
    from membership.documents.form import FormSheet

LEFT, RIGHT, AXIS = 15.0, 195.0, 105.0
TABLE_TOP = 40.0
LABELS_END = 33.0
PHOTO = (25.0, 35.0)
PHOTO_MIDDLE = 180.6
QR_SIDE = 28.0
QR_TOP = 7.2  # leaves four modules of white above the table
STAMP_TOP, REFERRER_TOP, OPINION_TOP, CHANNEL_TOP, BOTTOM = 185.0, 233.0, 244.0, 267.5, 282.5
RING = (164.0, 209.0, 21.0)  # centre and radius: a unit's seal is 42 mm wide
GUIDE = Color(0.47, 0.47, 0.47)
REFERRER_COLUMNS = (LABELS_END, 47.4, 87.0, 103.2, 146.4, 162.6)
CHANNEL_MIDDLE = 103.2
POINT = 25.4 / 72
LABEL_STEP = 9 * 1.25 * POINT
TITLES = ((19, 1), (17, 1), (15, 1), (13, 1), (11, 1))
VALUES = ((9.5, 2), (9, 2), (8.5, 2), (8.5, 3), (8, 3), (7.5, 4))
ENDORSEMENTS = ((9, 1), (9, 2), (8, 2))


def head(page: Sheet, sheet: "FormSheet") -> None:
    """Draw what stands above the table."""
    page.text(LEFT, 25.4, "申请编号", 7.5)
    page.text(LEFT, 30.6, sheet.number, 11, face=BOLD)
    page.text(LEFT, 34.6, f"资料第 {sheet.dossier_version} 版", 7.5)
    size, title = lines.fitting(sheet.kind_title, 114, TITLES, BOLD) or (TITLES[-1][0], [sheet.kind_title])
    page.text(AXIS, 30.6, title[0], size, face=BOLD, align="centre")
    page.qr(RIGHT - QR_SIDE, QR_TOP, QR_SIDE, sheet.qr_text)


def foot(page: Sheet, sheet: "FormSheet", *, middle_of_photo: float) -> None:
    """Draw the photograph, its middle this far below the table's upper edge, and what stands below the table."""
    _photo(page, sheet, TABLE_TOP + middle_of_photo - PHOTO[1] / 2)
    _frame(page)
    _stamp(page)
    _referrer(page, sheet)
    _opinion(page, sheet)
    _channel(page)


def _photo(page: Sheet, sheet: "FormSheet", top: float) -> None:
    left = PHOTO_MIDDLE - PHOTO[0] / 2
    if sheet.portrait:
        page.picture(left, top, *PHOTO, sheet.portrait)
    else:
        page.box(left, top, *PHOTO, line=0.25, colour=GUIDE)
        page.text(PHOTO_MIDDLE, top + PHOTO[1] / 2 + 1, "（贴照片处）", 7.5, align="centre")


def _frame(page: Sheet) -> None:
    page.box(LEFT, STAMP_TOP, RIGHT - LEFT, BOTTOM - STAMP_TOP)
    for y in (REFERRER_TOP, OPINION_TOP, CHANNEL_TOP):
        page.rule(LEFT, y, RIGHT, y)
    page.rule(LABELS_END, STAMP_TOP, LABELS_END, BOTTOM)
    for x in REFERRER_COLUMNS[1:]:
        page.rule(x, REFERRER_TOP, x, OPINION_TOP)
    page.rule(CHANNEL_MIDDLE, CHANNEL_TOP, CHANNEL_MIDDLE, BOTTOM)


def _stamp(page: Sheet) -> None:
    """Leave the row of the unit's seal, with a ring to aim at and the date inside it, for the seal goes over the date."""
    _label(page, LEFT, LABELS_END, STAMP_TOP, REFERRER_TOP, ("工作单位或", "就读学校", "意见", "（盖章）"))
    page.dashed_ring(*RING, colour=GUIDE)
    _date(page, 148.9, 219.5)


def _referrer(page: Sheet, sheet: "FormSheet") -> None:
    top, bottom = REFERRER_TOP, OPINION_TOP
    _label(page, LEFT, LABELS_END, top, bottom, ("推荐人", "（委员）"))
    columns = (*REFERRER_COLUMNS, RIGHT)
    texts = ((("姓名",), sheet.referrer), (("所属", "专委会"), sheet.referrer_committee), (("专委会", "任职"), sheet.referrer_seat))
    for i, (label, value) in enumerate(texts):
        _label(page, columns[2 * i], columns[2 * i + 1], top, bottom, label, spacing=1.0 if len(label) == 1 else 0.0)
        _value(page, columns[2 * i + 1], columns[2 * i + 2], top, bottom, value)


def _opinion(page: Sheet, sheet: "FormSheet") -> None:
    _label(page, LEFT, LABELS_END, OPINION_TOP, CHANNEL_TOP, ("推荐人", "（委员）", "意见", "（签字）"))
    size, endorsement = lines.fitting(sheet.endorsement, RIGHT - LABELS_END - 3, ENDORSEMENTS) or (7.5, [sheet.endorsement])
    page.lines(LABELS_END + 1.5, OPINION_TOP + 4.4, endorsement, size, step=4.2)
    page.text(97, 262.4, "签字：", 9)
    page.rule(107, 263.4, 139, 263.4, width=0.4)
    _date(page, 161.8, 262.4)


def _channel(page: Sheet) -> None:
    _label(page, LEFT, LABELS_END, CHANNEL_TOP, BOTTOM, ("推荐渠道",))
    page.text(LABELS_END + 1.5, 272.0, "1. 工作单位／就读学校盖章", 9)
    page.text(LABELS_END + 1.5, 276.3, "2. 委员签字", 9)
    page.text(LABELS_END + 0.7, 280.2, "（以上两项推荐渠道至少一项必填）", 7.5)
    page.text(105.2, 276.6, "申请人签字：", 9)
    page.rule(124.2, 277.6, 145.2, 277.6, width=0.4)
    _date(page, 159.0, 276.6)


def _date(page: Sheet, x: float, y: float) -> None:
    """Set 年 月 日 with room for writing before each."""
    for shift, word in ((0.0, "年"), (13.5, "月"), (27.0, "日")):
        page.text(x + shift, y, word, 9)


def _label(page: Sheet, left: float, right: float, top: float, bottom: float, words: tuple[str, ...], *, spacing: float = 0.0) -> None:
    """Centre the lines of a label in its cell."""
    y = (top + bottom) / 2 - (len(words) - 1) * LABEL_STEP / 2 + 1.1
    for i, word in enumerate(words):
        page.text((left + right) / 2, y + i * LABEL_STEP, word, 9, align="centre", spacing=spacing)


def _value(page: Sheet, left: float, right: float, top: float, bottom: float, text: str) -> None:
    """Set a value in the middle of its cell's height, smaller when it must."""
    room = right - left - 3
    size, broken = lines.fitting(text, room, VALUES) or (VALUES[-1][0], lines.filled(text, VALUES[-1][0], room))
    step = min(size * 1.25 * POINT, (bottom - top - 0.6) / len(broken))
    y = (top + bottom) / 2 - (len(broken) - 1) * step / 2 + size * POINT * 0.37
    page.lines(left + 1.5, y, broken, size, step=step)
