"""What is on a reviewer's screen, and as whom they read it."""

from dataclasses import dataclass

from membership.domain import answers, dossiers
from membership.domain.visibility import Reader
from membership.models import Application, ApplicationInstitution, Dossier, Institution


@dataclass(frozen=True)
class Case:
    """What is on the screen: a file, or with ``row`` an institution's row of it; and as whom the reviewer reads it."""

    application: Application
    dossier: Dossier
    reader: Reader
    row: ApplicationInstitution | None = None

    @property
    def institution(self) -> Institution | None:
        """The institution that decides, or None for the association."""
        return self.row.institution if self.row else None

    @property
    def round(self) -> int:
        """The round that a decision made on this screen is about."""
        return self.row.round if self.row else self.application.round


def file_case(application: Application) -> Case:
    """Return a file as the association reads it."""
    return Case(application, _dossier(application), Reader.ASSOCIATION)


def row_case(row: ApplicationInstitution, *, acts_for_institution: bool) -> Case:
    """Return a row as its institution reads it, or as the association does for everybody else (K-6, K-7)."""
    reader = Reader.INSTITUTION if acts_for_institution else Reader.ASSOCIATION
    return Case(row.application, _dossier(row.application), reader, row)


def _dossier(application: Application) -> Dossier:
    if application.proposed_dossier_id is None:
        return answers.dossier_with_answers(application.member.current_dossier_id)
    return answers.with_answers(dossiers.sealed(application)).first()
