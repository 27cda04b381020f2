"""What was done with one case, for who reads its screen: the association all of it, an institution what is in its own scope (S-4, S-8)."""

from django.db.models import Q, QuerySet

from membership.models import (
    Application,
    ApplicationInstitution,
    AuditEntry,
    Decision,
    Dossier,
    Endorsement,
    Institution,
    Note,
    Recusal,
    ViolationReport,
)

# What belongs to an application, each by how it leads there.
_PARTS = {
    ApplicationInstitution: "application",
    Decision: "application",
    Dossier: "application",
    Endorsement: "application",
    Note: "application",
    Recusal: "application",
    ViolationReport: "row__application",
}


def of(application: Application, institution: Institution | None) -> QuerySet[AuditEntry]:
    """Return the entries on a case, the latest first; those of one institution's scope, or with None all of them."""
    on_it = Q(target=Application._meta.model_name, target_id=application.pk)
    for part, way in _PARTS.items():
        on_it |= Q(target=part._meta.model_name, target_id__in=part._default_manager.filter(**{way: application}).values("pk"))
    found = AuditEntry.objects.filter(on_it, about=application.member_id)
    if institution is not None:
        found = found.filter(institution=institution)
    return found.order_by("-at", "-pk")
