"""
What was seen on a signed form, in sentences: for the applicant before it is handed in, and the same for the reviewer (APP-11, REV-2, E-7).

Hints for people, never verdicts. They are told from the findings that the reading of scans leaves with a form: a finding that was not made
says nothing. ``docs/decisions/0006-scans.md`` says how often they are right.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# Of 100, as the reading of a scan measures it; below, small print may not be legible.
SHARP_ENOUGH = 43
# Below, small print may not be legible either: pixels an inch of paper where the form's own size is seen, else pixels of a page.
FEWEST_DPI = 130
FEWEST_PIXELS = (1_200, 1_600)


class FormCode(StrEnum):
    """What the code on a signed form says: this form, an older version of it, another person's form; or nothing that could be read."""

    OURS = "ours"
    OLDER = "older"
    OTHER = "other"
    UNREAD = "unread"


class Subject(StrEnum):
    """What the check of a signed form asks, in the order it is told."""

    SEAL = "印章"
    SHARPNESS = "清晰"
    NUMBER = "申请编号"


@dataclass(frozen=True)
class Place:
    """A part of a picture, in its pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Seen:
    """
    Where on a page something was seen: the page's number, its picture (the id of an attachment) with its size in pixels, the place on it.

    ``is_missing``: it should be there, and is not.
    """

    page: int
    picture: int
    width: int
    height: int
    place: Place
    is_missing: bool = False

    @property
    def view(self) -> Place:
        """The place with as much around it as helps to recognise it."""
        margin = max(self.place.width, self.place.height, self.width // 8) // 3
        left, top = max(self.place.left - margin, 0), max(self.place.top - margin, 0)
        right = min(self.place.left + self.place.width + margin, self.width)
        bottom = min(self.place.top + self.place.height + margin, self.height)
        return Place(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class Hint:
    """
    A finding in a few words, what else helps to judge it, and whether it asks for a second look.

    Of a signed form it also says what the check asked, what the applicant can do about it, and where it was seen.
    """

    text: str
    note: str = ""
    is_warning: bool = False
    subject: Subject | None = None
    advice: str = ""
    seen: Seen | None = None


Findings = Mapping[str, Any]


def on_scan(findings: Findings, pictures: Sequence[int] = (), *, is_stamp_expected: bool = True) -> tuple[Hint, ...]:
    """
    Return what was found on a signed form, in the order of :class:`Subject`.

    ``pictures``: ids of the pages' attachments, in order; without them nothing is shown, only said. A form that rests on signatures alone
    needs no seal (E-1).
    """
    facts = findings.get("pages", ())
    pages = [_Page(number, picture, seen) for number, (picture, seen) in enumerate(zip(pictures, facts, strict=False), start=1)]
    found: list[Hint] = []
    if "seal" in findings:
        found.append(_of_the_seal(findings, pages, is_stamp_expected))
    if findings.get("sharpness") is not None:
        found += _of_the_sharpness(float(findings["sharpness"]), pages)
    if "code" in findings or "qr_matches" in findings:
        found.append(_of_the_code(findings, pages))
    return tuple(found)


def checked(hints: Sequence[Hint]) -> tuple[tuple[Subject, bool], ...]:
    """Return what was checked, each with whether it is fine."""
    asked = [subject for subject in Subject if any(hint.subject is subject for hint in hints)]
    return tuple((subject, not any(hint.is_warning for hint in hints if hint.subject is subject)) for subject in asked)


@dataclass(frozen=True)
class _Page:
    """A page with the facts seen on it, as ``documents.scan_files`` lists them."""

    number: int
    picture: int
    facts: Findings

    def seen(self, place: Sequence[int], *, is_missing: bool = False) -> Seen:
        return Seen(self.number, self.picture, self.facts["width"], self.facts["height"], Place(*place), is_missing)

    def part(self, left: float, top: float, right: float, bottom: float) -> list[int]:
        """Return a part of the page, given as shares of an upright page, in pixels."""
        width, height = self.facts["width"], self.facts["height"]
        return [round(left * width), round(top * height), round((right - left) * width), round((bottom - top) * height)]


def _form_page(pages: Sequence[_Page]) -> _Page | None:
    """The page with our code; where none was read, the first."""
    return next((page for page in pages if page.facts["codes"]), pages[0] if pages else None)


# --- The seal ----------------------------------------------------------------------------------------


def _of_the_seal(findings: Findings, pages: Sequence[_Page], is_expected: bool) -> Hint:
    if findings["seal"]:
        stamped = next((page for page in pages if page.facts["seal"]), None)
        return Hint("盖章文件上有红色印章", subject=Subject.SEAL, seen=stamped.seen(stamped.facts["seal"]) if stamped else None)
    if not is_expected:
        return Hint("没有找到红色印章", "推荐渠道没有勾选盖章", subject=Subject.SEAL)
    if findings.get("grey"):
        return Hint(
            "黑白扫描看不到红色印章，请彩色扫描",
            "看不出章是不是红色的，请核对",
            is_warning=True,
            subject=Subject.SEAL,
            advice="盖了章的，请用彩色模式重新扫描，或用手机拍照；还没有盖的，请先盖章。只有委员签字的，不用盖章",
            seen=_where_the_seal_belongs(pages),
        )
    return Hint(
        "没有找到红色印章",
        "可能是电子章、别的颜色的章，或只有签字，请看原图",
        is_warning=True,
        subject=Subject.SEAL,
        advice="请确认已盖单位的红色实物章，而且整个章都拍进来了。只有委员签字的，不用盖章",
        seen=_where_the_seal_belongs(pages),
    )


def _where_the_seal_belongs(pages: Sequence[_Page]) -> Seen | None:
    page = _form_page(pages)
    if page is None:
        return None
    width, height = page.facts["width"], page.facts["height"]
    left, top, across, down = page.facts["stamp_place"] or page.part(0.15, 0.62, 0.93, 0.79)
    # Carried on from the code at the other end of the page, it may reach beyond the picture.
    right, bottom = min(left + across, width), min(top + down, height)
    left, top = max(left, 0), max(top, 0)
    return page.seen([left, top, right - left, bottom - top], is_missing=True) if left < right and top < bottom else None


# --- Whether it can be read ----------------------------------------------------------------------------


def _of_the_sharpness(sharpness: float, pages: Sequence[_Page]) -> Iterator[Hint]:
    blurred = [page for page in pages if page.facts["sharpness"] is not None and page.facts["sharpness"] < SHARP_ENOUGH]
    small = [page for page in pages if _is_small(page.facts)]
    figure = f"清晰度 {sharpness:.0f} / 100"
    if sharpness < SHARP_ENOUGH:
        worst = min(blurred, key=lambda page: page.facts["sharpness"], default=None)
        yield Hint(
            "扫描件可能不清晰",
            f"{_which(blurred, pages)}{figure}，请放大查看签字和印章",
            is_warning=True,
            subject=Subject.SHARPNESS,
            advice=f"{_which(blurred, pages)}请对焦后重拍，手不要抖；或用 300 dpi 扫描",
            seen=worst.seen(worst.facts["tile"]) if worst else None,
        )
    if small:
        page = small[0]
        size = f"{page.facts['width']} × {page.facts['height']} 像素"
        dpi = f"，约 {page.facts['dpi']} dpi" if page.facts["dpi"] else ""
        yield Hint(
            "图片太小，可能看不清",
            f"{_which(small, pages)}{size}{dpi}",
            is_warning=True,
            subject=Subject.SHARPNESS,
            advice=f"{_which(small, pages)}请靠近些重拍，让表格占满画面，上传原图；或用 300 dpi 扫描",
            seen=page.seen(page.part(0, 0, 1, 1)),
        )
    if sharpness >= SHARP_ENOUGH and not small:
        yield Hint("扫描件清晰", figure, subject=Subject.SHARPNESS)


def _is_small(facts: Findings) -> bool:
    if facts["dpi"]:
        return bool(facts["dpi"] < FEWEST_DPI)
    short, long = sorted((facts["width"], facts["height"]))
    return bool(short < FEWEST_PIXELS[0] or long < FEWEST_PIXELS[1])


def _which(some: Sequence[_Page], pages: Sequence[_Page]) -> str:
    """Name the pages where there are several: 「第 1、3 页：」."""
    return f"第 {'、'.join(str(page.number) for page in some)} 页：" if len(pages) > 1 and some else ""


# --- Whose form it is ------------------------------------------------------------------------------------


def _of_the_code(findings: Findings, pages: Sequence[_Page]) -> Hint:
    if "code" not in findings:
        return _of_the_match(findings["qr_matches"])
    state, named, expected = FormCode(findings["code"]), findings["named"], findings["expected"]
    if state is FormCode.UNREAD:
        page = _form_page(pages)
        return Hint(
            "没有读到表上的二维码",
            "请核对表上的申请编号",
            is_warning=True,
            subject=Subject.NUMBER,
            advice="请确认上传的是本系统打印的申请表，右上角的二维码拍全了、清晰、不反光",
            seen=page.seen(page.part(0.6, 0, 1, 0.25), is_missing=True) if page else None,
        )
    seen = next((page.seen(code["place"]) for page in pages for code in page.facts["codes"] if code["named"] == named), None)
    if state is FormCode.OURS:
        return Hint("二维码与本申请相符", "申请编号和版本一致", subject=Subject.NUMBER, seen=seen)
    if state is FormCode.OLDER:
        return Hint(
            "这是旧版申请表",
            f"表上是资料第 {named[1]} 版，现在是第 {expected[1]} 版",
            is_warning=True,
            subject=Subject.NUMBER,
            advice="旧版已作废。请下载最新的申请表格，重新签字盖章后上传",
            seen=seen,
        )
    return Hint(
        "这张表属于另一份申请",
        f"表上的申请编号是 {named[0]}，本申请是 {expected[0]}",
        is_warning=True,
        subject=Subject.NUMBER,
        advice="请核对是不是选错了文件，换成本申请的申请表",
        seen=seen,
    )


def _of_the_match(matches: bool | None) -> Hint:
    """Of forms that came before it was kept whose form it is: known is only whether it is the one that was expected."""
    if matches:
        return Hint("二维码与本申请相符", "申请编号和版本一致", subject=Subject.NUMBER)
    if matches is None:
        return Hint("没有读到表上的二维码", "请核对表上的申请编号", is_warning=True, subject=Subject.NUMBER)
    return Hint("二维码不是这一版申请表", "可能是旧版，或属于另一份申请", is_warning=True, subject=Subject.NUMBER)
