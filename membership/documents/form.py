"""
The application form to be signed and stamped: one A4 page in black, always (APP-10, E-4, P-4, P-5).

The table of data is HTML laid out by xhtml2pdf (``form_table``); head, photograph and everything people write, sign and stamp
upon stand at fixed places (``form_blanks``), since the check of uploaded scans looks for them there.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

from django.template.loader import render_to_string

from membership.documents import form_blanks, form_table, glyphs, html_page, qr

AUTHOR = "中国抗癌协会"
TITLE = "中国抗癌协会会员入会申请表"
# A little higher than the table: computed and rendered heights meet within half a millimetre.
TABLE = html_page.Area(left=15, top=form_blanks.TABLE_TOP, width=180, height=form_table.HEIGHT + 1.5)


@dataclass(frozen=True)
class FormSheet:
    """
    What the form shows, as text already made for reading (labels, dates); an empty field prints empty, for handwriting.

    :param number: of the application, grouped for reading aloud.
    :param nationality: set for holders of a passport or 外国人永久居留身份证: it takes the place of 民族 (P-3).
    :param name_local: 中文名, printed below the name (P-4).
    :param endorsement: a sentence such as 「周砚秋 已于 2026-03-02 在线同意推荐」, or "".
    :param is_student: 就读学校 stands for 工作单位; what students are not asked for is struck out (P-5).
    :param portrait: JPEG, 5 : 7; None leaves a frame to glue one in.
    :param qr_text: names the application and the dossier's version (E-4).
    """

    number: str
    dossier_version: int
    name: str
    name_local: str
    sex: str
    born_on: str
    party: str
    education: str
    nation: str
    origin: str
    title: str
    phone: str
    document_kind: str
    document_number: str
    mail: str
    work_unit: str
    address: str
    unit_phone: str
    department: str
    post: str
    licence_kind: str
    licence: str
    speciality: str
    institutions: tuple[str, ...]
    societies: tuple[str, ...]
    referrer: str
    referrer_committee: str
    referrer_seat: str
    endorsement: str
    is_student: bool
    portrait: bytes | None
    qr_text: str
    nationality: str = ""
    kind_title: str = TITLE


def render(sheet: FormSheet) -> bytes:
    """
    Return the form as PDF; the same sheet gives the same bytes.

    :raises MissingGlyph: a character cannot be printed; nothing is made.
    :raises NotOnePage: what may not be shortened takes more than the page has.
    :raises TooMuchForQr: ``qr_text`` is too long to scan well.
    """
    sheet = _printable(sheet)
    table = form_table.laid_out(sheet)
    return html_page.one_page(
        render_to_string("documents/form.html", table.context()),
        title=f"{sheet.kind_title} {sheet.number} {sheet.name}",
        author=AUTHOR,
        area=TABLE,
        before=lambda page: form_blanks.head(page, sheet),
        after=lambda page: form_blanks.foot(page, sheet, middle_of_photo=table.middle_of_photo),
    )


def check(sheet: FormSheet) -> None:
    """Raise what ``render`` would raise, at a tenth of its price: for telling people before they submit what cannot be printed."""
    form_table.laid_out(_printable(sheet))
    qr.matrix(sheet.qr_text)


def _printable(sheet: FormSheet) -> FormSheet:
    """Return the sheet with every text on one line, having made sure that each character has a glyph."""
    cleaned = replace(sheet, **{field.name: _on_one_line(getattr(sheet, field.name)) for field in fields(sheet)})
    texts = [value for field in fields(cleaned) if isinstance(value := getattr(cleaned, field.name), str)]
    glyphs.require(*texts, *cleaned.institutions, *cleaned.societies)
    return cleaned


def _on_one_line(value: Any) -> Any:
    if isinstance(value, str):
        return glyphs.on_one_line(value)
    if isinstance(value, tuple):
        return tuple(text for item in value if (text := glyphs.on_one_line(item)))
    return value
