"""The applicant's side of a first enrolment: started, saved, submitted, recalled, corrected, submitted again, withdrawn (Table B1)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects

from membership.domain import (
    attachments,
    audit,
    claims,
    consents,
    deadlines,
    dossiers,
    endings,
    endorsements,
    gaps,
    listed,
    members,
    rows,
    transitions,
)
from membership.domain.announcements import announce
from membership.domain.answers import dossier_with_answers
from membership.domain.errors import DomainError, NotAllowed
from membership.domain.gaps import Gap
from membership.enums import (
    ApplicationKind,
    ApplicationState,
    ConsentKind,
    EndKind,
    MembershipStatus,
    Outcome,
    ReferralMethod,
    RowState,
    Standing,
)
from membership.models import Application, Attachment, Dossier, Institution, LegacyMember, Member, User
from membership.models import settings as society
from membership.periods import same_day_next, shanghai_date

# Answers of the form that belong to the application, not to the dossier.
APPLICATION_FIELDS = ("referral_method", "referrer_seat", "referrer", "referring_unit")
# What decides whether a draft may be written to, and what is asked in it.
_OF_A_DRAFT = ("kind", "state", "hold", "member", "submitted_at", "updated_at", "proposed_dossier", "referral_method")


class MayNotStart(DomainError):
    """Another application or the person's standing is in the way (Table C, Table E)."""


class Incomplete(DomainError):
    """Something is missing or wrong; ``gaps`` says what, beside which field."""

    message = "还不能提交，请补充或更正下面的内容"

    def __init__(self, found: Sequence[Gap]) -> None:
        super().__init__()
        self.gaps = tuple(found)


class PictureChanged(DomainError):
    """A picture was to be turned, cut or removed that is no longer there: another device or page put another in its place."""

    message = "这张图片刚在别处更换过，现在显示的是新的。请看一下，再操作一次"


class ConsentMissing(DomainError):
    """A tick that law demands is not there (P-1, P-2)."""


@dataclass(frozen=True)
class Consents:
    """The ticks of the check page and the wording they stand under."""

    version: str
    identity_documents: bool = False
    guardian: bool = False
    guardian_name: str = ""


def current(user: User, *related: str) -> Application | None:
    """Return the person's latest first enrolment, whatever its state, or None; ``related`` is fetched along."""
    return (
        Application.objects.filter(member__user=user, kind=ApplicationKind.FIRST_ENROLMENT)
        .select_related("member", "proposed_dossier", *related)
        .order_by("-created_at", "-pk")
        .first()
    )


def why_not_start(user: User, *, at: datetime) -> str:
    """Return why the person may not start a first enrolment now, in their words, or an empty text (Tables C and E)."""
    today = shanghai_date(at)
    member = members.member_of(user)
    if LegacyMember.objects.filter(member__user=user, activated_at__isnull=True).exists():
        return "您是原会员，请激活账号，不用重新申请。"
    if member is None:
        return ""
    status = members.status_on(member, today)
    if status == MembershipStatus.FROZEN:
        return "会员资格已冻结，现在不能申请。请联系协会。"
    if status in (MembershipStatus.ACTIVE, MembershipStatus.GRACE):
        return "您已是会员。"
    if status == MembershipStatus.LAPSED and _may_still_renew(member, today):
        return "您的会员资格已过期，请先续会。"
    return _why_ended_or_open(member, today)


def _may_still_renew(member: Member, today: date) -> bool:
    """Whether a lapsed member comes back by renewal; who lapsed longer ago, or has nothing to renew, enrols anew (M-5)."""
    last = member.last_valid_to
    return last is not None and today <= same_day_next(last, society.current().renewal_late_months)


