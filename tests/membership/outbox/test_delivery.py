"""A text is sent again only if it is certain that it was not sent: nobody gets one twice."""

import logging
from datetime import date, timedelta

import pytest
from django.utils import timezone

from membership.domain.announcements import announce
from membership.enums import DeliveryState
from membership.models import Delivery, Message
from membership.outbox import delivery
from tests.factories import enrolment as stories
from tests.factories.people import committee_member
from tests.factories.sms_vendors import Silence, aliyun_answer, tencent_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(at):
    """A text on its way to a committee member."""
    user = committee_member().member.user
    announce("endorsement-asked", user, at=at, application=stories.submitted(at=at), applicant="沈砚秋", due=date(2026, 3, 31))
    return Delivery.objects.get(message__user=user)


def outcome(text):
    text.refresh_from_db()
    return text.state, text.error


class TestUnknownOutcome:  # UI-8, S-10
    def test_a_text_that_may_have_been_taken_is_never_sent_again(self, text, aliyun, caplog):
        aliyun.answer = Silence()

        states = [delivery.deliver.call(text.pk), delivery.deliver.call(text.pk)]
        delivery.sweep()

        assert (states, len(aliyun.asked)) == ([DeliveryState.UNKNOWN, "not queued"], 1)
        assert outcome(text) == (DeliveryState.UNKNOWN, "aliyun: outcome unknown (TimeoutError)")
        assert [record.levelno for record in caplog.records if record.name == "membership.outbox.delivery"] == [logging.ERROR]

    def test_the_message_stands_in_the_inbox_all_the_same(self, text, aliyun):
        aliyun.answer = Silence()

        delivery.deliver.call(text.pk)

        assert Message.objects.filter(pk=text.message_id, read_at=None).exists()

    def test_what_a_worker_left_when_it_died_is_given_up_and_logged(self, text, aliyun, caplog):
        delivery.claim(text.pk)
        Delivery.objects.filter(pk=text.pk).update(claimed_at=timezone.now() - delivery.STALE_AFTER - timedelta(seconds=1))

        delivery.sweep()

        assert (outcome(text), aliyun.asked) == ((DeliveryState.UNKNOWN, delivery.WORKER_DIED), [])
        assert f"Text message {text.pk} given up" in caplog.text

    def test_what_a_worker_has_in_hand_is_left_to_it(self, text, aliyun):
        delivery.claim(text.pk)

        delivery.sweep()

        assert (outcome(text), aliyun.asked) == ((DeliveryState.SENDING, ""), [])


class TestCertainlyNotSent:  # UI-8
    def test_throttled_it_waits_for_the_next_sweep_and_is_sent_then(self, text, tencent):
        taken, tencent.answer = tencent.answer, tencent_answer("LimitExceeded.PhoneNumberThirtySecondLimit")
        delivery.deliver.call(text.pk)
        waiting = outcome(text)[0]
        tencent.answer = taken

        delivery.sweep()

        assert (waiting, outcome(text), len(tencent.asked)) == (DeliveryState.QUEUED, (DeliveryState.ACCEPTED, ""), 2)
        assert text.provider_id == "5000:1045710669157053657849499619"

    def test_throttled_three_times_it_is_given_up(self, text, aliyun):
        aliyun.answer = aliyun_answer("isv.BUSINESS_LIMIT_CONTROL")

        for _ in range(4):
            delivery.sweep()

        assert (outcome(text)[0], len(aliyun.asked)) == (DeliveryState.FAILED, 3)

    def test_refused_for_good_it_is_not_tried_again(self, text, aliyun):
        aliyun.answer = aliyun_answer("isv.SMS_TEMPLATE_ILLEGAL")

        delivery.deliver.call(text.pk)
        delivery.sweep()

        assert (outcome(text)[0], len(aliyun.asked)) == (DeliveryState.FAILED, 1)
