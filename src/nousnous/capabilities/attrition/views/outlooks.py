"""Pages of the forecast: who is likely to leave within 30 days, and how good that was before."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from nousnous.base import clock
from nousnous.capabilities.attrition.actions.forecasting import ask_to_train
from nousnous.capabilities.attrition.actions.risks import Outlook, Risk, list_risks, read_backtest, read_outlook
from nousnous.capabilities.attrition.measures.documents import BacktestShape, EchoShape, TenthShape
from nousnous.capabilities.attrition.measures.forecast import FEWEST_LEAVERS
from nousnous.capabilities.attrition.views.signs import LABELS
from nousnous.charts.calibration import Group, calibration
from nousnous.charts.cards import FORMS, Card, Cell
from nousnous.charts.kit import Sheet
from nousnous.charts.words import NOTHING, capital, counted, interval, number, percent
from nousnous.stats.estimate import TOO_FEW, EstimateShape
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

SIGNS = {name: label for name, (label, _) in LABELS.items()}


@permission("attrition:read")
@require_safe
def forecast(request: WorkspaceRequest) -> HttpResponse:
    """How many are likely to leave; single people only for those who may see them and asked for them."""
    outlook = read_outlook(request.workspace)
    allowed = request.access.allows("people:read") and outlook is not None and outlook.tells_apart
    shown = allowed and "people" in request.GET
    context = {
        "outlook": outlook,
        "title": title_of(outlook),
        "figures": _figures(outlook) if outlook else [],
        "few": [_few(one) for one in outlook.base_rates] if outlook else [],
        "offered": allowed and not shown,
        "lines": [_line(one) for one in list_risks(request.workspace, request.access.actor)] if shown else [],
    }
    return render(request, "attrition/forecast.html", context)


@permission("attrition:write")
@require_POST
def learn(request: WorkspaceRequest) -> HttpResponse:
    """Have a worker learn anew."""
    ask_to_train(request.workspace, request.access.actor)
    messages.success(request, "It is being learned; look again in a minute or two.")
    return redirect(page_address(request, "attrition:forecast"))


@permission("attrition:read")
@require_safe
def backtest(request: WorkspaceRequest) -> HttpResponse:
    """How good the forecast was on periods that it had not seen."""
    outlook = read_outlook(request.workspace)
    found = read_backtest(request.workspace) if outlook else None
    tried = found["backtest"] if found else None
    context = {
        "outlook": outlook,
        "tried": tried,
        "title": _tried_title(outlook, tried),
        "figures": _tried_figures(tried) if tried else [],
        "card": _curve(tried) if tried else None,
        "fewest": FEWEST_LEAVERS,
        "days": _span(tried) if tried else "",
        "signs": [_sign(one) for one in (found["signs"] if found else ()) if one["followed"]["n"]],
        "lead": _lead(tried) if tried else "",
    }
    return render(request, "attrition/backtest.html", context)


def title_of(outlook: Outlook | None) -> str:
    """How many are likely to leave."""
    if outlook is None:
        return "Nobody has learned yet who leaves"
    if not outlook.may_leave:
        return "Nobody may leave within 30 days"
    if not outlook.tells_apart:
        share = percent(outlook.expected / outlook.may_leave)
        return f"{share} leave within 30 days; too few left to say who"
    if not outlook.likely:
        return "Nobody is likely to leave within 30 days"
    be = "is" if outlook.likely == 1 else "are"
    return f"{capital(counted(outlook.likely, 'person', 'people'))} {be} likely to leave within 30 days"


def _figures(outlook: Outlook) -> list[dict[str, Any]]:
    days = outlook.version.document["silence_days"]
    found = [("Leave within 30 days", number(outlook.expected), f"expected, of {number(outlook.may_leave)} who may")]
    found.append(("Likely from", percent(outlook.risk_chance), "change it under thresholds"))
    if days is not None:
        found.append(("Gone after", f"{days:.0f} days", "without buying, or when a subscription ends"))
    tried = outlook.version.backtest
    if tried and tried["caught"]["value"] is not None:
        found.append(("Leavers named before", percent(tried["caught"]["value"]), _ends(tried["caught"], "share")))
    return [{"label": label, "figure": figure, "unit": "", "basis": basis} for label, figure, basis in found]


def _few(one: dict[str, Any]) -> str:
    left, needed = number(one["leavers"]), number(FEWEST_LEAVERS - one["leavers"])
    return (
        f"Of {one['kind']} only {left} left in the months that were learned from; {needed} more are needed to tell "
        "them apart. Until then each has the base rate."
    )


def _line(one: Risk) -> dict[str, Any]:
    return {"person": one.person, "chance": percent(one.chance), "reasons": [capital(said) for said in one.reasons]}


def _tried_title(outlook: Outlook | None, tried: BacktestShape | None) -> str:
    if outlook is None:
        return "Nobody has learned yet who leaves"
    if tried is None or tried["caught"]["method"] == TOO_FEW:
        return "Too few left to try the forecast"
    caught, lead = tried["caught"], tried["lead_days"]["value"]
    before = f", {number(lead)} days before" if lead is not None else ""
    return f"It had named {percent(caught['value'])} of those who left{before}"


def _tried_figures(tried: Mapping[str, Any]) -> list[dict[str, Any]]:
    asked = (
        ("Ranks right", "auc", "of pairs of one who left and one who stayed", "share"),
        ("Of those it named", "right", "left within 30 days", "share"),
        ("Likeliest tenth", "lift", "times as often as all", "score"),
        ("Slope", "slope", "1 holds; less is too sure of itself", "score"),
    )
    return [
        {
            "label": label,
            "figure": _value(tried[name], unit),
            "unit": "",
            "basis": f"{_ends(tried[name], unit)}, {basis}",
        }
        for label, name, basis, unit in asked
    ]


def _lead(tried: BacktestShape) -> str:
    """The intervals of what the title says."""
    caught, lead = tried["caught"], tried["lead_days"]
    said = f"Named: {_ends(caught, 'share')}"
    return said if lead["value"] is None else f"{said}; half of them at least {_ends(lead, 'nps')} days before."


def _value(one: EstimateShape, unit: str) -> str:
    if one["value"] is None:
        return "too few"
    return percent(one["value"]) if unit == "share" else number(one["value"], 2)


def _ends(one: EstimateShape, unit: str) -> str:
    if unit == "score" and one["low"] is not None and one["high"] is not None:
        return f"{number(one['low'], 2)} to {number(one['high'], 2)}"
    return interval(one["low"], one["high"], unit)


def _sign(one: EchoShape) -> dict[str, Any]:
    """What followed a sign, or that too few people showed it."""
    followed, lead = one["followed"], one["lead_days"]
    few = followed["value"] is None
    return {
        "sign": SIGNS[one["signal"]],
        "event": one["event"],
        "n": number(followed["n"]),
        "share": "too few" if few else percent(followed["value"], 1),
        "interval": "" if few else interval(followed["low"], followed["high"], "share"),
        "usual": percent(one["usual"]["value"], 1),
        "days": number(lead["value"]) if lead["value"] is not None else NOTHING,
    }


def _curve(tried: BacktestShape) -> Card:
    rows, low, high = tried["curve"], tried["slope"]["low"], tried["slope"]["high"]
    title = "What was said came true"
    if low is not None and high is not None and not low <= 1 <= high:
        title = "Chances were too sure of themselves" if high < 1 else "Chances were too careful"
    groups = [_group(place, one) for place, one in enumerate(rows, 1)]
    wide, narrow = (calibration(groups, title, Sheet("curve", form)) for form in FORMS)
    caption = (
        "Customers by their chance, in tenths. Diamond: the chance that was said. Circle with its thick bar: the share "
        "that left, with its 95% interval."
    )
    columns = [("Tenth", False), ("Said", True), ("Left", True), ("95% interval", True), ("n", True)]
    table: list[list[Cell]] = [
        [
            (str(place), False),
            (percent(one["predicted"], 1), True),
            (percent(one["observed"]["value"], 1), True),
            (interval(one["observed"]["low"], one["observed"]["high"], "share"), True),
            (number(one["observed"]["n"]), True),
        ]
        for place, one in enumerate(rows, 1)
    ]
    return Card("curve-card", title, caption, wide, narrow, columns, table)


def _group(place: int, one: TenthShape) -> Group:
    came = one["observed"]
    sentence = f"Tenth {place}: said {percent(one['predicted'])}, {percent(came['value'])} left"
    sentence += f" ({interval(came['low'], came['high'], 'share')}), n {number(came['n'])}"
    return Group(one["predicted"], came["value"], came["low"], came["high"], sentence)


def _span(tried: BacktestShape) -> str:
    first, last = (clock.from_us(tried[name]).date().isoformat() for name in ("learned_until_us", "tried_until_us"))
    return f"{first} to {last}"
