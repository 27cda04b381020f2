"""
One screen for a file and for an institution's row: everything a reviewer needs, and of it only what they may see (REV-2, REV-4).

Read from the domain into frozen dataclasses; the template runs no query and knows no state.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, prefetch_related_objects

from membership.documents import glyphs
from membership.domain import endorsements, hints, verdicts, visibility
from membership.domain.hints import Hint
from membership.domain.rulings import Ruling
from membership.domain.visibility import Reader
from membership.domain.wording import Status
from membership.enums import EndorsementState, Hold, RowState
from membership.models import Application, ApplicationInstitution, Attachment, Dossier, Endorsement, StampedForm, StampedFormPage
from membership.review import changes, statuses, voices
from membership.review.case import Case
from membership.review.changes import Comparison
from membership.review.due import Due, due_on
from membership.review.pictures import Picture, pictures_of, portrait_url
from membership.review.sections import Section, sections_of
from membership.review.voices import InstitutionLine, Round, Word
from membership.review.work import Work


@dataclass(frozen=True)
class Screen:
    """
    Everything the page shows. ``comparisons``: what is new beside the approved data, and since the last round; ``notes_of``: the
    institution whose notes are shown, empty for the association.
    """

    name: str
    number: str
    who: str
    portrait_url: str
    status: Status
    tags: Sequence[Status]
    due: Due | None
    hints: Sequence[Hint]
    sections: Sequence[Section]
    pictures: Sequence[Picture]
    ruling: Ruling
    dossier: int
    round: int
    institution: str = ""
    comparisons: Sequence[Comparison] = ()
    word: Word | None = None
    basis: str = ""
    statement: str = ""
    rounds: Sequence[Round] = ()
    institutions: Sequence[InstitutionLine] = ()
    work: Work | None = None
    notes_of: str = ""
    shows_number: bool = False
    is_file: bool = False


def screen_of(
    case: Case, ruling: Ruling, work: Work | None, *, today: date, document_number: str = "", row_urls: dict[int, str] | None = None
) -> Screen:
    """
    Return the screen of a case. ``work``: that of colleagues, where it is shown too; ``row_urls``: by id of the row, the screens of those
    the reviewer may decide themselves.
    """
    application, dossier, reader = case.application, case.dossier, case.reader
    if reader is Reader.ASSOCIATION:
        prefetch_related_objects([application], voices.ROWS)
    forms = _forms(application) if visibility.sees(reader, "stamped_form") else []
    endorsement = endorsements.latest(application)
    known = verdicts.known_to(reader, verdicts.of(application), case.institution)
    unprintable = glyphs.missing_in(dossier.name, dossier.name_local)
    return Screen(
        name=dossier.name,
        number=application.number,
        who=_who(dossier),
        portrait_url=portrait_url(dossier),
        status=statuses.of_row(case.row) if case.row else statuses.of_file(application),
        tags=_tags(case, endorsement),
        due=_due(case, today),
        hints=hints.hints_for(
            reader, application, dossier, forms[-1] if forms else None, endorsement, today=today, unprintable=unprintable
        ),
        sections=sections_of(reader, application, dossier, today=today, document_number=document_number),
        pictures=pictures_of(reader, dossier, forms, _supplements(case.row)),
        ruling=ruling,
        dossier=dossier.pk,
        round=case.round,
        institution=case.institution.name if case.institution else "",
        comparisons=tuple(changes.comparisons_of(case, known, forms, today=today)),
        word=voices.word_of(endorsement, reader),
        basis=voices.basis_of(application, reader),
        statement=case.row.statement if case.row else "",
        rounds=[voices.round_of(one, reader) for one in known],
        institutions=voices.institution_lines(application, row_urls or {}, today=today) if reader is Reader.ASSOCIATION else (),
        work=work,
        notes_of=case.institution.name if case.institution and reader is Reader.INSTITUTION else "",
        shows_number=bool(document_number),
        is_file=case.row is None,
    )


def _forms(application: Application) -> list[StampedForm]:
    """Every upload of the signed form with its pages, in the order they came."""
    pages = StampedFormPage.objects.select_related("attachment")
    return list(
        application.stamped_forms.select_related("original").prefetch_related(Prefetch("pages", pages)).order_by("uploaded_at", "pk")
    )


def _supplements(row: ApplicationInstitution | None) -> list[Attachment]:
    return list(row.supplements.order_by("pk")) if row is not None and row.statement else []


def _who(dossier: Dossier) -> str:
    facts = (dossier.get_member_type_display(), dossier.title_name, dossier.work_unit_name)
    return "，".join(fact for fact in facts if fact)


def _tags(case: Case, endorsement: Endorsement | None) -> list[Status]:
    found = [statuses.of_kind(case.application.kind), statuses.of_hold(case.application.hold)]
    if case.row is not None:
        found.append(statuses.of_hold(case.row.hold))
    if case.round > 1:
        found.append(Status(f"第 {case.round} 轮", ""))
    if endorsement is not None and endorsement.state == EndorsementState.AGREED:
        found.append(Status("委员已同意推荐", ""))
    return [tag for tag in found if tag is not None]


def _due(case: Case, today: date) -> Due | None:
    """The deadline of whoever is looking: the row's, or the association's for its check (K-2); none while a hold stops the clock (K-4)."""
    if case.application.hold != Hold.NONE or (case.row is not None and case.row.hold != Hold.NONE):
        return None
    if case.row is not None:
        return due_on(case.row.due_on, today=today) if case.row.state == RowState.PENDING else None
    return due_on(case.application.stage_due_on, today=today)
