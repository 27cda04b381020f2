"""
The membership certificate, drawn directly: A4 upright, one page always (CERT-1, CERT-3, CERT-5, N-13).

Spare height is shared out between the blocks; when there is too little, first the gaps give way, then the pitch of the list, then
the sizes. Nothing is cut: what still does not fit is refused, and a person looks at it.
"""

from dataclasses import dataclass, fields, replace
from io import BytesIO
from typing import Any

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from membership.documents import glyphs, lines, ornaments, qr
from membership.documents.fonts import BOLD
from membership.documents.ornaments import GREY, INK, RULE, TEXT
from membership.documents.pdf_pictures import picture_of
from membership.documents.sheet import A4, Sheet

LEFT, RIGHT, AXIS = 33.0, 177.0, 105.0
PHOTO = (30.0, 42.0)
BESIDE_PHOTO = LEFT + PHOTO[0] + 8
VALUES = LEFT + 38
QR_SIDE = 30.0
QR_TOP = 241.0
SEAL = 42.0
TITLE_END = 99.5
FOOT = 233.5  # the upper edge of the seal: the list may come down to here
HEADING = 5.4  # height of the list's heading with its rule
BETWEEN = (6.0, 3.5)  # least white below the photograph and below the details
WIDEST_GAP = 10.5
UNDER_DETAIL = 2.2
LIST_SIZES = ((10.5, 1), (9.5, 1), (8.5, 1), (8, 1))
NAMES = ((30, 1), (26, 1), (22, 1), (22, 2), (18.5, 2), (13, 3))
NAMES_OVER_LOCAL = ((24, 1), (20, 1), (17, 1), (14, 2), (11, 3))
# Baseline of a name's first line below the photograph's upper edge, for one, two and three lines; and of the Chinese name.
FIRST_LINES = (18.0, 12.6, 11.2)
FIRST_LINES_OVER_LOCAL = (14.2, 10.4, 9.4)
LOCAL_LINES = (22.2, 22.4, 23.6)
ENGLISH = {
    "中国抗癌协会": "China Anti-Cancer Association",
    "专业会员": "Professional Member",
    "普通会员": "Ordinary Member",
    "学生会员": "Student Member",
}
STUDENT = "学生会员"
MARK = "预览"
VEIL = Color(0.37, 0.35, 0.32, alpha=0.17)
PREVIEW_DPI = 144
POINT = 25.4 / 72  # mm


@dataclass(frozen=True)
class Plan:
    """One step of giving way: the list's pitch and the details' leading in mm, the details' (size, most lines)."""

    pitch: float
    leading: float
    sizes: tuple[tuple[float, int], ...]


PLANS = (
    Plan(8.0, 5.0, ((11, 2), (10, 2))),
    Plan(6.4, 5.0, ((11, 2), (10, 2), (9.5, 2))),
    Plan(6.0, 4.4, ((10, 2), (9, 2), (8.5, 2))),
    Plan(5.6, 3.9, ((9, 2), (8.5, 2), (8.5, 3))),
    Plan(5.6, 3.5, ((8, 2), (8, 4), (8, 8))),
)


class FaceTooLong(ValueError):
    """The face does not hold the texts at readable sizes; somebody has to shorten one with the member."""

    def __init__(self) -> None:
        super().__init__("证书内容过长，一页放不下，请人工处理")


@dataclass(frozen=True)
class CertificateFace:
    """
    What one edition shows, as text already made for reading (dates, labels).

    :param affiliations: (institution, from, to), each with its own dates.
    :param portrait: JPEG, 5 : 7, at 300 dpi 354 × 496 pixels.
    :param link: what the QR code says, in upper case (N-3).
    :param seal: PNG with transparency from the society's settings, 42 mm; None leaves its place empty.
    """

    number: str
    edition: int
    name: str
    name_local: str
    sex: str
    born_on: str
    member_type_label: str
    speciality: str
    title: str
    work_unit: str
    portrait: bytes | None
    affiliations: tuple[tuple[str, str, str], ...]
    issuer: str
    issued_on: str
    link: str
    seal: bytes | None = None


