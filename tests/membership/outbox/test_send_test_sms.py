"""``manage.py send_test_sms``: one message, and in plain words what became of it."""

import io

import pytest
from django.core.management import CommandError, call_command

from membership.outbox.sms import templates
from tests.factories.sms_vendors import Silence, aliyun_answer, tencent_answer


def said(*args):
    out = io.StringIO()
    call_command("send_test_sms", *args, stdout=out, no_color=True)
    return out.getvalue()


def complaint(*args):
    with pytest.raises(CommandError) as refusal:
        said(*args)
    return str(refusal.value)


class TestSendTestSms:  # ACC-5
    def test_tells_who_took_it_and_under_which_id(self, aliyun):
        assert said("+86 188-0000-0001") == ("aliyun accepted account_code for +8618800000001. The provider's id: 900619746936498440^0.\n")
        assert aliyun.asked[0].query["PhoneNumbers"] == "18800000001"

    @pytest.mark.parametrize("typed", ["18800000001", "１８８ ０００００００１", "+8618800000001"])
    def test_reads_a_number_as_the_form_does(self, sms_outbox, typed):
        said(typed)

        assert [text.phone for text in sms_outbox] == ["+8618800000001"]

    def test_a_number_abroad_goes_abroad(self, sms_outbox):
        said("+852 6123 4567")

        assert [text.phone for text in sms_outbox] == ["+85261234567"]

    @pytest.mark.parametrize("template", templates.PLACES)
    def test_every_wording_can_be_tried_with_all_its_places_filled(self, sms_outbox, template):
        said("18800000001", "--template", template)

        (text,) = sms_outbox
        assert "{" not in text.text
        assert templates.values(text).keys() == set(templates.PLACES[template])

    def test_what_is_no_number_is_refused_before_anybody_is_asked(self, sms_outbox):
        assert "12345" in complaint("12345")
        assert sms_outbox == []

    def test_throttled_it_advises_a_later_try(self, tencent):
        tencent.answer = tencent_answer("LimitExceeded.PhoneNumberDailyLimit")

        assert complaint("18800000001") == (
            "Not sent. tencent: LimitExceeded.PhoneNumberDailyLimit (request a0aabda6-cf91-4f3e). A later try may help."
        )

    def test_refused_it_advises_to_mend_the_settings(self, aliyun):
        aliyun.answer = aliyun_answer("isv.SMS_SIGNATURE_ILLEGAL")

        assert complaint("18800000001").endswith("Trying again will not help: mend the settings or the number.")

    def test_without_an_answer_it_does_not_say_that_nothing_was_sent(self, aliyun):
        aliyun.answer = Silence()

        assert complaint("18800000001").startswith("Perhaps sent. aliyun: outcome unknown")

    def test_names_a_backend_that_is_none(self, settings):
        settings.SMS_BACKEND = "pigeon"

        assert "SMS_BACKEND is pigeon" in complaint("18800000001")
