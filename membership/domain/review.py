"""The association's check of a file, and an institution's verdict on its row (Tables B1 and B2; REV-2, REV-3, REV-5)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from membership import rules
from membership.domain import (
    affiliations,
    announcements,
    audit,
    certificates,
    claims,
    deadlines,
    dossiers,
    endorsements,
    limits,
    members,
    numbers,
    rows,
    stamped_forms,
    transitions,
)
from membership.domain.announcements import announce
from membership.domain.errors import DomainError, NotAllowed
from membership.enums import (
    ApplicationState,
    EndorsementState,
    MembershipStatus,
    Outcome,
    RowState,
    Verdict,
)
from membership.models import Application, ApplicationInstitution, Decision, Dossier, Institution, Member, ReviewReason, User
from membership.models import settings as society
from membership.models.applications import ENROLMENTS
from membership.periods import SHANGHAI, same_day_next, shanghai_date


class AlreadyDecided(DomainError):
    """A colleague was faster; the message says who and when (REV-5)."""

    def __init__(self, decision: Decision) -> None:
        who = str(decision.decided_by) if decision.decided_by else "系统"
        when = decision.decided_at.astimezone(SHANGHAI)
        super().__init__(f"{who} 已于 {when:%Y-%m-%d %H:%M} 作出决定：{decision.get_verdict_display()}。您的操作没有生效。")


class ReasonMissing(DomainError):
    """审批不通过 without a reason."""

    field = "reason"
    message = "请选择或填写审批不通过的原因，申请人会看到"


class ReasonTooLong(DomainError):
    """Picked and written reasons together are longer than anybody would read."""

    field = "reason"


class SubstituteReasonMissing(DomainError):
    """The association decides in an institution's place without saying why (K-6)."""

    field = "reason"
    message = "代为决定须写明原因，申请人会看到"


class BasisMissing(DomainError):
    """A file rests on neither stamp, signature nor endorsement (E-2)."""

    message = "没有单位盖章、委员签字或委员同意推荐，不能通过。请以审批不通过退回。"


class TooEarly(DomainError):
    """不予受理 before the round from which it is possible, and not for ineligibility (A-15)."""


# What a refused row's applicant may do: while the file is decided, and once it is closed.
_SENT_AGAIN = "您可以补充材料后向该机构再次申请。"
_APPLIED_AGAIN = "这次申请的机构都已答复；需要时，您可以在会员中心「加入更多机构」再次申请。"


@transaction.atomic
def opened(*, application: Application, reviewer: User, at: datetime, institution: Institution | None = None) -> None:
    """
    Note that a reviewer looked at a file: personal data were viewed (S-8), and the scan can no longer be replaced (A-23).

    ``institution``: the one in whose name a reviewer of its own looked.
    """
    for_the_association = rules.has_role(reviewer, rules.ASSOCIATION_REVIEWER, rules.ADMINISTRATOR)
    if for_the_association and application.state == ApplicationState.CHECKING and application.first_opened_at is None:
        Application.objects.filter(pk=application.pk, first_opened_at__isnull=True).update(first_opened_at=at)
    audit.log("application.view", application, by=reviewer, at=at, about=application.member, institution=institution)


@transaction.atomic
def approve_file(*, application: Application, dossier: Dossier, reviewer: User, at: datetime, seen_round: int | None = None) -> Decision:
    """
    The association's 审批通过: the rows go to their institutions with their due dates.

    ``seen_round`` is the round that the screen showed: the same dossier may come back in a new one, with other papers beside it.

    :raises NotAllowed: not a reviewer, or the reviewer's own case (S-6).
    :raises AlreadyDecided: a colleague decided this round.
    :raises DossierChanged: the screen showed another version or round (D-4).
    :raises BasisMissing: the form rests on nothing (E-2).
    """
    application = lock_file(application, dossier, reviewer, "approve", seen_round)
    if lacks_basis(application):
        raise BasisMissing()
    decision = record(application, dossier, Verdict.APPROVED, reviewer, at=at)
    today = shanghai_date(at)
    started_on = shanghai_date(application.clock_started_at or at)
    for row in rows.lock_rows(application):
        if row.state == RowState.WAITING:
            row.due_on = deadlines.row_due(started_on=started_on, arrived_on=today)
            transitions.move(row, "file approved", at=at)
    application.stage_due_on = None
    transitions.move(application, "approve", at=at)
    due = deadlines.promised_on(application)
    announce("file-approved", application.member.user, at=at, application=application, due=due)
    return decision