@dataclass(frozen=True)
class Detail:
    label: str
    english: str
    size: float
    lines: list[str]
    face: str


@dataclass(frozen=True)
class Layout:
    plan: Plan
    details: list[Detail]
    list_sizes: list[float]
    gap: float


def render(face: CertificateFace) -> bytes:
    """
    Return the certificate as PDF; the same face gives the same bytes.

    :raises MissingGlyph: a character cannot be printed; nothing is made.
    :raises FaceTooLong: the texts do not fit on the page.
    :raises TooMuchForQr: the link is too long to scan well.
    """
    return _pdf(face, is_preview=False)


def render_preview(face: CertificateFace) -> bytes:
    """
    Return a marked picture (PNG, 144 dpi) of the certificate, without QR code and seal (N-10).

    :raises MissingGlyph, FaceTooLong: as ``render``.
    """
    out = BytesIO()
    picture_of(_pdf(replace(face, seal=None), is_preview=True), dpi=PREVIEW_DPI).save(out, "PNG")
    return out.getvalue()


def check(face: CertificateFace) -> None:
    """Raise what ``render`` would raise, without drawing: for telling a member before they ask for the document."""
    _layout(_printable(face))
    qr.matrix(face.link)


def _pdf(face: CertificateFace, *, is_preview: bool) -> bytes:
    face = _printable(face)
    layout = _layout(face)
    out = BytesIO()
    canvas = Canvas(out, pagesize=(A4[0] * mm, A4[1] * mm), pageCompression=1, lang="zh-CN")
    canvas.setTitle(f"会员证书 {face.number} {face.name}")
    canvas.setAuthor(face.issuer)
    sheet = Sheet(canvas)
    ornaments.frame(canvas, width=A4[0] * mm, height=A4[1] * mm)
    _head(sheet, face)
    _body(sheet, face, layout)
    _foot(sheet, face, is_preview)
    if is_preview:
        _mark(sheet)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _printable(face: CertificateFace) -> CertificateFace:
    """Return the face with every text on one line, having made sure that each character has a glyph."""
    texts: dict[str, Any] = {
        field.name: glyphs.on_one_line(value) for field in fields(face) if isinstance(value := getattr(face, field.name), str)
    }
    rows = tuple(
        (glyphs.on_one_line(name), glyphs.on_one_line(since), glyphs.on_one_line(until)) for name, since, until in face.affiliations
    )
    glyphs.require(*texts.values(), *(text for row in rows for text in row))
    return replace(face, **texts, affiliations=rows)


def _layout(face: CertificateFace) -> Layout:
    """Return the first plan that fits, with its texts broken into lines and the gap between the blocks in mm."""
    sizes = [_list_size(name) for name, _, _ in face.affiliations]
    for plan in PLANS:
        details = _details(face, plan)
        if details is None:
            continue
        taken = sum(_height(detail, plan) for detail in details) + HEADING + plan.pitch * len(sizes)
        spare = FOOT - TITLE_END - PHOTO[1] - sum(BETWEEN) - taken
        if spare >= 0:
            return Layout(plan, details, sizes, min(spare / 4, WIDEST_GAP))
    raise FaceTooLong()


def _list_size(institution: str) -> float:
    fitting = lines.fitting(institution, 98, LIST_SIZES)
    if fitting is None:
        raise FaceTooLong()
    return fitting[0]


def _details(face: CertificateFace, plan: Plan) -> list[Detail] | None:
    """Return the rows that have a value; None when one is too long for this plan."""
    unit = ("就读学校", "School") if face.member_type_label == STUDENT else ("工作单位", "Institution")
    texts = (("专业", "Speciality", face.speciality), ("职称", "Title", face.title), (*unit, face.work_unit))
    details = []
    for label, english, value in texts:
        if not value:
            continue
        typeface = glyphs.mould(value)
        fitting = lines.fitting(value, RIGHT - VALUES, plan.sizes, typeface, softly=True)
        if fitting is None:
            return None
        details.append(Detail(label, english, *fitting, typeface))
    return details


