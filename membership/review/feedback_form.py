"""What support posts: the answer, and which answer the screen showed (UI-5)."""

from datetime import datetime

from django import forms

from membership.domain import feedback
from membership.forms.typed_fields import ParagraphField


class MomentField(forms.Field):
    """A moment as its ISO text, to the microsecond; empty for none."""

    widget = forms.HiddenInput

    def to_python(self, value: str | None) -> datetime | None:
        """
        Return the moment.

        :raises ValidationError: no such text.
        """
        try:
            return datetime.fromisoformat(value) if value else None
        except ValueError as unreal:
            raise forms.ValidationError("页面已过期，请重新打开") from unreal


class AnswerForm(forms.Form):
    """``seen``: the time of the answer that the screen showed, so that two colleagues do not overwrite one another."""

    answer = ParagraphField(label="答复", maximum=feedback.LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 6}))
    seen = MomentField(required=False)
