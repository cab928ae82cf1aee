"""The page behind the bare address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from nousnous.site.navigation import first_address
from nousnous.workspaces.access import Access, signed_in
from nousnous.workspaces.models import Member


@signed_in
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Go to the first page of the member's first workspace."""
    member = Member.objects.of(request.user).first()
    if member is None:
        return render(request, "no_workspace.html")
    return redirect(first_address(Access.of_member(member)))
