"""
The account pages, under allauth's names.

Only what is finished has an address here. allauth's pages for e-mail addresses, and those that prove too little for this site
(forgotten password by e-mail, change of the number with a code to the new one alone), have none.
"""

from allauth.account import views as allauth_views
from django.urls import path

from membership.accounts import views

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("login/code/", allauth_views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmLoginCode.as_view(), name="account_confirm_login_code"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("phone/verify/", views.VerifyPhone.as_view(), name="account_verify_phone"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/set/", allauth_views.password_set, name="account_set_password"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
]
