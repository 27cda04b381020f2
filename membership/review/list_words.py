"""Which list it is, in words for the register of exports: what identifies a person is masked, for others read it there (REV-13, OPS-3)."""

import re

from membership import identity
from membership.models import User
from membership.review import list_filters
from membership.review.desks import WAITING, Desk
from membership.review.queue import Asked

_CODE = re.compile(r"[0-9A-Za-z()+-]*[0-9]{4,}[0-9A-Za-z()+-]*", re.ASCII)


def in_words(desk: Desk, reviewer: User, asked: Asked) -> str:
    """Return the tab, what it is narrowed by, and what is looked for."""
    parts = [desk.tabs.get(asked.tab, desk.tabs[WAITING]), *list_filters.in_words(desk, reviewer, asked).values()]
    if asked.query:
        parts.append(f"查找「{_CODE.sub(lambda found: identity.mask(found[0]), asked.query)}」")
    return "，".join(parts)
