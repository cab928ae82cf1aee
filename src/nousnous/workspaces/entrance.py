"""Coming in by a one-time address, and choosing how to sign in from then on."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from nousnous.workspaces.access import public, signed_in
from nousnous.workspaces.actions import use_sign_in_address
from nousnous.workspaces.models import User


@public
@never_cache
@require_GET
@sensitive_variables()
def once(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign in by a one-time address; a second factor that the user set up is asked for as always."""
    address = use_sign_in_address(secret)
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, address.user, method="one-time address", reauthenticated=True)
    then = f"/w/{address.workspace.slug}/" if has_credentials(address.user) else "/account/welcome/"
    response: HttpResponse = perform_login(
        request, Login(user=address.user, email=address.user.email, redirect_url=then)
    )
    return response


@signed_in
@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    """Ask who came in by a one-time address to choose a passkey or a password."""
    return render(request, "workspaces/welcome.html")


def has_credentials(user: User) -> bool:
    return user.has_usable_password() or Authenticator.objects.filter(user=user).exists()
