"""加入更多机构: a member applies to further institutions, and types nothing again (APP-13, A-6 to A-11, Tables B3, C and E)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from membership.domain import audit, deadlines, endings, limits, listed, members, rows, transitions
from membership.domain.announcements import announce
from membership.domain.enrolment import Incomplete, MayNotStart
from membership.domain.errors import NotAllowed
from membership.domain.gaps import Gap
from membership.domain.limits import Limit
from membership.domain.wording import day
from membership.enums import ApplicationKind, ApplicationState, InstitutionKind, MembershipStatus, RowState
from membership.models import Affiliation, Application, ApplicationInstitution, Institution, Member, User
from membership.models import settings as society
from membership.periods import age_on, shanghai_date

_NOT_NOW = {
    MembershipStatus.FROZEN: "会员资格已冻结，现在不能加入更多机构。请联系协会。",
    MembershipStatus.GRACE: "会员资格待续会，续会以后才能加入更多机构。",
    MembershipStatus.LAPSED: "会员资格已过期，续会以后才能加入更多机构。",
}
_NO_MEMBER = "入会以后才能加入更多机构。"
_RELATED = ("member__current_dossier",)


@dataclass(frozen=True)
class Choice:
    """What a member chose: the institutions, and by the id of an institution the affiliation that it replaces (A-10)."""

    institutions: tuple[Institution, ...] = ()
    replaced: Mapping[int, Affiliation] = field(default_factory=dict)


@dataclass(frozen=True)
class Room:
    """
    What a ceiling leaves: ``held`` are the affiliations that count, ``asked`` how many open rows do, ``replaceable`` those affiliations
    whose place a new institution may take: no open row does yet (A-8, A-10).
    """

    limit: Limit
    held: tuple[Affiliation, ...]
    asked: int
    replaceable: tuple[Affiliation, ...]

    @property
    def taken(self) -> int:
        """How many places are taken; an affiliation and the open row that replaces it take one."""
        return len(self.replaceable) + self.asked

    @property
    def left(self) -> int:
        return max(0, self.limit.most - self.taken)


# --- May they, and what -----------------------------------------------------------------------------------


def why_not(user: User, *, at: datetime) -> str:
    """Return why the person may not apply to further institutions now, in their words, or an empty text (Tables C and E)."""
    member = members.member_of(user)
    if member is None:
        return _NO_MEMBER
    status = members.status_on(member, shanghai_date(at))
    if status != MembershipStatus.ACTIVE:
        return _NOT_NOW.get(status, _NO_MEMBER)
    if member.current_dossier_id is None:
        return "这里还没有您的现行资料，请联系协会。"
    return _why_another_is_in_the_way(member)


def _why_another_is_in_the_way(member: Member) -> str:
    for application in member.applications.open().filter(kind__in=(ApplicationKind.FIRST_ENROLMENT, ApplicationKind.ACTIVATION)):
        approved = application.state == ApplicationState.DECIDING and application.rows.filter(state=RowState.APPROVED).exists()
        if not approved:
            return "您有一份申请还在进行中，结束以后才能加入更多机构。"
    return ""


def draft_of(user: User) -> Application | None:
    """Return the person's draft of a further enrolment, or None; there is one at most (A-7)."""
    return _of(user).filter(state=ApplicationState.DRAFT).first()


def choice_of(draft: Application) -> Choice:
    """Return what a draft holds. An affiliation that has ended is replaced by nothing."""
    standing = {one.pk for one in draft.member.affiliations.standing()}
    kept = draft.replacements.select_related("affiliation__institution")
    return Choice(tuple(draft.chosen.all()), {one.institution_id: one.affiliation for one in kept if one.affiliation_id in standing})


def submitted_for(user: User, institutions: Iterable[Institution]) -> Application | None:
    """
    Return the latest further enrolment under way in which all of these institutions stand open: another device was faster with them.
    """
    wanted = {one.pk for one in institutions}
    found = _of(user).filter(state=ApplicationState.DECIDING).order_by("-submitted_at", "-pk").first()
    if found is None or not wanted:
        return None
    return found if wanted <= set(found.rows.open().values_list("institution", flat=True)) else None


def rooms(member: Member, *, today: date) -> tuple[Room, ...]:
    """Return what each ceiling leaves the member today."""
    held = limits.held_affiliations(member, today=today)
    open_rows = list(member.rows.open().select_related("institution"))
    replaced = {row.replaces_id for row in open_rows}
    return tuple(
        Room(
            limit,
            held=tuple(one for one in held if one.institution.kind in limit.kinds),
            asked=limit.count(row.institution for row in open_rows),
            replaceable=tuple(one for one in held if one.institution.kind in limit.kinds and one.pk not in replaced),
        )
        for limit in limits.limits()
    )


