"""The membership system as a Django app."""

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "membership"
    label = "membership"
    verbose_name = "会员系统"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from membership import checks  # noqa: F401 - registers itself
        from membership.forms import offered_lists

        offered_lists.forget_on_changes()
