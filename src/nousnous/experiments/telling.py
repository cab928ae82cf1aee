"""How readouts and plans stand on a page: numbers in words, in the units of their metrics."""

from typing import Any

from nousnous.charts import words
from nousnous.charts.cards import FORMS, Card
from nousnous.charts.forest import Effect, forest
from nousnous.charts.kit import Sheet
from nousnous.experiments.actions.planning import Plan
from nousnous.experiments.actions.proving import Proven
from nousnous.experiments.actions.reading import Readout
from nousnous.experiments.definition import ExperimentDefinition
from nousnous.experiments.measures.finding import change, shown
from nousnous.experiments.measures.readout import Line


def readout_rows(found: Readout) -> dict[str, Any]:
    """What a page shows of a readout: metrics, guard rails, arms, countries, figures."""
    names = found.names
    return {
        "goals": [_line(one, names) for one in found.lines if one.asked.tolerance is None],
        "forest": _forest(found),
        "guards": [_line(one, names) for one in found.lines if one.asked.tolerance is not None],
        "arms": _arms(found),
        "countries": [_countries(one, names) for one in found.lines if one.pooled and one.asked.tolerance is None],
        "figures": _figures(found),
    }


def planned(day: str, plans: list[Plan]) -> str:
    """What is said of an experiment before it starts: when, and what its first metric needs."""
    first = next((one for one in plans if one.needed is not None), None)
    if first is None:
        return f"It starts on {day}."
    days = f" and {words.number(first.days)} days" if first.days else ""
    return f"It starts on {day}, and needs {words.number(first.needed)} people an arm{days}."


def plan_rows(definition: ExperimentDefinition, plans: list[Plan]) -> list[dict[str, Any]]:
    """What an experiment could show, as a page says it."""
    units = {"did": "share", "sum": "amount"}
    kinds = {goal.name: getattr(goal, "kind", "") for goal in definition.goals}
    return [
        {
            "metric": one.metric,
            "now": shown(one.now, units.get(kinds[one.metric], "times")),
            "effect": words.percent(one.effect),
            "needed": words.number(one.needed),
            "days": words.number(one.days),
            "detectable": "–" if one.detectable is None else words.percent(one.detectable, 1),
            "planned_days": one.planned_days,
        }
        for one in plans
    ]


def _line(line: Line, names: dict[str, str]) -> dict[str, Any]:
    found, unit = line.found, line.asked.unit
    points = "points" if unit == "share" else ""
    scale = 100 if unit == "share" else 1
    difference = found.difference
    ends = [None if end is None else end * scale for end in (difference.value, difference.low, difference.high)]
    digits = 1 if unit in {"share", "points"} else 2
    return {
        "metric": line.asked.name,
        "arm": names.get(line.variant, line.variant),
        "control": shown(found.control.value, unit),
        "treated": shown(found.treated.value, unit),
        "difference": f"{words.signed(ends[0], digits)} {points}".strip(),
        "interval": _ends(ends[1], ends[2], digits),
        "lift": change(found.lift),
        "n": words.number(difference.n),
        "verdict": line.verdict,
        "tolerance": None if line.asked.tolerance is None else words.percent(line.asked.tolerance),
        "saved": words.percent(found.variance_saved) if found.variance_saved >= 0.01 else "",
    }


def _forest(found: Readout) -> Card | None:
    """The goals of all arms about the line of no effect; None where nothing is compared yet.

    Shares stand in points, which are bounded; where other metrics are among them all stand as relative changes.
    """
    lines = [one for one in found.lines if one.asked.tolerance is None and one.found.lift.value is not None]
    if not lines:
        return None
    points = all(one.asked.unit == "share" for one in lines)
    rows = [_effect(one, found.names, points=points) for one in lines]
    wide, narrow = (forest(rows, "What changed, against the first arm", Sheet("forest", form)) for form in FORMS)
    what = "The change in points" if points else "The relative change in per cent"
    caption = f"{what} with its 95 % interval; where a bar touches the line, nothing may have changed."
    return Card("forest", "What changed", caption, wide, narrow)


