"""
Text messages: one small interface, its backend chosen by ``settings.SMS_BACKEND``, as Django does with e-mail (ACC-5).

``send`` is what the rest of the system calls; a backend is a class with one method (``base.Backend``).
"""

from collections.abc import Mapping

from django.conf import settings
from django.utils.module_loading import import_string

from membership.outbox.sms.base import Backend, SMSNotSent, SMSOutcomeUnknown, SMSRefused, TextMessage

__all__ = ["Backend", "SMSNotSent", "SMSOutcomeUnknown", "SMSRefused", "TextMessage", "chosen_backend", "send"]

# What ``SMS_BACKEND`` may say instead of a dotted path. A provider's SDK is imported with its module only.
SHORT_NAMES = {
    "console": "membership.outbox.sms.console.ConsoleBackend",
    "locmem": "membership.outbox.sms.locmem.LocmemBackend",
    "aliyun": "membership.outbox.sms.aliyun.AliyunBackend",
    "tencent": "membership.outbox.sms.tencent.TencentBackend",
}


def chosen_backend() -> type[Backend]:
    """
    Return the class that ``settings.SMS_BACKEND`` names, by its short name or by its dotted path.

    :raises ImportError: there is no such class, or the SDK it needs is not installed.
    """
    return import_string(SHORT_NAMES.get(settings.SMS_BACKEND, settings.SMS_BACKEND))


def send(phone: str, text: str, *, template: str = "", parameters: Mapping[str, str] | None = None) -> str:
    """
    Send one text message and return the provider's id for it, or an empty string where there is none.

    :param phone: E.164 text, «+8618800000001».
    :param text: the whole wording, without the sender's signature, which the provider puts before it.
    :param template: our name of the wording; providers in mainland China send registered templates only, found by this name.
    :param parameters: what fills the template's places.
    :raises SMSNotSent: the provider did not take it; its subclasses say whether it is known for certain, and whether a later try may help.
    """
    backend = chosen_backend()()
    return backend.send(TextMessage(phone=phone, text=text, template=template, parameters=dict(parameters or {})))
