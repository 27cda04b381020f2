"""What reviewers write about a case beside the decision: a note, why they pass it on, what looks wrong (REV-9, S-7, M-18)."""

from django import forms

from membership.domain import notes, recusals, reports
from membership.domain.attachments import NewFile
from membership.enums import AttachmentKind
from membership.forms.typed_fields import LineField, ParagraphField, PictureField

_EVIDENCE = tuple(f"evidence_{number}" for number in range(1, reports.MOST_FILES + 1))


class NoteForm(forms.Form):
    text = ParagraphField(label="内部备注", maximum=notes.LONGEST)


class RecusalForm(forms.Form):
    reason = LineField(label="回避的原因", maximum=recusals.LONGEST)


class DismissalForm(forms.Form):
    answer = LineField(label="驳回的理由", maximum=reports.LONGEST_ANSWER)


class ReportForm(forms.Form):
    """The text, and a field for each picture: ``evidence_1`` …"""

    text = ParagraphField(label="违规情况", maximum=reports.LONGEST)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(_EVIDENCE, start=1):
            self.fields[name] = PictureField(AttachmentKind.VIOLATION_EVIDENCE, label=f"证据 {number}")

    @property
    def pictures(self) -> list[forms.BoundField]:
        """The bound fields of the evidence, for the page."""
        return [self[name] for name in _EVIDENCE]

    @property
    def opens_further(self) -> bool:
        """Whether one of the folded pictures was refused."""
        return any(picture.errors for picture in self.pictures[1:])

    def evidence(self) -> list[NewFile]:
        """Return the pictures that were chosen; the form is valid."""
        return [self.cleaned_data[name] for name in _EVIDENCE if self.cleaned_data[name] is not None]
