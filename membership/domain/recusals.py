"""回避: a reviewer passes the case of a relative or a colleague on, and is done with it for good (S-7)."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from membership import rules
from membership.domain import assignments, audit, cases
from membership.domain.cases import Case
from membership.domain.errors import DomainError, NotAllowed
from membership.models import Application, ApplicationInstitution, Recusal, User

LONGEST = 300  # characters, as the column


class ReasonMissing(DomainError):
    """A case is passed on without saying why."""

    field = "reason"
    message = "请写明回避的原因，例如：申请人是我的学生"


class ReasonTooLong(DomainError):
    """Longer than a reason is kept."""

    field = "reason"


class NothingToPassOn(DomainError):
    """The case has ended."""

    message = "这份申请已经结束，不用回避。"


class Deciders(StrEnum):
    """Who decides a case once somebody passed it on."""

    INSTITUTION = "该机构的其他审核员"
    ASSOCIATION = "协会会员部"
    ADMINISTRATOR = "管理员"


@transaction.atomic
def recuse(*, case: Case, reviewer: User, reason: str, at: datetime) -> Deciders:
    """
    回避. The whole application is passed on, whoever's row it is: the reviewer neither sees nor decides any part of it any more. Return who
    decides this case now.

    :raises ReasonMissing, ReasonTooLong: the reason's faults.
    :raises NotAllowed: they do not review this case, or passed it on before.
    :raises NothingToPassOn: the application has ended.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing()
    if len(reason) > LONGEST:
        raise ReasonTooLong(f"原因最多 {LONGEST} 字，现在是 {len(reason)} 字")
    case = cases.lock(case)
    application, institution = cases.application_of(case), cases.scope_of(reviewer, case)
    if institution is None and not rules.may(reviewer, "check_file", application):
        raise NotAllowed()
    if not application.is_open:
        raise NothingToPassOn()
    recusal = Recusal.objects.create(application=application, institution=institution, reviewer=reviewer, reason=reason, recused_at=at)
    _let_go_of_all(application, reviewer)
    audit.log("case.recuse", recusal, by=reviewer, at=at, about=application.member, institution=institution, application=application.pk)
    return deciders_of(case)


def deciders_of(case: Case) -> Deciders:
    """Return who decides a case: its institution, else the association, else an administrator (K-7, S-7)."""
    application = cases.application_of(case)
    if isinstance(case, ApplicationInstitution) and rules.reviewers_left(case.institution, application):
        return Deciders.INSTITUTION
    return Deciders.ASSOCIATION if rules.association_reviewers_left(application) else Deciders.ADMINISTRATOR


def _let_go_of_all(application: Application, reviewer: User) -> None:
    """End every claim of theirs: on the file and on its rows."""
    held: list[Case] = list(application.rows.filter(assigned_to=reviewer).select_for_update(of=("self",)).order_by("pk"))
    held += Application.objects.filter(pk=application.pk, assigned_to=reviewer)
    for case in held:
        assignments.let_go(case)
