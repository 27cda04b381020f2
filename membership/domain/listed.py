"""What lists show of a dossier without opening it: written here alone, whenever a version is submitted (REV-1, Speed)."""

from membership.models import Application, Dossier


def note_type(application: Application, dossier: Dossier) -> None:
    """Copy the type of the submitted version to the application and its rows. The caller saves the application."""
    application.member_type = dossier.member_type
    application.rows.exclude(member_type=dossier.member_type).update(member_type=dossier.member_type)
