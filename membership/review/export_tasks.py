"""The files of exports, made while one waits or by a worker (REV-13)."""

import logging
import traceback
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django_tasks import task

from membership.domain import exports
from membership.domain.visibility import Reader
from membership.enums import ExportFormat
from membership.exports import files, keeping
from membership.models import ExportRun
from membership.periods import shanghai_date
from membership.review import desks
from membership.review.desks import Desk
from membership.review.export_columns import CHUNK, Columns
from membership.review.queue import Asked, cases_of, order_of

logger = logging.getLogger(__name__)

DESKS: dict[str, Desk] = {desk.url_prefix: desk for desk in desks.DESKS}
_TOO_LONG = "名单超过 Excel 一张表能放下的行数，请缩小筛选范围，或改选 csv。"
_FAULT = "生成文件时出现问题。请再导出一次；仍不成功，请联系技术支持。"


@task()
def make(run_id: int) -> str:
    """Make the file of a run. Safe to repeat: one that is made, or that another worker has, is left alone."""
    return make_now(run_id)


def send_off(run_id: int) -> None:
    """Hand a run to a worker once the transaction is certain."""
    transaction.on_commit(partial(make.enqueue, run_id))


def sweep() -> int:
    """Take up the runs that no worker has; return how many."""
    found = exports.stale(at=timezone.now())
    for run_id in found:
        make.enqueue(run_id)
    return len(found)


def make_now(run_id: int) -> str:
    """Make the file of a run and return the state it reached."""
    run = exports.begin(run_id=run_id, at=timezone.now())
    if run is None:
        return "not begun"
    try:
        with TemporaryDirectory() as folder:
            _make(run, Path(folder) / f"list.{run.format}")
    except files.TooLong:
        exports.fail(run=run, why=_TOO_LONG, at=timezone.now())
    except Exception as fault:
        # Where it happened, never what it said: a message may quote the values.
        where = "".join(traceback.format_tb(fault.__traceback__))
        logger.error("Export %d: %s\n%s", run.pk, type(fault).__name__, where)
        exports.fail(run=run, why=_FAULT, at=timezone.now())
    return ExportRun.objects.values_list("state", flat=True).get(pk=run.pk)


def _make(run: ExportRun, path: Path) -> None:
    desk, today = DESKS[run.list_name], shanghai_date(run.requested_at)
    asked = Asked.of(QueryDict(exports.query_of(run)))
    cases = cases_of(desk, run.requested_by, asked, today=today)
    exports.advance(run=run, rows=0, of=cases.order_by().count(), at=timezone.now())
    order = order_of(desk, run.requested_by, asked)
    columns = Columns(Reader(run.reader), is_of_rows=not desk.is_of_files, today=today, with_identity=run.has_identity)
    format = ExportFormat(run.format)
    lines = _watched(run, columns.rows(order.sorted(cases)))
    rows = files.write(format, path, title=desk.title, header=columns.header, rows=lines)
    at = timezone.now()
    name = f"{desk.title}_{shanghai_date(at):%Y-%m-%d}_{rows}份.{run.format}"
    with keeping.kept(path, name=name, by=run.requested_by, at=at) as file:
        exports.finish(run=run, file=file, rows=rows, at=at)


def _watched(run: ExportRun, rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Pass the rows on, and note from time to time how many have gone by."""
    for number, row in enumerate(rows, start=1):
        yield row
        if number % CHUNK == 0:
            exports.advance(run=run, rows=number, at=timezone.now())
