"""
Certificate numbers with their check letter, and the signed part of a certificate's link (N-3, N-6, N-8, CERT-3).

A link is ``/V/<number>.<edition>.<key id>.<signature>``: Ed25519 over what stands before the last dot, in base32 without padding, all
upper case, since a QR code of capitals and digits is coarser and scans better. Papers live for ever: this form is final.

``settings.CERTIFICATE_KEYS`` lists «key id:URL-safe base64 of a 32-byte seed», newest first. The newest signs, all of them verify;
a compromised key leaves the list, and with it every link it signed.
"""

import base64
import binascii
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# Without I, O and Q, which are read as digits. 23 is prime, so every single wrong digit and every swap of neighbours shows.
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SHAPE = re.compile(r"M[0-9]{10}[A-Z]")
_TOKEN = re.compile(r"([A-Z0-9]{1,20})\.([1-9][0-9]{0,5})\.([A-Z0-9]{1,8})\.([A-Z2-7]{103})")
_LONGEST_TOKEN = 20 + 6 + 8 + 103 + 3


class Forged(ValueError):
    """The link was not signed by the association; told without any lookup (Table D)."""

    def __init__(self) -> None:
        super().__init__("无效编号或链接")


class SignedNumber(NamedTuple):
    """What a verified link names: an edition (版次) of a certificate number, and the key that signed it."""

    number: str
    edition: int
    key_id: str


def check_letter(ten_digits: str) -> str:
    """
    Return the letter that closes a certificate number (N-6): Σ i·dᵢ + 11 modulo 23. Example: "1650002054" gives "A".

    :raises ValueError: not ten ASCII digits.
    """
    if not re.fullmatch(r"[0-9]{10}", ten_digits):
        raise ValueError("证书编号含10位数字")
    return _LETTERS[(sum(place * int(digit) for place, digit in enumerate(ten_digits, start=1)) + 11) % 23]


def number_of(serial: int, issuer: str) -> str:
    """
    Return the certificate number of a serial: M, the issuer's three digits, the serial in seven, the check letter.

    :raises ValueError: the serial has no place in seven digits, or the issuer is not three digits.
    """
    if not 0 < serial < 10_000_000:
        raise ValueError("序号超出7位")
    if not re.fullmatch(r"[0-9]{3}", issuer):
        raise ValueError("发证机构代码是3位数字")
    digits = f"{issuer}{serial:07d}"
    return f"M{digits}{check_letter(digits)}"


def normalise(text: str) -> str:
    """Return a typed number in capitals and ASCII, without spaces and hyphens: what the questions below and the register expect."""
    return re.sub(r"[\s\u200b-\u200f\u2010-\u2015\ufeff-]", "", unicodedata.normalize("NFKC", text)).upper()


def looks_issued(number: str) -> bool:
    """Whether a number has the shape of an issued one, whatever its letter; any other shape may be a former system's (N-6)."""
    return _SHAPE.fullmatch(number) is not None


def is_well_formed(number: str) -> bool:
    """Whether a number has the shape of an issued one and the right check letter."""
    return looks_issued(number) and check_letter(number[1:11]) == number[11]


def sign(number: str, edition: int) -> str:
    """
    Return what stands behind ``/V/`` for an edition of a number, signed with the newest key. Equal arguments give equal links.

    :raises ValueError: the number is not of capitals and digits, or the edition not 1 to 999,999.
    """
    key_id, key = next(iter(_keys().items()))
    signed = f"{number}.{edition}.{key_id}"
    token = f"{signed}.{_base32(key.sign(signed.encode()))}"
    if not _TOKEN.fullmatch(token):
        raise ValueError("不能签发的编号或版次")
    return token


def read(token: str) -> SignedNumber:
    """
    Return what a link names, once its signature is proved. Upper and lower case are one.

    :raises Forged: anything else: another shape, an unknown key, a wrong signature.
    """
    # Length and alphabet first: case-folding turns some letters of other alphabets into ours.
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise Forged
    parts = _TOKEN.fullmatch(token.upper())
    if parts is None:
        raise Forged
    number, edition, key_id, signature = parts.groups()
    _verify(signed=f"{number}.{edition}.{key_id}", key_id=key_id, signature=signature)
    return SignedNumber(number, int(edition), key_id)


def public_keys() -> dict[str, str]:
    """Return the public keys, newest first: key id → base64 of the 32 raw bytes. Published, so that anybody can verify offline."""
    return {key_id: base64.b64encode(key.public_key().public_bytes_raw()).decode() for key_id, key in _keys().items()}


def _verify(*, signed: str, key_id: str, signature: str) -> None:
    raw = base64.b32decode(signature + "=")
    key = _keys().get(key_id)
    # The last letter holds three bits of nothing; only one of its spellings is ours.
    if key is None or _base32(raw) != signature:
        raise Forged
    try:
        key.public_key().verify(raw, signed.encode())
    except InvalidSignature:
        raise Forged from None


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def _keys() -> dict[str, Ed25519PrivateKey]:
    return _keys_of(tuple(settings.CERTIFICATE_KEYS))


@lru_cache(maxsize=4)
def _keys_of(entries: tuple[str, ...]) -> dict[str, Ed25519PrivateKey]:
    if not entries:
        raise ImproperlyConfigured("CERTIFICATE_KEYS is empty: list at least one «key id:URL-safe base64 of a 32-byte seed», newest first.")
    keys = dict(_key(entry, position) for position, entry in enumerate(entries, start=1))
    if len(keys) < len(entries):
        raise ImproperlyConfigured("CERTIFICATE_KEYS names a key id twice.")
    return keys


def _key(entry: str, position: int) -> tuple[str, Ed25519PrivateKey]:
    key_id, _, seed = entry.strip().partition(":")
    if not re.fullmatch(r"[A-Z0-9]{1,8}", key_id):
        raise ImproperlyConfigured(f"CERTIFICATE_KEYS, entry {position}: the key id must be 1 to 8 capitals and digits before a colon.")
    try:
        raw = base64.b64decode(seed, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        # Never the seed itself: the message ends in a log.
        raise ImproperlyConfigured(f"CERTIFICATE_KEYS, entry {position}: not the URL-safe base64 of 32 bytes.")
    return key_id, Ed25519PrivateKey.from_private_bytes(raw)
