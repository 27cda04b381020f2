"""The site as a Django app: what holds for all its parts together."""

from django.apps import AppConfig


class CacaConfig(AppConfig):
    name = "caca"

    def ready(self) -> None:
        from caca import caching

        caching.forget_on_changes()
