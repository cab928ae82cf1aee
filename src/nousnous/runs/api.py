"""Work in the background in the API."""

from typing import Literal

from ninja import Query, Router

from nousnous.base.shapes import Page
from nousnous.runs.actions import retry_run
from nousnous.runs.models import Run, RunShape
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.paging import Paging, page_of

router = Router(tags=["runs"])


@router.get("/runs")
@permission("runs:read")
def runs(
    request: WorkspaceRequest,
    paging: Query[Paging],
    status: Literal["", "waiting", "dead", "done", "cancelled"] = "",
) -> Page[RunShape]:
    """Work in the background of one status or of all; `dead` is what was tried eight times and gave up."""
    return page_of(Run.objects.of(request.workspace).having(status), paging, lambda run: run.as_dict())


@router.post("/runs/{run}/retry")
@permission("runs:write")
def retry(request: WorkspaceRequest, run: str) -> RunShape:
    """Let a dead run go on from the stage at which it died."""
    return retry_run(run, request.access.actor, request.workspace).as_dict()