def _effect(line: Line, names: dict[str, str], *, points: bool) -> Effect:
    name = f"{line.asked.name}, {names.get(line.variant, line.variant)}"
    found = (line.found.difference if points else line.found.lift).times(100)
    value, low, high = found.value, found.low, found.high
    figure = "" if value is None else words.signed(value, 1 if points else 0) + ("" if points else "%")
    return Effect(name, value, low, high, figure, f"{name}: {change(line.found.lift)}, {line.verdict}.")


def _ends(low: float | None, high: float | None, digits: int) -> str:
    return (
        "no interval" if low is None or high is None else f"{words.signed(low, digits)} to {words.signed(high, digits)}"
    )


def _arms(found: Readout) -> list[dict[str, Any]]:
    split, names = found.split, found.names
    return [
        {"name": names[arm], "id": arm, "persons": words.number(count), "due": words.number(round(due))}
        for arm, count, due in zip(split.arms, split.persons, split.mismatch.expected, strict=True)
    ]


def _countries(line: Line, names: dict[str, str]) -> dict[str, Any]:
    digits, scale = (1, 100) if line.asked.unit == "share" else (2, 1)
    alone, together = line.by_country or {}, line.pooled

    def told(one: Any) -> dict[str, str]:
        ends = [None if end is None else end * scale for end in (one.value, one.low, one.high)]
        return {"value": words.signed(ends[0], digits), "interval": _ends(ends[1], ends[2], digits)}

    each = together.each if together else ()
    rows = [(name, told(alone[name]), told(one)) for name, one in zip(alone, each, strict=True)]
    last = [("All", None, told(together.everywhere))] if together and together.everywhere else []
    new = [("A new country", None, told(together.new))] if together and together.new else []
    return {"metric": line.asked.name, "arm": names.get(line.variant, line.variant), "rows": [*rows, *last, *new]}


def _figures(found: Readout) -> list[dict[str, str]]:
    split, standing = found.split, found.standing
    p = split.mismatch.p
    held = "broken" if split.mismatch.blocks else "as planned" if p is not None else "not judged"
    basis = "fewer than 5 due in an arm" if p is None else f"chance of such a split {p:.3f}"
    if standing is None:
        basis = "no weights are known"
    once = found.definition.reading == "at the end" and not (standing and standing.stopped)
    return [
        {
            "label": "People",
            "figure": words.number(sum(split.persons)),
            "basis": f"{words.number(split.dropped)} seen in two arms, dropped",
        },
        {"label": "Split", "figure": held, "basis": basis},
        {
            "label": "Read",
            "figure": "once" if once else "any time",
            "basis": "at the planned end" if once else "by always-valid intervals",
        },
    ]


def proof_rows(proven: Proven) -> dict[str, Any]:
    """What a page shows of a fix: figures, and what its proof rests on."""
    found, definition = proven.found, proven.definition
    effect = found.effect
    ends = (None, None, None) if effect is None else (effect.value, effect.low, effect.high)
    value, low, high = (None if end is None else 100 * end for end in ends)
    figures = [
        {
            "label": "Change",
            "figure": words.signed(value, 1),
            "unit": "points" if value is not None else "",
            "basis": _ends(low, high, 1),
        },
        {
            "label": "Beside it",
            "figure": words.number(found.controls),
            "basis": "other countries" if definition.countries else "other steps",
        },
        {"label": "Read out on", "figure": proven.read_on, "basis": f"{definition.weeks} weeks after it shipped"},
    ]
    facts: list[tuple[str, str]] = [("Design", found.design), ("What it comes to", found.standing)]
    if found.p is not None:
        facts.append(("As far out by chance", f"p {found.p:.3f}, one-sided"))
    if found.trends is not None:
        alike = {True: "yes", False: "no", None: "cannot be told"}[found.trends.parallel]
        facts.append(("Alike before it shipped", alike))
    if found.series is not None and found.series.value is not None:
        series = [None if end is None else 100 * end for end in (found.series.low, found.series.high)]
        said = f"{words.signed(100 * found.series.value, 1)} points ({_ends(series[0], series[1], 1)})"
        facts.append(("Step in its own line over that of the others", said))
    return {"figures": figures, "facts": facts}
