"""What a person is found by: the ends of their name, its spellings and initials, each a row (REV-1)."""

from django.db import models


class NameKey(models.Model):
    """
    A text that may be typed from its beginning to find a person: a name from any of its characters on, its pinyin, its initials.

    ``shared``: how many characters at its beginning it has in common with the person's key before it in order. Who looks for no more
    than that finds the person by that one already; so nobody is found twice. Written by ``domain.name_keys`` alone.
    """

    LONGEST = 60

    member = models.ForeignKey("membership.Member", on_delete=models.CASCADE, related_name="name_keys", verbose_name="会员")
    # Ordered by its characters' codes on every database (the migration gives PostgreSQL the collation C).
    key = models.CharField("检索键", max_length=LONGEST)
    shared = models.PositiveSmallIntegerField("与前一键相同的字数", default=0)

    class Meta:
        verbose_name = "姓名检索"
        verbose_name_plural = "姓名检索"
        indexes = [models.Index(fields=["key", "member", "shared"], name="name_key_in_order")]
        constraints = [models.UniqueConstraint(name="a_name_key_once_per_person", fields=["member", "key"])]

    def __str__(self) -> str:
        return f"姓名检索 {self.pk}"
