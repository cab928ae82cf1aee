"""The pages of signing in: those of django-allauth that we serve, each with its door, under our own addresses."""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as provider
from django.urls import URLPattern, path, re_path

from nousnous.workspaces.access import public, signed_in

View = Callable[..., Any]


def _open(route: str, view: View, name: str) -> URLPattern:
    return path(route, public(view), name=name)


def _inside(route: str, view: View, name: str) -> URLPattern:
    return path(route, signed_in(view), name=name)


urlpatterns = [
    _open("sign-in/", account.login, "account_login"),
    _open("sign-out/", account.logout, "account_logout"),
    _open("account/inactive/", account.account_inactive, "account_inactive"),
    _open("account/password/forgotten/", account.password_reset, "account_reset_password"),
    _open("account/password/forgotten/sent/", account.password_reset_done, "account_reset_password_done"),
    re_path(
        r"^account/password/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    _open("account/password/renewed/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
    _inside("account/password/", account.password_change, "account_change_password"),
    _inside("account/password/choose/", account.password_set, "account_set_password"),
    _inside("account/again/", account.reauthenticate, "account_reauthenticate"),
    _inside("account/again/code/", mfa.reauthenticate, "mfa_reauthenticate"),
    _inside("account/again/passkey/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _open("sign-in/code/", mfa.authenticate, "mfa_authenticate"),
    _open("sign-in/passkey/", passkeys.login_webauthn, "mfa_login_webauthn"),
    _inside("account/security/", mfa.index, "mfa_index"),
    _inside("account/codes/activate/", totp.activate_totp, "mfa_activate_totp"),
    _inside("account/codes/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _inside("account/recovery/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _inside("account/recovery/generate/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _inside("account/recovery/download/", codes.download_recovery_codes, "mfa_download_recovery_codes"),
    _inside("account/passkeys/", passkeys.list_webauthn, "mfa_list_webauthn"),
    _inside("account/passkeys/add/", passkeys.add_webauthn, "mfa_add_webauthn"),
    _inside("account/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
    _inside("account/passkeys/<int:pk>/rename/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    _open("sign-in/provider/cancelled/", social.login_cancelled, "socialaccount_login_cancelled"),
    _open("sign-in/provider/error/", social.login_error, "socialaccount_login_error"),
    _open("sign-in/provider/unknown/", social.signup, "socialaccount_signup"),
    _open("sign-in/provider/<slug:provider_id>/", provider.login, "openid_connect_login"),
    _open("sign-in/provider/<slug:provider_id>/callback/", provider.callback, "openid_connect_callback"),
]
