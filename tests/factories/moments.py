"""Moments of Shanghai's clock, and society settings for one test."""

from datetime import date, datetime

from membership.models import SocietySettings
from membership.periods import SHANGHAI


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """Return a moment of that day in Shanghai, ten in the morning unless told otherwise."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def society_settings(**figures) -> SocietySettings:
    """Set figures of the society, as an administrator would."""
    settings, _ = SocietySettings.objects.get_or_create(pk=1)
    for name, figure in figures.items():
        setattr(settings, name, figure)
    settings.save()
    return settings
