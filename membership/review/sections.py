"""The answers of a person's file, in sections, as far as the reader may see them (S-1 to S-3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from membership import phone_numbers
from membership.domain import answers, visibility
from membership.domain.answers import Answer
from membership.domain.visibility import Reader
from membership.models import Application, Dossier
from membership.periods import age_on

# Every field of the form stands in one section; papers are shown as pictures, the rest below.
SECTIONS: dict[str, tuple[str, ...]] = {
    "个人": (
        "name", "name_local", "sex", "born_on", "age", "document_kind", "document_number", "issuing_country", "nationality",
        "ethnic_group", "political_affiliation", "origin", "education_level", "specialty", "guardian_name",
    ),
    "工作": ("work_unit_name", "department", "duty", "title", "work_region"),
    "联系方式": ("phone", "email", "address", "postcode", "unit_phone"),
    "资质": ("qualification_kind", "qualification_number", "student_card_until"),
    "申请": ("member_type", "institutions", "referral_method", "referrer", "referring_unit"),
    "任职与其他": ("social_posts", "other_societies", "fields_of_interest", "remarks"),
}  # fmt: skip


_SHORT = 18  # characters beside a label in half a column


@dataclass(frozen=True)
class Fact:
    """One answer. ``can_be_shown``: the number is masked, and this reader may ask to see all of it."""

    field: str
    label: str
    lines: Sequence[str]
    is_figure: bool = False
    can_be_shown: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether it wants a line of the page for itself; shorter ones stand two by two."""
        return self.can_be_shown or len(self.lines) > 1 or sum(map(len, self.lines)) > _SHORT


@dataclass(frozen=True)
class Section:
    title: str
    facts: Sequence[Fact]


def sections_of(
    reader: Reader, application: Application, dossier: Dossier, *, today: date, document_number: str = ""
) -> tuple[Section, ...]:
    """Return the sections that have an answer for this reader. ``document_number`` stands for the masked one, once it was asked for."""
    seen = {field: place for place, field in enumerate(visibility.visible_fields(reader))}
    found = []
    for title, fields in SECTIONS.items():
        shown = answers.answers(application, dossier, [field for field in fields if field in seen], today=today)
        facts = tuple(_facts(reader, dossier, shown, today, document_number))
        if facts:
            found.append(Section(title, facts))
    return tuple(found)


def _facts(reader: Reader, dossier: Dossier, shown: Sequence[Answer], today: date, document_number: str) -> Iterator[Fact]:
    for answer in shown:
        if answer.field == "age" and visibility.sees(reader, "born_on"):
            continue
        if answer.field == "document_number":
            number = document_number or answer.text
            yield Fact(answer.field, answer.label, (number,), is_figure=True, can_be_shown=not document_number)
            continue
        yield Fact(answer.field, answer.label, _lines(answer, dossier, today), is_figure=answer.is_figure)


def _lines(answer: Answer, dossier: Dossier, today: date) -> tuple[str, ...]:
    if answer.field == "born_on":
        return (f"{answer.text}（{age_on(dossier.born_on, today)} 岁）",)
    if answer.field == "phone":
        # Reviewers ring people up; the form's own page hides the middle from who looks over a shoulder.
        return (phone_numbers.for_reading(dossier.phone),)
    return answer.lines
