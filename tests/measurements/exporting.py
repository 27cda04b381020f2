"""
What a long export costs: ``python -m tests.measurements.exporting [ROWS]``, 100,000 rows unless told otherwise (Speed).

A list of so many waiting files, copied from one that was filled in, is exported in both formats, each by a process of its own. Its peak
is compared with that of the same process after an export of a hundred rows. The database is SQLite below a temporary folder.
"""

import os
import resource
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
MOST_EXTRA = 64  # MiB
_A_TIME = 2_000


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if os.environ.get("EXPORTED_AS"):
        return _measure(os.environ["EXPORTED_AS"])
    with TemporaryDirectory() as folder:
        os.environ |= {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "VAR_DIR": folder}
        _start_django()
        _fill(rows)
        return max(_in_a_process(format) for format in ("csv", "xlsx"))


def _in_a_process(format: str) -> int:
    return subprocess.run([sys.executable, "-m", "tests.measurements.exporting"], env={**os.environ, "EXPORTED_AS": format}).returncode


def _start_django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "caca.settings.test"
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django

    django.setup()


def _fill(rows: int) -> None:
    """Make ``rows`` files that wait: copies of one, each with a person and a version of their own."""
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from membership.accounts import roles
    from membership.models import Application, Dossier, Member
    from tests.factories import enrolment as stories
    from tests.factories.people import association_reviewer

    call_command("migrate", verbosity=0)
    roles.ensure_groups()
    association_reviewer()
    at = timezone.now() - timedelta(days=1)
    pattern = Application.objects.get(pk=stories.checking(at=at).pk)
    dossier = Dossier.objects.get(pk=pattern.proposed_dossier_id)
    first = 1_000_000
    for start in range(first, first + rows - 1, _A_TIME):
        chunk = range(start, min(start + _A_TIME, first + rows - 1))
        with transaction.atomic():
            Member.objects.bulk_create([Member(pk=key, name=f"沈砚秋{key}", created_at=at) for key in chunk])
            Application.objects.bulk_create([_copy(pattern, pk=key, member_id=key, proposed_dossier_id=None, kind=_LATER) for key in chunk])
            Dossier.objects.bulk_create([_copy(dossier, pk=key, member_id=key, application_id=key) for key in chunk])
            for key in chunk:
                Application.objects.filter(pk=key).update(proposed_dossier_id=key, kind=pattern.kind)


_LATER = "further_enrolment"  # proposes no dossier, until it is there


def _copy(pattern, **changes):
    values = {field.attname: getattr(pattern, field.attname) for field in pattern._meta.concrete_fields if field.attname != "id"}
    changes = {"id" if name == "pk" else name: value for name, value in changes.items()}
    return type(pattern)(**values | changes)


def _measure(format: str) -> int:
    _start_django()
    # A part of the names, so that everything that is loaded once is there.
    assert _export(format, query="q=沈砚秋10000") >= 99
    before = _peak()
    began = time.monotonic()
    rows = _export(format)
    extra = _peak() - before
    print(f"{format}: {rows:,} rows in {time.monotonic() - began:.0f} s, {extra:.1f} MiB more than a short one (goal {MOST_EXTRA})")  # noqa: T201
    return int(extra > MOST_EXTRA)


def _export(format: str, query: str = "") -> int:
    from django.utils import timezone

    from membership.domain import exports
    from membership.domain.visibility import Reader
    from membership.models import ExportRun, User
    from membership.review import export_tasks

    person = User.objects.get(groups__name="association_reviewer", is_staff=True)
    run = exports.ask(
        person=person,
        list_name="review_enrolments_modeladmin",
        query=query,
        filter_words="",
        reader=Reader.ASSOCIATION,
        purpose="内存测量",
        format=format,
        at=timezone.now(),
    )
    assert export_tasks.make_now(run.pk) == "done", ExportRun.objects.get(pk=run.pk).error
    return ExportRun.objects.get(pk=run.pk).row_count


def _peak() -> float:
    """Return the most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
