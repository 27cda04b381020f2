"""The person in the society: found, made, and how they stand today."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db.models import ProtectedError

from membership import pinyin
from membership.domain import name_keys
from membership.enums import EndKind, MembershipStatus, Standing
from membership.models import Affiliation, Dossier, Freeze, Member, User
from membership.models import settings as society


def member_of(user: User) -> Member | None:
    """Return the person behind an account; a bare account has none (A-20)."""
    return Member.objects.filter(user=user).first()


def member_for(user: User) -> Member:
    """Return the person behind an account, making one at the first saved draft (A-20)."""
    member, _ = Member.objects.get_or_create(user=user)
    return member


def lock(member: Member | int) -> Member:
    """Lock the person first, before application and rows: every verb that changes state begins so. Needs a transaction."""
    return Member.objects.select_for_update().get(pk=getattr(member, "pk", member))


def name(member: Member, dossier: Dossier) -> None:
    """Copy the dossier's name to the member with its spellings, for lists and searches, and write its keys. The caller saves."""
    member.name = dossier.name
    member.name_pinyin, member.name_initials = pinyin.readings(dossier.name)
    name_keys.write(member)


def forget_if_unknown(member: Member) -> None:
    """Delete a person of whom nothing is left but the row: the draft was all there was (A-20)."""
    if member.standing != Standing.APPLICANT:
        return
    # Seat, former membership, an earlier application, a contact: whatever still refers to the person keeps them.
    with suppress(ProtectedError):
        member.delete()


def grace_ends_on(valid_to: date) -> date:
    """Return the last day of grace; its first is the day after ``valid_to`` (M-3)."""
    return valid_to + timedelta(days=society.current().grace_days)


def affiliation_status(affiliation: Affiliation, today: date) -> MembershipStatus:
    """Return how one affiliation stands: active, grace, lapsed, or ended (M-1)."""
    if affiliation.voided_at or (affiliation.ended_on and affiliation.ended_on <= today):
        return MembershipStatus.ENDED
    if today <= affiliation.valid_to:
        return MembershipStatus.ACTIVE
    return MembershipStatus.GRACE if today <= grace_ends_on(affiliation.valid_to) else MembershipStatus.LAPSED


def status_on(member: Member, today: date) -> MembershipStatus:
    """Return how a member stands: the best of the affiliations, after what outranks them all (M-1, M-2)."""
    if member.standing in (Standing.ANONYMISED, Standing.ENDED):
        return status_of(member, today, is_frozen=False, affiliations=())
    return status_of(member, today, is_frozen=is_frozen(member), affiliations=member.affiliations.all())


def status_of(member: Member, today: date, *, is_frozen: bool, affiliations: Iterable[Affiliation]) -> MembershipStatus:
    """Return the same as :func:`status_on` from facts at hand; ``affiliations`` are looked at only where the dates decide."""
    if member.standing == Standing.ANONYMISED:
        return MembershipStatus.ANONYMISED
    if member.standing == Standing.ENDED:
        return MembershipStatus.ENDED
    if is_frozen:
        return MembershipStatus.FROZEN
    if member.standing == Standing.APPLICANT:
        return MembershipStatus.APPLICANT
    found = {affiliation_status(affiliation, today) for affiliation in affiliations}
    for status in (MembershipStatus.ACTIVE, MembershipStatus.GRACE):
        if status in found:
            return status
    return MembershipStatus.LAPSED


def is_frozen(member: Member) -> bool:
    return Freeze.objects.filter(member=member, ended_at__isnull=True).exists()


def refresh_last_valid_to(member: Member) -> None:
    """Write the latest end of the member's standing affiliations, which lists and reminders go by."""
    member.last_valid_to = member.affiliations.standing().order_by("-valid_to").values_list("valid_to", flat=True).first()
    member.save(update_fields=["last_valid_to"])


def become_member(member: Member, *, dossier: Dossier, number: str, at: datetime, on: date) -> None:
    """Make a person a member: standing, number for life, and the dossier that is now the current one (A-5, D-1)."""
    member.standing = Standing.MEMBER
    member.number = number
    member.ended_on = None
    member.end_kind = ""
    member.joined_on = member.joined_on or on
    member.current_dossier = dossier
    name(member, dossier)
    member.save()


def leave(member: Member, *, on: date) -> None:
    """退会: the person is no member from ``on``; number, dossier and document stay with them (M-13, N-1)."""
    member.standing = Standing.ENDED
    member.ended_on = on
    member.end_kind = EndKind.WITHDRAWN
    member.save(update_fields=["standing", "ended_on", "end_kind"])
