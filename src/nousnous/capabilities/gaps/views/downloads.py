"""The report as a file, to hand around or to print."""

import json
from typing import Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from nousnous.base.sheets import as_csv
from nousnous.capabilities.gaps.actions.reports import gap_report
from nousnous.capabilities.gaps.actions.standing import standing_report
from nousnous.capabilities.gaps.measures.report import GapReport
from nousnous.capabilities.gaps.measures.sheet import sheet_of
from nousnous.capabilities.gaps.views.printing import report_as_pdf
from nousnous.journeys.views.filters import asked_of
from nousnous.workspaces.access import WorkspaceRequest, permission

FORMATS: Final = {"pdf": "PDF to print", "csv": "CSV for a sheet", "json": "JSON for programs"}
TYPES: Final = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8", "json": "application/json"}


@permission("gaps:read")
@require_safe
def download(request: WorkspaceRequest, form: str) -> HttpResponse:
    """The report that the gap page shows, with the same filters."""
    if form not in FORMATS:
        raise Http404("No such format.")
    asked = asked_of(request.GET.dict())
    report = gap_report(request.workspace, asked) if form == "json" else standing_report(request.workspace, asked)
    name = f"gap-{report.journey.id}-{report.to_at[:10]}.{form}"
    response = HttpResponse(content_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})
    _write(response, report, form)
    return response


def _write(response: HttpResponse, report: GapReport, form: str) -> None:
    if form == "pdf":
        response.write(report_as_pdf(report))
    elif form == "json":
        response.write(json.dumps(report.as_dict(), indent=2))
    else:
        response.write(as_csv(sheet_of(report)))