def _height(detail: Detail, plan: Plan) -> float:
    return plan.leading * len(detail.lines) + UNDER_DETAIL


def _head(sheet: Sheet, face: CertificateFace) -> None:
    ornaments.emblem(sheet.canvas, cx=AXIS * mm, cy=(A4[1] - 37.5) * mm, radius=10 * mm)
    sheet.text(AXIS, 57.5, face.issuer, 17, face=BOLD, align="centre", colour=INK, spacing=0.22)
    sheet.text(AXIS, 63.6, ENGLISH.get(face.issuer, ""), 9.5, align="centre", colour=INK, spacing=0.03)
    sheet.text(AXIS, 84, "会员证书", 40, face=BOLD, align="centre", colour=INK, spacing=0.3)
    sheet.text(AXIS, 92, "Certificate of Membership", 12, align="centre", colour=INK, spacing=0.04)


def _body(sheet: Sheet, face: CertificateFace, layout: Layout) -> None:
    y = TITLE_END + layout.gap
    _photo(sheet, face, y)
    _identity(sheet, face, y)
    y += PHOTO[1] + BETWEEN[0] + layout.gap
    for detail in layout.details:
        _detail(sheet, detail, layout.plan, y)
        y += _height(detail, layout.plan)
    _list(sheet, face, layout, y + BETWEEN[1] + layout.gap)


def _photo(sheet: Sheet, face: CertificateFace, y: float) -> None:
    if face.portrait:
        sheet.picture(LEFT, y, *PHOTO, face.portrait)
    sheet.box(LEFT, y, *PHOTO, line=0.4, colour=INK)


def _identity(sheet: Sheet, face: CertificateFace, y: float) -> None:
    x, member = BESIDE_PHOTO, ENGLISH.get(face.member_type_label, "Member")
    sheet.text(x, y + 4, "兹证明", 12, colour=INK, spacing=0.1)
    sheet.text(x + 18, y + 4, "This is to certify that", 9, colour=GREY)
    _name(sheet, face, y)
    sheet.text(x, y + 29, f"系{face.issuer}{face.member_type_label}", 13, colour=INK, spacing=0.04)
    article = "an" if member[0] in "AEIO" else "a"
    association = ENGLISH.get(face.issuer, face.issuer)
    sheet.text(x, y + 34.4, f"is {article} {member} of the {association}", 9, colour=GREY)
    sheet.text(x, y + 42, f"{face.sex}　{face.born_on} 出生", 11, colour=TEXT)


def _name(sheet: Sheet, face: CertificateFace, y: float) -> None:
    """Set the name as on the document and the Chinese name below it (P-4), in the 18 mm between the two sentences."""
    x, room = BESIDE_PHOTO, RIGHT - BESIDE_PHOTO
    fitting = lines.fitting(face.name, room, NAMES_OVER_LOCAL if face.name_local else NAMES, glyphs.mould(face.name, BOLD))
    if fitting is None:
        raise FaceTooLong()
    size, broken = fitting
    first = (FIRST_LINES_OVER_LOCAL if face.name_local else FIRST_LINES)[len(broken) - 1]
    sheet.name(x, y + first, face.name, broken, size, step=size * POINT * 1.25, colour=INK)
    if face.name_local:
        local = lines.fitting(face.name_local, room, ((13 if len(broken) == 1 else 11, 1), (10, 1), (8, 1)), BOLD)
        if local is None:
            raise FaceTooLong()
        sheet.text(x, y + LOCAL_LINES[len(broken) - 1], face.name_local, local[0], face=BOLD, colour=INK)