def _why_ended_or_open(member: Member, today: date) -> str:
    if member.standing == Standing.ENDED and member.end_kind == EndKind.DECEASED:
        return "现在不能申请，请联系协会。"
    if member.standing == Standing.ENDED and member.end_kind == EndKind.EXPELLED and member.ended_on:
        again = same_day_next(member.ended_on, 12 * society.current().expulsion_block_years)
        if today < again:
            return f"会员资格已撤销，{again} 起可以重新申请。"
    if member.applications.open().exists():
        return "您有一份申请还在进行中。"
    refused = member.applications.filter(outcome=Outcome.NOT_ACCEPTED).order_by("-closed_at").first()
    if refused is not None:
        again = same_day_next(shanghai_date(refused.closed_at or refused.state_since), society.current().not_accepted_block_months)
        if today < again:
            return f"上次申请未予受理，{again} 起可以重新申请。"
    return ""


@transaction.atomic
def start(*, user: User, at: datetime) -> Application:
    """
    Begin a first enrolment: the person, an empty or prefilled dossier, a draft (A-20, M-5).

    :raises MayNotStart: see :func:`why_not_start`; also when two devices start at once, one of them.
    """
    member = members.lock(members.member_for(user))
    reason = why_not_start(user, at=at)
    if reason:
        raise MayNotStart(reason)
    transitions.require_start(ApplicationKind.FIRST_ENROLMENT)
    dossier = dossiers.first_version(member)
    try:
        with transaction.atomic():
            application = Application.objects.create(
                kind=ApplicationKind.FIRST_ENROLMENT, member=member, proposed_dossier=dossier, created_at=at, state_since=at
            )
    except IntegrityError as race:
        raise MayNotStart("您有一份申请还在进行中。") from race
    dossier.application = application
    dossier.save(update_fields=["application"])
    audit.log("application.start", application, by=user, at=at, about=member)
    return application


@transaction.atomic
def save_draft(
    *,
    application: Application,
    person: User,
    answers: Mapping[str, Any],
    at: datetime,
    seen_edits: int | None = None,
) -> Dossier:
    """
    Keep answers of the form, complete or not: a draft's, or those of a returned file (which opens version n + 1).

    Keys are the dossier's columns, ``fields_of_interest``, ``institutions`` (drafts only) and :data:`APPLICATION_FIELDS`.

    :raises NotAllowed: not the applicant.
    :raises NotPossible: submitted meanwhile, e.g. in another tab.
    :raises EditedElsewhere: another device saved since ``seen_edits``.
    """
    return _keep(_lock(application, person), answers, at=at, seen_edits=seen_edits)


@transaction.atomic
def save_answers(*, person: User, seen: dossiers.Seen, answers: Mapping[str, Any], at: datetime) -> Application:
    """
    Keep single answers while the form is being filled in: as :func:`save_draft`, but in a few narrow queries (Speed: saving a draft field).

    Return the application with its dossier as they stand now, of which only the columns are loaded that these answers concern.

    :raises NotAllowed: the page was opened by another person.
    :raises NotPossible: submitted meanwhile, e.g. in another tab, or on hold.
    :raises EditedElsewhere: another page saved since it was opened.
    """
    application = _lock_draft(person, seen, fields=answers.keys())
    if application.own_dossier.is_sealed:
        # The first correction of a returned file copies the whole version.
        application = _lock(application, person)
    _keep(application, answers, at=at, seen_edits=seen.edits)
    return application


def _require_editable(application: Application) -> None:
    """Before a file is stored: no act that is refused leaves one behind."""
    transitions.require(application, "correct" if application.state == ApplicationState.RETURNED else "save")


def _keep(application: Application, answers: Mapping[str, Any], *, at: datetime, seen_edits: int | None) -> Dossier:
    _require_editable(application)
    dossier = application.own_dossier
    if dossier.is_sealed:
        dossier, seen_edits = dossiers.next_version(application), None
    if seen_edits is not None and seen_edits != dossier.edits:
        raise dossiers.EditedElsewhere()
    edits, answers = dossier.edits, dict(answers)
    edited_beside = _choose(application, answers.pop("institutions", None)) | _name_referrer(application, answers, at=at)
    dossiers.fill(dossier, answers, today=shanghai_date(at))
    if edited_beside and dossier.edits == edits:
        dossiers.count_edit(dossier)
    return dossier


