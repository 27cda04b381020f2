"""A name with its spellings beside it, for models that people search by pinyin and initials."""

from django.db import models

from membership import pinyin


class SpelledName(models.Model):
    """Gives a model with a ``name`` the columns ``name_pinyin`` and ``name_initials``, kept up to date whenever it is saved."""

    name_pinyin = models.CharField("拼音", max_length=600, blank=True, editable=False, db_index=True)
    name_initials = models.CharField("拼音首字母", max_length=200, blank=True, editable=False, db_index=True)

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs) -> None:
        """Save with fresh spellings; they go along when ``update_fields`` has the name."""
        self.spell()
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "name_pinyin", "name_initials"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def spell(self) -> None:
        """Set the spellings from the name; ``save()`` does it, a bulk insert has to ask for it."""
        self.name_pinyin, self.name_initials = pinyin.spelling(self.name)  # type: ignore[attr-defined]
