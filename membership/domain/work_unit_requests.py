"""申请添加单位: an applicant misses a work unit in the list, support answers, the applicant is told (APP-5, L-9)."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from membership import rules, validators
from membership.domain import audit, dossiers, enrolment, lookups, members, transitions
from membership.domain.announcements import announce
from membership.domain.errors import DomainError, NotAllowed
from membership.domain.wording import Status
from membership.enums import ApplicationState, RequestState, WorkUnitKind
from membership.models import Application, Division, User, WorkUnit, WorkUnitAlias, WorkUnitRequest
from membership.periods import shanghai_date

LONGEST_NAME = 120
LONGEST_ANSWER = 300
# Whoever asks for more at once writes to support instead.
MOST_OPEN = 3
_NEXT_FILLED_IN, _NEXT_CHOOSE = "已为您填入申请表，请继续填写并提交。", "请在申请表的「工作单位」中选择。"
_FILLED_IN = (ApplicationState.DRAFT, ApplicationState.RETURNED)


class NameMissing(DomainError):
    message = "请填写单位全称"
    field = "name"


class AlreadyListed(DomainError):
    """The list has the unit, perhaps under another name, so that there is nothing to ask for."""

    field = "name"

    def __init__(self, unit: WorkUnit) -> None:
        self.unit = unit
        super().__init__(f"名单中已有「{unit.name}」，请回到申请表直接选择")


class AlreadyAsked(DomainError):
    message = "这个单位已经申请添加，正在处理，不用再次申请"
    field = "name"


class TooManyOpen(DomainError):
    message = f"已有 {MOST_OPEN} 个单位在等待添加。请等答复以后再申请，急事请联系技术支持"


class KindMissing(DomainError):
    message = "请选择单位类别"
    field = "kind"


class UnitMissing(DomainError):
    message = "请选择名单中的单位"
    field = "unit"


class AnswerMissing(DomainError):
    message = "请写明原因，申请人会读到"
    field = "answer"


class AnsweredMeanwhile(DomainError):
    message = "同事已经答复了这个申请，您的没有保存"


@dataclass(frozen=True)
class Own:
    """A request as its applicant sees it: the unit's name, how it stands, and what was answered or is being done."""

    title: str
    status: Status
    text: str


# --- The applicant's side --------------------------------------------------------------------------------


@transaction.atomic
def request_unit(*, person: User, name: str, province: str = "", at: datetime) -> WorkUnitRequest:
    """
    Ask support to add a unit to the list.

    :raises NameMissing: no name, or characters that none has.
    :raises AlreadyListed, AlreadyAsked, TooManyOpen: there is nothing to ask for now.
    """
    name = _name(name)
    person = User.objects.select_for_update().get(pk=person.pk)
    if unit := lookups.work_unit_named(name):
        raise AlreadyListed(unit)
    waiting = WorkUnitRequest.objects.open().filter(requested_by=person)
    if waiting.filter(name=name).exists():
        raise AlreadyAsked()
    if waiting.count() >= MOST_OPEN:
        raise TooManyOpen()
    application = enrolment.current(person)
    is_open = application is not None and application.is_open
    request = WorkUnitRequest.objects.create(
        name=name, province=province[:60], requested_by=person, application=application if is_open else None, created_at=at
    )
    audit.log("work_unit.request", request, by=person, at=at, about=members.member_of(person), name=name)
    return request


def own_requests(person: User) -> list[Own]:
    """Return what a person asked for, the latest first."""
    found = WorkUnitRequest.objects.filter(requested_by=person).select_related("work_unit").order_by("-pk")
    return [Own(one.name, status_of(one), _note(one)) for one in found[:10]]


def wanted_by(application: Application) -> str:
    """Return the unit's name that a draft holds and the list lacks: what its applicant would ask for."""
    dossier = application.own_dossier
    return "" if dossier.work_unit_id else dossier.work_unit_name


def is_waited_for(application: Application) -> bool:
    """Whether the unit that a draft names, and the list lacks, was asked for and is not answered yet."""
    name = wanted_by(application)
    return bool(name) and WorkUnitRequest.objects.open().filter(requested_by=application.member.user_id, name=name).exists()


# --- Support's side --------------------------------------------------------------------------------------


def open_to(person: User) -> QuerySet[WorkUnitRequest]:
    """Return the requests that a person may answer; to anybody else there are none."""
    if not rules.may(person, "answer_unit_request", None):
        return WorkUnitRequest.objects.none()
    return WorkUnitRequest.objects.exclude(requested_by=person)


def waiting(person: User) -> QuerySet[WorkUnitRequest]:
    """Return what waits for an answer from this person, the oldest first."""
    return open_to(person).filter(state=RequestState.OPEN).order_by("created_at", "pk")


def answered(person: User) -> QuerySet[WorkUnitRequest]:
    """Return what was answered, the newest first."""
    return open_to(person).exclude(state=RequestState.OPEN).order_by("-answered_at", "-pk")


def alike(request: WorkUnitRequest) -> list[WorkUnit]:
    """Return the listed units that may be the one asked for: part of the name in common, or another name of theirs."""
    core = request.name.removesuffix("医院").removesuffix("大学")
    shares = Q(name__contains=core) if core else Q(pk__in=())
    for part in {core[:4], core[-4:]}:
        if len(part) >= 3:
            shares |= Q(name__contains=part) | Q(aliases__name__contains=part)
    return list(WorkUnit.objects.active().filter(shares).distinct().select_related("province").order_by("name")[:8])


def others_asking(request: WorkUnitRequest) -> int:
    """Return how many more people wait for the same unit; they are answered along."""
    return _same(request).count()