def _choose(application: Application, institutions: Iterable[Institution] | None) -> bool:
    """Put a draft's institutions as they were chosen; later on the rows stand for them (A-14). Return whether that is an edit."""
    if institutions is None or application.state != ApplicationState.DRAFT:
        return False
    chosen = set(institutions)
    if chosen == set(application.chosen.all()):
        return False
    application.chosen.set(chosen)
    return True


def _name_referrer(application: Application, answers: dict[str, Any], *, at: datetime) -> bool:
    """Take the answers about the referral out of ``answers`` and write them; return whether that is an edit."""
    given = {field: answers.pop(field) for field in APPLICATION_FIELDS if field in answers}
    changed = [field for field, answer in given.items() if getattr(application, field) != answer]
    for field in changed:
        setattr(application, field, given[field])
    # A draft nobody touches goes on a day (K-9): that it was touched is noted once a day.
    if changed or shanghai_date(application.updated_at) != shanghai_date(at):
        application.save(update_fields=[*changed, "updated_at"])
    return bool(changed)


@transaction.atomic
def attach(*, application: Application, person: User, field: str, file: attachments.NewFile, at: datetime) -> Attachment:
    """
    Put an uploaded picture into the draft: ``field`` is portrait, qualification, qualification_changes or student_card.

    The one that was there is forgotten, unless a submitted version holds it.

    :raises NotAllowed, NotPossible: as :func:`save_draft`.
    """
    locked = _lock(application, person)
    _require_editable(locked)
    return _put(locked, person, field, file, at=at)


@transaction.atomic
def change_picture(
    *, application: Application, person: User, field: str, picture: int, file: attachments.NewFile, at: datetime
) -> Attachment:
    """
    Put a picture into the place of ``picture``, by its id, from which it was made: turned, or cut anew.

    :raises PictureChanged: another one stands there by now.
    :raises NotAllowed, NotPossible: as :func:`save_draft`.
    """
    locked = _lock_picture(application, person, field, picture)
    return _put(locked, person, field, file, at=at)


@transaction.atomic
def remove_picture(*, application: Application, person: User, field: str, picture: int, at: datetime) -> None:
    """
    Take a picture out of the draft, by its id; it is forgotten, unless a submitted version holds it.

    :raises PictureChanged: another one stands there by now.
    :raises NotAllowed, NotPossible: as :func:`save_draft`.
    """
    locked = _lock_picture(application, person, field, picture)
    _keep(locked, {field: None}, at=at, seen_edits=None)
    attachments.delete_unused(locked.member)


def _put(application: Application, person: User, field: str, file: attachments.NewFile, *, at: datetime) -> Attachment:
    stored = attachments.store(file, member=application.member, by=person, at=at)
    _keep(application, {field: stored}, at=at, seen_edits=None)
    attachments.delete_unused(application.member)
    return stored


@transaction.atomic
def discard(*, application: Application, person: User, at: datetime) -> None:
    """
    Delete a draft with its dossier and pictures; what it claimed is free again. The audit keeps that it was.

    A person who never submitted anything goes with it (A-20).
    """
    application = _lock(application, person)
    endings.delete(application, "discard", by=person, at=at)


def submit(*, application: Application, person: User, consents_given: Consents, at: datetime) -> Application:
    """
    Submit a draft, or a returned file once more (B1: submit, resubmit).

    A draft: the version is sealed, the document claimed, rows made, the endorsement asked; the signed form is awaited.
    A returned file: round + 1, refused rows wait again; a new signed form is awaited only if E-4 asks one.

    :raises Incomplete: gaps; nothing changed.
    :raises ConsentMissing: a tick is missing (P-1, P-2).
    :raises DocumentTaken, TooManyTries: the document is another's (D-10).
    :raises NotPossible: submitted already, e.g. by a double click or in another tab.
    """
    try:
        return _submit(application=application, person=person, given=consents_given, at=at)
    except claims.DocumentTaken:
        claims.note_try(person, application, at=at)
        raise


