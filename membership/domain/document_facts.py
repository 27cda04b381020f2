"""
What the number of an identity document tells of its holder, taken over into the form so that nobody types it twice (APP-4).

Birth date and sex have to agree with the number. So they are filled in where nothing was answered, and follow a number that is corrected;
whatever else somebody answered stays, and ``gaps`` names the contradiction.
"""

from datetime import date

from membership import identity
from membership.identity import Facts
from membership.models import Dossier

NOTHING = Facts(born_on=None, sex=None, region_code="")
FIELDS = ("born_on", "sex")
# What has to be known to say whether an answer is what the number tells.
TELLING = frozenset(("document_kind", "document_number", *FIELDS))


def told_by(dossier: Dossier, *, today: date) -> Facts:
    """Return what the document's number tells; nothing while anything is wrong with the number."""
    said = identity.facts(dossier.document_kind, dossier.document_number) if dossier.document_number else None
    is_of_today = said is not None and (said.born_on is None or said.born_on <= today)
    return said if said is not None and is_of_today else NOTHING


def agrees(field: str, answer: object, told: Facts) -> bool:
    """Whether the answer to one of :data:`FIELDS` is what the number tells: then it can be no other one."""
    said = getattr(told, field)
    return bool(said) and said == answer


def take_over(dossier: Dossier, *, before: Facts, today: date) -> None:
    """
    Answer what the number tells, unless the person answered something else; the caller saves.

    ``before``: what the number told until now. An answer that agreed with it follows the new one.
    """
    told = told_by(dossier, today=today)
    for field in FIELDS:
        said, answered = getattr(told, field), getattr(dossier, field)
        if said and (not answered or agrees(field, answered, before)):
            setattr(dossier, field, said)
