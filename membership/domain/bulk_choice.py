"""The cases that a reviewer chose to decide in one go: as they were shown, with what speaks against it already (REV-6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from membership.domain import review, rulings
from membership.models import Application, ApplicationInstitution, User

ON_BEHALF = "机构超期后由协会代为决定的，须逐份审核并写明原因"
_GONE = "现在不在您的待审列表中"


@dataclass(frozen=True)
class Chosen:
    """
    A case by its ids, with the round and the dossier that were shown; without ``row`` the file. ``note``: why it is left alone already;
    ``warnings``: what deserves a second look, in words.
    """

    application: int
    row: int | None
    round: int
    dossier: int
    note: str = ""
    warnings: Sequence[str] = ()


def why_not(reviewer: User, case: Application | ApplicationInstitution, *, seen_round: int, today: date) -> str:
    """Return, in words, why a case that a reviewer may open does not wait for them: who decided it, or how it stands."""
    if isinstance(case, ApplicationInstitution):
        application, institution, ruling = case.application, case.institution, rulings.of_row(reviewer, case, today=today)
    else:
        application, institution, ruling = case, None, rulings.of_file(case)
    counted = application.decisions.counted().filter(institution=institution, round=seen_round)
    decision = counted.select_related("decided_by").first()
    return review.AlreadyDecided(decision).message if decision else ruling.why_not or _GONE
