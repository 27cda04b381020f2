"""A picture of the form 医护会员注册 on its own, and the part of the photo that is to be kept (APP-7)."""

from typing import Any

from django import forms

from membership.domain import gaps
from membership.enums import AttachmentKind
from membership.forms.enrolment import HINTS
from membership.forms.typed_fields import PictureField

FARTHEST = 100_000  # px; no picture is that large, and what lies outside is brought inside


class PictureForm(forms.Form):
    """One of the form's pictures, under its name and with its words there."""

    def __init__(self, name: str, files: Any = None) -> None:
        super().__init__({} if files is not None else None, files, label_suffix="")
        self.fields[name] = PictureField(AttachmentKind(name), label=gaps.LABELS[name], help_text=HINTS.get(name, ""))


class BoxForm(forms.Form):
    """The part of the whole photo to keep, in its pixels; its height follows from the certificate."""

    left = forms.IntegerField(min_value=-FARTHEST, max_value=FARTHEST)
    top = forms.IntegerField(min_value=-FARTHEST, max_value=FARTHEST)
    width = forms.IntegerField(min_value=0, max_value=FARTHEST)
