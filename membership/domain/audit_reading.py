"""
Reading the audit (S-8): who acted, about whom, what, where and when. For the association alone.

An entry names persons by key; whoever reads it finds their names as they are now. Nobody reads what was done in a case of their own, or
of one they endorsed, referred or passed on (S-6, S-7).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from membership import rules, validators
from membership.domain import audit, queues
from membership.domain.errors import NotAllowed
from membership.domain.prefixes import prefix
from membership.models import Application, AuditEntry, Member, MemberNumber, User
from membership.periods import end_of_day

LONGEST_TERM = 60
# So many are offered to choose from; of more the reader is asked for more of the name.
MOST_OFFERED = 10
SYSTEM = "系统"
_ACCOUNT = re.compile(r"账号\s*([0-9]{1,18})", re.ASCII)
_PERSON = re.compile(r"(?:会员|申请人)\s*([0-9]{1,18})", re.ASCII)
_APPLICATION_NUMBER = re.compile(r"20[0-9]{2}-0*([1-9][0-9]{0,17})", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """
    What a reader looks for; None and empty texts mean anything. ``actor`` and ``about`` are the keys of an account and of a person,
    ``until`` is the last day that counts.
    """

    actor: int | None = None
    by_system: bool = False
    about: int | None = None
    action: str = ""
    institution: int | None = None
    since: date | None = None
    until: date | None = None
    request_id: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody a name may mean: an account that acted, or a person somebody acted upon; ``note`` tells them from their namesakes."""

    pk: int
    name: str
    note: str


def may_read(user: User) -> bool:
    """Whether an account reads the audit: the association's reviewers and its administrators, nobody else (S-4, S-8)."""
    return rules.has_role(user, rules.ASSOCIATION_REVIEWER, rules.ADMINISTRATOR)


def find(wanted: Wanted, *, reader: User) -> QuerySet[AuditEntry]:
    """
    Return the entries looked for that this person may read, in no order.

    :raises NotAllowed: not the association's.
    """
    if not may_read(reader):
        raise NotAllowed()
    exact = {
        "actor": wanted.actor,
        "about": wanted.about,
        "action": wanted.action,
        "institution": wanted.institution,
        "request_id": wanted.request_id,
    }
    found = AuditEntry.objects.filter(**{name: value for name, value in exact.items() if value})
    if wanted.by_system:
        found = found.filter(actor__isnull=True)
    if wanted.since is not None:
        found = found.filter(at__gte=end_of_day(wanted.since - timedelta(days=1)))
    if wanted.until is not None:
        found = found.filter(at__lt=end_of_day(wanted.until))
    kept_from = _kept_from(reader)
    return found.exclude(about__in=kept_from) if kept_from else found


def note_reading(*, about: int, reader: User, at: datetime) -> None:
    """Write down that somebody read what was done about one person: it tells of their life in the society (S-8)."""
    member = Member.objects.filter(pk=about).first()
    if member is not None:
        audit.log("audit.read", member, by=reader, at=at, about=member)


def actors_called(term: str) -> list[Person]:
    """Return the accounts a text may mean: the number of an account, a telephone number, or the beginning of a name; the staff first."""
    term = _clean(term)
    if not term:
        return []
    account = _ACCOUNT.fullmatch(term)
    if account is not None:
        # An account that is no more is still somebody who acted.
        return [Person(int(account[1]), term, "")]
    by_phone = _by_phone(term)
    if by_phone is not None:
        return [_as_actor(user) for user in User.objects.filter(phone=by_phone)]
    staff = User.objects.filter(groups__name__in=rules.ROLES, last_name__contains=term).distinct()[: MOST_OFFERED + 1]
    members = Member.objects.filter(_named(term), user__isnull=False).select_related("user")[: MOST_OFFERED + 1]
    found = {user.pk: _as_actor(user) for user in staff}
    for member in members:
        if member.user is not None:
            found.setdefault(member.user.pk, Person(member.user.pk, member.name, _note(member)))
    return list(found.values())[: MOST_OFFERED + 1]


def people_called(term: str, *, reader: User) -> list[Person]:
    """Return the persons a text may mean: a member's number, an application's, or the beginning of a name; never the reader's own cases."""
    term = _clean(term)
    if not term:
        return []
    found = Member.objects.filter(_meant(term)).exclude(pk__in=_kept_from(reader)).order_by("pk")
    return [Person(member.pk, member.name or f"会员 {member.pk}", _note(member)) for member in found[: MOST_OFFERED + 1]]


def actor_with(pk: int) -> Person:
    """Return an account by its key; one that is no more by what it was called when it acted last."""
    user = User.objects.filter(pk=pk).first()
    if user is not None:
        return _as_actor(user)
    last = AuditEntry.objects.filter(actor=pk).order_by("-at", "-id").first()
    return Person(pk, last.actor_label if last else audit.label_of(pk), "账号已不存在")


def person_with(pk: int) -> Person:
    """Return a person by their key; one who is no more is a number."""
    member = Member.objects.filter(pk=pk).first()
    return Person(pk, (member.name if member else "") or f"会员 {pk}", _note(member) if member else "资料已不存在")


def _kept_from(reader: User) -> list[int]:
    """The persons whose case is the reader's own, or one they endorsed, referred or passed on (S-6, S-7)."""
    cases = Application.objects.filter(pk__in=queues.kept_from(reader))
    own = Member.objects.filter(user=reader)
    return sorted({*own.values_list("pk", flat=True), *cases.values_list("member", flat=True)})


def _meant(term: str) -> Q:
    number, person = _APPLICATION_NUMBER.fullmatch(term), _PERSON.fullmatch(term)
    if number is not None:
        return Q(pk__in=Application.objects.filter(pk=int(number[1])).values("member"))
    if person is not None:
        return Q(pk=int(person[1]))
    if any(character.isdecimal() for character in term):
        return Q(pk__in=MemberNumber.objects.filter(number=term.upper()).values("member"))
    return _named(term)


def _named(term: str) -> Q:
    spelled = term.casefold().replace(" ", "").replace("'", "")
    if spelled.isascii():
        return prefix("name_pinyin", spelled) | prefix("name_initials", spelled)
    return prefix("name", term)


def _by_phone(term: str) -> str | None:
    try:
        return validators.normalise_mobile(term)
    except ValidationError:
        return None


def _clean(term: str) -> str:
    try:
        return validators.clean_line(term)[:LONGEST_TERM]
    except ValidationError:
        return ""


def _as_actor(user: User) -> Person:
    words = [rules.ROLES[name] for name in user.groups.values_list("name", flat=True) if name in rules.ROLES]
    member = Member.objects.filter(user=user).first()
    name = user.get_full_name() or (member.name if member else "") or audit.label_of(user.pk)
    return Person(user.pk, name, "，".join(words) or (_note(member) if member else audit.label_of(user.pk)))


def _note(member: Member) -> str:
    return member.number or f"申请人 {member.pk}"
