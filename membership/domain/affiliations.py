"""Membership in one institution: opened by a decision, ended when replaced or given up (A-5, A-10, M-3, M-13)."""

from datetime import date, datetime

from django.db import transaction

from membership.domain import audit, endings, members
from membership.domain.announcements import announce
from membership.domain.errors import DomainError, NotAllowed
from membership.enums import AffiliationEnd, AffiliationSource, MembershipStatus
from membership.models import Affiliation, ApplicationInstitution, Decision, Member, User
from membership.models import settings as society
from membership.periods import same_day_next, shanghai_date

HELD = (MembershipStatus.ACTIVE, MembershipStatus.GRACE)


class NotHeld(DomainError):
    """It neither runs nor is in grace any more."""

    message = "您在这个机构的会员资格已经结束，不用再操作"


class MembershipWouldEnd(DomainError):
    """It is the last one, and the member was not asked whether the membership is to end with it (M-13)."""

    field = "ends_membership"
    message = "这是您最后一个机构。请先勾选确认：会员资格随之结束"


class Frozen(DomainError):
    """A frozen member gives nothing up (Table E)."""

    message = "会员资格已冻结，现在不能办理。请联系协会"


def open_by(decision: Decision, row: ApplicationInstitution, *, today: date) -> Affiliation:
    """Open the affiliation of an approved row: ``validity_months`` from today, both days counted (M-3)."""
    return Affiliation.objects.create(
        member=row.member,
        institution=row.institution,
        valid_from=today,
        valid_to=same_day_next(today, society.current().validity_months),
        source=AffiliationSource.DECISION,
        decision=decision,
    )


def end_replaced(row: ApplicationInstitution, *, today: date) -> Affiliation | None:
    """End the affiliation that the row replaces, on the day it is approved (A-10); return it, or None where it had ended before."""
    replaced = row.replaces
    if replaced is None or replaced.ended_on is not None or replaced.voided_at is not None:
        return None
    _end(replaced, AffiliationEnd.REPLACED, today=today)
    return replaced


def is_last(affiliation: Affiliation, member: Member, *, today: date) -> bool:
    """Whether no other affiliation of the member runs or is in grace, so that the membership ends with this one (M-13)."""
    others = member.affiliations.standing().exclude(pk=affiliation.pk)
    return all(members.affiliation_status(one, today) not in HELD for one in others)


@transaction.atomic
def give_up(*, affiliation: Affiliation, person: User, at: datetime, ends_membership: bool = False) -> Affiliation:
    """
    申请撤销 of an approved row: the affiliation ends today; the row stays approved (M-13, Table B2).

    With the last one running or in grace the membership ends (退会): open applications end with it, the number is kept, and a first
    enrolment is possible at any time. ``ends_membership``: the member was asked, and wants that.

    :raises NotAllowed: another's.
    :raises Frozen: the member is frozen.
    :raises NotHeld: it has ended or lapsed, e.g. it was given up in another tab.
    :raises MembershipWouldEnd: it is the last one, and the member was not asked.
    """
    member = members.lock(affiliation.member_id)
    if member.user_id != person.pk:
        raise NotAllowed()
    affiliation = Affiliation.objects.select_for_update(of=("self",)).select_related("institution").get(pk=affiliation.pk)
    today = shanghai_date(at)
    if members.is_frozen(member):
        raise Frozen()
    if members.affiliation_status(affiliation, today) not in HELD:
        raise NotHeld()
    leaves = is_last(affiliation, member, today=today)
    if leaves and not ends_membership:
        raise MembershipWouldEnd()
    _end(affiliation, AffiliationEnd.GIVEN_UP, today=today)
    audit.log("affiliation.give_up", affiliation, by=person, at=at, about=member, institution=affiliation.institution)
    if leaves:
        _leave(member, person, at=at)
    else:
        members.refresh_last_valid_to(member)
        announce("affiliation-given-up", person, at=at, application=None, institution=affiliation.institution.name, on=today)
    return affiliation


def _leave(member: Member, person: User, *, at: datetime) -> None:
    """退会: what is open ends by itself, whatever holds it; the number stays the person's."""
    today = shanghai_date(at)
    for application in member.applications.open().select_for_update().order_by("pk"):
        application.member = member
        endings.end_by_system(application, at=at)
    members.refresh_last_valid_to(member)
    members.leave(member, on=today)
    audit.log("member.leave", member, by=person, at=at, about=member)
    announce("membership-left", person, at=at, application=None, on=today, member_number=member.number)


def _end(affiliation: Affiliation, how: AffiliationEnd, *, today: date) -> None:
    affiliation.ended_on = today
    affiliation.ended_by = how
    affiliation.save(update_fields=["ended_on", "ended_by"])
