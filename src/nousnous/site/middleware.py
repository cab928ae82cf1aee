"""What stands before every page: headers, and the door that knows who may enter."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url

from nousnous.site.errors import page_of_error, told_of
from nousnous.workspaces.access import PUBLIC, SIGNED_IN, Access
from nousnous.workspaces.models import Member

PERMISSIONS = "camera=(), microphone=(), geolocation=()"
Handler = Callable[[HttpRequest], HttpResponseBase]


class SecurityHeaders:
    """Content only from this site, whoever forgets to say so; a page may name a policy of its own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response["Permissions-Policy"] = PERMISSIONS
        session = settings.SESSION_COOKIE_NAME  # whoever that is, for the records may be away
        inside = session in request.COOKIES or session in response.cookies
        if inside or "Authorization" in request.headers:  # what somebody may see is kept by nobody on the way
            response.setdefault("Cache-Control", "private, no-store")
        return response


class Doors:
    """Lets a request through to its page when the member has the word that the page names.

    Under `/w/<slug>/` it sets `request.workspace` and `request.access`, and takes the slug away from the view's
    arguments. A workspace, or a page, that is not yours answers as one that is not there.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _arguments: Any, named: dict[str, Any]
    ) -> HttpResponseBase | None:
        word = getattr(view, "permission", None)
        if word == PUBLIC:
            return None
        if word is None:
            raise Http404("This route names no permission.")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if word != SIGNED_IN:
            _enter(request, word, named.pop("workspace"))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        told = told_of(error)
        return None if told is None else page_of_error(request, told)


def _enter(request: HttpRequest, word: str, slug: str) -> None:
    member = Member.objects.of(request.user).filter(workspace__slug=slug).first()
    if member is None:
        raise Http404("Not a member.")
    access = Access.of_member(member)
    request.workspace, request.access = access.workspace, access  # type: ignore[attr-defined]  # a WorkspaceRequest now
    if not access.allows(word):
        raise Http404("Not allowed to this role.")
