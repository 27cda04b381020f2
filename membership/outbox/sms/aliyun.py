"""
Aliyun (阿里云短信服务), through its official SDK: ``pip install .[aliyun]``. Error codes: https://help.aliyun.com/document_detail/101346.html
"""

import json
import logging
import re

from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_dysmsapi20170525.models import SendSmsRequest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException, ThrottlingException
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.exceptions import UnretryableException
from darabonba.runtime import RuntimeOptions
from django.conf import settings

from membership.outbox.sms import connections, templates
from membership.outbox.sms.base import Backend, SMSNotSent, SMSOutcomeUnknown, SMSRefused, TextMessage

# The SDK puts number and code into the address it calls, which urllib3 writes down at level DEBUG.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

# Limits per number, day or second, and an account without money. All else in «isv.» is wrong at our end and stays so.
LATER = re.compile(r"Throttling(\..+)?|isv\.\w*LIMIT_CONTROL|isv\.(AMOUNT_NOT_ENOUGH|OUT_OF_SERVICE)")
REFUSED = re.compile(r"isv\..+|isp\.RAM_PERMISSION_DENY")
# What the SDK makes of an error without a code.
NO_CODE = "None"


class AliyunBackend(Backend):
    """Sends by the API SendSms of 2017-05-25; the id it returns is Aliyun's BizId."""

    required_settings = ("ALIYUN_SMS_ACCESS_KEY_ID", "ALIYUN_SMS_ACCESS_KEY_SECRET", "ALIYUN_SMS_SIGN_NAME", "ALIYUN_SMS_ENDPOINT")
    templates_setting = "ALIYUN_SMS_TEMPLATES"

    def send(self, message: TextMessage) -> str:
        request = self._request(message)
        try:
            answer = _client().send_sms_with_options(request, RuntimeOptions())
        except AlibabaCloudException as fault:
            raise _not_taken(fault) from None
        except UnretryableException as fault:
            raise connections.unanswered("aliyun", fault.inner_exception) from None
        code = getattr(answer.body, "code", None)
        if not isinstance(code, str):
            raise SMSOutcomeUnknown("aliyun: outcome unknown (an answer without a code)")
        if code != "OK":
            raise _sort(code)(_reason(code, answer.body.request_id))
        return str(answer.body.biz_id or "")

    def _request(self, message: TextMessage) -> SendSmsRequest:
        values = templates.values(message)
        return SendSmsRequest(
            phone_numbers=message.phone.removeprefix("+" if message.goes_abroad else "+86"),
            sign_name=settings.ALIYUN_SMS_SIGN_NAME,
            template_code=templates.provider_id(message, self.templates_setting),
            template_param=json.dumps(values, ensure_ascii=False) if values else None,
        )


def _client() -> Client:
    """Return the SDK's client. It has no ``retry_options``, so it asks once and never again."""
    scheme, host = connections.scheme_and_host(settings.ALIYUN_SMS_ENDPOINT)
    return Client(
        Config(
            access_key_id=settings.ALIYUN_SMS_ACCESS_KEY_ID,
            access_key_secret=settings.ALIYUN_SMS_ACCESS_KEY_SECRET,
            protocol=scheme,
            endpoint=host,
            connect_timeout=int(settings.SMS_CONNECT_TIMEOUT * 1000),
            read_timeout=int(settings.SMS_READ_TIMEOUT * 1000),
        )
    )


def _not_taken(fault: AlibabaCloudException) -> SMSNotSent:
    """Return our error for an answer of 400 and above."""
    error = SMSNotSent if isinstance(fault, ThrottlingException) else _sort(fault.code)
    # Below 500 the gateway found a mistake of ours, whatever it calls it. From 500 on it may have handed the message on before.
    if error is SMSOutcomeUnknown and fault.code != NO_CODE and (fault.status_code or 400) < 500:
        error = SMSRefused
    return error(_reason(fault.code, fault.request_id))


def _sort(code: str) -> type[SMSNotSent]:
    if LATER.fullmatch(code):
        return SMSNotSent
    return SMSRefused if REFUSED.fullmatch(code) else SMSOutcomeUnknown


def _reason(code: str, request_id: str | None) -> str:
    """Return code and request for support. Aliyun's own text stays out: for a bad signature it repeats the whole request."""
    return f"aliyun: {re.sub(r'[^A-Za-z0-9._-]', '', code)[:80]} (request {request_id or 'without id'})"
