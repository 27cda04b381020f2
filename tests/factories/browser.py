"""What a browser without JavaScript sends of the application form, and a client that opens every page as such a browser would."""

from datetime import date
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from PIL import Image

from membership.domain import divisions
from membership.models import Division, User
from tests.factories import enrolment as stories
from tests.factories.reference import InstitutionFactory

PICTURES = ("portrait", "qualification", "qualification_changes", "student_card")


def client_of(user: User) -> Client:
    """Return a browser in which the account is logged in."""
    client = Client()
    client.force_login(user, backend="membership.accounts.backend.AccountBackend")
    return client


def form_data(*, institutions=None, **changes) -> dict[str, object]:
    """Return the fields of a complete form, typed as text; give other answers typed or as text."""
    institutions = [InstitutionFactory(committee=True)] if institutions is None else institutions
    return sent({**stories.answers(), "institutions": institutions, **changes})


def sent(answers: dict[str, object]) -> dict[str, object]:
    """Return typed answers as the form's fields send them; a division goes as one field a step, an unchosen thing not at all."""
    data: dict[str, object] = {}
    for name, answer in answers.items():
        if isinstance(answer, Division):
            data |= {f"{name}_{step}": one.code for step, one in enumerate(divisions.path_of(answer))}
        elif isinstance(answer, list):
            data[name] = [_text(one) for one in answer]
        elif name != "work_unit" and answer is not None:
            data[name] = _text(answer)
    return data


def photograph(
    name: str = "寸照.jpg", *, size: tuple[int, int] = (600, 840), format: str = "JPEG", colour=(200, 215, 225)
) -> SimpleUploadedFile:
    """Return a plain picture as an upload."""
    return upload(name, picture_bytes(size=size, format=format, colour=colour))


def picture_bytes(*, size: tuple[int, int] = (600, 840), format: str = "JPEG", colour=(200, 215, 225)) -> bytes:
    content = BytesIO()
    Image.new("RGB", size, colour).save(content, format)
    return content.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def papers() -> dict[str, SimpleUploadedFile]:
    """Return the pictures that a professional sends."""
    return {"portrait": photograph(), "qualification": photograph("资质证书.jpg", size=(1800, 1300))}


def _text(answer: object) -> str:
    if isinstance(answer, Model):
        return str(answer.pk)
    return answer.isoformat() if isinstance(answer, date) else str(answer)
