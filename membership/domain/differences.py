"""What changed between two versions of a person's file, for whoever may see it (REV-2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from membership.domain import answers
from membership.models import Application, Dossier

_KEYS = {"title": "title_name", **{kind.value: f"{kind.value}_id" for kind in answers.FILES}}
_NO_ANSWERS_OF_THE_DOSSIER = ("institutions", "referral_method", "referrer", "referring_unit", "age", "endorsement")


# 关键信息: who somebody is, by the document. Such a change is always decided by a person (REV-8, A-21).
IDENTITY = frozenset({"name", "name_local", "sex", "born_on", "document_kind", "document_number", "issuing_country", "nationality"})


@dataclass(frozen=True)
class Difference:
    """One field whose answer changed; both texts may be empty."""

    field: str
    label: str
    before: str
    after: str

    @property
    def is_identity(self) -> bool:
        """Whether it is 关键信息."""
        return self.field in IDENTITY


def between(application: Application, before: Dossier, after: Dossier, fields: Iterable[str], *, today: date) -> tuple[Difference, ...]:
    """Return the given fields in which two versions differ, in the given order. Numbers of documents stay masked."""
    changed = [field for field in fields if _differs(before, after, field)]
    old, new = (_texts(application, dossier, changed, today) for dossier in (before, after))
    return tuple(_difference(field, old, new) for field in changed)


def _differs(before: Dossier, after: Dossier, field: str) -> bool:
    if field in _NO_ANSWERS_OF_THE_DOSSIER or not hasattr(before, field):
        return False
    if field == "fields_of_interest":
        return {one.pk for one in before.fields_of_interest.all()} != {one.pk for one in after.fields_of_interest.all()}
    key = _KEYS.get(field, field)
    return getattr(before, key) != getattr(after, key)


def _texts(application: Application, dossier: Dossier, fields: Iterable[str], today: date) -> dict[str, str]:
    found = answers.answers(application, dossier, fields, today=today)
    return {one.field: "" if one.file else one.text for one in found}


def _difference(field: str, old: dict[str, str], new: dict[str, str]) -> Difference:
    label = answers.LABELS[field]
    before, after = old.get(field, ""), new.get(field, "")
    if field in answers.FILES:
        return Difference(field, label, "原来的文件" if field in old else "", "已更换" if field in new else "已去掉")
    if before == after and after:
        # Masked alike, and yet another number or phone.
        after += "（已改）"
    return Difference(field, label, before, after)
