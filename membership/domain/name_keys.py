"""
The keys by which a person's name is found: from any of its characters on, by its spellings, by its initials (REV-1).

Every one of them is looked for from its beginning, in one index, so that a search within the name costs no more than one of its
beginning, and a page of what was found is read in order without a sort.
"""

import re
from itertools import pairwise

from membership import pinyin
from membership.models import Member, NameKey

# What stands between the parts of a name; people leave it out or write another one.
_BETWEEN = re.compile(r"[\s·•.。・‧'’`‐-]+")


def folded(text: str) -> str:
    """Return a name as keys and search terms are compared: without what stands between its parts, capitals as small letters."""
    return _BETWEEN.sub("", text).casefold()


def keys_of(name: str, whole_name: pinyin.Readings | None = None) -> list[str]:
    """
    Return the keys of a name, in the order of their characters' codes. ``whole_name``: its readings, where they are at hand.

    Example: "阿依·买买提" → ayimaimaiti, aymmt, maimaiti, mmt, 买买提, 买提, 依买买提, 提, 阿依买买提.
    """
    parts = [part for part in _BETWEEN.split(name) if part]
    whole = folded(name)
    found = {whole[start:] for start, character in enumerate(whole) if not character.isascii()}
    for number in range(len(parts)):
        spelled = pinyin.spelling(" ".join(parts[number:])) if number else whole_name or pinyin.readings(name)
        found.update(spelled.pinyin.split(), spelled.initials.split())
    return sorted({key[: NameKey.LONGEST] for key in found} - {""})


def with_shared(keys: list[str]) -> list[tuple[str, int]]:
    """Return each key with how many characters it shares with the one before it."""
    return list(zip(keys, [0, *(_shared(one, other) for one, other in pairwise(keys))], strict=True))


def write(member: Member) -> None:
    """Bring the keys of a saved person in line with their name; nothing is written where they are."""
    keys = with_shared(keys_of(member.name))
    if set(member.name_keys.values_list("key", "shared")) != set(keys):
        member.name_keys.all().delete()
        NameKey.objects.bulk_create([NameKey(member=member, key=key, shared=shared) for key, shared in keys])


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    for place, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return place
    return min(len(one), len(other))