@transaction.atomic
def _submit(*, application: Application, person: User, given: Consents, at: datetime) -> Application:
    application = _lock(application, person)
    again = application.state == ApplicationState.RETURNED
    transitions.require(application, "resubmit" if again else "submit")
    # With all that the questions below follow, or each would ask the database anew.
    dossier = application.proposed_dossier = dossier_with_answers(application.own_dossier.pk)
    prefetch_related_objects([application], "chosen")
    _require_complete(application, given, at=at)
    _forget_unasked(application, dossier)
    claims.require_tries_left(person, at=at)
    claims.claim(application, dossier, at=at)

    before = application.dossiers.filter(submitted_at__isnull=False).order_by("-version").first()
    _record_consents(person, dossier, given, at=at)
    if not dossier.is_sealed:
        dossiers.seal(dossier, at=at)
    members.name(application.member, dossier)
    application.member.save()
    listed.note_type(application, dossier)
    dossiers.keep_contact(application.member, dossier, at=at)
    application.submitted_at = at
    if again:
        _resubmit(application, before, at=at)
    else:
        rows.make(application, list(application.chosen.all()), state=RowState.WAITING, at=at)
        endorsements.ask(application, at=at)
        transitions.move(application, "submit", at=at)
        announce("enrolment-submitted", person, at=at, application=application)
    seat = application.referrer_seat_id
    audit.log("application.submit", application, by=person, at=at, about=application.member, version=dossier.version, seat=seat)
    return application


def _require_complete(application: Application, given: Consents, *, at: datetime) -> None:
    today = shanghai_date(at)
    found = gaps.gaps_in(application, today=today)
    if found:
        raise Incomplete(found)
    if not given.identity_documents:
        raise ConsentMissing("请勾选同意处理证件信息", field="identity_documents")
    if gaps.is_minor(application.own_dossier, today=today):
        if not given.guardian:
            raise ConsentMissing("未满 18 周岁须由监护人同意", field="guardian")
        if not given.guardian_name.strip():
            raise ConsentMissing("请填写监护人姓名", field="guardian_name")


def _forget_unasked(application: Application, dossier: Dossier) -> None:
    """Leave hidden fields of the form behind: before the document is claimed, since the country is part of it."""
    if not dossier.is_sealed:
        dossiers.forget_unasked(dossier)
    if application.referral_method != ReferralMethod.COMMITTEE_MEMBER:
        application.referrer_seat = None
    if application.referral_method not in (ReferralMethod.COMMITTEE_MEMBER, ReferralMethod.MEMBER):
        application.referrer = None


def _record_consents(person: User, dossier: Dossier, given: Consents, *, at: datetime) -> None:
    consents.record(user=person, kind=ConsentKind.IDENTITY_DOCUMENTS, version=given.version, at=at)
    if given.guardian and given.guardian_name.strip():
        name = given.guardian_name.strip()
        consents.record(user=person, kind=ConsentKind.GUARDIAN, version=given.version, at=at, guardian_name=name)
        dossier.guardian_name = name


def _resubmit(application: Application, before: Dossier | None, *, at: datetime) -> None:
    """Round + 1; refused rows wait again; the signed form is asked anew only where E-4 asks it."""
    needs_form = needs_new_form(application, before, application.own_dossier)
    refusal = rows.returned_by_the_association(application)
    application.stamp_waived_by = refusal.decided_by if refusal is not None and refusal.waives_stamp else None
    today = shanghai_date(at)
    application.round += 1
    application.stamp_required = needs_form
    for row in rows.lock_rows(application):
        if row.state == RowState.REFUSED and row.institution.is_open_on(today):
            row.round = rows.next_round(application, row.institution)
            row.due_on = None
            transitions.move(row, "file resubmitted", RowState.WAITING, at=at)
    if not application.rows.filter(state=RowState.WAITING).exists():
        raise rows.InstitutionClosed("您申请的机构现在都不接受申请，请撤销后重新申请。")
    endorsements.drop_unless_named(application, at=at)
    if needs_form:
        # Asked with the form, never beside a review that runs: its clock waits for nobody (K-1).
        endorsements.ask(application, at=at)
        transitions.move(application, "resubmit", ApplicationState.AWAITING_FORM, at=at)
        announce("enrolment-submitted", application.member.user, at=at, application=application)
    else:
        deadlines.start_clock(application, at=at)
        transitions.move(application, "resubmit", ApplicationState.CHECKING, at=at)
        announce(
            "file-arrived",
            application.member.user,
            at=at,
            application=application,
            due=deadlines.promise(today),
        )


