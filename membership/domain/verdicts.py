"""The verdicts on a case, and which of them a reader may know of (S-4)."""

from collections.abc import Iterable

from django.db.models import F

from membership.domain.visibility import Reader
from membership.enums import Verdict
from membership.models import Application, Decision, Institution


def of(application: Application) -> tuple[Decision, ...]:
    """Return every verdict ever given, the latest first; ``dossier_version`` is the version it judged."""
    decisions = application.decisions.select_related("institution", "decided_by", "taken_back_by")
    return tuple(decisions.annotate(dossier_version=F("dossier__version")).order_by("-decided_at", "-pk"))


def known_to(reader: Reader, decisions: Iterable[Decision], institution: Institution | None = None) -> tuple[Decision, ...]:
    """
    Return those of the verdicts that this reader may know of, in the given order.

    The association knows all. An institution knows the association's approval and its own rounds; never another's verdict, reason or name.
    """
    if reader is Reader.ASSOCIATION:
        return tuple(decisions)
    if reader is not Reader.INSTITUTION or institution is None:
        return ()
    return tuple(one for one in decisions if one.institution_id == institution.pk or _is_approval_of_the_association(one))


def last_of(decisions: Iterable[Decision], institution: Institution | None) -> Decision | None:
    """Return the latest verdict of the institution, or of the association with None, among those given in order."""
    wanted = institution.pk if institution else None
    return next((one for one in decisions if one.institution_id == wanted), None)


def _is_approval_of_the_association(decision: Decision) -> bool:
    return decision.institution_id is None and decision.verdict == Verdict.APPROVED and decision.taken_back_at is None
