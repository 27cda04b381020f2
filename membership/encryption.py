"""
Columns nobody can read without the keys, and keyed hashes to find their rows by (OPS-3, D-6 to D-8).

``settings.FIELD_KEYS`` lists the keys, newest first, each the URL-safe base64 of 32 bytes. The newest writes, all of them read;
so a key is rotated by putting a new one in front and saving the rows again.
"""

import base64
import binascii
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.lookups import Exact, IsNull

from membership import identity
from membership.enums import DocumentKind


class UnknownKey(ValueError):
    """A stored value fits none of ``FIELD_KEYS``: a key was dropped too early, or the value was damaged."""


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """
    Text that stands encrypted in its column; ``None`` and the empty text stand as they are.

    The same text is encrypted differently every time, so no query can look for it: only ``isnull`` and ``exact=None`` are offered,
    anything else raises FieldError. To find a row, keep a ``keyed_hash`` beside it.

    :raises UnknownKey: on reading a row whose key is no longer listed.
    """

    description = "Encrypted text"

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return [*super().check(**kwargs), *self._uniqueness_refused()]

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        return {"isnull": IsNull, "exact": _ExactNone}.get(lookup_name)

    def get_transform(self, lookup_name: str) -> None:
        return None

    def _uniqueness_refused(self) -> list[CheckMessage]:
        if not (self.unique or self.db_index):  # type: ignore[attr-defined]
            return []
        return [
            Error("An encrypted column can be neither unique nor indexed; keep a keyed hash beside it.", obj=self, id="membership.E001")
        ]


class _ExactNone(Exact):
    """``exact`` for None alone, which Django turns into IS NULL."""

    def get_prep_lookup(self) -> None:
        if self.rhs is not None:
            raise FieldError("An encrypted column cannot be compared; look for its keyed hash.")


def encrypt(text: str) -> str:
    """Return ``text`` encrypted under the newest key, for a column that is not an ``EncryptedTextField``; it differs every time."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """
    Return the text that ``encrypt`` made ``token`` of.

    :raises UnknownKey: its key is no longer listed.
    """
    try:
        return _fernet().decrypt(token).decode()
    except InvalidToken:
        raise UnknownKey("An encrypted value fits none of FIELD_KEYS.") from None


def keyed_hash(*parts: str) -> str:
    """
    Return the hash of ``parts`` under the newest key: ``<key version>:<HMAC-SHA256 in hex>``, 73 characters.

    Equal parts give equal hashes; without the key nobody can try out numbers. ("ab", "c") and ("a", "bc") differ.
    """
    return _hash_under(_hash_keys()[0], parts)


def keyed_hashes(*parts: str) -> list[str]:
    """Return the hash of ``parts`` under each key, newest first: what to look for while the hashes are being rotated (D-8)."""
    return [_hash_under(key, parts) for key in _hash_keys()]


def document_hash(kind: str, country: str, number: str) -> str:
    """
    Return the keyed hash by which an identity document is one and the same, however its number was typed (D-6, D-7).

    ``country`` is the ISO code of the issuing country; it counts for passports only. A first-generation number of 15 digits
    hashes as its 18-digit form.

    :raises ValueError: the number is empty.
    """
    return keyed_hash(*_document_parts(kind, country, number))


def document_hashes(kind: str, country: str, number: str) -> list[str]:
    """Return ``document_hash`` under each key, newest first (D-8)."""
    return keyed_hashes(*_document_parts(kind, country, number))


def _document_parts(kind: str, country: str, number: str) -> tuple[str, str, str, str]:
    number = identity.normalise(kind, number)
    if not number:
        raise ValueError("没有证件号码")
    if kind == DocumentKind.RESIDENT_ID and identity.is_first_generation(number):
        number = identity.expand_first_generation(number)
    issuer = country.strip().upper() if kind == DocumentKind.PASSPORT else ""
    return "document", str(kind), issuer, number


# --- Keys -----------------------------------------------------------------------------------------


class _HashKey(NamedTuple):
    version: str
    secret: bytes


def _fernet() -> MultiFernet:
    return _fernet_of(tuple(settings.FIELD_KEYS))


def _hash_keys() -> Sequence[_HashKey]:
    return _hash_keys_of(tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=4)
def _fernet_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(raw)) for raw in _raw(keys)])


@lru_cache(maxsize=4)
def _hash_keys_of(keys: tuple[str, ...]) -> tuple[_HashKey, ...]:
    return tuple(
        _HashKey(
            version=_derived(raw, purpose=b"caca keyed hash: version", length=4).hex(),
            secret=_derived(raw, purpose=b"caca keyed hash: secret", length=32),
        )
        for raw in _raw(keys)
    )


def _raw(keys: tuple[str, ...]) -> list[bytes]:
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS is empty: list at least one URL-safe base64 of 32 random bytes, newest first.")
    return [_raw_key(key, position) for position, key in enumerate(keys, start=1)]


def _raw_key(key: str, position: int) -> bytes:
    try:
        raw = base64.b64decode(key.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        # Never the key itself: the message ends in a log.
        raise ImproperlyConfigured(f"FIELD_KEYS, key {position}: not the URL-safe base64 of 32 bytes.")
    return raw


def _derived(raw: bytes, *, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=purpose).derive(raw)


def _hash_under(key: _HashKey, parts: Sequence[str]) -> str:
    mac = HMAC(key.secret, hashes.SHA256())
    for part in parts:
        encoded = part.encode()
        # The length before each part, so that no two lists of parts run together into the same bytes.
        mac.update(len(encoded).to_bytes(4, "big") + encoded)
    return f"{key.version}:{mac.finalize().hex()}"
