"""A captcha as a picture, as a sound, and another one for it. Nothing here is kept by a browser: see ``NoStoreMiddleware``."""

from io import BytesIO

from allauth.decorators import rate_limit
from captcha.models import CaptchaStore
from captcha.views import captcha_image
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from ranged_response import RangedFileResponse

from membership.accounts import captcha, spoken_digits


@require_safe
@rate_limit(action=captcha.LIMIT, limit_get=True)
def picture(request: HttpRequest, key: str) -> HttpResponse:
    return captcha_image(request, key)


@require_safe
@rate_limit(action=captcha.LIMIT, limit_get=True)
def sound(request: HttpRequest, key: str) -> HttpResponse:
    """The digits read aloud. In parts if asked so: the iPhone plays nothing that cannot be had in parts."""
    digits = get_object_or_404(CaptchaStore, hashkey=key).challenge
    return RangedFileResponse(request, BytesIO(spoken_digits.read_aloud(digits)), content_type="audio/wav")


@require_POST
def another(request: HttpRequest) -> JsonResponse:
    """A new captcha for ``static/js/captcha.js``."""
    return JsonResponse(captcha.addresses(captcha.make(request), at=timezone.now()))
