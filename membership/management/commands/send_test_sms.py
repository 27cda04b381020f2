"""``manage.py send_test_sms +8618800000001``: one text message through the chosen backend, to see that its settings are right (ACC-5)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from membership.accounts import texts
from membership.accounts.fields import MobileField
from membership.domain.announcements import WORDINGS
from membership.outbox import sms
from membership.outbox.sms import templates

# No code that anything accepts; providers want digits in a place that was registered for a code.
SAMPLE_VALUES = {"code": "000000", "due": "2026-01-01", "member_number": "M1650000001A"}
OTHER_SAMPLE = "测试"
VERDICTS = {
    sms.SMSNotSent: "Not sent. {reason}. A later try may help.",
    sms.SMSRefused: "Not sent. {reason}. Trying again will not help: mend the settings or the number.",
    sms.SMSOutcomeUnknown: "Perhaps sent. {reason}. Look at the telephone before you try again.",
}


class Command(BaseCommand):
    help = "Send one text message to a number, with sample values, and say what the provider answered. It may cost money."
    # One wording can be tried while others still lack their template.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument("phone", help="with its country's prefix, +8618800000001; without a prefix it is a mainland number")
        parser.add_argument("--template", default=texts.SMS_CODE[0], choices=sorted(templates.PLACES))

    def handle(self, *args, **options) -> None:
        phone, template = _normalise(options["phone"]), options["template"]
        values = {place: SAMPLE_VALUES.get(place, OTHER_SAMPLE) for place in templates.PLACES[template]}
        try:
            receipt = sms.send(phone, _wording(template).format(**values), template=template, parameters=values)
        except sms.SMSNotSent as fault:
            raise CommandError(_verdict(fault)) from fault
        except ImportError as fault:
            raise CommandError(f"Not sent. SMS_BACKEND is {settings.SMS_BACKEND}, which cannot be imported: {fault}") from fault
        said = f"The provider's id: {receipt}" if receipt else "It gave no id"
        self.stdout.write(self.style.SUCCESS(f"{settings.SMS_BACKEND} accepted {template} for {phone}. {said}."))


def _normalise(typed: str) -> str:
    try:
        return MobileField().clean(typed)
    except ValidationError as fault:
        raise CommandError(f"{typed}: {' '.join(fault.messages)}") from fault


def _wording(template: str) -> str:
    account_texts = dict([texts.SMS_CODE, texts.SMS_ALREADY_REGISTERED, texts.SMS_NUMBER_IN_USE])
    return account_texts[template] if template in account_texts else WORDINGS[template].sms


def _verdict(fault: sms.SMSNotSent) -> str:
    kind = next(kind for kind in type(fault).__mro__ if kind in VERDICTS)
    return VERDICTS[kind].format(reason=fault.reason)
