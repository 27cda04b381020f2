"""补充材料再申请: what is new for an institution that refused, with up to three pictures (A-4)."""

from django import forms

from membership.domain.attachments import NewFile
from membership.enums import AttachmentKind
from membership.forms.typed_fields import ParagraphField, PictureField
from membership.models import settings as society

STATEMENT_MAXIMUM = 2000


class RowResubmissionForm(forms.Form):
    """A statement, and a field for each supplement that the society allows: ``supplement_1`` …"""

    statement = ParagraphField(
        label="补充说明",
        maximum=STATEMENT_MAXIMUM,
        help_text="写明补充或更正了什么，机构会看到",
        widget=forms.Textarea(attrs={"rows": 5, "required": False}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, society.current().row_supplement_files + 1):
            self.fields[f"supplement_{number}"] = PictureField(AttachmentKind.SUPPLEMENT, label=f"补充材料 {number}")

    @property
    def pictures(self) -> list:
        """The bound fields of the supplements, for the page."""
        return [self[name] for name in self.fields if name != "statement"]

    def supplements(self) -> list[NewFile]:
        """Return the files that were chosen; the form is valid."""
        return [self.cleaned_data[name] for name in self.fields if name != "statement" and self.cleaned_data[name] is not None]
