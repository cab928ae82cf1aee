"""The settings of a workspace: members, roles, keys, tokens, audit log."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nousnous.base.errors import NousError
from nousnous.workspaces import actions
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission
from nousnous.workspaces.forms import InvitationForm, KeyForm, RoleForm, TokenForm, WorkspaceForm
from nousnous.workspaces.models import AuditEntry, Member
from nousnous.workspaces.roles import MATRIX, ROLES, spoken_scopes

ENTRIES_ON_A_PAGE = 50

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _back(request: WorkspaceRequest, name: str) -> HttpResponse:
    return redirect(page_address(request, f"workspaces:{name}"))


def _page(request: WorkspaceRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"workspaces/{name}.html", context)


@permission("workspace:write")
@form_page
def profile(request: WorkspaceRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST or None, instance=request.workspace)
    if request.method == "POST" and form.is_valid():
        form.save()
        actions.audit(request.workspace, request.access.actor, "change workspace", ", ".join(form.changed_data))
        messages.success(request, "Saved.")
        return _back(request, "profile")
    return _page(request, "profile", {"form": form})


@permission("members:read")
@require_GET
def members(request: WorkspaceRequest) -> HttpResponse:
    return _members(request, InvitationForm())


@permission("members:write")
@require_POST
def invite(request: WorkspaceRequest) -> HttpResponse:
    """Make somebody a member; who never signed in gets a one-time address to hand on."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _members(request, form)
    try:
        member, secret = actions.invite(request.access, form.cleaned_data["email"], form.cleaned_data["role"])
    except NousError as error:
        form.add_error("role", str(error))
        return _members(request, form)
    if secret is None:
        messages.success(request, f"{member.user.email} is a member now, and signs in as always.")
        return _back(request, "members")
    address = f"{settings.NOUS.address.rstrip('/')}/sign-in/{secret}"
    return _members(request, InvitationForm(), {"address": address, "invited": member})


def _members(request: WorkspaceRequest, form: InvitationForm, more: dict[str, Any] | None = None) -> HttpResponse:
    rows = request.workspace.members.select_related("user")
    context = {
        "members": [(member, RoleForm(initial={"role": member.role}, auto_id=f"%s-{member.pk}")) for member in rows],
        "form": form,
        **(more or {}),
    }
    return _page(request, "members", context)


@permission("members:write")
@require_POST
def change_role(request: WorkspaceRequest, member: int) -> HttpResponse:
    found = get_object_or_404(Member, pk=member, workspace=request.workspace)
    form = RoleForm(request.POST)
    if form.is_valid():
        _try(request, lambda: actions.change_role_as(request.access, found, form.cleaned_data["role"]), "Saved.")
    return _back(request, "members")


@permission("members:write")
@require_POST
def remove_member(request: WorkspaceRequest, member: int) -> HttpResponse:
    found = get_object_or_404(Member, pk=member, workspace=request.workspace)
    _try(request, lambda: actions.remove_member_as(request.access, found), f"{found.user.email} is removed.")
    return _back(request, "members")


def _try(request: WorkspaceRequest, act: Any, done: str) -> None:
    """Do it and say so, or say why not, on the page that follows."""
    try:
        act()
    except NousError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


@permission("members:read")
@require_GET
def roles(request: WorkspaceRequest) -> HttpResponse:
    matrix = [(word, meaning, [role in allowed for role in ROLES]) for word, (meaning, allowed) in MATRIX.items()]
    return _page(request, "roles", {"roles": ROLES, "matrix": matrix})


@permission("keys:read")
@require_GET
def keys(request: WorkspaceRequest) -> HttpResponse:
    return _page(request, "keys", {"keys": request.workspace.write_keys.all(), "form": KeyForm()})


@permission("keys:write")
@require_POST
def create_key(request: WorkspaceRequest) -> HttpResponse:
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, "keys", {"keys": request.workspace.write_keys.all(), "form": form})
    actions.create_key(request.workspace, label=form.cleaned_data["label"], actor=request.access.actor)
    return _back(request, "keys")


@permission("keys:write")
@require_POST
def revoke_key(request: WorkspaceRequest, key: str) -> HttpResponse:
    actions.revoke_key(request.workspace, key, request.access.actor)
    messages.success(request, "The key is revoked: clients that send it are answered 401.")
    return _back(request, "keys")


@permission("keys:read")
@require_GET
def tokens(request: WorkspaceRequest) -> HttpResponse:
    return _tokens(request, TokenForm(request.access.words))


@permission("keys:write")
@require_POST
def create_token(request: WorkspaceRequest) -> HttpResponse:
    form = TokenForm(request.access.words, request.POST)
    if not form.is_valid():
        return _tokens(request, form)
    token, secret = actions.create_token(
        request.workspace,
        label=form.cleaned_data["label"],
        scopes=form.cleaned_data["scopes"],
        created_by=request.access.user,
        actor=request.access.actor,
    )
    return _tokens(request, TokenForm(request.access.words), {"secret": secret, "made": token})


def _tokens(request: WorkspaceRequest, form: TokenForm, more: dict[str, Any] | None = None) -> HttpResponse:
    rows = [(one, spoken_scopes(one.scopes)) for one in request.workspace.api_tokens.select_related("created_by")]
    return _page(request, "tokens", {"tokens": rows, "form": form, **(more or {})})


@permission("keys:write")
@require_POST
def revoke_token(request: WorkspaceRequest, token: str) -> HttpResponse:
    actions.revoke_token(request.workspace, token, request.access.actor)
    messages.success(request, "The token is revoked.")
    return _back(request, "tokens")


@permission("audit:read")
@require_GET
def audit_log(request: WorkspaceRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    rows = AuditEntry.objects.filter(workspace=request.workspace).having(wanted)
    entries = Paginator(rows, ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
    return _page(request, "audit_log", {"entries": entries, "wanted": wanted})
