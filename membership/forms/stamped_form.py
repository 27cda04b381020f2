"""提交盖章文件: one file, and what it rests on (APP-11, E-1)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from membership.documents import scans
from membership.enums import Basis

# What may be ticked; the online endorsement only where one is asked or given.
HANDWRITTEN = (Basis.STAMP, Basis.SIGNATURE)


class ScanField(forms.FileField):
    """A scan or photograph of the signed form: JPG, PNG or PDF by its content. Its clean value is a :class:`scans.CleanScan`."""

    widget = forms.FileInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_empty_file=True, **kwargs)
        self.name = ""
        # No capture: it would hide the album (field case 41).
        self.widget.attrs["accept"] = "image/*,application/pdf"

    def clean(self, data: Any, initial: Any = None) -> scans.CleanScan:
        """
        Return the pages as pictures.

        :raises ValidationError: nothing was chosen, or the file cannot be taken; the message says the repair.
        """
        if not data:
            raise ValidationError(_("请选择盖章文件"), code="required")
        self.name = data.name or ""
        try:
            return scans.clean(data, self.name)
        except scans.ScanRefused as refusal:
            raise ValidationError(str(refusal), code="scan") from refusal


class StampedFormForm(forms.Form):
    """
    The upload of a signed form.

    ``endorsed`` tells whether an online endorsement is asked or given; ``with_basis`` is False for a replacement, which keeps its ticks.
    """

    scan = ScanField(label="盖章文件", help_text="整页拍照或扫描，四角完整；几页的，合成一个 PDF")
    basis = forms.MultipleChoiceField(required=False, label="推荐渠道", widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        *,
        with_basis: bool = True,
        endorsed: bool = False,
    ) -> None:
        initial = {"basis": [Basis.ENDORSEMENT] if endorsed else []}
        super().__init__(data, files, initial=initial, label_suffix="")
        offered = (*HANDWRITTEN, Basis.ENDORSEMENT) if endorsed else HANDWRITTEN
        self.fields["basis"].choices = [(basis.value, basis.label) for basis in offered]
        self.fields["basis"].help_text = _("勾选表上实际有的，至少一项")
        if not with_basis:
            del self.fields["basis"]

    @property
    def file_name(self) -> str:
        """What the person calls the file."""
        return self.fields["scan"].name