@transaction.atomic
def refuse_file(
    *,
    application: Application,
    dossier: Dossier,
    reviewer: User,
    at: datetime,
    reason: str = "",
    reasons: Sequence[ReviewReason] = (),
    fields: Collection[str] = (),
    waives_stamp: bool = False,
    seen_round: int | None = None,
) -> Decision:
    """
    The association's 审批不通过: the file goes back to the applicant; its rows stay as they are and read 审批不通过 (A-3).

    :raises ReasonMissing: neither picked nor written.
    :raises NotAllowed, AlreadyDecided, DossierChanged: as :func:`approve_file`.
    """
    text = reason_text(reasons, reason)
    application = lock_file(application, dossier, reviewer, "refuse", seen_round)
    decision = record(application, dossier, Verdict.REFUSED, reviewer, at=at, reason=text, fields=fields, waives_stamp=waives_stamp)
    decision.reasons.set(reasons)
    application.stage_due_on = None
    transitions.move(application, "refuse", at=at)
    expires = deadlines.returned_expires_on(application)
    announce("file-refused", application.member.user, at=at, application=application, reason=text, expires=expires)
    return decision


@transaction.atomic
def not_accept_file(
    *,
    application: Application,
    dossier: Dossier,
    reviewer: User,
    at: datetime,
    reason: str = "",
    reasons: Sequence[ReviewReason] = (),
    is_ineligible: bool = False,
    seen_round: int | None = None,
) -> Decision:
    """
    不予受理: the file ends, word 审批不通过, and its claim is released (A-15).

    :raises TooEarly: before round ``not_accepted_from_round``, unless the person is ineligible.
    :raises ReasonMissing, NotAllowed, AlreadyDecided, DossierChanged: as :func:`refuse_file`.
    """
    text = reason_text(reasons, reason)
    application = lock_file(application, dossier, reviewer, "not accepted", seen_round)
    first_round = society.current().not_accepted_from_round
    if application.round < first_round and not is_ineligible:
        raise TooEarly(f"第 {first_round} 轮起才能不予受理；不符合入会条件的除外。")
    decision = record(application, dossier, Verdict.NOT_ACCEPTED, reviewer, at=at, reason=text)
    decision.reasons.set(reasons)
    for row in rows.lock_rows(application):
        if row.is_open:
            transitions.follow(row, "file not accepted", at=at)
    claims.release(application)
    transitions.move(application, "not accepted", at=at, outcome=Outcome.NOT_ACCEPTED)
    again = same_day_next(shanghai_date(at), society.current().not_accepted_block_months)
    announce("file-not-accepted", application.member.user, at=at, application=application, reason=text, again=again)
    return decision


def approve_row(
    *,
    row: ApplicationInstitution,
    dossier: Dossier,
    reviewer: User,
    at: datetime,
    reason: str = "",
    seen_round: int | None = None,
) -> Decision:
    """
    An institution's 审批通过, and what follows (A-2, A-5, A-6, REV-5).

    ``reason``: why the association decides in the institution's place; only then it is asked and kept (K-6).

    The first one makes the applicant a member: number, certificate edition 1, current dossier, document held. Each opens an affiliation
    of ``validity_months`` from the day of ``at``.

    :raises NotAllowed: the reviewer does not act for this institution, or it is their own case.
    :raises AlreadyDecided: a colleague was faster.
    :raises DossierChanged: the screen showed another version or round (D-4).
    :raises SubstituteReasonMissing: 代为决定 without saying why (K-6).
    :raises LimitReached: the member has as many as may be, and is told to give up or withdraw one (A-9).
    """
    try:
        return _approve_row(row, dossier, reviewer, reason.strip(), seen_round, at=at)
    except limits.LimitReached:
        # Outside the transaction that was refused, or the message would be rolled back with it.
        _tell_of_the_limit(row, at=at)
        raise


