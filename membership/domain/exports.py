"""
Lists that leave the house, and their register: who, which list and filter, how many rows, for what purpose, and who fetched the file
until when (REV-13, S-8).
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from membership import encryption, rules
from membership.domain import audit
from membership.domain.errors import DomainError, NotAllowed
from membership.domain.visibility import Reader, sees
from membership.enums import ExportFormat, ExportState
from membership.models import Attachment, ExportRun, User
from membership.periods import shanghai_date

SHORTEST_PURPOSE = 4  # characters: 「统计」 says nothing yet
STALE_AFTER = timedelta(minutes=5)
FETCHED = "export.fetch"


class PurposeMissing(DomainError):
    """Nobody takes a list away without saying what for."""

    field = "purpose"
    message = f"请写明用途，至少 {SHORTEST_PURPOSE} 个字，例如「2026 年度会员统计」"


class IdentityNotYours(DomainError):
    """Somebody asked for numbers of documents who does not see any (S-2)."""

    message = "完整证件号码只有协会会员部可以导出。"


class FileGone(DomainError):
    """The file was removed after its days, or is not there yet."""

    message = "文件已过保留期，不能再下载。需要时请重新导出。"


@transaction.atomic
def ask(
    *,
    person: User,
    list_name: str,
    query: str,
    filter_words: str,
    reader: Reader,
    purpose: str,
    format: ExportFormat,
    at: datetime,
    with_identity: bool = False,
) -> ExportRun:
    """
    Write down that a person takes a list away; the file is made afterwards.

    ``query`` is the query of the list's URL, ``filter_words`` the same for people; ``reader``: as whom they read the list (S-3);
    ``with_identity``: numbers of documents and telephones in full.

    :raises PurposeMissing: see ``SHORTEST_PURPOSE``.
    :raises IdentityNotYours: this reader does not see them.
    """
    purpose = " ".join(purpose.split())
    if len(purpose) < SHORTEST_PURPOSE:
        raise PurposeMissing()
    if with_identity and not sees(reader, "document_number"):
        raise IdentityNotYours()
    run = ExportRun.objects.create(
        requested_by=person,
        list_name=list_name,
        filter={"query": encryption.encrypt(query) if query else ""},
        filter_words=filter_words[:500],
        reader=reader.value,
        institutions=sorted(rules.institutions_reviewed_by(person)),
        purpose=purpose[:200],
        format=format,
        has_identity=with_identity,
        requested_at=at,
    )
    audit.log("export.ask", run, by=person, at=at, list=list_name, format=format, identity=with_identity)
    return run


def query_of(run: ExportRun) -> str:
    """Return the query of the list's URL."""
    token = run.filter.get("query", "")
    return encryption.decrypt(token) if token else ""


@transaction.atomic
def begin(*, run_id: int, at: datetime) -> ExportRun | None:
    """
    Take a run to make its file, or return None where another worker has it, or it is made.

    One that stands still was left by its worker, and is made anew: nothing of it was handed out yet.
    """
    run = _lock(run_id)
    is_left = run.state == ExportState.RUNNING and run.moved_at is not None and run.moved_at < at - STALE_AFTER
    if run.state != ExportState.QUEUED and not is_left:
        return None
    if why := why_not_theirs(run, run.requested_by):
        _fail(run, why, at=at)
        return None
    run.state, run.done_count, run.moved_at = ExportState.RUNNING, 0, at
    run.save(update_fields=["state", "done_count", "moved_at"])
    return run


def advance(*, run: ExportRun, rows: int, at: datetime, of: int | None = None) -> None:
    """Note how many rows are written, and of how many if that is known."""
    run.done_count, run.moved_at = rows, at
    run.row_count = of if of is not None else run.row_count
    run.save(update_fields=["done_count", "row_count", "moved_at"])


