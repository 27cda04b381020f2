"""
Tencent Cloud (腾讯云短信), through its official SDK: ``pip install .[tencent]``. Error codes: https://cloud.tencent.com/document/product/382/59177
"""

import logging
import re

from django.conf import settings
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111.models import SendSmsRequest, SendSmsResponse
from tencentcloud.sms.v20210111.sms_client import SmsClient

from membership.outbox.sms import connections, templates
from membership.outbox.sms.base import Backend, SMSNotSent, SMSOutcomeUnknown, SMSRefused, TextMessage

# At level DEBUG the SDK writes down every request, number and code included.
logging.getLogger("tencentcloud_sdk_common").setLevel(logging.INFO)

# Limits per number, day or second, and an account without money.
LATER = re.compile(
    r"RequestLimitExceeded(\..+)?|LimitExceeded(\.\w+Limit(?<!CountLimit))?"
    r"|FailedOperation\.InsufficientBalanceInSmsPackage|UnauthorizedOperation\.ServiceSuspendDueToArrears"
)
# «InternalError» is Tencent's: mostly nobody knows how far the message came. These three are found before anything is done.
CHECKED_FIRST = frozenset({"InternalError.SigFieldMissing", "InternalError.SigVerificationFail", "InternalError.RequestTimeException"})
UNKNOWN = re.compile(r"InternalError(\..+)?|FailedOperation(\.OtherError)?")
# The SDK's own: it did not like what it was given, and wrote to nobody.
NEVER_WRITTEN = frozenset({"InvalidCredential", "ClientError", "ClientParamsError"})


class TencentBackend(Backend):
    """Sends by the API SendSms of 2021-01-11; the id it returns is Tencent's SerialNo."""

    required_settings = (
        "TENCENT_SMS_SECRET_ID",
        "TENCENT_SMS_SECRET_KEY",
        "TENCENT_SMS_SDK_APP_ID",
        "TENCENT_SMS_SIGN_NAME",
        "TENCENT_SMS_REGION",
        "TENCENT_SMS_ENDPOINT",
    )
    templates_setting = "TENCENT_SMS_TEMPLATES"

    def send(self, message: TextMessage) -> str:
        request = self._request(message)
        try:
            answer = _client().SendSms(request)
        except TencentCloudSDKException as fault:
            # Only an answer of Tencent's bears the id of a request; what the SDK met on the way does not.
            if fault.requestId is None and fault.code not in NEVER_WRITTEN:
                raise connections.unanswered("tencent", fault) from None
            raise _sort(fault.code)(_reason(fault.code, fault.requestId)) from None
        return _serial_number(answer)

    def _request(self, message: TextMessage) -> SendSmsRequest:
        request = SendSmsRequest()
        request.PhoneNumberSet = [message.phone]
        request.SmsSdkAppId = settings.TENCENT_SMS_SDK_APP_ID
        # Abroad a message bears no signature unless one is registered for abroad.
        request.SignName = None if message.goes_abroad else settings.TENCENT_SMS_SIGN_NAME
        request.TemplateId = templates.provider_id(message, self.templates_setting)
        request.TemplateParamSet = list(templates.values(message).values())
        return request


def _client() -> SmsClient:
    """Return the SDK's client, with neither a ``retryer`` nor its breaker, which would ask a second region: it asks once."""
    scheme, host = connections.scheme_and_host(settings.TENCENT_SMS_ENDPOINT)
    timeouts = (settings.SMS_CONNECT_TIMEOUT, settings.SMS_READ_TIMEOUT)
    profile = ClientProfile(httpProfile=HttpProfile(protocol=scheme, endpoint=host, reqTimeout=timeouts))
    credential = Credential(settings.TENCENT_SMS_SECRET_ID, settings.TENCENT_SMS_SECRET_KEY)
    return SmsClient(credential, settings.TENCENT_SMS_REGION, profile)


def _serial_number(answer: SendSmsResponse) -> str:
    """
    Return the number of the one message that was asked for.

    :raises SMSNotSent: the request was right, yet this message was not taken; subclasses say more.
    """
    status = answer.SendStatusSet[0] if answer.SendStatusSet else None
    if status is None or not isinstance(status.Code, str):
        raise SMSOutcomeUnknown("tencent: outcome unknown (an answer without a status)")
    if status.Code != "Ok":
        raise _sort(status.Code)(_reason(status.Code, answer.RequestId))
    return str(status.SerialNo or "")


def _sort(code: str) -> type[SMSNotSent]:
    if LATER.fullmatch(code):
        return SMSNotSent
    return SMSOutcomeUnknown if UNKNOWN.fullmatch(code) and code not in CHECKED_FIRST else SMSRefused


def _reason(code: str, request_id: str | None) -> str:
    """Return code and request for support; Tencent's own text stays out, for it may quote what was sent."""
    return f"tencent: {re.sub(r'[^A-Za-z0-9._-]', '', code)[:80]} (request {request_id or 'without id'})"
