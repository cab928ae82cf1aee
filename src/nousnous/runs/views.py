"""Work in the background: what gave up, what is tried again, and trying again what gave up."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from nousnous.runs.actions import retry_run
from nousnous.runs.models import MOST_FAILURES, Run
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

SHOWN_RUNS = 100


@permission("runs:read")
@require_GET
def work(request: WorkspaceRequest) -> HttpResponse:
    """The work of this workspace that failed, what gave up first."""
    runs = Run.objects.of(request.workspace)
    context = {
        "runs": runs.troubled()[:SHOWN_RUNS],
        "dead": runs.filter(status=Run.DEAD).count(),
        "waiting": runs.filter(status=Run.WAITING).count(),
        "tries": MOST_FAILURES,
    }
    return render(request, "runs/work.html", context)


@permission("runs:write")
@require_POST
def retry(request: WorkspaceRequest, run: str) -> HttpResponse:
    """Let work that gave up go on from where it stopped."""
    tried = retry_run(run, request.access.actor, request.workspace)
    messages.success(request, f"{tried.name} is tried again now.")
    return redirect(page_address(request, "runs:work"))
