"""
The account pages, under allauth's names.

Only what this site uses has an address here. allauth's pages for e-mail addresses have none; forgotten password and change of the number
bear its names, but are ours: allauth resets by e-mail, and changes a number with a code to the new one alone.
"""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from django.urls import path

from membership.accounts import asking_again, captcha_pages, idle, number_change, overview, password_reset, second_factor_pages, views
from membership.accounts.asking_again import ask_again
from membership.accounts.second_factor import proved

urlpatterns = [
    path("", overview.Overview.as_view(), name="account_overview"),
    path("devices/", overview.Devices.as_view(), name="account_devices"),
    path("devices/<int:pk>/end/", overview.EndOne.as_view(), name="account_end_device"),
    path("devices/others/end/", overview.EndOthers.as_view(), name="account_end_other_devices"),
    path("devices/all/end/", overview.EndAll.as_view(), name="account_end_all_devices"),
    path("login/identity/", idle.ConfirmIdentity.as_view(), name="account_confirm_identity"),
    path("login/identity/not-mine/", idle.NotMyAccount.as_view(), name="account_not_my_account"),
    path("login/", allauth_views.login, name="account_login"),
    path("login/code/", allauth_views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmLoginCode.as_view(), name="account_confirm_login_code"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("phone/verify/", views.VerifyPhone.as_view(), name="account_verify_phone"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/set/", allauth_views.password_set, name="account_set_password"),
    path("password/reset/", password_reset.ForgottenPassword.as_view(), name="account_reset_password"),
    path("password/reset/code/", password_reset.ConfirmResetCode.as_view(), name="account_confirm_password_reset_code"),
    path("password/reset/new/", password_reset.SetForgottenPassword.as_view(), name="account_set_forgotten_password"),
    path("captcha/new/", captcha_pages.another, name="account_captcha_new"),
    path("captcha/<slug:key>.png", captcha_pages.picture, name="account_captcha_picture"),
    path("captcha/<slug:key>.wav", captcha_pages.sound, name="account_captcha_sound"),
    path("phone/change/", number_change.ChangeNumber.as_view(), name="account_change_phone"),
    path("phone/change/confirm/", number_change.ConfirmNewNumber.as_view(), name="account_confirm_new_number"),
    path("reauthenticate/code/", asking_again.OfferCode.as_view(), name="account_reauthenticate_code"),
    path("reauthenticate/code/confirm/", asking_again.ConfirmAskingCode.as_view(), name="account_reauthenticate_confirm_code"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("2fa/", second_factor_pages.Overview.as_view(), name="mfa_index"),
    path("2fa/authenticate/", mfa_views.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_factor_pages.Reauthenticate.as_view(), name="mfa_reauthenticate"),
    # allauth asks again everywhere below; here an account without a password too.
    path("2fa/totp/activate/", ask_again(second_factor_pages.Activate.as_view()), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", proved(second_factor_pages.Deactivate.as_view()), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", proved(second_factor_pages.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", proved(second_factor_pages.NewRecoveryCodes.as_view()), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", proved(recovery_views.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
]
