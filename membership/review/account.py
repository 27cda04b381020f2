"""What somebody on the staff changes of their own account in the admin: name, picture, looks (ACC-6)."""

from django import forms
from wagtail.admin.views.account import NameEmailSettingsPanel

from membership.models import User


class NameForm(forms.ModelForm):
    """
    One field for the whole name, as Chinese names are written and as accounts are made. Wagtail's own asks for family name and given name
    apart and demands both.
    """

    name = forms.CharField(
        label="姓名", max_length=User._meta.get_field("last_name").max_length, help_text="同事在待办、答复和修改记录中看到的名字。"
    )

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = self.instance.get_full_name()

    def save(self, commit: bool = True) -> User:
        """Keep the name as one."""
        self.instance.last_name, self.instance.first_name = self.cleaned_data["name"], ""
        return super().save(commit)


def ask_for_one_name() -> None:
    """Let the page of the account ask for the name in one field. Wagtail offers no setting for it, only its panel."""
    NameEmailSettingsPanel.form_class = NameForm
    NameEmailSettingsPanel.title = "姓名"
