"""Rows into tables by the fastest way of each database: COPY on PostgreSQL, one statement on SQLite; indexes are made afterwards."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import DateField, Model

BATCH = 10_000


class Table:
    """
    The table of a model; rows are given as the values of ``columns``, every other column has what a new object has.

    :param fixed: values of further fields, the same in every row.
    """

    def __init__(self, model: type[Model], columns: Sequence[str], **fixed: Any) -> None:
        fields = [model._meta.get_field(name) for name in columns]
        blank = model(**fixed)
        others = [one for one in model._meta.concrete_fields if one not in fields and not one.generated and not one.primary_key]
        self.name = model._meta.db_table
        self._columns = [one.column for one in (*fields, *others)]
        self._dates = [place for place, one in enumerate(fields) if isinstance(one, DateField)]
        self._rest = tuple(_plain(one.get_db_prep_save(one.value_from_object(blank), connection)) for one in others)

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Append rows."""
        named = ", ".join(connection.ops.quote_name(column) for column in self._columns)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor, cursor.copy(f"COPY {self.name} ({named}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row((*row, *self._rest))
            return
        statement = f"INSERT INTO {self.name} ({named}) VALUES ({', '.join('?' * len(self._columns))})"
        with transaction.atomic(), connection.cursor() as cursor:
            waiting = iter(rows)
            while some := [self._plain(row) for row in islice(waiting, BATCH)]:
                # Django's own cursor would rewrite the statement for every row.
                cursor.connection.executemany(statement, some)

    def _plain(self, row: Sequence[Any]) -> list[Any]:
        """A row as SQLite's driver takes it."""
        values = list(row)
        for place in self._dates:
            values[place] = _plain(values[place])
        return [*values, *self._rest]


def next_id(model: type[Model]) -> int:
    """Return an id that no row has, nor one after it."""
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


@contextmanager
def without_indexes(models: Sequence[type[Model]]) -> Iterator[None]:
    """Take the indexes off tables, and the checks of foreign keys, while rows are written; put them on again."""
    indexes = [found for model in models for found in _indexes(model._meta.db_table)]
    with connection.cursor() as cursor:
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        _check_keys(cursor, on=False)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            _check_keys(cursor, on=True)
            for _, made_by in indexes:
                cursor.execute(made_by)
            for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
                cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _indexes(table: str) -> list[tuple[str, str]]:
    """The names and statements of a table's indexes, without those that are part of a constraint of the table's own definition."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND schemaname = current_schema()"
                " AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass)",
                [table, table],
            )
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL", [table])
        return cursor.fetchall()


def _check_keys(cursor, *, on: bool) -> None:
    if connection.vendor == "postgresql":
        # One trigger a row and key would take longer than all the rest; what is written refers to what is there.
        cursor.execute(f"SET session_replication_role = '{'origin' if on else 'replica'}'")
    else:
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _plain(value: Any) -> Any:
    """A value as both drivers take it."""
    return _moment(value) if isinstance(value, date) and connection.vendor == "sqlite" else value


@cache
def _moment(value: date) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None)) if isinstance(value, datetime) else value.isoformat()
