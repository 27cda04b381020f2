"""Text messages: one interface, the backend chosen by a setting, wordings known to providers by their places."""

import io
import re

import pytest

from membership.accounts import texts
from membership.domain.announcements import WORDINGS
from membership.outbox import sms
from membership.outbox.sms import locmem, templates
from membership.outbox.sms.aliyun import AliyunBackend
from membership.outbox.sms.base import Backend, SMSNotSent, TextMessage
from membership.outbox.sms.console import ConsoleBackend
from membership.outbox.sms.tencent import TencentBackend


class RefusingBackend(Backend):
    """A provider that takes nothing."""

    def send(self, message: TextMessage) -> str:
        raise SMSNotSent("throttled")


class TestSend:  # ACC-5
    @pytest.mark.parametrize("name", ["locmem", "membership.outbox.sms.locmem.LocmemBackend"])
    def test_the_setting_chooses_the_backend_by_its_short_name_or_its_path(self, settings, name):
        settings.SMS_BACKEND = name
        locmem.outbox.clear()

        receipt = sms.send("+8618800000001", "验证码 204816", template="account_code", parameters={"code": "204816"})

        assert locmem.outbox == [TextMessage("+8618800000001", "验证码 204816", "account_code", {"code": "204816"})]
        assert receipt == "1"

    @pytest.mark.parametrize(("name", "backend"), [("console", ConsoleBackend), ("aliyun", AliyunBackend), ("tencent", TencentBackend)])
    def test_every_short_name_leads_to_its_backend(self, settings, name, backend):
        settings.SMS_BACKEND = name

        assert sms.chosen_backend() is backend

    def test_a_provider_that_refuses_is_told_from_one_that_took_it(self, settings):
        settings.SMS_BACKEND = f"{__name__}.RefusingBackend"

        with pytest.raises(SMSNotSent) as refusal:
            sms.send("+8618800000001", "验证码 204816")

        assert refusal.value.reason == "throttled"

    def test_in_development_the_message_is_printed(self):
        stream = io.StringIO()

        ConsoleBackend(stream).send(TextMessage("+8618800000001", "验证码 204816"))

        assert stream.getvalue() == "短信 → +8618800000001\n验证码 204816\n"


class TestPlaces:  # ACC-5, UI-8
    def test_every_wording_that_is_sent_is_known_with_its_places_in_the_order_of_its_text(self):
        account_texts = dict(text for name, text in vars(texts).items() if name.startswith("SMS_"))
        messages = {code: wording.sms for code, wording in WORDINGS.items() if wording.sms}

        places = {name: tuple(re.findall(r"\{(\w+)\}", text)) for name, text in {**account_texts, **messages}.items()}

        assert places == templates.PLACES
