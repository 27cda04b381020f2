"""One application in full, for the person it is about: what was submitted, its papers, and every round (APP-12, D-2, S-5)."""

from dataclasses import dataclass
from datetime import date, datetime

from membership.domain import answers, own_rows, stamped_forms, transitions, visibility, wording
from membership.domain.answers import Answer
from membership.domain.own_rows import Round
from membership.domain.visibility import Reader
from membership.domain.wording import Status
from membership.enums import Basis
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
    """The page 申请记录. ``shows_form``: the form of the latest version can still be printed."""

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


class NoSuchVersion(LookupError):
    """That version was never submitted."""


def details(application: Application, *, version: int | None, today: date) -> Details:
    """
    Return a submitted application with the version asked for, or the latest.

    ``application`` comes with its rounds (``own_records.fetch_rounds``).

    :raises NoSuchVersion: it was never submitted, or that version was not.
    """
    sealed = list(
        Dossier.objects.filter(application=application, submitted_at__isnull=False)
        .order_by("-version")
        .only("version", "submitted_at", "voided_at")
    )
    shown = next((one for one in sealed if version in (None, one.version)), None)
    if shown is None or application.submitted_at is None:
        raise NoSuchVersion(version)
    word = transitions.applicant_word(application)
    return Details(
        pk=application.pk,
        number=application.number,
        status=wording.of_word(word) if word else None,
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


def _scan(form: StampedForm | None) -> Scan | None:
    if form is None:
        return None
    return Scan(
        pages=tuple(page.attachment_id for page in form.pages.all()),
        original=form.original_id,
        uploaded_at=form.uploaded_at,
        basis=tuple(Basis(value).label for value in form.basis),
    )
