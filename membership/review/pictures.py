"""The papers beside the data: pictures a reviewer looks at, each through the view that asks who looks (REV-2, OPS-2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from membership.domain import visibility
from membership.domain.visibility import Reader
from membership.domain.wording import day
from membership.enums import AttachmentKind
from membership.models import Attachment, Dossier, StampedForm
from membership.periods import shanghai_date


@dataclass(frozen=True)
class Picture:
    """
    A page to look at, by the id of its attachment; width and height are pixels. ``original_url``: the file as it was sent, where that is
    another.
    """

    key: str
    label: str
    url: str
    attachment: int
    width: int | None = None
    height: int | None = None
    original_url: str = ""


PAPERS = (
    AttachmentKind.QUALIFICATION,
    AttachmentKind.QUALIFICATION_CHANGES,
    AttachmentKind.STUDENT_CARD,
    AttachmentKind.PORTRAIT,
)


def pictures_of(
    reader: Reader, dossier: Dossier, forms: Sequence[StampedForm] = (), supplements: Sequence[Attachment] = ()
) -> tuple[Picture, ...]:
    """
    Return what this reader may look at, the signed form first; ``forms`` in the order of their upload, the one in force last.
    """
    found: list[Picture] = []
    if visibility.sees(reader, AttachmentKind.STAMPED_PAGE):
        found += [picture for form in reversed(forms) for picture in _pages(form, list(forms).index(form) + 1)]
    for kind in PAPERS:
        attachment = getattr(dossier, kind.value)
        if attachment is not None and visibility.sees(reader, kind):
            found.append(_picture(kind.value, kind.label, attachment))
    if visibility.sees(reader, AttachmentKind.SUPPLEMENT):
        found += [_picture(f"supplement-{one.pk}", f"补充材料 {number}", one) for number, one in enumerate(supplements, start=1)]
    # The form in force stands first, its forerunners last.
    return tuple(sorted(found, key=lambda picture: picture.key.startswith("earlier-")))


def portrait_url(dossier: Dossier) -> str:
    """Return the address of the ID photo, or nothing."""
    return reverse("private_file", args=[dossier.portrait_id]) if dossier.portrait_id else ""


def _pages(form: StampedForm, number: int) -> Iterator[Picture]:
    pages = list(form.pages.all())
    in_force = form.superseded_at is None
    name = "盖章申请表" if in_force else f"第 {number} 份（{day(shanghai_date(form.uploaded_at))}）"
    for page in pages:
        label = f"{name} {page.number}" if len(pages) > 1 else name
        key = f"{'form' if in_force else 'earlier'}-{form.pk}-{page.number}"
        original = "" if page.attachment_id == form.original_id else reverse("private_file", args=[form.original_id])
        yield _picture(key, label, page.attachment, original)


def _picture(key: str, label: str, attachment: Attachment, original: str = "") -> Picture:
    return Picture(key, label, reverse("private_file", args=[attachment.pk]), attachment.pk, attachment.width, attachment.height, original)
