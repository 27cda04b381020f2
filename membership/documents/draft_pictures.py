"""
The pictures of the form 医护会员注册 as the files that ``domain.enrolment`` takes: as they came, turned, cut (APP-7).

The photo is always stored as the certificate prints it, beside the whole one, from which it can be cut anew.
"""

from membership.documents import pictures
from membership.documents.pictures import Box, CleanPicture
from membership.documents.scan_files import stored_picture
from membership.domain.attachments import NewFile
from membership.enums import AttachmentKind
from membership.models import Attachment

# Millimetres for which 300 dpi are asked: the photo as the certificate prints it, papers at the size of a passport.
PRINTED = {AttachmentKind.PORTRAIT: (30.0, 42.0)}
PAPER = (88.0, 125.0)
CONTENT_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


def new_picture(kind: AttachmentKind, picture: CleanPicture, name: str) -> NewFile:
    """Return a picture ready to be stored; the photo cut to the certificate's 5 : 7 in its centre."""
    whole = NewFile(kind, picture.content, CONTENT_TYPES[picture.format], name, picture.width, picture.height)
    if kind != AttachmentKind.PORTRAIT or pictures.is_portrait(picture):
        return whole
    return _cut(picture, pictures.portrait_in_the_centre(picture), whole)


def turned(stored: Attachment) -> NewFile:
    """Return a stored picture turned by a quarter clockwise; the photo is cut anew from the whole one."""
    whole = stored.cut_from or stored
    return new_picture(AttachmentKind(stored.kind), pictures.turned(stored_picture(whole), 90), stored.original_name)


def cut(portrait: Attachment, *, left: int, top: int, width: int) -> NewFile:
    """Return the photo cut anew from the whole one; corner and width are pixels of that."""
    whole = portrait.cut_from or portrait
    return _cut(stored_picture(whole), pictures.portrait_at(whole, left=left, top=top, width=width), whole)


def box_of(portrait: Attachment) -> Box:
    """Return the part of the whole photo that is stored."""
    return Box(*portrait.cut_box) if portrait.cut_box else pictures.portrait_in_the_centre(portrait)


def least_pixels(kind: AttachmentKind) -> tuple[int, int]:
    """Return how many pixels the shorter and the longer side of such a picture should have."""
    width_mm, height_mm = PRINTED.get(kind, PAPER)
    return pictures.least_pixels(width_mm=width_mm, height_mm=height_mm)


def warning_of(picture: NewFile | Attachment) -> str:
    """Return a word about a picture that is too small to print well, or ""."""
    width_mm, height_mm = PRINTED.get(AttachmentKind(picture.kind), PAPER)
    whole, box = picture.cut_from, picture.cut_box
    if whole is None or box is None:
        return pictures.too_few_pixels(picture, width_mm=width_mm, height_mm=height_mm)
    part = Box(*box)
    is_part = (part.width, part.height) != (whole.width, whole.height)
    return pictures.too_few_pixels(part, width_mm=width_mm, height_mm=height_mm, is_part=is_part)


def _cut(picture: CleanPicture, box: Box, whole: NewFile | Attachment) -> NewFile:
    part = pictures.cut_portrait(picture, box)
    return NewFile(
        AttachmentKind.PORTRAIT,
        part.content,
        "image/jpeg",
        whole.original_name,
        part.width,
        part.height,
        cut_from=whole,
        cut_box=(box.left, box.top, box.width, box.height),
    )