def taken(member: Member, *, today: date) -> dict[int, str]:
    """
    Return by id the institutions that the member cannot apply to whatever the room, and why (A-6, A-7, M-11, Table C).

    Where an application is decided still and the institution refused, the way is to send it something new (A-4).
    """
    found: dict[int, str] = {}
    for row in member.rows.filter(state=RowState.REFUSED, application__state=ApplicationState.DECIDING):
        found[row.institution_id] = "审批不通过，请在会员中心「补充材料再申请」"
    for row in member.rows.open():
        found[row.institution_id] = "已申请，审核中"
    for affiliation in member.affiliations.running_on(today):
        found[affiliation.institution_id] = f"您已是会员，有效期至 {day(affiliation.valid_to)}"
    return found


def youth_note(member: Member, *, today: date) -> str:
    """Return why 青年理事会 cannot be applied to today for the member's age, or an empty text (M-11)."""
    born_on = member.current_dossier.born_on if member.current_dossier else None
    if born_on is None or not limits.too_old_for_the_youth_council(born_on, on=today):
        return ""
    return f"您 {age_on(born_on, today)} 周岁，须小于 {society.current().youth_council_age} 周岁"


def card_over(member: Member, *, today: date) -> str:
    """Return that a student's card is over, which keeps them from submitting (M-12), or an empty text."""
    dossier = member.current_dossier
    if dossier is None or not dossier.is_student or (dossier.student_card_until is not None and dossier.student_card_until >= today):
        return ""
    until = f"已于 {day(dossier.student_card_until)} 到期" if dossier.student_card_until else "没有登记有效期"
    return f"学生证{until}。请先更新学生证，或升级专业会员、转普通会员，再加入更多机构"


# --- The draft, and its submission ------------------------------------------------------------------------


@transaction.atomic
def save(*, person: User, choice: Choice, at: datetime) -> Application:
    """
    Keep what a member chose as their draft, ready or not; begin one if there is none (Table B3: start, save).

    :raises MayNotStart: see :func:`why_not`.
    :raises NotAllowed: not a person's own affiliation is to be replaced.
    :raises NotPossible: the draft is on hold.
    """
    return _keep(_lock(person), person, choice, at=at)


@transaction.atomic
def submit(*, person: User, choice: Choice, is_still_true: bool, at: datetime) -> Application:
    """
    Send what a member chose straight to the institutions, on the current dossier (A-11, K-1, K-2).

    ``is_still_true``: 资料仍然属实 is ticked. Nothing is kept where it is refused.

    :raises MayNotStart: see :func:`why_not`.
    :raises Incomplete: its gaps say what is missing or wrong: beside ``institutions``, ``replaces`` or ``is_still_true``.
    :raises NotAllowed, NotPossible: as :func:`save`.
    """
    member = _lock(person)
    reason = why_not(person, at=at)
    if reason:
        raise MayNotStart(reason)
    today = shanghai_date(at)
    found = tuple(faults(member, choice, is_still_true=is_still_true, today=today))
    if found:
        raise Incomplete(found)
    application = _keep(member, person, choice, at=at)
    transitions.require(application, "submit")
    due = deadlines.row_due(started_on=today, arrived_on=today)
    if member.current_dossier is not None:
        listed.note_type(application, member.current_dossier)
    _make_rows(application, choice, due=due, at=at)
    application.submitted_at = application.confirmed_true_at = application.clock_started_at = at
    transitions.move(application, "submit", at=at)
    audit.log("application.submit", application, by=person, at=at, about=member)
    announce("further-submitted", person, at=at, application=application, due=due)
    return application


@transaction.atomic
def discard(*, person: User, at: datetime) -> bool:
    """
    Delete the member's draft; return whether there was one.

    :raises NotPossible: it is on hold.
    """
    member = _lock(person)
    application = _draft(member)
    if application is None:
        return False
    endings.delete(application, "discard", by=person, at=at)
    return True


def faults(member: Member, choice: Choice, *, is_still_true: bool, today: date) -> Iterator[Gap]:
    """Yield everything that keeps a choice from being submitted on ``today``."""
    if not choice.institutions:
        yield Gap("institutions", "请选择要加入的机构", is_missing=True)
    yield from _not_choosable(member, choice, today)
    yield from _not_replaceable(member, choice, today)
    yield from _too_many(member, choice, today)
    over = card_over(member, today=today)
    if over:
        yield Gap("is_still_true", over)
    elif not is_still_true:
        yield Gap("is_still_true", "请核对资料，确认仍然属实后勾选", is_missing=True)


