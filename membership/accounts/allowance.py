"""
How many codes a number and an address may ask for, and how many the whole site sends (ACC-5, field case 39).

One allowance serves every way to a code: registration, login, forgotten password, change of number, sending again. It has the name of
allauth's limit for proving a number, because allauth draws on that one itself. The rates are in ``ACCOUNT_RATE_LIMITS``, the ceiling of
the site in ``SMS_CODES_A_DAY``. All are counted in the shared cache, so they hold across processes.
"""

import logging

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as internal
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from membership.accounts import texts
from membership.periods import shanghai_date

logger = logging.getLogger(__name__)

LIMIT = "verify_phone"
# A first word of warning while there is still time to look.
ALARM_AT = 0.8
HOUR = 60 * 60
TWO_DAYS = 48 * HOUR


class CeilingReached(Exception):
    """The site has sent as many codes today as it may."""


def is_left(request: HttpRequest, phone: str) -> bool:
    """Whether a code for ``phone`` (E.164) may be sent now; nothing is used up."""
    return ratelimit.consume(request, action=LIMIT, key=phone, dry_run=True)


def take(request: HttpRequest, phone: str) -> bool:
    """Use up one sending to ``phone`` (E.164) by this address; False if none is left now."""
    return ratelimit.consume(request, action=LIMIT, key=phone)


def refusal(request: HttpRequest, phone: str) -> str:
    """
    Return why no code goes to ``phone`` now, and what to do: the day, the address, or the minute. Nothing is used up.

    The longest wait is said: being refused for the day or the address uses the minute up as well.
    """
    rates = settings.ACCOUNT_RATE_LIMITS[LIMIT].split(",")
    for rate in sorted(rates, key=lambda rate: internal.parse_rates(rate)[0].duration, reverse=True):
        if not internal.consume(request, app="allauth.account", action=LIMIT, config={LIMIT: rate}, key=phone, dry_run=True):
            return _words_for(*internal.parse_rates(rate))
    # It was used up a moment ago.
    return texts.TOO_OFTEN


def _words_for(rate: internal.Rate) -> str:
    if rate.per == "ip":
        return texts.TOO_OFTEN_FOR_ADDRESS
    return texts.TOO_OFTEN_TODAY if rate.duration > HOUR else texts.TOO_OFTEN_FOR_NUMBER


def take_or_refuse(request: HttpRequest, phone: str) -> None:
    """
    Use up one sending.

    :raises RateLimited: none is left now (allauth's exception; the middleware answers it).
    """
    ratelimit.consume(request, action=LIMIT, key=phone, raise_exception=True)


def take_from_the_site() -> None:
    """
    Count one message of the whole site's ceiling for today (China's date); 0 in ``SMS_CODES_A_DAY`` means none.

    :raises CeilingReached: it is used up. The log has an alarm for the first message that was not sent, and a warning before.
    """
    ceiling = settings.SMS_CODES_A_DAY
    if not ceiling:
        return
    key = f"sms-codes:{shanghai_date(timezone.now()):%Y-%m-%d}"
    cache.add(key, 0, TWO_DAYS)
    sent = cache.incr(key)
    if sent == int(ceiling * ALARM_AT):
        logger.warning("Text messages with codes: %d of today's %d are sent", sent, ceiling)
    if sent == ceiling + 1:
        logger.critical("Text messages with codes: today's ceiling of %d is reached, no more are sent (SMS_CODES_A_DAY)", ceiling)
    if sent > ceiling:
        raise CeilingReached()