@transaction.atomic
def add_unit(*, request: WorkUnitRequest, person: User, name: str, kind: str, province: Division | None, at: datetime) -> WorkUnit:
    """
    Put the unit on the list under its full name, which is then everybody's who asked for it; the name asked for leads to it too.

    :raises NotAllowed: neither support nor administrator, or their own request (S-6).
    :raises AnsweredMeanwhile: a colleague was faster.
    :raises NameMissing, KindMissing, AlreadyListed: the form's faults.
    """
    request = _lock(request, person)
    name = _name(name)
    if kind not in WorkUnitKind.values:
        raise KindMissing()
    if unit := lookups.work_unit_named(name):
        raise AlreadyListed(unit)
    unit = WorkUnit.objects.create(name=name, kind=kind, province=province)
    audit.log("work_unit.add", unit, by=person, at=at, name=name)
    _grant(request, unit, person, code="unit-added", at=at)
    return unit


@transaction.atomic
def name_unit(*, request: WorkUnitRequest, person: User, unit: WorkUnit | None, at: datetime) -> WorkUnit:
    """
    Answer that the list has the unit under another name; from now on the name asked for leads to it.

    :raises NotAllowed, AnsweredMeanwhile: as :func:`add_unit`.
    :raises UnitMissing: none chosen, or one that is out of use.
    """
    request = _lock(request, person)
    if unit is None or not unit.is_active:
        raise UnitMissing()
    _grant(request, unit, person, code="unit-found", at=at)
    return unit


@transaction.atomic
def decline(*, request: WorkUnitRequest, person: User, answer: str, at: datetime) -> WorkUnitRequest:
    """
    Answer that the unit is not added, and why.

    :raises NotAllowed, AnsweredMeanwhile: as :func:`add_unit`.
    :raises AnswerMissing: no reason.
    """
    request = _lock(request, person)
    if not answer.strip():
        raise AnswerMissing()
    request.state, request.answer, request.answered_at = RequestState.DECLINED, answer.strip()[:LONGEST_ANSWER], at
    request.save(update_fields=["state", "answer", "answered_at"])
    audit.log("work_unit.decline", request, by=person, at=at, about=members.member_of(request.requested_by))
    announce("unit-declined", request.requested_by, at=at, application=None, unit=request.name, answer=request.answer)
    return request


def status_of(request: WorkUnitRequest) -> Status:
    """Return how a request stands, in the same words for both sides."""
    if request.state == RequestState.OPEN:
        return Status("等待添加", "pending")
    return Status("已添加", "approved") if request.state == RequestState.DONE else Status("未添加", "rejected")


# --- Inside ----------------------------------------------------------------------------------------------


def _name(text: str) -> str:
    try:
        name = validators.clean_line(text)
    except ValidationError:
        name = ""
    if not name:
        raise NameMissing()
    return name[:LONGEST_NAME]


def _note(request: WorkUnitRequest) -> str:
    if request.state == RequestState.OPEN:
        return "技术支持核实后添加，会发站内消息告诉您。申请表的其他内容可以先填"
    if request.work_unit is None:
        return request.answer
    return f"名单中的全称：{request.work_unit.name}" if request.work_unit.name != request.name else "现在可以在申请表中选择"


def _lock(request: WorkUnitRequest, person: User) -> WorkUnitRequest:
    request = WorkUnitRequest.objects.select_for_update(of=("self",)).select_related("requested_by", "application").get(pk=request.pk)
    if not rules.may(person, "answer_unit_request", request):
        raise NotAllowed()
    if request.state != RequestState.OPEN:
        raise AnsweredMeanwhile()
    return request


def _same(request: WorkUnitRequest) -> QuerySet[WorkUnitRequest]:
    return WorkUnitRequest.objects.open().filter(name=request.name).exclude(pk=request.pk)


def _grant(request: WorkUnitRequest, unit: WorkUnit, person: User, *, code: str, at: datetime) -> None:
    """Answer everybody who asked for the unit by this name."""
    if request.name != unit.name and lookups.work_unit_named(request.name) is None:
        WorkUnitAlias.objects.create(work_unit=unit, name=request.name)
    for one in [request, *_same(request).select_for_update(of=("self",)).select_related("requested_by", "application")]:
        one.state, one.work_unit, one.answered_at = RequestState.DONE, unit, at
        one.save(update_fields=["state", "work_unit", "answered_at"])
        is_filled_in = _fill_in(one, unit, at=at)
        following = _NEXT_FILLED_IN if is_filled_in else _NEXT_CHOOSE if _is_filled_in_still(one) else ""
        audit.log("work_unit.grant", one, by=person, at=at, about=members.member_of(one.requested_by), unit=unit.pk)
        announce(code, one.requested_by, at=at, application=None, unit=one.name, full_name=unit.name, next=following)


def _is_filled_in_still(request: WorkUnitRequest) -> bool:
    """Whether there may be a form yet in which to choose the unit."""
    return request.application is None or request.application.state in _FILLED_IN


def _fill_in(request: WorkUnitRequest, unit: WorkUnit, *, at: datetime) -> bool:
    """Choose the unit in a draft that still names what was asked for, so that nobody types it again."""
    member = members.member_of(request.requested_by)
    if member is None or request.application_id is None:
        return False
    members.lock(member.pk)
    application = Application.objects.select_related("proposed_dossier").filter(pk=request.application_id, state__in=_FILLED_IN).first()
    if application is None or application.own_dossier.is_sealed or not transitions.is_possible(application, _act(application)):
        return False
    dossier = application.own_dossier
    if dossier.work_unit_id is not None or dossier.work_unit_name not in (request.name, unit.name):
        return False
    dossiers.fill(dossier, {"work_unit": unit, "work_unit_name": unit.name}, today=shanghai_date(at))
    return True


def _act(application: Application) -> str:
    return "correct" if application.state == ApplicationState.RETURNED else "save"
