"""申请添加单位: what an applicant writes about a work unit that the list lacks (APP-5)."""

from django import forms

from membership.domain import work_unit_requests
from membership.forms.typed_fields import CodeField, LineField
from membership.models import Division


class WorkUnitRequestForm(forms.Form):
    """The unit's full name and where it is, which helps support to find it."""

    use_required_attribute = False

    name = LineField(
        label="单位全称",
        maximum=work_unit_requests.LONGEST_NAME,
        help_text="与公章上的名称一致，不要简写",
        widget=forms.TextInput({"autocomplete": "organization"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        names = Division.objects.provinces().values_list("name", flat=True)
        self.fields["province"] = CodeField((("", "请选择"), *((name, name) for name in names)), label="所在省份")
