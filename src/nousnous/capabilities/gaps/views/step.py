"""One step: the whole of what its customers live, what it costs, and why."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nousnous.base.errors import Missing, Refused
from nousnous.capabilities.gaps.actions.beliefs import list_beliefs
from nousnous.capabilities.gaps.actions.examples import example_visits
from nousnous.capabilities.gaps.actions.simulator import simulate
from nousnous.capabilities.gaps.actions.standing import standing_followed
from nousnous.capabilities.gaps.forms import SimulatorForm
from nousnous.capabilities.gaps.measures.headline import beliefs_of, said, worst
from nousnous.capabilities.gaps.measures.lines import cost_of
from nousnous.capabilities.gaps.measures.report import GapReport, StepRow
from nousnous.capabilities.gaps.measures.simulator import Simulation
from nousnous.capabilities.gaps.views import consequences, plots, step_plots, tables, weekly
from nousnous.charts.cards import Card
from nousnous.charts.words import capital, duration, interval, money, number, percent, rounded
from nousnous.journeys.actions.segments import list_segments
from nousnous.journeys.forms import FractureForm
from nousnous.journeys.views.answers import score_cards
from nousnous.journeys.views.filters import asked_of, filters_of, hidden_of, query_of, spoken
from nousnous.journeys.windows import Asked
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.actions import audit


@permission("gaps:read")
@require_safe
def step(request: WorkspaceRequest, journey: str, step: str) -> HttpResponse:
    """Everything that is known of one step."""
    given = {**request.GET.dict(), "journey": journey}
    asked = asked_of(given)
    report = standing_followed(request.workspace, asked)
    row = next((one for one in report.steps if one.step.id == step), None)
    if row is None:
        raise Missing(f"There is no step “{step}” in this journey.")
    segments = [one.name for one in list_segments(request.workspace)]
    context = {
        "report": report,
        "row": row,
        "title": title_of(row),
        "lead": lead_of(row, report),
        "filters": filters_of(given, report, [], segments),
        "hidden": hidden_of(given, report, []),
        "query": query_of({**given, "journey": ""}),
        "figures": figures_of(row),
        "beliefs": tables.held(row),
        "cards": cards_of(report, row),
        "histories": histories_of(request, report, row),
        "fracture_form": FractureForm(initial={"meant": row.step.designed}),
        "causes": step_plots.causes_card(row),
        "factors": factors_of(row),
        "after": consequences.card_of(report, row),
        "period": spoken(report.from_at, report.to_at),
        **_simulated(request, asked, row),
        **_visits(request, asked, row),
    }
    return render(request, "gaps/step.html", context)


def title_of(row: StepRow) -> str:
    """What a step's page answers."""
    name, pairs = capital(row.step.name), beliefs_of([row])
    known = [pair for pair in pairs if pair[1].finding.experienced.value is not None]
    pair = worst(pairs) or (known[0] if known else None)
    if pair is not None:
        return f"{name}: {said(pair, plots.units())}"
    if not step_plots.enough_seen(row):
        return f"{name}: {number(row.visits.n)} visit{'' if row.visits.n == 1 else 's'}, too few to judge"
    return f"{name}: {percent(row.visits.completed / row.visits.n)} finish, and nobody wrote down a belief"


def lead_of(row: StepRow, report: GapReport) -> str:
    hours = row.debt.debt.hours.value or 0.0
    scale = report.journey.debt.factors.get("year_scale")
    lost = f"Customers lose {rounded(hours * (scale or 1))} hours {'a year' if scale else 'in this period'} here."
    designed = (
        f" Designed: {row.step.designed}" if row.step.designed else " Nothing is written down of what was designed."
    )
    return (lost if hours else "Nobody lost time here that we know of.") + designed


def figures_of(row: StepRow) -> list[dict[str, Any]]:
    """Cost, share that finishes, median, and what the debt grew to since the seal."""
    cost, ends = cost_of(row.debt)
    unit = "a year" if row.debt.debt.per_year else "in this period"
    found = [
        {
            "label": "Experience debt",
            "figure": cost,
            "unit": unit,
            "basis": f"95% interval {ends}" if ends else "no time was wasted",
        }
    ]
    median = row.elapsed["p50"]
    if median.value is not None:
        basis = f"95% interval {interval(median.low, median.high, 'seconds')}, n {number(median.n)}"
        found.append({"label": "Median duration", "figure": duration(median.value), "unit": "", "basis": basis})
    if row.debt.principal is not None:
        interest = money(row.debt.interest, row.debt.currency)
        basis = f"since the first seal; last full week added {interest}"
        found.append(
            {"label": "Principal", "figure": money(row.debt.principal, row.debt.currency), "unit": "", "basis": basis}
        )
    return found


