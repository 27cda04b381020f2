"""The ticks of the check page (P-1, P-2). The society demands them at submission; here they are only read."""

from typing import Any

from django import forms

from membership.domain.enrolment import Consents
from membership.forms.typed_fields import NameField

GUARDIAN_FIELDS = ("guardian", "guardian_name")


class ConsentForm(forms.Form):
    """单独同意 for identity papers; a minor's guardian beside it, with a name."""

    identity_documents = forms.BooleanField(
        required=False,
        label="我单独同意协会收集、核验我的证件号码、证件照片和资质材料，用于会员资格审核",
    )
    guardian = forms.BooleanField(required=False, label="监护人已知悉并同意本次申请，及对未成年人个人信息的处理")
    guardian_name = NameField(maximum=200, label="监护人姓名")

    def __init__(self, data: dict[str, Any] | None = None, *, minor: bool) -> None:
        super().__init__(data, label_suffix="")
        if not minor:
            for name in GUARDIAN_FIELDS:
                del self.fields[name]

    def given(self, version: str) -> Consents:
        """Return the ticks as the domain takes them; ``version`` names the wording they stand under."""
        return Consents(version=version, **self.cleaned_data)
