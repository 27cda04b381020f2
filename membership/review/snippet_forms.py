"""Forms of the reference data in the admin, where a plain model form does not do."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from membership.domain import renaming
from membership.enums import ChangeCategoryCode, InstitutionKind
from membership.models.institutions import Institution
from membership.models.settings import SocietySettings
from membership.models.work_units import WorkUnit, WorkUnitAlias


class NumberListField(forms.CharField):
    """Whole numbers separated by commas («7, 30»); ``width`` fills up with zeros what is shown."""

    def __init__(self, *args, width: int = 0, **kwargs) -> None:
        self.width = width
        super().__init__(*args, **kwargs)

    def prepare_value(self, value):
        """Show a list as text; leave what was typed as it is."""
        return ", ".join(str(number).zfill(self.width) for number in value) if isinstance(value, list) else value

    def to_python(self, value) -> list[int]:
        parts = re.split(r"[,，、\s]+", super().to_python(value).strip(" ,，、"))
        if not all(re.fullmatch(r"[0-9]{1,9}", part) for part in parts if part):
            raise ValidationError("请填写整数，用逗号分开，例如：7, 30。")
        return [int(part) for part in parts if part]

    def has_changed(self, initial, data) -> bool:
        try:
            return self.to_python(data) != (initial or [])
        except ValidationError:
            return True


class InstitutionForm(WagtailAdminModelForm):
    """An institution keeps its code; a former name is noted (I-2). There is one headquarters, and it stays open (I-1)."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = self.instance.pk is not None
        if self.instance.is_headquarters:
            self.fields["kind"].disabled = self.fields["is_active"].disabled = True
        else:
            kinds = self.fields["kind"].choices
            self.fields["kind"].choices = [choice for choice in kinds if choice[0] != InstitutionKind.HEADQUARTERS]

    def save(self, commit: bool = True) -> Institution:
        """Save, and note the name it had until now."""
        if commit and self.instance.pk and "name" in self.changed_data:
            today = timezone.localdate()
            renaming.note_former_institution_name(institution=self.instance, former=self.initial["name"], today=today)
        return super().save(commit)


class WorkUnitForm(WagtailAdminModelForm):
    """A renamed unit stays known under its former name (I-5)."""

    def clean_name(self) -> str:
        """Refuse a name that already leads to another unit."""
        name = self.cleaned_data["name"]
        if WorkUnitAlias.objects.filter(name=name).exclude(work_unit=self.instance.pk).exists():
            raise ValidationError("该名称已是另一单位的别名。")
        return name

    def save(self, commit: bool = True) -> WorkUnit:
        """Save, and keep the name it had until now as an alias."""
        renamed = commit and self.instance.pk and "name" in self.changed_data
        unit = super().save(commit)
        if renamed:
            renaming.note_former_unit_name(work_unit=unit, former=self.initial["name"])
        return unit


class ChangeCategoryForm(WagtailAdminModelForm):
    """A change of identity is always reviewed (D-12)."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs_review"].disabled = self.instance.code == ChangeCategoryCode.IDENTITY


def label_of(name: str) -> str:
    """Return what a figure is called; a field that is declared in the form does not take it from the model."""
    return SocietySettings._meta.get_field(name).verbose_name


class SocietySettingsForm(WagtailAdminModelForm):
    """The figures of the rulebook; lists are typed as numbers with commas."""

    form_reminder_days = NumberListField(label=label_of("form_reminder_days"))
    renewal_reminder_days = NumberListField(label=label_of("renewal_reminder_days"))
    share_link_days = NumberListField(label=label_of("share_link_days"))
    reserved_serials = NumberListField(label=label_of("reserved_serials"), width=7, required=False)
