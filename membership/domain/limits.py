"""How many institutions of each kind one person may belong to (A-7, A-8, A-10, APP-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from membership.domain import members
from membership.domain.errors import DomainError
from membership.enums import InstitutionKind, MembershipStatus
from membership.models import Affiliation, ApplicationInstitution, Institution, Member
from membership.models import settings as society
from membership.periods import age_on


class LimitReached(DomainError):
    """More institutions of a kind than one person may have (A-8, A-9)."""

    field = "institutions"


@dataclass(frozen=True)
class Limit:
    """A ceiling shared by some kinds of institution; overseas branches count as committees (APP-3)."""

    label: str
    kinds: tuple[InstitutionKind, ...]
    most: int

    def count(self, institutions: Iterable[Institution]) -> int:
        return sum(institution.kind in self.kinds for institution in institutions)


def limits() -> tuple[Limit, ...]:
    """Return the three ceilings in force."""
    figures = society.current()
    return (
        Limit("专委会（含海外分会）", (InstitutionKind.COMMITTEE, InstitutionKind.OVERSEAS_BRANCH), figures.max_committees),
        Limit("省市抗癌协会", (InstitutionKind.REGIONAL,), figures.max_regions),
        Limit("青年理事会", (InstitutionKind.YOUTH_COUNCIL,), figures.max_youth_council),
    )


def held_affiliations(member: Member, *, today: date) -> list[Affiliation]:
    """Return the member's affiliations that run or are in grace: those that count (A-8)."""
    counted = (MembershipStatus.ACTIVE, MembershipStatus.GRACE)
    return [
        affiliation
        for affiliation in member.affiliations.standing().select_related("institution")
        if members.affiliation_status(affiliation, today) in counted
    ]


def excesses(institutions: Iterable[Institution]) -> list[str]:
    """Return a sentence for every ceiling that these institutions break together."""
    chosen = list(institutions)
    return [
        f"{limit.label}最多 {limit.most} 个，现在有 {limit.count(chosen)} 个，请去掉 {limit.count(chosen) - limit.most} 个"
        for limit in limits()
        if limit.count(chosen) > limit.most
    ]


def require_room(member: Member, *, for_row: ApplicationInstitution, today: date) -> None:
    """
    Refuse an approval that would break a ceiling; checked again under lock (A-8, A-9).

    An affiliation that the row replaces counts as one with it (A-10).

    :raises LimitReached: the row stays pending; nothing is chosen for the member.
    """
    held = [a.institution for a in held_affiliations(member, today=today) if a.pk != for_row.replaces_id]
    if excesses([*held, for_row.institution]):
        raise LimitReached("该会员已达上限。请会员先放弃或撤销一个机构。")


def require_room_to_ask(member: Member, *, for_row: ApplicationInstitution, today: date) -> None:
    """
    Refuse to open a row beside the affiliations and open rows there are, where they would be too many together (A-8, A-10).

    :raises LimitReached: the sentence names the ceiling.
    """
    open_rows = list(member.rows.open().exclude(pk=for_row.pk).select_related("institution"))
    replaced = {row.replaces_id for row in (*open_rows, for_row)}
    held = [a.institution for a in held_affiliations(member, today=today) if a.pk not in replaced]
    found = excesses([*held, *(row.institution for row in open_rows), for_row.institution])
    if found:
        raise LimitReached(found[0])


def too_old_for_the_youth_council(born_on: date | None, *, on: date) -> bool:
    """Whether a person may no longer apply to 青年理事会: turning ``youth_council_age`` that day is too old (M-11)."""
    return born_on is not None and age_on(born_on, on) >= society.current().youth_council_age
