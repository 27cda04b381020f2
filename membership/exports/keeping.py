"""The files of exports in the private storage: encrypted as the columns are (OPS-3), written and read piece by piece."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from django.core.files import File
from django.db import transaction

from membership import encryption
from membership.enums import AttachmentKind
from membership.models import Attachment, User

_SEALED = "application/octet-stream"  # of what is stored; what it is once it is read, its run knows
_PIECE = 256 * 1024  # bytes of the file in one line of what is stored


@contextmanager
def kept(path: Path, *, name: str, by: User, at: datetime) -> Iterator[Attachment]:
    """
    Store a file encrypted under the newest key, for as long as the block succeeds; ``size`` and ``sha256`` are of the file as it was.
    """
    attachment = Attachment(
        kind=AttachmentKind.EXPORT,
        content_type=_SEALED,
        original_name=name[-255:],
        size=path.stat().st_size,
        uploaded_by=by,
        created_at=at,
    )
    with NamedTemporaryFile() as sealed:
        attachment.sha256 = _seal(path, sealed)
        attachment.file.save("export", File(sealed), save=False)
    try:
        with transaction.atomic():
            attachment.save()
            yield attachment
    except BaseException:
        attachment.file.storage.delete(attachment.file.name or "")
        raise


def pieces_of(attachment: Attachment) -> Iterator[bytes]:
    """
    Return the bytes of a kept file, piece by piece.

    :raises UnknownKey: its key is no longer listed.
    """
    with attachment.file.open("rb") as sealed:
        for line in sealed:
            yield base64.b64decode(encryption.decrypt(line.rstrip(b"\n").decode("ascii")))


def _seal(path: Path, sealed: IO[bytes]) -> str:
    """Write a file encrypted, a line for each piece, and return its SHA-256 as it was."""
    digest = hashlib.sha256()
    with path.open("rb") as plain:
        while piece := plain.read(_PIECE):
            digest.update(piece)
            sealed.write(encryption.encrypt(base64.b64encode(piece).decode("ascii")).encode("ascii") + b"\n")
    sealed.seek(0)
    return digest.hexdigest()
