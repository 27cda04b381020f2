"""动态验证码: allauth's pages to set up, pass and remove the second factor, with what they lack (ACC-6, ACC-7)."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.mixins import NextRedirectMixin
from allauth.mfa.base.views import IndexView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from membership.accounts import second_factor
from membership.accounts.overview import MENU_ITEM
from membership.domain import audit

TOTP = Authenticator.Type.TOTP


class Overview(IndexView):
    """Whether it is on, and what can be done about it."""

    extra_context = {"menu_item": MENU_ITEM}

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        recovery_codes = context["authenticators"].get(Authenticator.Type.RECOVERY_CODES)
        left = len(recovery_codes.get_unused_codes()) if recovery_codes else 0
        return {**context, "is_on": TOTP in context["authenticators"], "recovery_codes_left": left}


@method_decorator(never_cache, name="dispatch")
class Activate(NextRedirectMixin, ActivateTOTPView):
    """Sets it up. The recovery codes come next, and from there the way on."""

    extra_context = {"menu_item": MENU_ITEM}

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return {**context, "secret": " ".join(groups), "is_demanded": second_factor.is_demanded_of(self.request.user)}

    def get_success_url(self) -> str:
        return self.passthrough_next_url(ActivateTOTPView.get_success_url(self))

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        user = self.request.user
        audit.log("account.second_factor_activated", user, by=user, at=timezone.now())
        # The code that was just typed is a proof like any other: this session needs no further one.
        authenticator = Authenticator.objects.get(user=user, type=TOTP)
        record_authentication(self.request, user, second_factor.BY_SECOND_FACTOR, id=authenticator.pk, type=TOTP.value)
        return response


class Deactivate(DeactivateTOTPView):
    """Removes it, to change the telephone for example. Staff who cannot work without are led to set up the next one at once."""

    extra_context = {"menu_item": MENU_ITEM}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(is_demanded=second_factor.is_demanded_of(self.request.user), **kwargs)

    def get_success_url(self) -> str:
        return reverse("mfa_activate_totp") if second_factor.is_demanded_of(self.request.user) else super().get_success_url()

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        audit.log("account.second_factor_deactivated", self.request.user, by=self.request.user, at=timezone.now())
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class RecoveryCodes(NextRedirectMixin, ViewRecoveryCodesView):
    """The codes that are left, to print or to save."""

    extra_context = {"menu_item": MENU_ITEM}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(way_on=self.get_next_url(), **kwargs)


class NewRecoveryCodes(GenerateRecoveryCodesView):
    """Draws new ones; those on paper are void."""

    extra_context = {"menu_item": MENU_ITEM}

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        audit.log("account.recovery_codes_renewed", self.request.user, by=self.request.user, at=timezone.now())
        return super().form_valid(form)


class Reauthenticate(ReauthenticateView):
    """The second factor again. Where it was never passed in this session, nothing else will do in its place."""

    def get_reauthentication_alternatives(self) -> list[dict]:  # allauth's name
        return super().get_reauthentication_alternatives() if second_factor.is_proved(self.request) else []

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(is_proved=second_factor.is_proved(self.request), **kwargs)
