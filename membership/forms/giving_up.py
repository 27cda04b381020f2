"""申请撤销 of an approved row: the tick that is asked where the membership ends with it (M-13)."""

from django import forms


class GivingUpForm(forms.Form):
    """One tick; whether it is needed, the society knows at the moment of the act."""

    ends_membership = forms.BooleanField(required=False, label="我明白会员资格随之结束，确定退会")

    def __init__(self, data=None) -> None:
        super().__init__(data, label_suffix="")
