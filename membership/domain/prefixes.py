"""The one way to look for beginnings of names in long lists, so that an index serves it on either database (REV-1)."""

from django.db import connection
from django.db.models import Q

# Sorts after every character that may follow.
_LAST = "\U0010ffff"


def prefix(field: str, term: str) -> Q:
    """
    Return a filter: the column ``field`` begins with ``term``, capitals counting as written.

    PostgreSQL finds ``LIKE 'term%'`` by an index; SQLite compares LIKE without capitals and does not, but it finds a range.
    """
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": term, f"{field}__lt": term + _LAST})
    return Q(**{f"{field}__startswith": term})


def beginning(field: str, term: str) -> Q:
    """Return the same of a column that is ordered by its characters' codes on every database (``NameKey.key``): a range, in order."""
    return Q(**{f"{field}__gte": term, f"{field}__lt": term + _LAST})
