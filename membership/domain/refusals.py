"""Why a file came back: the words its applicant reads, and the fields they concern (A-3, APP-12, S-5)."""

from dataclasses import dataclass
from datetime import datetime

from membership.domain import answers, rows
from membership.enums import RowState, Verdict
from membership.models import Application, Decision

ASSOCIATION = "协会会员部"


@dataclass(frozen=True)
class Refusal:
    """One 审批不通过: who says it (never a person, S-5), why, which fields of the form it is about, and when."""

    who: str
    reason: str
    fields: tuple[str, ...]
    at: datetime

    @property
    def labels(self) -> tuple[str, ...]:
        """What the fields are called, the signed form among them."""
        return tuple(answers.LABELS[field] for field in self.fields if field in answers.LABELS)


def of_returned(application: Application) -> tuple[Refusal, ...]:
    """
    Return the refusals that returned a file: the association's, or else those of the institutions; none where the applicant recalled it.
    """
    decision = rows.returned_by_the_association(application)
    if decision is not None:
        return (_refusal(decision, ASSOCIATION),)
    refused = application.rows.filter(state=RowState.REFUSED).select_related("institution").order_by("pk")
    decisions = [row.decisions.counted().filter(verdict=Verdict.REFUSED).order_by("-decided_at").first() for row in refused]
    return tuple(_refusal(decision, row.institution.name) for row, decision in zip(refused, decisions, strict=True) if decision)


def _refusal(decision: Decision, who: str) -> Refusal:
    return Refusal(who, decision.reason, tuple(decision.fields), decision.decided_at)
