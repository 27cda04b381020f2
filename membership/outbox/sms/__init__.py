"""
Text messages: one small interface, its backend chosen by ``settings.SMS_BACKEND``, as Django does with e-mail (ACC-5).

``send`` is what the rest of the system calls; a backend is a class with one method (``base.Backend``).
"""

from collections.abc import Mapping

from django.conf import settings
from django.utils.module_loading import import_string

from membership.outbox.sms.base import Backend, SMSNotSent, TextMessage

__all__ = ["Backend", "SMSNotSent", "TextMessage", "send"]


def send(phone: str, text: str, *, template: str = "", parameters: Mapping[str, str] | None = None) -> str:
    """
    Send one text message and return the provider's id for it, or an empty string where there is none.

    :param phone: E.164 text, «+8618800000001».
    :param text: the whole wording, without the sender's signature, which the provider puts before it.
    :param template: our name of the wording; providers in mainland China send registered templates only, found by this name.
    :param parameters: what fills the template's places.
    :raises SMSNotSent: the provider did not take it.
    """
    backend: Backend = import_string(settings.SMS_BACKEND)()
    return backend.send(TextMessage(phone=phone, text=text, template=template, parameters=dict(parameters or {})))
