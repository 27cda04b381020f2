"""提交盖章文件: the files that bring its pages, and what the form rests on (APP-11, E-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from membership.documents import scans
from membership.documents.scans import CleanScan
from membership.domain import scan_pages
from membership.enums import Basis

# What may be ticked; the online endorsement only where one is asked or given.
HANDWRITTEN = (Basis.STAMP, Basis.SIGNATURE)


@dataclass(frozen=True)
class SentFile:
    """A file that can be taken: as it was sent, and its pages as pictures."""

    sent: UploadedFile
    scan: CleanScan


class ManyFilesInput(forms.FileInput):
    """A chooser of several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict, name: str) -> list[UploadedFile]:
        return files.getlist(name)


class ManyFilesField(forms.FileField):
    """Scans or photographs of the signed form. Its clean value is the list of what was sent, not yet looked into."""

    widget = ManyFilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # No capture: it would hide the album (field case 41).
        self.widget.attrs["accept"] = "image/*,application/pdf"

    def clean(self, data: Sequence[UploadedFile], initial: Any = None) -> list[UploadedFile]:
        """
        Return the files.

        :raises ValidationError: none was chosen, or more than the form may have pages.
        """
        if not data:
            raise ValidationError(_("请选择盖章文件"), code="required")
        if len(data) > scan_pages.MOST_PAGES:
            message = _("选了 %(files)d 个文件，一次最多 %(most)d 个。请分开上传")
            raise ValidationError(message, code="many", params={"files": len(data), "most": scan_pages.MOST_PAGES})
        return list(data)


class ScanFilesForm(forms.Form):
    """
    Files of the signed form: JPG, PNG or PDF by their content. One that cannot be taken keeps no other back: ``taken`` are those that can,
    the errors name the rest.

    ``replaces`` is the page whose place they take.
    """

    scans = ManyFilesField(label="盖章文件")
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, label_suffix="", **kwargs)
        self.taken: list[SentFile] = []

    def clean_scans(self) -> list[UploadedFile]:
        """Look into each file, one after the other."""
        sent = self.cleaned_data["scans"]
        for file in sent:
            try:
                self.taken.append(SentFile(file, scans.clean(file, file.name or "")))
            except scans.ScanRefused as refusal:
                self.refuse(file, str(refusal))
        return sent

    def refuse(self, file: UploadedFile, message: str) -> None:
        """Say of one file why it was not taken."""
        self.add_error("scans", f"「{file.name}」{message}" if file.name else message)


class StampedFormForm(forms.Form):
    """
    The handing in: what the form rests on.

    ``endorsed`` tells whether an online endorsement is asked or given; ``with_basis`` is False for a replacement, which keeps its ticks.
    """

    basis = forms.MultipleChoiceField(required=False, label="推荐渠道", widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Mapping[str, Any] | None = None, *, with_basis: bool = True, endorsed: bool = False) -> None:
        initial = {"basis": [Basis.ENDORSEMENT] if endorsed else []}
        super().__init__(data, initial=initial, label_suffix="")
        offered = (*HANDWRITTEN, Basis.ENDORSEMENT) if endorsed else HANDWRITTEN
        self.fields["basis"].choices = [(basis.value, basis.label) for basis in offered]
        self.fields["basis"].help_text = _("勾选表上实际有的，至少一项")
        if not with_basis:
            del self.fields["basis"]
