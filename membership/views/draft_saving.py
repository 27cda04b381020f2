"""
Saving a draft that other pages and devices save too (APP-8): what a page shows, and whose answer counts where they differ.

A page sends the count of edits it knows (``seen``), and the mark of each answer as it was shown (``marks``). While nobody else saved, its
answers are stored. Otherwise three are compared for each field: the answer here, the one stored by now, and the one both began with. What
was changed on one side alone stands; what was changed on both, in different ways, is shown to the person, who decides (field case 42).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict

from membership.domain import divisions, enrolment
from membership.domain.dossiers import EditedElsewhere, Seen
from membership.forms.enrolment import EnrolmentForm
from membership.forms.stored_answers import as_sent, stored_answers
from membership.forms.typed_fields import InstanceField, InstancesField
from membership.models import Application, Division, Dossier, User

HERE, THERE = "here", "there"
NOT_ANSWERED = "（未填）"
# Two devices that save without a pause would hold each other up for ever.
MOST_TRIES = 3


@dataclass(frozen=True)
class Shown:
    """
    What a page shows of a draft, as it sends it along.

    ``seen`` is None where it does not say it. ``disputed`` are the fields that it asked to decide, ``decided`` the decisions.
    """

    seen: Seen | None = None
    marks: Mapping[str, str] = field(default_factory=dict)
    disputed: Collection[str] = ()
    decided: Mapping[str, str] = field(default_factory=dict)

    def is_another_persons(self, person: User) -> bool:
        """Whether the page was opened with another account, which was logged out since."""
        return self.seen is not None and Dossier.objects.filter(pk=self.seen.dossier).exclude(member__user=person).exists()


@dataclass(frozen=True)
class Dispute:
    """An answer that was changed here and elsewhere, in different ways."""

    field: str
    label: str
    here: str
    there: str


def shown_by(data: QueryDict) -> Shown:
    """Return what a page says of itself."""
    disputed = data.getlist("disputed")
    return Shown(
        seen=seen_from(data.get("seen", "")),
        marks=dict(pair.split(":", 1) for pair in data.get("marks", "").split() if ":" in pair),
        disputed=disputed,
        decided={name: data.get(f"settle_{name}", "") for name in disputed},
    )


def seen_from(text: str) -> Seen | None:
    """Return version and edits as a page names them, or None where it names none."""
    found = re.fullmatch(r"([0-9]{1,18})-([0-9]{1,9})", text)
    return Seen(int(found[1]), int(found[2])) if found else None


def seen_of(application: Application) -> str:
    """Return how a page names the version and edits that it shows."""
    dossier = application.own_dossier
    return f"{dossier.pk}-{dossier.edits}"


def marks_in(marks: Mapping[str, str]) -> str:
    """Return how a page sends the marks of its answers."""
    return " ".join(f"{name}:{mark}" for name, mark in marks.items())


def save(form: EnrolmentForm, shown: Shown) -> list[Dispute]:
    """
    Store the cleaned answers of a whole form, but for those that were changed elsewhere too; these are returned.

    :raises NotPossible, NotAllowed: as ``enrolment.save_draft``.
    """
    for _ in range(MOST_TRIES):
        application = form.application
        known = seen_from(seen_of(application))
        names: Collection[str] | None = None
        disputed: list[str] = []
        if shown.seen is not None and (shown.seen != known or shown.disputed):
            names, disputed = sort_out(form, application, shown)
        edits = known.edits if shown.seen is not None and known else None
        try:
            enrolment.save_draft(application=application, person=form.person, answers=form.answers(names), at=form.at, seen_edits=edits)
        except EditedElsewhere:
            form.application = enrolment.current(form.person) or application
            continue
        return [dispute(form, name, stored_answers(application, form.person)[name]) for name in disputed]
    raise EditedElsewhere()


def sort_out(form: EnrolmentForm, application: Application, shown: Shown) -> tuple[list[str], list[str]]:
    """Return the fields of which the answer here counts, and those that somebody has to decide."""
    stored = stored_answers(application, form.person)
    mine, disputed = [], []
    for name in form.cleaned_data:
        if not form.answers([name]):
            continue
        here, there = form.mark(name, form.cleaned_data[name]), form.mark(name, stored[name])
        was, decided = shown.marks.get(name), shown.decided.get(name)
        if here == there or decided == THERE or (decided is None and was == here):
            continue
        if was == there and decided in (None, HERE):
            mine.append(name)
        else:
            disputed.append(name)
    return mine, disputed


def dispute(form: EnrolmentForm, name: str, stored: object) -> Dispute:
    label = form.fields[name].label or ""
    return Dispute(name, str(label), words_of(form, name, form.cleaned_data[name]), words_of(form, name, stored))


def words_of(form: EnrolmentForm, name: str, answer: object) -> str:
    """Return an answer as people read it, stored or cleaned; the form is one that is shown."""
    if isinstance(answer, Division):
        return "".join(dict.fromkeys(one.name for one in divisions.path_of(answer)))
    values = as_sent(form.fields[name], name, answer, person=form.person).get(name, [])
    words = _words_of_choices(form.fields[name])
    return "、".join(words.get(value, value) for value in values if value) or NOT_ANSWERED


def _words_of_choices(one: forms.Field) -> dict[str, str]:
    """What is read for what is sent, where a field has choices."""
    if isinstance(one, InstanceField | InstancesField):
        return {offer.value: offer.text for offer in one.offers}
    return {str(value): str(text) for value, text in one.choices} if hasattr(one, "choices") else {}
