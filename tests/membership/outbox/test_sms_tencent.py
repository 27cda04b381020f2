"""Tencent Cloud: what it is asked, and what its answers mean for a later try."""

import logging
import socket

import pytest

from membership.outbox import sms
from tests.factories.sms_vendors import Answer, Silence, tencent_answer, tencent_error

PHONE = "+8618800000001"


def send(phone=PHONE, template="account_code", **parameters):
    return sms.send(phone, "验证码 204816", template=template, parameters=parameters or {"code": "204816"})


def failure(**kwargs):
    """Return what a sending raised; a subclass is another answer."""
    with pytest.raises(sms.SMSNotSent) as raised:
        send(**kwargs)
    return raised.value


class TestRequest:  # ACC-5
    def test_a_code_goes_to_a_number_as_it_is_stored(self, tencent):
        receipt = send()

        (asked,) = tencent.asked
        assert receipt == "5000:1045710669157053657849499619"
        assert (asked.headers["x-tc-action"], asked.headers["x-tc-region"]) == ("SendSms", "ap-guangzhou")
        assert asked.json() == {
            "PhoneNumberSet": ["+8618800000001"],
            "SmsSdkAppId": "1400006666",
            "SignName": "中国抗癌协会",
            "TemplateId": "1000",
            "TemplateParamSet": ["204816"],
        }

    def test_a_number_abroad_gets_a_template_of_its_own_and_no_signature_of_the_mainland(self, tencent, settings):
        settings.TENCENT_SMS_TEMPLATES_ABROAD = {"account_code": "999"}

        send(phone="+85261234567")

        asked = tencent.asked[0].json()
        assert (asked["PhoneNumberSet"], asked["TemplateId"], "SignName" in asked) == (["+85261234567"], "999", False)

    def test_places_are_filled_in_the_order_of_the_wording_however_they_come(self, tencent):
        send(template="endorsement-asked", number="A2026", due="2026-03-31", applicant="沈砚秋")

        assert tencent.asked[0].json()["TemplateParamSet"] == ["沈砚秋", "2026-03-31"]

    def test_a_wording_without_places_goes_without_parameters(self, tencent):
        send(template="account_already_registered")

        assert tencent.asked[0].json().get("TemplateParamSet", []) == []


class TestAnswer:  # ACC-5, UI-8
    @pytest.mark.parametrize(
        "answer",
        [
            tencent_answer("LimitExceeded.PhoneNumberThirtySecondLimit"),
            tencent_answer("LimitExceeded.PhoneNumberDailyLimit"),
            tencent_answer("FailedOperation.InsufficientBalanceInSmsPackage"),
            tencent_error("RequestLimitExceeded"),
            tencent_error("LimitExceeded.GlobalSmsSendingRateLimit"),
        ],
    )
    def test_throttled_a_later_try_may_help(self, tencent, answer):
        tencent.answer = answer

        fault = failure()

        assert (type(fault), len(tencent.asked)) == (sms.SMSNotSent, 1)
        assert fault.reason.endswith("(request a0aabda6-cf91-4f3e)")

    @pytest.mark.parametrize(
        "answer",
        [
            tencent_answer("InvalidParameterValue.IncorrectPhoneNumber"),
            tencent_answer("FailedOperation.TemplateUnapprovedOrNotExist"),
            tencent_answer("FailedOperation.SignatureIncorrectOrUnapproved"),
            tencent_answer("LimitExceeded.AppCountryOrRegionInBlacklist"),
            tencent_error("UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
            tencent_error("LimitExceeded.PhoneNumberCountLimit"),
            tencent_error("InternalError.SigVerificationFail"),
        ],
    )
    def test_what_is_wrong_at_our_end_is_refused_for_good(self, tencent, answer):
        tencent.answer = answer

        assert (type(failure()), len(tencent.asked)) == (sms.SMSRefused, 1)

    def test_a_wrong_secret_is_refused(self, tencent, settings):
        settings.TENCENT_SMS_SECRET_KEY = "another-secret"

        fault = failure()

        assert type(fault) is sms.SMSRefused
        assert fault.reason == "tencent: AuthFailure.SignatureFailure (request a0aabda6-cf91-4f3e)"

    @pytest.mark.parametrize(
        "answer",
        [
            tencent_answer("InternalError.Timeout"),
            tencent_error("InternalError"),
            tencent_error("FailedOperation.OtherError"),
            Answer(b"<html>Bad Gateway</html>", 502, {"Content-Type": "text/html"}),
            Answer(b"<html>Welcome to the hotel</html>", 200, {"Content-Type": "text/html"}),
            Answer(b"{"),
            Answer({"Response": {"SendStatusSet": [], "RequestId": "a0aabda6-cf91-4f3e"}}),
            Answer(None),
        ],
        ids=["timeout", "internal error", "other error", "bad gateway", "page", "half an answer", "no status", "hung up"],
    )
    def test_an_answer_that_says_neither_leaves_the_outcome_unknown_and_is_not_asked_for_again(self, tencent, answer):
        tencent.answer = answer

        assert (type(failure()), len(tencent.asked)) == (sms.SMSOutcomeUnknown, 1)

    def test_silence_leaves_the_outcome_unknown_and_the_server_is_asked_once(self, tencent):
        tencent.answer = Silence()

        fault = failure()

        assert (type(fault), fault.reason) == (sms.SMSOutcomeUnknown, "tencent: outcome unknown (TimeoutError)")
        assert len(tencent.asked) == 1

    def test_a_closed_door_is_no_sending(self, tencent, settings):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            settings.TENCENT_SMS_ENDPOINT = f"http://127.0.0.1:{unused.getsockname()[1]}"

            fault = failure()

        assert (type(fault), fault.reason) == (sms.SMSNotSent, "tencent: no connection (ConnectionRefusedError)")


class TestBeforeAsking:  # ACC-5
    def test_a_wording_that_is_not_registered_is_refused(self, tencent, settings):
        settings.TENCENT_SMS_TEMPLATES = {}

        assert (type(failure()), tencent.asked) == (sms.SMSRefused, [])

    def test_without_keys_it_is_refused(self, tencent, settings):
        settings.TENCENT_SMS_SECRET_ID = ""

        assert (type(failure()), tencent.asked) == (sms.SMSRefused, [])


class TestPrivacy:  # UI-8
    def test_neither_number_nor_code_reaches_the_log_or_the_error(self, tencent, caplog):
        tencent.answer = tencent_error("InternalError")

        with caplog.at_level(logging.DEBUG):
            fault = failure()

        written = caplog.text + fault.reason
        assert "18800000001" not in written
        assert "204816" not in written
