"""
Codes sent by text message: how the session keeps them.

The session never holds a code, only its fingerprint: a random salt and a keyed hash (ACC-5). Six digits alone could be found from a
plain hash in no time; without the site's key they cannot.
"""

import unicodedata

from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

PURPOSE = "membership.accounts.codes"
SALT_LENGTH = 16
HEXADECIMAL = "0123456789abcdef"


def fingerprint(code: str, salt: str = "") -> str:
    """Return what may be stored of ``code``: a salt (a new one if none is given) and the keyed hash, both hexadecimal."""
    salt = salt or get_random_string(SALT_LENGTH, HEXADECIMAL)
    return salt + salted_hmac(PURPOSE, salt + code, algorithm="sha256").hexdigest()


def fingerprint_like(stored: str, code: str) -> str:
    """Return the fingerprint of ``code`` under the salt of the ``stored`` one: the same text if the codes are the same."""
    return fingerprint(code, stored[:SALT_LENGTH]) if stored else ""


def is_code_of(stored: str, code: str) -> bool:
    """Whether ``code`` is the one that ``stored`` was made of; takes the same time either way. Nothing stored: no."""
    return bool(stored) and constant_time_compare(stored, fingerprint_like(stored, code))


def as_typed(text: str) -> str:
    """Return the digits of a typed or pasted code: «２０４ 816» and «204-816» are 204816. Other characters stay, and fail."""
    return "".join(character for character in unicodedata.normalize("NFKC", text) if not character.isspace() and character != "-")