@transaction.atomic
def _approve_row(
    row: ApplicationInstitution, dossier: Dossier, reviewer: User, reason: str, seen_round: int | None, *, at: datetime
) -> Decision:
    member, application, row, on_behalf = _lock_row(row, dossier, reviewer, "approve", seen_round, at=at)
    today = shanghai_date(at)
    why = reason if on_behalf else ""
    if on_behalf and not why:
        raise SubstituteReasonMissing()
    limits.require_room(member, for_row=row, today=today)
    decision = record(application, dossier, Verdict.APPROVED, reviewer, at=at, row=row, reason=why, on_behalf=on_behalf)
    returning = members.status_on(member, today) not in (MembershipStatus.ACTIVE, MembershipStatus.GRACE)
    replaced = affiliations.end_replaced(row, today=today)
    affiliation = affiliations.open_by(decision, row, today=today)
    if returning:
        members.become_member(member, dossier=dossier, number=numbers.take(member, at=at), at=at, on=today)
        claims.hold(member, dossier)
        certificates.issue(member, dossier=dossier, decision=decision, at=at)
    members.refresh_last_valid_to(member)
    transitions.move(row, "approve", at=at)
    rows.settle(application, member, at=at)
    announce(
        "row-approved-first" if returning else "row-approved",
        member.user,
        at=at,
        application=application,
        row=row,
        institution=row.institution.name,
        member_number=member.number,
        valid_from=affiliation.valid_from,
        valid_to=affiliation.valid_to,
        next=f"按您的选择，{replaced.institution.name}的会员资格同时结束。" if replaced else "您可以在会员中心查看。",
    )
    return decision


@transaction.atomic
def refuse_row(
    *,
    row: ApplicationInstitution,
    dossier: Dossier,
    reviewer: User,
    at: datetime,
    reason: str = "",
    reasons: Sequence[ReviewReason] = (),
    fields: Collection[str] = (),
    seen_round: int | None = None,
) -> Decision:
    """
    An institution's 审批不通过: it closes its own row alone (A-3); when it was the last and none approved, the file is returned (A-6).

    :raises ReasonMissing: neither picked nor written.
    :raises NotAllowed, AlreadyDecided, DossierChanged: as :func:`approve_row`.
    """
    text = reason_text(reasons, reason)
    member, application, row, on_behalf = _lock_row(row, dossier, reviewer, "refuse", seen_round, at=at)
    decision = record(application, dossier, Verdict.REFUSED, reviewer, at=at, row=row, reason=text, fields=fields, on_behalf=on_behalf)
    decision.reasons.set(reasons)
    transitions.move(row, "refuse", at=at)
    state = rows.settle(application, member, at=at)
    facts = {"institution": row.institution.name, "reason": text}
    returned = state == ApplicationState.RETURNED
    if returned:
        facts["expires"] = deadlines.returned_expires_on(application)
    else:
        facts["next"] = _SENT_AGAIN if state is None else _APPLIED_AGAIN
    announce("file-returned-by-rows" if returned else "row-refused", member.user, at=at, application=application, row=row, **facts)
    return decision


def lacks_basis(application: Application) -> bool:
    """Whether the form of an enrolment rests on neither stamp nor signature nor endorsement, so that nobody may approve it (E-2)."""
    on_paper = bool(stamped_forms.ON_PAPER & set(application.basis))
    return application.kind in ENROLMENTS and not on_paper and not _is_endorsed(application)


def reason_text(reasons: Sequence[ReviewReason], written: str) -> str:
    """
    Return what the applicant reads: the picked reasons and the written one, in one text.

    :raises ReasonMissing: there is neither.
    :raises ReasonTooLong: together they do not fit into a decision.
    """
    parts = [*(reason.text for reason in reasons), written.strip()]
    text = "；".join(part for part in parts if part)
    if not text:
        raise ReasonMissing()
    longest = Decision._meta.get_field("reason").max_length
    if len(text) > longest:
        raise ReasonTooLong(f"原因合计最多 {longest} 字，现在是 {len(text)} 字")
    return text


