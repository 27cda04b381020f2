"""A case as the staff work on it: a file, or one institution's row of it. Whose it is, who may decide it now, and how it is locked."""

from datetime import date

from membership import rules
from membership.domain import members, review
from membership.enums import ApplicationState, RowState
from membership.models import Application, ApplicationInstitution, Institution, User

Case = Application | ApplicationInstitution


def application_of(case: Case) -> Application:
    """Return the file, of a row the one it belongs to."""
    return case.application if isinstance(case, ApplicationInstitution) else case


def institution_of(case: Case) -> Institution | None:
    """Return the institution that decides, or None for the association."""
    return case.institution if isinstance(case, ApplicationInstitution) else None


def waits(case: Case) -> bool:
    """Whether it stands before its deciders, held or not."""
    return case.state == (RowState.PENDING if isinstance(case, ApplicationInstitution) else ApplicationState.CHECKING)


def may_decide(reviewer: User, case: Case, *, today: date) -> bool:
    """Whether the case is this reviewer's to decide, in its institution's place too (K-6); whether it can be now, the transitions say."""
    if isinstance(case, ApplicationInstitution):
        return rules.may(reviewer, "decide_row", case) or review.may_substitute(reviewer, case, today=today)
    return rules.may(reviewer, "check_file", case)


def scope_of(reviewer: User, case: Case) -> Institution | None:
    """
    Return in whose name a reviewer works on a case: the institution's whose reviewer they are, else None for the association (REV-9).
    """
    acts = isinstance(case, ApplicationInstitution) and rules.acts_for_the_institution(reviewer, case)
    return institution_of(case) if acts else None


def lock(case: Case) -> Case:
    """Lock the person, the file and, of a row, all rows, in that order; return the case as it is now. Needs a transaction."""
    member = members.lock(case.member_id)
    application = Application.objects.select_for_update().get(pk=application_of(case).pk)
    application.member = member
    if isinstance(case, Application):
        return application
    row = ApplicationInstitution.objects.select_for_update(of=("self",)).select_related("institution").get(pk=case.pk)
    row.application = application
    return row
