"""Pages of who fades: people with their signs, and the thresholds."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from nousnous.capabilities.attrition.actions.reading import Counts, Fading, SignShape, count_signals, list_fading
from nousnous.capabilities.attrition.actions.signals import change_thresholds
from nousnous.capabilities.attrition.forms import ThresholdsForm
from nousnous.capabilities.attrition.models import thresholds_of
from nousnous.charts.words import capital, counted, number
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

LABELS = {
    "hover": ("Log in, buy nothing", "People who used to buy"),
    "wishes": ("Wish, and buy nothing", "Wishes, none in the cart"),
    "articles": ("Read help all at once", "Far more than they usually do"),
    "pause": ("Stay away", "Far longer than they usually do"),
}


@permission("attrition:read")
@require_safe
def people(request: WorkspaceRequest) -> HttpResponse:
    """Who shows signs of fading; single people only for those who may see them and asked for them."""
    counts = count_signals(request.workspace)
    allowed = request.access.allows("people:read")
    shown = allowed and "people" in request.GET and counts.people > 0
    listed = list_fading(request.workspace, request.access.actor) if shown else []
    context = {
        "counts": counts,
        "title": title_of(counts),
        "figures": [_figure(name, count) for name, count in counts.signals.items()],
        "offered": allowed and not shown,
        "lines": [_line(one) for one in listed],
    }
    return render(request, "attrition/people.html", context)


@permission("attrition:write")
@require_http_methods(["GET", "HEAD", "POST"])
def thresholds(request: WorkspaceRequest) -> HttpResponse:
    """From when on something is a sign; saved, all signs are found anew."""
    form = ThresholdsForm(request.POST or None, instance=thresholds_of(request.workspace))
    if request.method == "POST" and form.is_valid():
        change_thresholds(request.workspace, form.cleaned_data, request.access.actor)
        messages.success(request, "Saved; all signs were found again. A new silence is learned with the next forecast.")
        return redirect(page_address(request, "attrition:people"))
    return render(request, "attrition/thresholds.html", {"form": form})


def title_of(counts: Counts) -> str:
    """How many fade."""
    if not counts.looked:
        return "Nobody has looked yet for who fades"
    if not counts.people:
        return "Nobody shows a sign of fading"
    show = "shows" if counts.people == 1 else "show"
    many = capital(counted(counts.people, "person", "people"))
    return f"{many} {show} signs of fading, {number(counts.new)} since last week"


def _figure(name: str, count: int) -> dict[str, Any]:
    label, basis = LABELS[name]
    return {"label": label, "figure": number(count), "unit": "", "basis": basis}


def _line(one: Fading) -> dict[str, Any]:
    signs = [{"said": sign["said"], "began": sign["began_at"][:10], "when": _days(sign)} for sign in one.signals]
    return {"person": one.person, "signs": signs}


def _days(sign: SignShape) -> str:
    days = sorted({moment[:10] for moment in sign["evidence_at"]})
    return ", ".join(days[-5:])