def lock_file(application: Application, dossier: Dossier, reviewer: User, action: str, seen_round: int | None) -> Application:
    """
    Lock person and file for a decision of the association on what its screen showed. Needs a transaction.

    :raises NotAllowed, AlreadyDecided, DossierChanged: as :func:`approve_file`.
    :raises NotPossible: not in this state.
    """
    member = members.lock(application.member_id)
    application = Application.objects.select_for_update().get(pk=application.pk)
    application.member = member
    if not rules.may(reviewer, "check_file", application):
        raise NotAllowed()
    _require_undecided(application, None, seen_round or application.round)
    _require_shown(application, dossier, application.round, seen_round)
    transitions.require(application, action)
    return application


def _lock_row(
    row: ApplicationInstitution, dossier: Dossier, reviewer: User, action: str, seen_round: int | None, *, at: datetime
) -> tuple[Member, Application, ApplicationInstitution, bool]:
    # Lock the member, not the row: two of their applications may run at once, and only one approval is «the first».
    member = members.lock(row.member_id)
    application = Application.objects.select_for_update().get(pk=row.application_id)
    application.member = member
    row = next(one for one in rows.lock_rows(application) if one.pk == row.pk)
    on_behalf = may_substitute(reviewer, row, today=shanghai_date(at))
    if not (on_behalf or rules.may(reviewer, "decide_row", row)):
        if rules.may(reviewer, "check_file", application):
            # The institution answered after all, before the association did in its place (K-6): say so.
            _require_undecided(application, row, seen_round or row.round)
        raise NotAllowed()
    _require_undecided(application, row, seen_round or row.round)
    _require_shown(application, dossier, row.round, seen_round)
    transitions.require(row, action)
    return member, application, row, on_behalf


def _require_shown(application: Application, dossier: Dossier, present_round: int, seen_round: int | None) -> None:
    """Refuse a decision made on a screen that showed another version or round than the present one (D-4)."""
    dossiers.require_latest(application, dossier)
    if seen_round is not None and seen_round != present_round:
        raise dossiers.DossierChanged()


def may_substitute(reviewer: User, row: ApplicationInstitution, *, today: date) -> bool:
    """Whether the association's reviewer may decide in the institution's place because it is long overdue (代为决定, K-6)."""
    if rules.may(reviewer, "decide_row", row) or not rules.may(reviewer, "check_file", row.application):
        return False
    return deadlines.association_may_substitute(row, today=today)


def _require_undecided(application: Application, row: ApplicationInstitution | None, round_number: int) -> None:
    institution = row.institution if row else None
    decision = application.decisions.counted().filter(institution=institution, round=round_number).select_related("decided_by").first()
    if decision is not None:
        raise AlreadyDecided(decision)


def record(
    application: Application,
    dossier: Dossier,
    verdict: Verdict,
    reviewer: User,
    *,
    at: datetime,
    row: ApplicationInstitution | None = None,
    **details: object,
) -> Decision:
    """
    Write a decision and its audit entry; the constraint lets one count for each round (A-2, REV-5). The caller holds the locks.

    :raises AlreadyDecided: a colleague was faster.
    """
    details["fields"] = list(details.get("fields", ()))
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                application=application,
                row=row,
                institution=row.institution if row else None,
                round=row.round if row else application.round,
                dossier=dossier,
                verdict=verdict,
                decided_by=reviewer,
                decided_at=at,
                **details,
            )
    except IntegrityError as race:
        # The locks should have kept this away; if not, the constraint did, and the loser reads the same sentence.
        _require_undecided(application, row, row.round if row else application.round)
        raise DomainError("这份申请刚刚有了变化，请刷新后重试。") from race
    subject = "row" if row else "file"
    audit.log(f"{subject}.{verdict}", decision, by=reviewer, at=at, about=application.member, institution=decision.institution)
    return decision


def _is_endorsed(application: Application) -> bool:
    endorsement = endorsements.open_endorsement(application)
    return endorsement is not None and endorsement.state == EndorsementState.AGREED


@transaction.atomic
def _tell_of_the_limit(row: ApplicationInstitution, *, at: datetime) -> None:
    """Tell the member to give up or withdraw one: once a round, however often a reviewer tries (A-9)."""
    member = members.lock(row.member_id)
    if not announcements.was_told("limit-reached", row):
        announce("limit-reached", member.user, at=at, application=row.application, row=row, institution=row.institution.name)
