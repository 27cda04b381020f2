"""What support answers to a request for a work unit: added, on the list already, or not added (APP-5)."""

from collections.abc import Sequence

from django import forms

from membership.domain import work_unit_requests
from membership.enums import WorkUnitKind
from membership.forms.typed_fields import LineField
from membership.models import Division, WorkUnit, WorkUnitRequest

ADD, FOUND, DECLINE = "add", "found", "decline"
ACTS = ((ADD, "添加到名单"), (FOUND, "名单中已有"), (DECLINE, "不添加"))
NO_ACT = {"required": "请选择怎么处理", "invalid_choice": "请选择怎么处理"}


class AnswerForm(forms.Form):
    """``act``, the button, decides which of the other fields count; the domain says what is missing."""

    act = forms.ChoiceField(label="处理", choices=ACTS, error_messages=NO_ACT)
    name = LineField(label="单位全称", maximum=work_unit_requests.LONGEST_NAME)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "请选择"), *WorkUnitKind.choices])
    province = forms.ModelChoiceField(label="省份", required=False, queryset=Division.objects.none(), empty_label="不填")
    unit = forms.ModelChoiceField(label="名单中的单位", required=False, queryset=WorkUnit.objects.none())
    other = LineField(label="其他单位的全称", maximum=work_unit_requests.LONGEST_NAME)
    answer = LineField(label="不添加的原因", maximum=work_unit_requests.LONGEST_ANSWER)

    def __init__(self, *args, request: WorkUnitRequest, alike: Sequence[WorkUnit], **kwargs) -> None:
        province = Division.objects.provinces().filter(name=request.province).first()
        super().__init__(*args, initial={"name": request.name, "province": province}, label_suffix="", **kwargs)
        self.alike = alike
        self.fields["province"].queryset = Division.objects.provinces()
        self.fields["unit"].queryset = WorkUnit.objects.active()