@transaction.atomic
def finish(*, run: ExportRun, file: Attachment, rows: int, at: datetime) -> None:
    """Hand the file over, for ``EXPORT_KEPT_DAYS`` days."""
    run = _lock(run.pk)
    run.state, run.file, run.finished_at, run.moved_at = ExportState.DONE, file, at, at
    run.row_count = run.done_count = rows
    run.kept_until = shanghai_date(at) + timedelta(days=settings.EXPORT_KEPT_DAYS)
    run.save()
    audit.log("export.made", run, by=run.requested_by, at=at, rows=rows, identity=run.has_identity)


@transaction.atomic
def fail(*, run: ExportRun, why: str, at: datetime) -> None:
    """Give a run up, with a sentence for who asked."""
    _fail(_lock(run.pk), why, at=at)


@transaction.atomic
def fetch(*, run: ExportRun, person: User, at: datetime) -> Attachment:
    """
    Let who made a list have its file, once more; each time is written down.

    :raises NotAllowed: another person's, or what it holds is not theirs to read any more.
    :raises FileGone: see there.
    """
    run = _lock(run.pk)
    if run.requested_by_id != person.pk:
        raise NotAllowed()
    if why := why_not_theirs(run, person):
        raise NotAllowed(why)
    if run.file is None or not is_kept(run, shanghai_date(at)):
        raise FileGone()
    audit.log(FETCHED, run, by=person, at=at, rows=run.row_count, identity=run.has_identity)
    return run.file


def why_not_theirs(run: ExportRun, person: User) -> str:
    """Return, in words, why a list that a person took away is not theirs to read any more, or nothing."""
    if run.reader == Reader.INSTITUTION.value:
        now: Collection[int] = rules.institutions_reviewed_by(person)
        return "" if now and set(run.institutions) <= set(now) else "您已不再审核其中的机构，不能取得这份名单。"
    return "" if rules.has_role(person, rules.ASSOCIATION_REVIEWER) else "您已不再是协会会员部审核员，不能取得这份名单。"


def is_kept(run: ExportRun, today: date) -> bool:
    """Whether the file is there and within its days."""
    return run.file_id is not None and run.kept_until is not None and today <= run.kept_until


def visible_to(person: User) -> QuerySet[ExportRun]:
    """Return the lines of the register that a person reads: the association and administrators all, others their own."""
    runs = ExportRun.objects.select_related("requested_by")
    if rules.has_role(person, rules.ASSOCIATION_REVIEWER, rules.ADMINISTRATOR):
        return runs
    return runs.filter(requested_by=person) if rules.has_role(person, rules.INSTITUTION_REVIEWER) else runs.none()


def stale(*, at: datetime) -> list[int]:
    """Return the ids of runs that no worker has taken, or that were left by theirs."""
    left = Q(state=ExportState.RUNNING, moved_at__lt=at - STALE_AFTER) | Q(state=ExportState.QUEUED, requested_at__lt=at - STALE_AFTER)
    return list(ExportRun.objects.filter(left).order_by("pk").values_list("pk", flat=True))


def over(today: date) -> list[int]:
    """Return the ids of runs whose files have had their days."""
    return list(ExportRun.objects.filter(file__isnull=False, kept_until__lt=today).values_list("pk", flat=True))


@transaction.atomic
def remove_file(*, run_id: int, at: datetime) -> None:
    """Delete the file of a run that has had its days; its line in the register stays."""
    run = _lock(run_id)
    file = run.file
    if file is None or is_kept(run, shanghai_date(at)):
        return
    run.file = None
    run.save(update_fields=["file"])
    file.delete()
    transaction.on_commit(partial(file.file.storage.delete, file.file.name or ""))
    audit.log("export.removed", run, by=None, at=at)


def _fail(run: ExportRun, why: str, *, at: datetime) -> None:
    run.state, run.error, run.finished_at = ExportState.FAILED, why[:300], at
    run.save(update_fields=["state", "error", "finished_at"])
    audit.log("export.failed", run, by=run.requested_by, at=at)


def _lock(run_id: int) -> ExportRun:
    return ExportRun.objects.select_for_update(of=("self",)).select_related("requested_by", "file").get(pk=run_id)
