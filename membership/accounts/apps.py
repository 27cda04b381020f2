"""
``wagtail.users`` with the site's own account forms.

This module holds a configuration of Wagtail's app, under Wagtail's label; the accounts themselves are part of the app «membership».
It is named in INSTALLED_APPS in full, so nothing needs to be found by default.
"""

from wagtail.users.apps import WagtailUsersAppConfig


class CacaUsersConfig(WagtailUsersAppConfig):
    default = False
    user_viewset = "membership.accounts.users.AccountViewSet"

    def ready(self) -> None:
        super().ready()
        from membership.accounts import sessions, staff_idle

        sessions.connect()
        staff_idle.connect()
