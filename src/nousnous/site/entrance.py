"""How people come in: the rules that we give to django-allauth."""

from typing import Any, Final
from urllib.parse import urlsplit

import requests  # noqa: TID251  # allauth asks by its sessions, which here lead through channels.outward
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from requests.adapters import BaseAdapter  # noqa: TID251  # as above
from requests.structures import CaseInsensitiveDict  # noqa: TID251  # as above

from nousnous.plays.channels import outward
from nousnous.plays.channels.sealing import opened, sealed
from nousnous.workspaces.actions import audit_everywhere
from nousnous.workspaces.models import User

SEAL: Final = "sealed:"
SEEDS: Final = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


class Entrance(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Only members come in; nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        return False

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        audit_everywhere(user, "sign in")
        _seal_seeds(user)
        response: HttpResponse = super().post_login(request, user, **options)
        return response

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The address of the installation, not the host that the request claims to be for."""
        address: str = super().get_reset_password_from_key_url(key)
        return settings.NOUS.address.rstrip("/") + "/" + address.split("/", 3)[3]


class ProviderEntrance(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The provider says who somebody is; whether they are a member is ours to say."""

    def get_requests_session(self) -> requests.Session:
        """One that calls as channels do; the provider itself may be in our own network, for the settings name it."""
        session = requests.Session()
        session.trust_env, session.headers = False, CaseInsensitiveDict({"Accept": "application/json"})
        for beginning in ("https://", "http://"):
            session.mount(beginning, _Outward())
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002  # as above
        return False


class _Outward(BaseAdapter):
    """The door that every call goes through, for what is written for sessions of requests."""

    def send(self, request: requests.PreparedRequest, *_: Any, **_options: Any) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else None
        headers = {name: str(value) for name, value in request.headers.items()}
        trusted = urlsplit(settings.NOUS.oidc_issuer).hostname or ""
        told = outward.call(str(request.method), str(request.url), body, headers, trusted)
        response = requests.Response()
        response.status_code, response.url, response.request = told.status, str(request.url), request
        response.headers = CaseInsensitiveDict(told.headers)
        response._content = told.body  # noqa: SLF001  # what adapters set
        return response

    def close(self) -> None:
        """Nothing stays open."""


class Codes(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """The seeds of codes lie sealed in the records, as all that opens something does."""

    def encrypt(self, text: str) -> str:
        return SEAL + sealed({"seed": text}).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The seed again; one that an earlier version wrote stands as it is until its owner signs in."""
        if not encrypted_text.startswith(SEAL):
            return encrypted_text
        return opened(encrypted_text.removeprefix(SEAL).encode())["seed"]


def _seal_seeds(user: User) -> None:
    for one in Authenticator.objects.filter(user=user, type__in=SEEDS):
        name = SEEDS[one.type]
        if not one.data.get(name, SEAL).startswith(SEAL):
            one.data[name] = Codes().encrypt(one.data[name])
            one.save(update_fields=["data"])