def _not_choosable(member: Member, choice: Choice, today: date) -> Iterator[Gap]:
    why, too_old = taken(member, today=today), youth_note(member, today=today)
    for institution in choice.institutions:
        if not institution.is_open_on(today) or institution.is_headquarters:
            yield Gap("institutions", f"{institution.name}现在不接受申请，请去掉")
        elif institution.pk in why:
            yield Gap("institutions", f"{institution.name}：{why[institution.pk]}")
        elif too_old and institution.kind == InstitutionKind.YOUTH_COUNCIL:
            yield Gap("institutions", f"{institution.name}：{too_old}，请去掉")


def _not_replaceable(member: Member, choice: Choice, today: date) -> Iterator[Gap]:
    """Of the same kind, once only, and still there to be replaced; overseas branches count as committees (A-10, APP-3)."""
    kinds = {one.pk: room.limit.kinds for room in rooms(member, today=today) for one in room.replaceable}
    chosen = {one.pk: one for one in choice.institutions}
    seen: set[int] = set()
    for key, affiliation in choice.replaced.items():
        name = affiliation.institution.name
        if affiliation.pk not in kinds:
            yield Gap("replaces", f"{name}的会员资格已结束，或已有申请要更换它，请改选「保留」")
        elif key not in chosen or chosen[key].kind not in kinds[affiliation.pk]:
            yield Gap("replaces", f"{name}只能换成同类的机构")
        elif affiliation.pk in seen:
            yield Gap("replaces", f"{name}只能换成一个机构")
        seen.add(affiliation.pk)


def _too_many(member: Member, choice: Choice, today: date) -> Iterator[Gap]:
    for room in rooms(member, today=today):
        added = room.limit.count(choice.institutions)
        leaving = sum(one in room.replaceable for one in choice.replaced.values())
        excess = room.taken + added - leaving - room.limit.most
        if added and excess > 0:
            yield Gap(
                "institutions",
                f"{room.limit.label}最多 {room.limit.most} 个，您已有 {room.taken} 个，这次选了 {added} 个。"
                f"请去掉 {excess} 个，或选择换下现有的机构",
            )


def _make_rows(application: Application, choice: Choice, *, due: date, at: datetime) -> list[ApplicationInstitution]:
    try:
        with transaction.atomic():
            return rows.make(application, choice.institutions, state=RowState.PENDING, at=at, due_on=due, replaces=choice.replaced)
    except IntegrityError as race:
        # The lock should have kept this away; if not, the constraint did.
        raise rows.AlreadyHeld() from race


def _keep(member: Member, person: User, choice: Choice, *, at: datetime) -> Application:
    application = _draft(member) or _start(member, person, at=at)
    transitions.require(application, "save")
    if any(one.member_id != member.pk for one in choice.replaced.values()):
        raise NotAllowed()
    application.chosen.set(choice.institutions)
    application.replacements.all().delete()
    for institution in choice.institutions:
        if institution.pk in choice.replaced:
            application.replacements.create(institution=institution, affiliation=choice.replaced[institution.pk])
    application.save(update_fields=["updated_at"])
    return application


def _start(member: Member, person: User, *, at: datetime) -> Application:
    reason = why_not(person, at=at)
    if reason:
        raise MayNotStart(reason)
    transitions.require_start(ApplicationKind.FURTHER_ENROLMENT)
    try:
        with transaction.atomic():
            application = Application.objects.create(kind=ApplicationKind.FURTHER_ENROLMENT, member=member, created_at=at, state_since=at)
    except IntegrityError as race:
        raise MayNotStart("您有一份申请还在进行中。") from race
    audit.log("application.start", application, by=person, at=at, about=member)
    return application


def _draft(member: Member) -> Application | None:
    """The member's draft, locked after the member."""
    drafts = Application.objects.select_for_update().filter(kind=ApplicationKind.FURTHER_ENROLMENT, state=ApplicationState.DRAFT)
    application = drafts.filter(member=member).first()
    if application is not None:
        application.member = member
    return application


def _lock(person: User) -> Member:
    member = Member.objects.select_for_update().filter(user=person).first()
    if member is None:
        raise MayNotStart(_NO_MEMBER)
    return member


def _of(user: User) -> QuerySet[Application]:
    return Application.objects.filter(member__user=user, kind=ApplicationKind.FURTHER_ENROLMENT).select_related(*_RELATED)
