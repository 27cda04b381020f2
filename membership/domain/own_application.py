"""One application in full, for the person it is about: what was submitted, its papers, and every round (APP-12, D-2, S-5)."""

from dataclasses import dataclass
from datetime import date, datetime

from membership.domain import answers, dossiers, own_rows, stamped_forms, transitions, visibility, withdrawals, wording
from membership.domain.answers import Answer
from membership.domain.own_rows import Round, RowLine
from membership.domain.visibility import Reader
from membership.domain.wording import Status
from membership.enums import ApplicationKind, Basis
from membership.models import Application, Dossier, StampedForm
from membership.periods import shanghai_date


@dataclass(frozen=True)
class Version:
    """A submitted version of the file."""

    number: int
    submitted_on: date
    is_shown: bool


@dataclass(frozen=True)
class Scan:
    """The signed form in force: ids of its pages, what it rests on, when it came."""

    pages: tuple[int, ...]
    original: int
    uploaded_at: datetime
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Details:
    """
    The page 申请记录. ``shows_form``: the form of the latest version can still be printed. A further enrolment has no version of its own
    (A-11): ``confirmed_at`` and its ``rows`` stand with the current answers.
    """

    pk: int
    number: str
    status: Status | None
    submitted_at: datetime
    version: int
    versions: tuple[Version, ...]
    answers: tuple[Answer, ...]
    rounds: tuple[Round, ...]
    scan: Scan | None
    shows_form: bool
    confirmed_at: datetime | None = None
    rows: tuple[RowLine, ...] = ()
    may_withdraw: bool = False


class NoSuchVersion(LookupError):
    """That version was never submitted."""


def details(application: Application, *, version: int | None, today: date) -> Details:
    """
    Return a submitted application with the version asked for, or the latest.

    ``application`` comes with its rounds (``own_records.fetch_rounds``).

    :raises NoSuchVersion: it was never submitted, or that version was not.
    """
    if application.kind == ApplicationKind.FURTHER_ENROLMENT:
        return _of_further(application, today=today)
    sealed = list(
        Dossier.objects.filter(application=application, submitted_at__isnull=False)
        .order_by("-version")
        .only("version", "submitted_at", "voided_at")
    )
    shown = next((one for one in sealed if version in (None, one.version)), None)
    if shown is None or application.submitted_at is None:
        raise NoSuchVersion(version)
    return Details(
        pk=application.pk,
        number=application.number,
        status=_status(application),
        submitted_at=application.submitted_at,
        version=shown.version,
        versions=tuple(
            Version(one.version, shanghai_date(one.submitted_at), one.pk == shown.pk) for one in sealed if one.submitted_at is not None
        ),
        answers=answers.answers(
            application, answers.dossier_with_answers(shown.pk), visibility.visible_fields(Reader.APPLICANT), today=today
        ),
        rounds=own_rows.rounds(application),
        scan=_scan(stamped_forms.current(application)),
        shows_form=shown == sealed[0] and shown.voided_at is None and application.is_open,
    )


def _of_further(application: Application, *, today: date) -> Details:
    dossier = dossiers.latest_sealed(application)
    if dossier is None or application.submitted_at is None:
        raise NoSuchVersion()
    shown = [field for field in visibility.visible_fields(Reader.APPLICANT) if field != "institutions"]
    return Details(
        pk=application.pk,
        number=application.number,
        status=_status(application),
        submitted_at=application.submitted_at,
        version=dossier.version,
        versions=(),
        answers=answers.answers(application, answers.dossier_with_answers(dossier.pk), shown, today=today),
        rounds=own_rows.rounds(application),
        scan=None,
        shows_form=False,
        confirmed_at=application.confirmed_true_at,
        rows=own_rows.lines_of(application, today=today),
        may_withdraw=withdrawals.of_file(application).is_possible,
    )


def _status(application: Application) -> Status | None:
    word = transitions.applicant_word(application)
    return wording.of_word(word) if word else None


def _scan(form: StampedForm | None) -> Scan | None:
    if form is None:
        return None
    return Scan(
        pages=tuple(page.attachment_id for page in form.pages.all()),
        original=form.original_id,
        uploaded_at=form.uploaded_at,
        basis=tuple(Basis(value).label for value in form.basis),
    )
