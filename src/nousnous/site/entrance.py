"""How people come in: the rules that we give to django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from nousnous.workspaces.actions import audit_everywhere
from nousnous.workspaces.models import User


class Entrance(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Only members come in; nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        return False

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        audit_everywhere(user, "sign in")
        response: HttpResponse = super().post_login(request, user, **options)
        return response

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The address of the installation, not the host that the request claims to be for."""
        address: str = super().get_reset_password_from_key_url(key)
        return settings.NOUS.address.rstrip("/") + "/" + address.split("/", 3)[3]


class ProviderEntrance(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The provider says who somebody is; whether they are a member is ours to say."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002  # as above
        return False
