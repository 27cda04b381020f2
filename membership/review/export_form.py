"""What is asked before a list leaves the house (REV-13)."""

from django import forms

from membership.domain import exports
from membership.domain.visibility import Reader, sees
from membership.enums import ExportFormat


class ExportForm(forms.Form):
    """``list`` is the query of the list's URL; ``with_identity`` is there for who sees numbers of documents."""

    list = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    purpose = forms.CharField(
        label="用途",
        max_length=200,
        min_length=exports.SHORTEST_PURPOSE,
        error_messages={"required": exports.PurposeMissing.message, "min_length": exports.PurposeMissing.message},
    )
    format = forms.ChoiceField(label="格式", choices=ExportFormat.choices, initial=ExportFormat.XLSX)
    with_identity = forms.BooleanField(label="包含完整的证件号码和手机号", required=False)

    def __init__(self, *args, reader: Reader, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not sees(reader, "document_number"):
            del self.fields["with_identity"]
