"""What a request may do: every page and every API endpoint names the word of `roles.MATRIX` that it needs.

`site` refuses to serve a route that names none, and answers what is not allowed like what is not there.

    @permission("gaps:read")
    def gap(request: WorkspaceRequest) -> HttpResponse:      # a page: the slug of /w/<slug>/ is taken away before
        request.workspace, request.access

    @router.get("/gaps")
    @permission("gaps:read")                                 # an endpoint: directly above the function
    def gaps(request: WorkspaceRequest) -> dict[str, Any]: …
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from nousnous.base.errors import Forbidden
from nousnous.workspaces.models import ApiToken, Member, User, Workspace
from nousnous.workspaces.roles import WORDS, words_of

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed in"

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks, in which workspace, and the words they may."""

    workspace: Workspace
    actor: str
    words: frozenset[str]
    user: User | None = None
    role: str = ""

    def allows(self, word: str) -> bool:
        return word in self.words

    def require(self, word: str) -> None:
        if word not in self.words:
            raise Forbidden(f"“{word}” is not allowed to you in this workspace; ask an owner.")

    @classmethod
    def of_member(cls, member: Member) -> "Access":
        return cls(member.workspace, member.user.email, words_of(member.role), member.user, member.role)

    @classmethod
    def of_token(cls, token: ApiToken) -> "Access":
        """A token may what its scopes say, and never more than the member who made it may now."""
        words = frozenset(token.scopes)
        if token.created_by is not None:
            member = Member.objects.filter(workspace=token.workspace, user=token.created_by).first()
            words &= words_of(member.role) if member else frozenset()
        return cls(token.workspace, f"token {token.label or token.id}", words, token.created_by)


class WorkspaceRequest(HttpRequest):
    """A request under `/w/<slug>/` or to the API, after the site found out who asks."""

    workspace: Workspace
    access: Access


def page_address(request: WorkspaceRequest, name: str, **named: Any) -> str:
    """The address of a page in the workspace of this request; templates say `{% page "gaps:step" step=… %}`."""
    return reverse(name, kwargs={"workspace": request.workspace.slug, **named})


def whole_address(workspace: Workspace, name: str, **named: Any) -> str:
    """The address of a page of a workspace as messages carry it out of the house."""
    path = reverse(name, kwargs={"workspace": workspace.slug, **named})
    return f"{settings.NOUS.address.rstrip('/')}{path}"


def address_if_any(request: WorkspaceRequest, name: str, **named: Any) -> str:
    """The address of a page of another part; empty where that part is not installed."""
    try:
        return page_address(request, name, **named)
    except NoReverseMatch:
        return ""


def permission(word: str) -> Callable[[View], View]:
    """Name the word that a page or an API endpoint needs: the innermost decorator of it."""
    if word not in WORDS:
        raise ValueError(f"“{word}” is not in the matrix of workspaces/roles.py")
    return _named(word)


def public(view: View) -> View:
    """Open a page to everybody."""
    return _named(PUBLIC)(view)


def signed_in(view: View) -> View:
    """Open a page to everybody who signed in: it belongs to no workspace."""
    return _named(SIGNED_IN)(view)


def _named(word: str) -> Callable[[View], View]:
    def name(view: View) -> View:
        view.permission = word  # type: ignore[attr-defined]  # a mark on the function, read by `site`
        return view

    return name
