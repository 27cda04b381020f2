"""Accounts in the Wagtail admin: known by number, so neither e-mail nor names are demanded."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import IndexView, UserViewSet

from membership.accounts.fields import MobileField


class _ByNumber(forms.ModelForm):
    """What both forms have in common."""

    def _get_validation_exclusions(self) -> set[str]:  # Django's name
        # The model field's validator holds new ranges for wrong; MobileField has judged already (field case 08).
        return {*super()._get_validation_exclusions(), "phone"}

    def _post_clean(self) -> None:  # Django's name
        super()._post_clean()
        # Empty after the number passed to another person (L-4). Django's clean() makes empty text of it; two such accounts would collide.
        self.instance.phone = self.cleaned_data.get("phone") or None


def _number_field(*, required: bool) -> MobileField:
    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    return MobileField(required=required, widget=widget, help_text=_("境外号码请加国家代码，例如 +852"))


class CreationForm(_ByNumber, UserCreationForm):
    """新建账号. Its number counts as proved only when its owner logs in."""

    phone = _number_field(required=True)
    email = forms.EmailField(label=_("邮箱"), required=False)
    first_name = forms.CharField(label=_("名"), required=False)
    last_name = forms.CharField(label=_("姓"), required=False)


class EditForm(_ByNumber, UserEditForm):
    """修改账号."""

    phone = _number_field(required=False)
    email = forms.EmailField(label=_("邮箱"), required=False)
    first_name = forms.CharField(label=_("名"), required=False)
    last_name = forms.CharField(label=_("姓"), required=False)


class AccountIndexView(IndexView):
    """The list, searchable by number too."""

    @cached_property
    def search_fields(self) -> set[str]:
        return {*super().search_fields, "phone"}


class AccountViewSet(UserViewSet):
    """Wagtail's user management with these forms."""

    index_view_class = AccountIndexView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:  # Wagtail's name
        return EditForm if for_update else CreationForm
