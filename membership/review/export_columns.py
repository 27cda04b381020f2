"""
What stands in the columns of an exported list: the facts of the case that the list shows, and the answers of the person as far as this
reader sees them (S-1 to S-4). Which answers, ``domain.visibility`` says, as for the screens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Prefetch, QuerySet

from membership import phone_numbers
from membership.domain import answers, many_cases, visibility
from membership.domain.visibility import Reader
from membership.domain.wording import day
from membership.enums import ApplicationKind, ApplicationState, AttachmentKind, EndorsementState, RowState
from membership.models import Application, ApplicationInstitution, Dossier, Endorsement
from membership.periods import shanghai_date
from membership.review import statuses

CHUNK = 500  # cases that are in memory at a time
_CASE = ("申请编号", "种类", "轮次", "审核状态", "状态日期", "提交日期", "最迟答复")
# Not lines of a list: files, and what a referrer told the association alone.
_LEFT_OUT = {*(kind.value for kind in AttachmentKind), "endorsement_internal"}
_IN_FULL = frozenset({"phone", "document_number"})


@dataclass(frozen=True)
class Entry:
    """A case with what it rests on."""

    case: Application | ApplicationInstitution
    application: Application
    dossier: Dossier
    endorsement: Endorsement | None


@dataclass(frozen=True)
class Columns:
    """
    The columns of a list for one reader. ``is_of_rows``: a line is an institution's row; ``with_identity``: numbers of documents and
    telephones in full, for who sees them and asked.
    """

    reader: Reader
    is_of_rows: bool
    today: date
    with_identity: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The answers this reader sees, in the order of the form."""
        return tuple(field for field in visibility.visible_fields(self.reader) if field not in _LEFT_OUT)

    @property
    def header(self) -> list[str]:
        return [*_CASE, *(("机构",) if self.is_of_rows else ()), *(answers.LABELS[field] for field in self.fields)]

    def rows(self, cases: QuerySet) -> Iterator[list[str]]:
        """Return the lines of a list, reading ``CHUNK`` cases at a time."""
        related = _RELATED_ROWS if self.is_of_rows else _RELATED_FILES
        found = cases.select_related(*related).prefetch_related(self._institutions)
        read = found.iterator(chunk_size=CHUNK)
        while chunk := list(islice(read, CHUNK)):
            yield from map(self._row, _entries(chunk))

    @property
    def _institutions(self) -> Prefetch:
        rows = ApplicationInstitution.objects.exclude(state__in=(RowState.WITHDRAWN, RowState.MOVED)).select_related("institution")
        # Under a name of its own: the list may have fetched other rows along.
        return Prefetch("application__rows" if self.is_of_rows else "rows", rows.order_by("pk"), to_attr="exported_rows")

    def _row(self, entry: Entry) -> list[str]:
        shown = answers.answers(entry.application, entry.dossier, self._from_the_form, today=self.today)
        told = {answer.field: answer.text for answer in shown} | self._told_apart(entry)
        return [*_facts(entry), *self._institution(entry), *(told.get(field, "") for field in self.fields)]

    @property
    def _from_the_form(self) -> list[str]:
        return [field for field in self.fields if field not in ("institutions", "endorsement")]

    def _told_apart(self, entry: Entry) -> dict[str, str]:
        """What was fetched for many cases at a time, and what was asked for in full."""
        found = {"endorsement": EndorsementState(entry.endorsement.state).label if entry.endorsement else ""}
        if "institutions" in self.fields:
            names = [row.institution.full_name for row in _rows_of(entry.application)]
            found["institutions"] = "；".join(dict.fromkeys(names))
        if self.with_identity and set(self.fields) >= _IN_FULL:
            found["document_number"] = entry.dossier.document_number
            found["phone"] = phone_numbers.for_paper(entry.dossier.phone)
        return found

    def _institution(self, entry: Entry) -> list[str]:
        return [entry.case.institution.full_name] if isinstance(entry.case, ApplicationInstitution) else []


_OF_THE_FORM = ("referrer_seat__member", "referrer_seat__committee", "referrer")
_RELATED_FILES = ("member", *_OF_THE_FORM)
_RELATED_ROWS = ("institution", "application__member", *(f"application__{one}" for one in _OF_THE_FORM))


def _rows_of(application: Application) -> Sequence[Any]:
    return getattr(application, "exported_rows", ())


def _entries(cases: Sequence[Application | ApplicationInstitution]) -> Iterator[Entry]:
    known = [(case, case.application if isinstance(case, ApplicationInstitution) else case) for case in cases]
    applications = [application for _, application in known]
    dossiers, words = many_cases.dossiers(applications), many_cases.endorsements(applications)
    for case, application in known:
        yield Entry(case, application, dossiers[application.pk], words.get(application.pk))


def _facts(entry: Entry) -> list[str]:
    """The facts of a case that its list shows to whoever sees the list."""
    case, application = entry.case, entry.application
    if isinstance(case, ApplicationInstitution):
        status, due = statuses.of_row(case), case.due_on if case.state == RowState.PENDING else None
    else:
        status, due = statuses.of_file(case), case.stage_due_on if case.state == ApplicationState.CHECKING else None
    return [
        application.number,
        ApplicationKind(application.kind).label,
        str(case.round),
        status.word,
        day(shanghai_date(case.state_since)),
        day(shanghai_date(application.submitted_at)) if application.submitted_at else "",
        day(due),
    ]
