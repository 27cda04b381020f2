"""更换手机号: a code to the present number, then one to the new (ACC-3, D-14)."""

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import RateLimited
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from membership.accounts import allowance, sessions, texts, unproved
from membership.accounts.asking_again import BY_CODE, has_confirmed
from membership.accounts.code_pages import SentCodePage
from membership.accounts.forms import NewNumberForm
from membership.accounts.sent_codes import NewNumberCode
from membership.domain import login_numbers
from membership.domain.errors import DomainError
from membership.phone_numbers import masked


class ProvedOwner(LoginRequiredMixin):
    """Lets in who may change the number and has shown, by a code to the present one, that it is theirs."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not login_numbers.may_change(request.user):
            return render(request, "account/phone_change_refused.html", status=403)
        if not has_confirmed(request, method=BY_CODE):
            return redirect(f"{reverse('account_reauthenticate_code')}?{urlencode({'next': reverse('account_change_phone')})}")
        return super().dispatch(request, *args, **kwargs)


@method_decorator(never_cache, name="dispatch")
class ChangeNumber(ProvedOwner, FormView):
    """Second step, after the code to the present number: which new one."""

    template_name = "account/phone_change.html"
    form_class = NewNumberForm
    success_url = reverse_lazy("account_confirm_new_number")

    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "current": self.request.user.get_username()}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(current=masked(self.request.user.get_username()), **kwargs)

    def form_valid(self, form: NewNumberForm) -> HttpResponse:
        unproved.release(form.cleaned_data["phone"], at=timezone.now())
        try:
            NewNumberCode.send_to(self.request, form.cleaned_data["phone"])
        except RateLimited:
            form.add_error("phone", allowance.refusal(self.request, form.cleaned_data["phone"]))
            return self.form_invalid(form)
        return super().form_valid(form)


class ConfirmNewNumber(ProvedOwner, SentCodePage):
    """Third step: the code to the new number. The other sessions of the account end, this one goes on."""

    template_name = "account/phone_change_confirm.html"
    page_name = "account_confirm_new_number"
    start_name = "account_change_phone"
    sent_code = NewNumberCode

    def code_was_right(self, form) -> HttpResponse:
        phone = self.process.phone
        self.process.abort()
        try:
            login_numbers.change(self.request.user, to=phone, at=timezone.now())
        except DomainError as refusal:
            return self.start_again(refusal.message)
        sessions.end_others(self.request)
        record_authentication(self.request, self.request.user, method=BY_CODE, reauthenticated=True)
        messages.success(self.request, texts.NUMBER_CHANGED % {"phone": masked(phone)})
        return HttpResponseRedirect(reverse("account_overview"))
