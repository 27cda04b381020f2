"""How a picture of the form 医护会员注册 is shown in its tile: small, with what can be done with it (APP-7)."""

from collections.abc import Mapping
from functools import lru_cache

from django.templatetags.static import static
from django.urls import reverse

from membership.documents import draft_pictures
from membership.enums import AttachmentKind
from membership.models import Attachment

# Pixels of the longer side: in the tile, and where the photo is cut.
SMALL_SIDE, CUTTING_SIDE = 560, 1600
SIDES = (SMALL_SIDE, CUTTING_SIDE)


def current_of(attachment: Attachment | None) -> Mapping[str, str] | None:
    """
    Return what components/upload_tile.html is told of a stored picture; what there is nothing to say about is left out.

    ``picture`` is its id; ``original`` the address of the whole photo, ``crop`` the whole's width and height and left, top, width and
    height of what is stored of it, all in pixels.
    """
    if attachment is None:
        return None
    told = {
        "url": _small_url(attachment, SMALL_SIDE),
        "href": reverse("private_file", args=[attachment.pk]),
        "name": attachment.original_name,
        "note": f"{attachment.width} × {attachment.height} 像素",
        "warning": draft_pictures.warning_of(attachment),
        "picture": str(attachment.pk),
    }
    if attachment.kind == AttachmentKind.PORTRAIT:
        whole, box = attachment.cut_from or attachment, draft_pictures.box_of(attachment)
        told["note"] = f"已按证书尺寸裁剪，{told['note']}"
        told["original"] = _small_url(whole, CUTTING_SIDE)
        told["crop"] = " ".join(str(one) for one in (whole.width, whole.height, box.left, box.top, box.width, box.height))
    return {key: text for key, text in told.items() if text}


@lru_cache
def sample_url_of(sample: str) -> str:
    """Return where the picture of a sample (参考示例) is."""
    return static(f"images/samples/{sample}.svg")


def _small_url(attachment: Attachment, side: int) -> str:
    return reverse("member_apply_picture_small", args=[attachment.pk, side])
