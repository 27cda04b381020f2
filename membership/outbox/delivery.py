"""
Messages on their way out: claimed before they are sent, and sent again only if it is certain that they were not, so that nobody gets one
twice (UI-4, UI-8, S-10). Whoever misses a text has the message in the inbox all the same.
"""

import logging
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_tasks import task

from membership.enums import DeliveryState, EndKind, Standing
from membership.models import Application, Delivery, Freeze, Member, Message, User
from membership.outbox import sms

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
# A worker that died leaves a claim behind; after this long the sweeper gives the message up. Timeouts of providers are far below it.
STALE_AFTER = timedelta(minutes=10)
WORKER_DIED = "Outcome unknown: the worker died while it was sending"


@task()
def deliver(delivery_id: int) -> str:
    """Send one queued text message; return the state it reached. Safe to repeat."""
    delivery = claim(delivery_id)
    if delivery is None:
        return "not queued"
    if is_silenced(delivery.message):
        return _finish(delivery, DeliveryState.SUPPRESSED)
    message = delivery.message
    try:
        receipt = sms.send(str(message.user.phone), delivery.text, template=message.code, parameters=delivery.parameters)
    except sms.SMSOutcomeUnknown as fault:
        return _leave_open(delivery, fault)
    except sms.SMSNotSent as fault:
        return _keep_or_give_up(delivery, fault)
    return _finish(delivery, DeliveryState.ACCEPTED, receipt=receipt)


def claim(delivery_id: int) -> Delivery | None:
    """Take a queued delivery for this worker, or return None when another has it or it is done."""
    now = timezone.now()
    with transaction.atomic():
        taken = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.QUEUED).update(state=DeliveryState.SENDING, claimed_at=now)
    if not taken:
        return None
    delivery = Delivery.objects.select_related("message__user", "message__application").get(pk=delivery_id)
    delivery.attempts += 1
    delivery.save(update_fields=["attempts"])
    return delivery


def sweep() -> int:
    """Send what waits; return how many were taken up. What a killed worker left is given up: it may have been sent."""
    _give_up_stale()
    waiting = list(Delivery.objects.filter(state=DeliveryState.QUEUED).values_list("pk", flat=True)[:500])
    for pk in waiting:
        deliver.enqueue(pk)
    return len(waiting)


def send_again(delivery_id: int) -> bool:
    """
    Put a text back into the queue, and send it when the transaction commits; whether it was one that may be sent again.

    Only what has certainly not been taken may be: of an unknown outcome nobody can say that (UI-8). The attempts go on counting, so that
    this one is the last.
    """
    queued = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.FAILED).update(state=DeliveryState.QUEUED, error="")
    if queued:
        transaction.on_commit(partial(deliver.enqueue, delivery_id))
    return bool(queued)


def is_silenced(message: Message) -> bool:
    """
    Whether a message is not sent after all, tested at sending: without a number or with a closed account, and to whom it is kept from
    by now (M-15, S-10).
    """
    user = message.user
    if user.phone is None or not user.is_active:
        return True
    return is_kept_from(user, message.application)


def is_kept_from(user: User, application: Application | None, *, also_after_leaving: bool = False) -> bool:
    """
    Whether a message about ``application``, or about none, is kept from a person (M-15, S-10).

    The deceased and the anonymised get none. Who left, was expelled or is frozen gets those of an application of their own, and what is
    meant to reach them ``also_after_leaving``.
    """
    open_freeze = Freeze.objects.filter(member=OuterRef("pk"), ended_at__isnull=True)
    member = Member.objects.filter(user=user).annotate(is_frozen=Exists(open_freeze)).first()
    if member is None:
        return False
    if _hears_nothing(member):
        return True
    if member.standing != Standing.ENDED and not member.is_frozen:
        return False
    return not also_after_leaving and (application is None or application.member_id != member.pk)


def is_told_nothing(user: User) -> bool:
    """Whether no message is even written for this person, whatever it is about: the deceased and the anonymised (M-15, S-10)."""
    member = Member.objects.filter(user=user).first()
    return member is not None and _hears_nothing(member)


def _hears_nothing(member: Member) -> bool:
    return member.standing == Standing.ANONYMISED or member.end_kind == EndKind.DECEASED


def _leave_open(delivery: Delivery, fault: sms.SMSOutcomeUnknown) -> str:
    logger.error("Text message %d (%s) may have been sent: %s", delivery.pk, delivery.message.code, fault.reason)
    return _finish(delivery, DeliveryState.UNKNOWN, error=fault.reason)


def _keep_or_give_up(delivery: Delivery, fault: sms.SMSNotSent) -> str:
    """Leave an unsent message for the next sweep if that can neither send it twice nor fail for the same reason, and not for ever."""
    if fault.later_try_may_help and delivery.attempts < MOST_ATTEMPTS:
        return _finish(delivery, DeliveryState.QUEUED, error=fault.reason)
    logger.error("Text message %d (%s) given up after attempt %d: %s", delivery.pk, delivery.message.code, delivery.attempts, fault.reason)
    return _finish(delivery, DeliveryState.FAILED, error=fault.reason)


def _give_up_stale() -> None:
    stale = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=timezone.now() - STALE_AFTER)
    for pk in stale.values_list("pk", flat=True):
        # Asked again in the database: the worker may be slow rather than dead, and done in this moment.
        if stale.filter(pk=pk).update(state=DeliveryState.UNKNOWN, error=WORKER_DIED):
            logger.error("Text message %d given up. %s", pk, WORKER_DIED)


def _finish(delivery: Delivery, state: DeliveryState, *, error: str = "", receipt: str = "") -> str:
    delivery.state = state
    delivery.error = error[:300]
    delivery.provider_id = receipt[:80]
    delivery.sent_at = timezone.now() if state == DeliveryState.ACCEPTED else None
    delivery.save(update_fields=["state", "error", "provider_id", "sent_at"])
    return state
