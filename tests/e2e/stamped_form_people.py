"""
Applicants whose signed form is awaited, put into a site's database by the society's own verbs; and what they photograph.

A process of its own: ``python -m tests.e2e.stamped_form_people FOLDER``, with the site's environment. Prints a line «name phone
application» for each applicant, and leaves their files in the folder.
"""

import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from django.utils import timezone
from PIL import Image, ImageFilter

from membership.documents import form, form_sheet, pdf_pictures
from membership.management.demo import papers
from membership.models import Application
from tests.e2e import member_states

# One for each size of window and each way to go, so that no test meets what another left behind.
APPLICANTS = ("script-phone", "script-desktop", "plain-phone", "plain-desktop", "network", "large", "twice", "wechat", "review")
REVIEWED = "令狐望舒"
DPI = 150
RING = (164.0, 209.0)  # mm, where the form asks for the seal


def printed(application: Application, *, with_seal: bool = True) -> Image.Image:
    """Return the application's form as it comes back, upright and sharp."""
    page = pdf_pictures.picture_of(form.render(form_sheet.sheet_of(application)), dpi=DPI)
    if with_seal:
        mark = papers.seal("天津医科大学肿瘤医院", diameter=round(42 / 25.4 * DPI))
        x, y = (round(length / 25.4 * DPI) for length in RING)
        page.paste(mark, (x - mark.width // 2, y - mark.height // 2), mark)
    return page


def as_jpeg(page: Image.Image) -> bytes:
    file = BytesIO()
    page.save(file, "JPEG", quality=82)
    return file.getvalue()


def leave_files(folder: Path, name: str, application: Application) -> None:
    """Leave what this applicant may send: the good page lying on its side, doubtful ones, and a second page."""
    good = printed(application)
    blurred = printed(application, with_seal=False).filter(ImageFilter.GaussianBlur(3))
    for kind, page in {
        "good": good.transpose(Image.Transpose.ROTATE_270),
        "grey": good.convert("L"),
        "doubtful": blurred,
        "second": papers._page("情况说明", "示例，仅供演示"),
    }.items():
        (folder / f"{name}-{kind}.jpg").write_bytes(as_jpeg(page))


def make(folder: Path) -> None:
    now = timezone.now()
    for tail, name in enumerate(APPLICANTS, start=300):
        user = member_states.account(tail)
        application = member_states.submitted(user, REVIEWED if name == "review" else "司马清和", at=now - timedelta(days=2))
        leave_files(folder, name, application)
        sys.stdout.write(f"{name} {str(user.phone).removeprefix('+86')} {application.pk}\n")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