def needs_new_form(application: Application, before: Dossier | None, after: Dossier) -> bool:
    """
    Whether a resubmission needs a newly signed form (E-4): a printed field changed, the referrer changed, or the refusal was about the form
    itself; not if the association waived it when returning.
    """
    refusal = rows.returned_by_the_association(application)
    if refusal is not None and refusal.waives_stamp:
        return False
    if before is None or dossiers.printed_difference(before, after) or before.voided_at is not None:
        return True
    if refusal is not None and refusal.reasons.filter(category="盖章文件").exists():
        return True
    return endorsements.seat_last_named(application) != application.referrer_seat_id


@transaction.atomic
def recall(*, application: Application, person: User, at: datetime) -> Application:
    """
    撤回修改 before the signed form is uploaded (A-14): a draft again, its rows gone; or returned with its rows, if the file was ever in
    checking. The printed form is void, an open endorsement dropped, the claim kept.
    """
    application = _lock(application, person)
    transitions.require(application, "recall")
    dossier = application.own_dossier
    dossier.voided_at = at
    dossier.save(update_fields=["voided_at"])
    endorsements.drop(application, at=at)
    if application.first_checked_at is None:
        application.rows.all().delete()
        transitions.move(application, "recall", ApplicationState.DRAFT, at=at)
    else:
        transitions.move(application, "recall", ApplicationState.RETURNED, at=at)
    dossiers.next_version(application)
    audit.log("application.recall", application, by=person, at=at, about=application.member)
    return application


@transaction.atomic
def withdraw(*, application: Application, person: User, at: datetime) -> Application:
    """
    申请撤销 of the whole file: before the institutions decide it ends withdrawn; while they decide, the undecided rows are
    withdrawn and the file follows from the decided ones (A-6).
    """
    application = _lock(application, person)
    if application.state == ApplicationState.DECIDING:
        transitions.require(application, "withdraw all")
        for row in rows.lock_rows(application):
            if row.is_open:
                transitions.move(row, "withdraw", at=at)
        rows.settle(application, application.member, at=at)
    else:
        transitions.require(application, "withdraw")
        endings.end(application, "withdraw", at=at)
    audit.log("application.withdraw", application, by=person, at=at, about=application.member)
    return application


def _lock_draft(person: User, seen: dossiers.Seen, *, fields: Collection[str]) -> Application:
    """
    Lock a person and the application whose dossier their page shows, with nothing but the columns that answers to ``fields`` concern.
    """
    member = Member.objects.select_for_update().only("number").filter(user=person).first()
    if member is None:
        raise NotAllowed()
    asked_about = dossiers.read_by_filling(fields).union(*(check.reads for check in gaps.concerned(fields)))
    columns = {column.name for column in Dossier._meta.concrete_fields} & (asked_about | {"member_type", "document_kind"})
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("proposed_dossier")
        .only(*_OF_A_DRAFT, *(f"proposed_dossier__{column}" for column in ("edits", "submitted_at", *columns)))
        .filter(member=member, proposed_dossier=seen.dossier)
        .first()
    )
    if application is None:
        raise dossiers.EditedElsewhere() if Dossier.objects.filter(pk=seen.dossier, member=member).exists() else NotAllowed()
    application.member = member
    return application


def _lock(application: Application, person: User) -> Application:
    member = Member.objects.select_for_update().filter(pk=application.member_id).first()
    if member is None:
        raise transitions.NotPossible("这份草稿已删除。")
    if member.user_id != person.pk:
        raise NotAllowed()
    locked = Application.objects.select_for_update(of=("self",)).select_related("proposed_dossier").filter(pk=application.pk).first()
    if locked is None:
        raise transitions.NotPossible("这份草稿已删除。")
    locked.member = member
    return locked


def _lock_picture(application: Application, person: User, field: str, picture: int) -> Application:
    locked = _lock(application, person)
    _require_editable(locked)
    if getattr(locked.own_dossier, f"{field}_id") != picture:
        raise PictureChanged()
    return locked
