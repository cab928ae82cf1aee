"""Pages of cases: the war room, a call sheet with its way to close, what was closed, and the rotas."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from nousnous.base.errors import Conflict, NousError, Refused
from nousnous.capabilities.cases.actions import opening, reading, rescues, rotas, working
from nousnous.capabilities.cases.actions.sheets import sheet_of
from nousnous.capabilities.cases.forms import CloseForm, OpenForm
from nousnous.capabilities.cases.models import Case, Rota
from nousnous.charts.words import capital, counted, money, money_interval, number, percent, signed
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.views.journeys import form_page, placed
from nousnous.workspaces.access import WorkspaceRequest, address_if_any, page_address, permission

ROWS = 100
FIRST = """\
[rota]
id = "paramedics"
name = "Experience paramedics"
timezone = "{timezone}"
days = ["mon", "tue", "wed", "thu", "fri"]
hours = "08:00-18:00"
minutes = 30                        # until somebody has called
remind = 15                         # a word to the owner at half time
# slack = "war-room"                # name of a channel to Slack
# survey = "recovery"               # asked when a case is closed

[[member]]
email = "{email}"
hours = "09:00-17:00"
a_day = 8
# away = ["2026-12-21/2027-01-03"]
"""


@permission("cases:read")
@require_GET
def case_list(request: WorkspaceRequest) -> HttpResponse:
    """The war room: who waits for a call, the most urgent first."""
    known = rotas.list_rotas(request.workspace)
    if not known:
        return render(request, "cases/none.html")
    room = reading.war_room(request.workspace)
    context = {"room": room, "figures": _figures(request, room), "rotas": known}
    return render(request, "cases/list.html", context)


@permission("cases:write")
@form_page
def new(request: WorkspaceRequest) -> HttpResponse:
    teams = [one.rota_id for one in rotas.list_rotas(request.workspace)]
    form = OpenForm(teams, request.POST or None, initial={"person": request.GET.get("person", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actor = request.access.actor
        try:
            case, fresh = opening.open_by_hand(request.workspace, said["person"], said["said"], said["team"], actor)
        except NousError as error:
            named = error.place.field if error.place else "person"
            form.add_error(named if named in form.fields else None, error.sentence)
        else:
            messages.success(request, "The case is open." if fresh else "They have a case already: this one.")
            return redirect(page_address(request, "cases:case", case=case.id))
    return render(request, "cases/new.html", {"form": form}, status=422 if form.errors else 200)


@permission("cases:read")
@require_GET
def case(request: WorkspaceRequest, case: str) -> HttpResponse:
    found = Case.objects.named(request.workspace, case)
    return _case_page(request, found, CloseForm(_steps(request)))


@permission("cases:write")
@require_POST
def claim(request: WorkspaceRequest, case: str) -> HttpResponse:
    try:
        working.claim_case(request.workspace, case, request.access.actor, request.access.actor)
        messages.success(request, "It is yours. Listen, do not sell.")
    except Conflict as error:
        messages.error(request, error.sentence)
    return redirect(page_address(request, "cases:case", case=case))


@permission("cases:write")
@require_POST
def close(request: WorkspaceRequest, case: str) -> HttpResponse:
    found = Case.objects.named(request.workspace, case)
    form = CloseForm(_steps(request), request.POST)
    if not form.is_valid():
        return _case_page(request, found, form, status=422)
    try:
        working.close_case(request.workspace, case, form.closing, request.access.actor)
        messages.success(request, "Thank you. It is closed as soon as they are asked whether it helped.")
    except (Refused, Conflict) as error:
        form.add_error(None, error.sentence)
        return _case_page(request, found, form, status=422)
    return redirect(page_address(request, "cases:case", case=case))


@permission("cases:write")
@require_POST
def survey(request: WorkspaceRequest, case: str) -> HttpResponse:
    """What to do where the customer could not be asked: try again, or close without it."""
    again = request.POST.get("do") == "again"
    act = working.send_again if again else working.close_unasked
    try:
        act(request.workspace, case, request.access.actor)
        messages.success(request, "They are asked again now." if again else "The case is closed; nobody was asked.")
    except Conflict as error:
        messages.error(request, error.sentence)
    return redirect(page_address(request, "cases:case", case=case))


@permission("cases:read")
@require_GET
def closed(request: WorkspaceRequest) -> HttpResponse:
    """What became of the cases: whether it helped, root causes, and the proof of each play that opened some."""
    found = reading.closed_cases(request.workspace)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    recovery = reading.read_recovery(request.workspace)
    loops = [_loop(request, one) for one in reading.list_causes(request.workspace)]
    context = {
        "title": _closed_title(recovery, found.count()),
        "page": page,
        "loops": loops,
        "recovery": recovery,
        "rescues": [_rescue(request, one) for one in rescues.read_rescues(request.workspace)],
    }
    return render(request, "cases/closed.html", context)


@permission("cases:write")
@form_page
def rotas_page(request: WorkspaceRequest) -> HttpResponse:
    chosen = request.GET.get("rota", "")
    known = rotas.list_rotas(request.workspace)
    standing = next((one for one in known if one.rota_id == chosen), known[0] if known and chosen != "new" else None)
    if request.method != "POST":
        return _editor(request, known, standing, standing.text if standing else _first(request))
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        kept = rotas.apply_rota(request.workspace, text, None, request.access.actor)
    except Refused as trouble:
        return _editor(request, known, standing, text, placed(text, (trouble,)))
    messages.success(request, f"{kept.definition.name} is kept.")
    return redirect(page_address(request, "cases:list"))


def _case_page(request: WorkspaceRequest, found: Case, form: CloseForm, status: int = 200) -> HttpResponse:
    context = {
        "case": found,
        "sheet": sheet_of(found),
        "form": form,
        "causes": reading.known_causes(request.workspace),
        "replays": address_if_any(request, "replays:list") if request.access.allows("replays:read") else "",
        "stake": money(found.stake, request.workspace.currency) if found.stake else "",
    }
    return render(request, "cases/case.html", context, status=status)


def _steps(request: WorkspaceRequest) -> list[tuple[str, str]]:
    journeys = [version.journey for version in list_journeys(request.workspace)]
    return [(f"{one.id}/{step.id}", f"{one.name}: {step.name}") for one in journeys for step in one.steps]


def _figures(request: WorkspaceRequest, room: reading.Room) -> list[dict[str, str]]:
    return [
        {"label": "At stake", "figure": money(room.stake, request.workspace.currency), "basis": "spent last year"},
        {
            "label": "Wait for a call",
            "figure": number(room.unclaimed),
            "basis": f"{number(room.late)} of them too long",
        },
        {"label": "Open", "figure": number(len(room.cases)), "basis": "with those that are being called"},
    ]


def _closed_title(recovery: Any, count: int) -> str:
    if not count:
        return "No case is closed yet"
    many = capital(counted(count, "case is closed", "cases are closed"))
    if recovery.value is None:
        return f"{many}; too few answered to say whether it helped"
    return f"{many}, and {percent(recovery.value)} of those who answered are well again"


def _loop(request: WorkspaceRequest, loop: reading.Loop) -> dict[str, Any]:
    address = ""
    if loop.step:
        address = address_if_any(request, "gaps:step", journey=loop.journey, step=loop.step)
    return {"loop": loop, "address": address}


def _rescue(request: WorkspaceRequest, one: rescues.Rescue) -> dict[str, Any]:
    found, currency = one.line.found, request.workspace.currency
    shares = {name: percent(getattr(found, name).value, 1) for name in ("control", "treated")}
    ends = [None if end is None else 100 * end for end in (found.difference.low, found.difference.high)]
    cost = one.cost
    return {
        **shares,
        "rescue": one,
        "arm": one.arm.replace("_", " "),
        "between": "no interval" if None in ends else f"{signed(ends[0], 1)} to {signed(ends[1], 1)} points",
        "cost": cost.method if cost.value is None else money(cost.value, currency),
        "cost_between": "" if cost.value is None else money_interval(cost.low, cost.high, currency),
        "proof": address_if_any(request, "experiments:show", experiment=f"play/{one.play}"),
    }


def _first(request: WorkspaceRequest) -> str:
    return FIRST.format(timezone=request.workspace.timezone, email=request.access.actor)


def _editor(
    request: WorkspaceRequest, known: list[Rota], standing: Rota | None, text: str, troubles: Any = ()
) -> HttpResponse:
    context = {"rotas": known, "rota": standing, "text": text, "troubles": troubles, "rows": text.count("\n") + 3}
    return render(request, "cases/rota.html", context, status=422 if troubles else 200)
