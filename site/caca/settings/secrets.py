"""Random keys for a development machine, written once into the git-ignored ``.env``."""

import base64
import os
from pathlib import Path

ENV_FILE = Path(__file__).resolve().parents[3] / ".env"


def random_key() -> str:
    """Return 32 random bytes as URL-safe base64, the form that Fernet and our Ed25519 seeds take."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def write_once() -> None:
    """Write ``SECRET_KEY``, ``FIELD_KEYS`` and ``CERTIFICATE_KEYS`` unless the file is there; never overwrite: data hang on them."""
    try:
        with ENV_FILE.open("x") as file:
            file.write(f"SECRET_KEY={random_key()}\nFIELD_KEYS={random_key()}\nCERTIFICATE_KEYS=D:{random_key()}\n")
        ENV_FILE.chmod(0o600)
    except FileExistsError:
        return
