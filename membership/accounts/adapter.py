"""What allauth asks of this site: accounts known by telephone number, codes by text message, where a login leads."""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.constants import LoginStageKey
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone

from membership.accounts import allowance, carried_code, codes, staff, texts, unproved
from membership.accounts.fields import MobileField
from membership.domain import consents
from membership.enums import ConsentKind
from membership.models import Member, User
from membership.outbox import sms

logger = logging.getLogger(__name__)

UNKNOWN_CODE_KEY = "account_unknown_code"
SHOWN_CODE_KEY = "account_shown_code"


class AccountAdapter(DefaultAccountAdapter):
    """The hooks of allauth that differ here. Method names are allauth's; phones are E.164 text throughout."""

    error_messages = {**DefaultAccountAdapter.error_messages, **texts.ERRORS}

    # --- The number -----------------------------------------------------------------------------

    def phone_form_field(self, **kwargs) -> MobileField:
        kwargs.pop("label", None)
        return MobileField(**kwargs)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        phone = user.get_username()
        return (phone, user.phone_verified) if phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone = phone
        user.phone_verified = verified
        user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        first_proof = not user.phone_verified
        self.set_phone(user, phone, True)
        # Whoever logs in by code has not given the password that stands there: a stranger may have registered this number.
        if first_proof and self._is_login_by_code() and unproved.forget_password(user):
            messages.warning(context.request, texts.SET_A_NEW_PASSWORD)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def _is_login_by_code(self) -> bool:
        stage = getattr(context.request, "_login_stage", None)
        return stage is not None and stage.key == LoginStageKey.LOGIN_BY_CODE.value

    # --- Registration ---------------------------------------------------------------------------

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form, commit: bool = True) -> User:
        """
        Store the account, its number and the consent together.

        :raises IntegrityError: somebody registered the same number in this very moment.
        """
        # Before allauth stores the row: it would set the number afterwards.
        user.phone = form.cleaned_data["phone"]
        user = super().save_user(request, user, form, commit)
        consents.record(user=user, kind=ConsentKind.PRIVACY, version=settings.PRIVACY_NOTICE_VERSION, at=timezone.now())
        return user

    # --- Codes ----------------------------------------------------------------------------------

    def generate_phone_verification_code(self, *, user: User | None, phone: str) -> str:
        """Return the fingerprint of a new code, for the session; the code itself lives as long as this request."""
        context.request.code_to_send = super().generate_phone_verification_code(user=user, phone=phone)
        return codes.fingerprint(context.request.code_to_send)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs) -> None:
        self._send_code(phone)

    def send_unknown_account_sms(self, phone: str, **kwargs) -> None:
        """Send a code to a number without an account too, so that only its owner learns that there is none (ACC-2)."""
        context.request.session[UNKNOWN_CODE_KEY] = self.send_code(phone)

    def send_account_already_exists_sms(self, phone: str) -> None:
        template, text = texts.SMS_ALREADY_REGISTERED
        context.request.session.pop(SHOWN_CODE_KEY, None)
        self._send(phone, text, template, {})

    def send_number_in_use_sms(self, phone: str) -> None:
        """Say to the owner of a number that another account is about to change to it (D-14)."""
        template, text = texts.SMS_NUMBER_IN_USE
        context.request.session.pop(SHOWN_CODE_KEY, None)
        self._send(phone, text, template, {})

    def send_code(self, phone: str) -> str:
        """Send a new code to ``phone`` (E.164), known here or not, and return its fingerprint."""
        fingerprint = self.generate_phone_verification_code(user=None, phone=phone)
        self._send_code(phone)
        return fingerprint

    def _send_code(self, phone: str) -> None:
        code = context.request.code_to_send
        template, text = texts.SMS_CODE
        self._send(phone, text.format(code=code), template, {"code": code})
        if codes_are_shown():
            context.request.session[SHOWN_CODE_KEY] = code

    def _send(self, phone: str, text: str, template: str, parameters: dict[str, str]) -> None:
        try:
            allowance.take_from_the_site()
            sms.send(phone, text, template=template, parameters=parameters)
        except allowance.CeilingReached:
            # Logged there. The page that follows is the same as always here too.
            messages.error(context.request, texts.CEILING_REACHED)
        except sms.SMSNotSent as refusal:
            # The page that follows is the same as always: a stranger learns nothing, the owner may send again.
            logger.error("Text message %s not sent: %s", template, refusal.reason)
            messages.error(context.request, texts.NOT_SENT)

    # --- Login ----------------------------------------------------------------------------------

    def get_login_stages(self) -> list[str]:
        """Return allauth's stages, with the question of L-3 once the number is proved and before the second factor."""
        stages = super().get_login_stages()
        stages.insert(stages.index("allauth.mfa.stages.AuthenticateStage"), "membership.accounts.idle.ConfirmIdentityStage")
        return stages

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where a login leads if no ``next`` says otherwise: staff who are no member to the admin, all others to their centre."""
        user = request.user
        if staff.enters_the_admin(user) and not Member.objects.filter(user=user).exists():
            return reverse("wagtailadmin_home")
        return self._after_a_scan(request) or resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Return where a registration leads if no ``next`` says otherwise."""
        return self._after_a_scan(request) or super().get_signup_redirect_url(request)

    def _after_a_scan(self, request: HttpRequest) -> str:
        """Return the way into the application for who scanned a referral code on this device; a member has no use for it (E-17)."""
        if not carried_code.carried(request) or Member.objects.in_the_society().filter(user=request.user).exists():
            return ""
        return reverse("member_referred")

    def get_reauthentication_methods(self, user) -> list[dict]:
        """Return the ways to confirm once more (ACC-7), best first; each bears our words. The code to the own number comes last."""
        methods = [{**method, "description": texts.WAYS_TO_CONFIRM[method["id"]]} for method in super().get_reauthentication_methods(user)]
        if user.is_authenticated and user.get_username():
            url = reverse("account_reauthenticate_code")
            methods.append({"id": "sms_code", "description": texts.WAYS_TO_CONFIRM["sms_code"], "url": url})
        return methods

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_overview")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        """
        Count failed logins by number and address: a stranger's tries lock the stranger out, not the person.

        allauth counts by e-mail and user name only; with numbers alone the whole site would share one count.
        """
        return f"{credentials.get('phone', '')}|{self.get_client_ip(request)}"


def codes_are_shown() -> bool:
    """Whether the page may show the code it sent: on a developer's machine only (ACC-5)."""
    return settings.DEBUG and getattr(settings, "SMS_SHOW_CODES", False)
