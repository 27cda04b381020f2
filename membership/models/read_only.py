"""
Read-only mode for maintenance (UI-9): the site is read as always, and nothing can be submitted.

An administrator switches it on in the admin, at once or from a time on; until then every page says so. An operator's ``READ_ONLY=1`` has
the same effect and cannot be switched off in the admin. It does not end by itself: a maintenance that takes longer than expected must not
open the door.
"""

from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

CACHE_KEY = "membership.read_only_mode"
# Another process notices the switch after this long where the cache is not shared.
CACHE_SECONDS = 60
# What a script is told to wait, in seconds, where nobody said when the maintenance ends.
RETRY_AFTER = 600


@register_setting(icon="warning", order=20)
class ReadOnlyMode(BaseGenericSetting):
    """The switch: one row. Read it with :func:`current`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_on = models.BooleanField(
        "开启维护模式", default=False, help_text="开启后，所有人可以查看，不能提交。登录和退出不受影响。维护完成后，请在这里手动关闭。"
    )
    starts_at = models.DateTimeField("开始时间", null=True, blank=True, help_text="留空则保存后立即开始。到开始之前，每页上方会预告。")
    ends_at = models.DateTimeField("预计结束时间", null=True, blank=True, help_text="只用来告诉大家何时再来，到时不会自动关闭。")
    text = models.CharField("补充说明", max_length=60, blank=True, help_text="接在公告后面的一句话，例如：本次维护升级证书下载。")

    panels = [FieldPanel("is_on"), FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]), FieldPanel("text")]

    class Meta:
        verbose_name = "维护模式"
        verbose_name_plural = "维护模式"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="the_site_has_one_read_only_switch")]

    def __str__(self) -> str:
        return "维护模式"

    @classmethod
    def load(cls, request_or_site=None) -> "ReadOnlyMode":  # Wagtail's name
        """Return the switch from the cache: every page asks for it."""
        return current()

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "预计结束时间应晚于开始时间。"})

    def save(self, *args, **kwargs) -> None:
        """Save, and let every reader see it: now, and again once other transactions can, before public pages are made anew."""
        transaction.on_commit(forget)
        super().save(*args, **kwargs)
        forget()

    def is_in_force_at(self, at: datetime) -> bool:
        """Whether nothing may be written at ``at``."""
        return settings.READ_ONLY or (self.is_on and (self.starts_at is None or self.starts_at <= at))

    def is_announced_at(self, at: datetime) -> bool:
        """Whether it is to come, at a time that is known."""
        return self.is_on and not self.is_in_force_at(at)

    def end_seen_from(self, at: datetime) -> datetime | None:
        """The expected end; None where nobody said, or it has passed and the maintenance goes on."""
        return self.ends_at if self.is_on and self.ends_at and self.ends_at > at else None

    def retry_after(self, at: datetime) -> int:
        """Seconds after which it is worth trying again."""
        end = self.end_seen_from(at)
        return int((end - at).total_seconds()) + 1 if end else RETRY_AFTER

    def notice_at(self, at: datetime) -> str:
        """What every page says of it at ``at``; nothing while it is off."""
        end = self.end_seen_from(at)
        if self.is_in_force_at(at):
            return f"网站正在维护，可以查看，暂时不能提交。{expected(end)}{self.text}"
        if self.is_announced_at(at) and self.starts_at:
            return f"{span(self.starts_at, end)}网站维护，期间可以查看，不能提交。{self.text}"
        return ""


def expected(end: datetime | None) -> str:
    """Say when the maintenance is over, if it is known."""
    return f"预计 {moment(end)} 恢复。" if end else ""


def span(start: datetime, end: datetime | None) -> str:
    """Write from when till when; the day of the end is left out where it is the day of the start."""
    if end is None:
        return f"{moment(start)} 起"
    same_day = timezone.localtime(start).date() == timezone.localtime(end).date()
    return f"{moment(start)} 至 {date_format(timezone.localtime(end), 'H:i') if same_day else moment(end)} "


def moment(at: datetime) -> str:
    """Write a moment of this year or the next as people say it: 12月1日 22:00."""
    return date_format(timezone.localtime(at), "n月j日 H:i")


def forget() -> None:
    """Drop what is cached."""
    cache.delete(CACHE_KEY)


def current() -> ReadOnlyMode:
    """Return the switch as it stands, from the cache."""
    row = cache.get(CACHE_KEY)
    if row is None:
        row = ReadOnlyMode.objects.filter(pk=1).values().first() or _made()
        cache.set(CACHE_KEY, row, CACHE_SECONDS)
    return ReadOnlyMode.from_db(DEFAULT_DB_ALIAS, list(row), list(row.values()))


def _made() -> dict[str, object]:
    """Make the row; a migration has, but for databases made without them."""
    ReadOnlyMode.objects.get_or_create(pk=1)
    return ReadOnlyMode.objects.values().get(pk=1)
