"""Text messages: one interface, the backend chosen by a setting."""

import io

import pytest

from membership.outbox import sms
from membership.outbox.sms import locmem
from membership.outbox.sms.base import Backend, SMSNotSent, TextMessage
from membership.outbox.sms.console import ConsoleBackend


class RefusingBackend(Backend):
    """A provider that takes nothing."""

    def send(self, message: TextMessage) -> str:
        raise SMSNotSent("throttled")


class TestSend:  # ACC-5
    def test_the_setting_chooses_the_backend(self, settings):
        settings.SMS_BACKEND = "membership.outbox.sms.locmem.LocmemBackend"
        locmem.outbox.clear()

        receipt = sms.send("+8618800000001", "验证码 204816", template="account_code", parameters={"code": "204816"})

        assert locmem.outbox == [TextMessage("+8618800000001", "验证码 204816", "account_code", {"code": "204816"})]
        assert receipt == "1"

    def test_a_provider_that_refuses_is_told_from_one_that_took_it(self, settings):
        settings.SMS_BACKEND = f"{__name__}.RefusingBackend"

        with pytest.raises(SMSNotSent) as refusal:
            sms.send("+8618800000001", "验证码 204816")

        assert refusal.value.reason == "throttled"

    def test_in_development_the_message_is_printed(self):
        stream = io.StringIO()

        ConsoleBackend(stream).send(TextMessage("+8618800000001", "验证码 204816"))

        assert stream.getvalue() == "短信 → +8618800000001\n验证码 204816\n"
