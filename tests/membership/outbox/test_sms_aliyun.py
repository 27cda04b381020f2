"""Aliyun: what it is asked, and what its answers mean for a later try."""

import json
import logging
import socket

import pytest

from membership.outbox import sms
from tests.factories.sms_vendors import Answer, Silence, aliyun_answer

PHONE = "+8618800000001"


def send(phone=PHONE, template="account_code", **parameters):
    return sms.send(phone, "验证码 204816", template=template, parameters=parameters or {"code": "204816"})


def failure(**kwargs):
    """Return what a sending raised; a subclass is another answer."""
    with pytest.raises(sms.SMSNotSent) as raised:
        send(**kwargs)
    return raised.value


class TestRequest:  # ACC-5
    def test_a_code_goes_to_a_mainland_number_without_its_prefix(self, aliyun):
        receipt = send()

        (asked,) = aliyun.asked
        assert receipt == "900619746936498440^0"
        assert asked.headers["x-acs-action"] == "SendSms"
        assert asked.query == {
            "PhoneNumbers": "18800000001",
            "SignName": "中国抗癌协会",
            "TemplateCode": "SMS_1",
            "TemplateParam": json.dumps({"code": "204816"}),
        }

    def test_a_number_abroad_goes_with_its_country_and_a_template_of_its_own(self, aliyun, settings):
        settings.ALIYUN_SMS_TEMPLATES_ABROAD = {"account_code": "SMS_999"}

        send(phone="+85261234567")

        assert (aliyun.asked[0].query["PhoneNumbers"], aliyun.asked[0].query["TemplateCode"]) == ("85261234567", "SMS_999")

    def test_only_what_the_wording_has_places_for_is_told_to_aliyun(self, aliyun):
        send(template="endorsement-asked", applicant="沈砚秋", due="2026-03-31", number="A2026", reason="不熟悉")

        assert json.loads(aliyun.asked[0].query["TemplateParam"]) == {"applicant": "沈砚秋", "due": "2026-03-31"}

    def test_a_wording_without_places_goes_without_parameters(self, aliyun):
        send(template="account_already_registered")

        assert "TemplateParam" not in aliyun.asked[0].query


class TestAnswer:  # ACC-5, UI-8
    @pytest.mark.parametrize(
        "answer",
        [
            aliyun_answer("isv.BUSINESS_LIMIT_CONTROL"),
            aliyun_answer("isv.DAY_LIMIT_CONTROL"),
            aliyun_answer("isv.AMOUNT_NOT_ENOUGH"),
            aliyun_answer("Throttling.User", status=400),
            aliyun_answer("ServiceUnavailable", status=503, headers={"x-acs-retry-after": "2000"}),
        ],
        ids=lambda answer: answer.body["Code"],
    )
    def test_throttled_a_later_try_may_help(self, aliyun, answer):
        aliyun.answer = answer

        fault = failure()

        assert (type(fault), len(aliyun.asked)) == (sms.SMSNotSent, 1)
        assert fault.reason == f"aliyun: {answer.body['Code']} (request F655A8D5-B967-440B-8683)"

    @pytest.mark.parametrize(
        "answer",
        [
            aliyun_answer("isv.MOBILE_NUMBER_ILLEGAL"),
            aliyun_answer("isv.SMS_TEMPLATE_ILLEGAL"),
            aliyun_answer("isv.SMS_SIGNATURE_ILLEGAL"),
            aliyun_answer("isv.BLACK_KEY_CONTROL_LIMIT"),
            aliyun_answer("isp.RAM_PERMISSION_DENY"),
            aliyun_answer("InvalidAccessKeyId.NotFound", status=404),
        ],
        ids=lambda answer: answer.body["Code"],
    )
    def test_what_is_wrong_at_our_end_is_refused_for_good(self, aliyun, answer):
        aliyun.answer = answer

        assert (type(failure()), len(aliyun.asked)) == (sms.SMSRefused, 1)

    def test_a_wrong_secret_is_refused_and_aliyuns_echo_of_the_request_kept_back(self, aliyun, settings):
        settings.ALIYUN_SMS_ACCESS_KEY_SECRET = "another-secret"

        fault = failure()

        assert type(fault) is sms.SMSRefused
        assert fault.reason == "aliyun: SignatureDoesNotMatch (request F655A8D5-B967-440B-8683)"

    @pytest.mark.parametrize(
        "answer",
        [
            aliyun_answer("isp.SYSTEM_ERROR"),
            aliyun_answer("InternalError", status=500),
            aliyun_answer("ServiceUnavailable", status=503),
            Answer(b"<html>Bad Gateway</html>", 502, {"Content-Type": "text/html"}),
            Answer(b"<html>Welcome to the hotel</html>", 200, {"Content-Type": "text/html"}),
            Answer({"Message": "no code"}),
            Answer({"Message": "no code"}, 400),
            Answer(b"[]"),
            Answer(b'{"Code": 7}'),
            Answer(None),
        ],
        ids=["system error", "internal error", "unavailable", "bad gateway", "page", "no code", "400", "list", "number", "hung up"],
    )
    def test_an_answer_that_says_neither_leaves_the_outcome_unknown_and_is_not_asked_for_again(self, aliyun, answer):
        aliyun.answer = answer

        assert (type(failure()), len(aliyun.asked)) == (sms.SMSOutcomeUnknown, 1)

    def test_silence_leaves_the_outcome_unknown_and_the_server_is_asked_once(self, aliyun):
        aliyun.answer = Silence()

        fault = failure()

        assert (type(fault), fault.reason) == (sms.SMSOutcomeUnknown, "aliyun: outcome unknown (TimeoutError)")
        assert len(aliyun.asked) == 1

    def test_a_closed_door_is_no_sending(self, aliyun, settings):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            settings.ALIYUN_SMS_ENDPOINT = f"http://127.0.0.1:{unused.getsockname()[1]}"

            fault = failure()

        assert (type(fault), fault.reason) == (sms.SMSNotSent, "aliyun: no connection (ConnectionRefusedError)")


class TestBeforeAsking:  # ACC-5
    def test_a_wording_that_is_not_registered_is_refused(self, aliyun, settings):
        settings.ALIYUN_SMS_TEMPLATES = {}

        assert (type(failure()), aliyun.asked) == (sms.SMSRefused, [])

    def test_a_place_that_nothing_fills_is_refused(self, aliyun):
        fault = failure(template="endorsement-asked", due="2026-03-31")

        assert (type(fault), aliyun.asked) == (sms.SMSRefused, [])
        assert fault.reason == "Nothing fills the places applicant of endorsement-asked"

    def test_without_keys_it_is_refused(self, aliyun, settings):
        settings.ALIYUN_SMS_ACCESS_KEY_ID = settings.ALIYUN_SMS_ACCESS_KEY_SECRET = ""

        assert (type(failure()), aliyun.asked) == (sms.SMSRefused, [])


class TestPrivacy:  # UI-8
    def test_neither_number_nor_code_reaches_the_log_or_the_error(self, aliyun, caplog):
        aliyun.answer = aliyun_answer("isp.SYSTEM_ERROR")

        with caplog.at_level(logging.DEBUG):
            fault = failure()

        written = caplog.text + fault.reason
        assert "18800000001" not in written
        assert "204816" not in written
