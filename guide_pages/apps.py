"""The published site as a Django app."""

from django.apps import AppConfig


class GuidePagesConfig(AppConfig):
    name = "guide_pages"
    label = "guide_pages"
    verbose_name = "网站"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guide_pages import search_index

        search_index.follow_publications()