def factors_of(row: StepRow) -> list[tuple[str, str]]:
    """What turns hours into money."""
    debt, factors = row.debt, row.debt.factors
    wages = factors["hourly_wage"]
    wage = money(wages["default"], debt.currency) + (f", by country in {len(wages) - 1} more" if len(wages) > 1 else "")
    amplification = factors["amplification"]
    louder = "none: nobody is counted as complaining in public"
    if amplification["share"]:
        share, reach = percent(amplification["share"], 1), number(amplification["reach"])
        louder = f"× {amplification['factor']:.2f}: {share} complain to {reach} people"
    scale = factors.get("year_scale")
    found = [
        ("Hours in the period", rounded(debt.debt.hours.value)),
        ("An hour costs", wage),
        ("Amplification", louder),
        ("To a year", f"× {scale:.2f}" if scale else "not scaled: under 28 days were observed"),
        (
            "Wasted is what is above",
            "nothing to compare with yet"
            if debt.reference_s is None
            else duration(debt.reference_s) + " of active time",
        ),
    ]
    contacts = debt.contacts
    if contacts.n:
        handled = money(contacts.handling_cost, debt.currency)
        said_of = f"{number(contacts.n)}, {rounded(contacts.customer_hours)} hours of customers, {handled} to handle"
        found.append(("Contacts, not in the debt", said_of))
    return found


def cards_of(report: GapReport, row: StepRow) -> list[Card]:
    """The charts that stand under the beliefs."""
    found = [
        step_plots.outcomes_card(row) if step_plots.enough_seen(row) else None,
        step_plots.duration_card(report, row),
        weekly.trend_card(row, report.to_at),
        *weekly.band_cards(row, report.to_at),
        *score_cards(row.scores),
    ]
    return [card for card in found if card is not None]


def histories_of(request: WorkspaceRequest, report: GapReport, row: StepRow) -> list[Card]:
    """What was judged of each belief, week by week."""
    beliefs = [one for one in list_beliefs(request.workspace, report.journey.id) if one.step == row.step.id]
    found = [step_plots.history_card(belief, list(belief.verdicts.all())) for belief in beliefs]
    return [card for card in found if card is not None]


def _simulated(request: WorkspaceRequest, asked: Asked, row: StepRow) -> dict[str, Any]:
    """What the debt would be if no visit were longer; only when somebody asks."""
    if "seconds" not in request.GET:
        longest = row.debt.reference_s
        return {"simulator": SimulatorForm(initial={"seconds": round(longest) if longest else 60})}
    form = SimulatorForm(request.GET)
    if not form.is_valid():
        return {"simulator": form}
    seconds = form.cleaned_data["seconds"]
    try:
        found = simulate(request.workspace, asked, {row.step.id: seconds})
    except Refused as refusal:
        form.add_error("seconds", str(refusal))
        return {"simulator": form}
    return {"simulator": form, "simulated": _said(found, row, seconds)}


def _said(found: Simulation, row: StepRow, seconds: float) -> dict[str, str]:
    currency = row.debt.currency
    ends = found.saved
    spans = (
        ""
        if ends.low is None or ends.high is None
        else f"95% interval {money(ends.low, currency)} to {money(ends.high, currency)}"
    )
    _, then = found.steps[row.step.id]
    left, _ = cost_of(then)
    often = "a year" if found.scaled else "in this period"
    return {
        "saved": f"{money(ends.value, currency)} {often}",
        "interval": spans,
        "left": f"{left} {often}",
        "limit": duration(seconds),
        "assumption": found.assumption,
    }


def _visits(request: WorkspaceRequest, asked: Asked, row: StepRow) -> dict[str, Any]:
    """Example visits: single people, so only for those who may see them, when they ask, and noted."""
    if not request.access.allows("people:read") or not row.visits.n:
        return {}
    if "visits" not in request.GET:
        return {"visits_offered": query_of(request.GET.dict(), visits="1")}
    found = example_visits(request.workspace, asked, row.step.id)
    audit(request.workspace, request.access.actor, "read visits", f"{asked.journey} {row.step.id}")
    return {"visits": [(one, step_plots.visit_card(one, index, row.step)) for index, one in enumerate(found)]}
