"""A committee member's answer to an applicant: why not, and what only the association reads (REF-1, E-12)."""

from django import forms

from membership.forms.typed_fields import ParagraphField

MAXIMUM = 500


class DeclineForm(forms.Form):
    """不同意: the reason the applicant reads, and 仅供协会."""

    reason_public = ParagraphField(
        label="不同意的原因",
        maximum=MAXIMUM,
        help_text="申请人会看到",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason_internal = ParagraphField(
        label="仅供协会",
        maximum=MAXIMUM,
        help_text="可不填。只有协会会员部能看到，申请人看不到",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RetractForm(forms.Form):
    """撤回同意: counts as declined, so it says why (E-11). Its ids are its own, beside those of the other form."""

    reason_public = ParagraphField(label="撤回的原因", maximum=MAXIMUM, help_text="申请人会看到", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, auto_id="retract_%s", **kwargs)
