"""What many cases rest on, in a few queries: as lists, exports and bulk decisions need it, by id of the application."""

from collections.abc import Sequence

from membership.domain.answers import RELATED
from membership.enums import EndorsementState
from membership.models import Application, Dossier, Endorsement, StampedForm


def dossier_ids(applications: Sequence[Application]) -> dict[int, int]:
    """
    Return the ids of the versions that decisions are about, as ``dossiers.latest_sealed`` has one: the last submitted, a further
    enrolment's the member's current one (A-11). The members are best fetched along.
    """
    versions = Dossier.objects.filter(application__in=_keys(applications), submitted_at__isnull=False)
    found: dict[int, int] = dict(versions.order_by("version").values_list("application_id", "pk"))
    for application in applications:
        if application.proposed_dossier_id is None and application.member.current_dossier_id is not None:
            found[application.pk] = application.member.current_dossier_id
    return found


def dossiers(applications: Sequence[Application]) -> dict[int, Dossier]:
    """Return those versions with all that their answers name."""
    keys = dossier_ids(applications)
    found = Dossier.objects.select_related(*RELATED).prefetch_related("fields_of_interest").in_bulk(set(keys.values()))
    return {application: found[dossier] for application, dossier in keys.items()}


def stamped_forms(applications: Sequence[Application]) -> dict[int, StampedForm]:
    """Return the signed forms handed in last, with their pages."""
    forms = StampedForm.objects.filter(application__in=_keys(applications)).prefetch_related("pages__attachment")
    return {form.application_id: form for form in forms.order_by("uploaded_at", "pk")}


def endorsements(applications: Sequence[Application]) -> dict[int, Endorsement]:
    """Return the last endorsements, whatever became of them, as ``endorsements.latest`` has one."""
    asked = Endorsement.objects.filter(application__in=_keys(applications)).exclude(state=EndorsementState.DROPPED)
    return {one.application_id: one for one in asked.select_related("seat__member", "seat__committee").order_by("asked_at", "pk")}


def _keys(applications: Sequence[Application]) -> list[int]:
    return [application.pk for application in applications]
