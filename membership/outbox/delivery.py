"""Messages on their way out: claimed before they are sent, so that a retry never sends twice (UI-4, UI-8, S-10)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from membership.enums import DeliveryState, EndKind, Standing
from membership.models import Delivery, Member, Message, User
from membership.outbox import sms

MOST_ATTEMPTS = 3
# A worker that died leaves a claim behind; after this long the sweeper hands the message out again.
STALE_AFTER = timedelta(minutes=10)


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
        sms.send(str(message.user.phone), delivery.text, template=message.code, parameters=delivery.parameters)
    except sms.SMSNotSent as fault:
        final = delivery.attempts >= MOST_ATTEMPTS
        return _finish(delivery, DeliveryState.FAILED if final else DeliveryState.QUEUED, error=str(fault)[:300])
    return _finish(delivery, DeliveryState.ACCEPTED)


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
    """Send what waits, and hand out again what a killed worker left; return how many were taken up."""
    stale = timezone.now() - STALE_AFTER
    Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=stale, attempts__lt=MOST_ATTEMPTS).update(
        state=DeliveryState.QUEUED
    )
    waiting = list(Delivery.objects.filter(state=DeliveryState.QUEUED).values_list("pk", flat=True)[:500])
    for pk in waiting:
        deliver.enqueue(pk)
    return len(waiting)


def is_silenced(message: Message) -> bool:
    """
    Whether a message is not sent after all, tested at sending: to the deceased and the anonymised never, to who left or was expelled only
    answers to an application of their own (M-15, S-10).
    """
    user = message.user
    if user.phone is None or not user.is_active or is_told_nothing(user):
        return True
    member = Member.objects.filter(user=user).first()
    if member is None or member.standing != Standing.ENDED:
        return False
    return message.application is None or message.application.member_id != member.pk


def is_told_nothing(user: User) -> bool:
    """Whether no message is even written for this person: the deceased and the anonymised (M-15, S-10)."""
    return Member.objects.filter(Q(standing=Standing.ANONYMISED) | Q(end_kind=EndKind.DECEASED), user=user).exists()


def _finish(delivery: Delivery, state: DeliveryState, error: str = "") -> str:
    delivery.state = state
    delivery.error = error
    delivery.sent_at = timezone.now() if state == DeliveryState.ACCEPTED else None
    delivery.save(update_fields=["state", "error", "sent_at"])
    return state