def _detail(sheet: Sheet, detail: Detail, plan: Plan, y: float) -> None:
    sheet.text(LEFT, y + 4.2, detail.label, 10, colour=INK)
    sheet.text(LEFT + 17.5, y + 4.2, detail.english, 8, colour=GREY)
    sheet.lines(VALUES, y + 4.2, detail.lines, detail.size, step=plan.leading, face=detail.face, colour=TEXT)


def _list(sheet: Sheet, face: CertificateFace, layout: Layout, y: float) -> None:
    sheet.text(LEFT, y + 3.4, "所属机构", 10, colour=INK)
    sheet.text(LEFT + 17.5, y + 3.4, "Affiliations", 8, colour=GREY)
    sheet.text(RIGHT, y + 3.4, "有效期 Valid", 8, align="right", colour=GREY)
    y += HEADING
    sheet.rule(LEFT, y, RIGHT, y, width=0.6, colour=INK)
    for size, (name, since, until) in zip(layout.list_sizes, face.affiliations, strict=True):
        baseline = y + layout.plan.pitch * 0.5 + 1.45
        sheet.text(LEFT, baseline, name, size, colour=TEXT)
        sheet.figures(RIGHT, baseline, f"{since} 至 {until}", 9.5, colour=TEXT)
        y += layout.plan.pitch
        sheet.rule(LEFT, y, RIGHT, y, width=0.25, colour=RULE)


def _foot(sheet: Sheet, face: CertificateFace, is_preview: bool) -> None:
    x = LEFT + QR_SIDE + 6
    if is_preview:
        sheet.box(LEFT, QR_TOP, QR_SIDE, QR_SIDE, line=0.25, colour=RULE)
        sheet.text(LEFT + QR_SIDE / 2, QR_TOP + QR_SIDE / 2 + 1.2, "预览不含二维码", 8, align="centre", colour=GREY)
    else:
        sheet.qr(LEFT, QR_TOP, QR_SIDE, face.link)
    sheet.text(x, QR_TOP + 3.2, "证书编号", 9, colour=INK)
    sheet.text(x + 15, QR_TOP + 3.2, "Certificate No.", 8, colour=GREY)
    sheet.text(x, QR_TOP + 10, face.number, 14, face=BOLD, colour=INK, spacing=0.05)
    sheet.text(x, QR_TOP + 14.8, f"第 {face.edition} 版", 8, colour=INK)
    sheet.text(x + 15, QR_TOP + 14.8, f"Edition {face.edition}", 8, colour=GREY)
    sheet.text(x, QR_TOP + 22, "扫码核验真伪", 9, colour=INK)
    sheet.text(x, QR_TOP + 26, "有效期以扫码查询为准", 9, colour=INK)
    sheet.text(x, QR_TOP + 30, "Scan to verify; the validity shown there counts", 8, colour=GREY)
    _issuer(sheet, face)


def _issuer(sheet: Sheet, face: CertificateFace) -> None:
    """Set issuer and date in the middle of the circle that the seal will cover."""
    x, y = RIGHT - SEAL / 2, FOOT + SEAL / 2
    sheet.text(x, y - 1.5, face.issuer, 14, face=BOLD, align="centre", colour=INK, spacing=0.08)
    sheet.text(x, y + 5.5, face.issued_on, 10.5, align="centre", colour=INK)
    if face.seal:
        sheet.picture(RIGHT - SEAL, FOOT, SEAL, SEAL, face.seal, see_through=True)


def _mark(sheet: Sheet) -> None:
    """Write 预览 three times across the page, so that no cut-out of the picture passes for a certificate."""
    canvas = sheet.canvas
    for height in (70, 150, 230):
        canvas.saveState()
        canvas.translate(AXIS * mm, (A4[1] - height) * mm)
        canvas.rotate(30)
        Sheet(canvas, height=0).text(0, 12, MARK, 110, face=BOLD, align="centre", colour=VEIL, spacing=0.3)
        canvas.restoreState()
