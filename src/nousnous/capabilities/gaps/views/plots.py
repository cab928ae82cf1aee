"""The charts of a report, as cards with their finding, both forms and the numbers behind them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from nousnous.capabilities.gaps.measures.headline import Pair, beliefs_of, with_verdict, worst
from nousnous.capabilities.gaps.measures.phrases import GAP_UNITS, phrase_of
from nousnous.capabilities.gaps.measures.report import BeliefRow, GapReport, StepRow
from nousnous.charts import belief_gaps as plot
from nousnous.charts.cards import Card, Cell
from nousnous.charts.flow import flow
from nousnous.charts.kit import Sheet
from nousnous.charts.words import (
    NOTHING,
    capital,
    counted,
    duration,
    in_words,
    interval,
    money,
    number,
    percent,
    reading,
    signed,
    verdict,
)
from nousnous.journeys.catalogue import METRICS, metric_of, unit_of

CAPTION: Final = "Thick bar: 95% interval. Pale band: what the team would call right. Plus is bad news."
ALONE: Final = {
    "gap": "is worse than its team believes",
    "delight": "is better than its team believes",
    "confirmed": "is as its team believes",
    "unproven": "is not proven either way",
    "too few": "has too few visits to judge",
}


def units() -> dict[str, str]:
    """The unit of each metric as pages read it."""
    return {metric.id: unit_of(metric.unit) for metric in METRICS.values()}


def belief_cards(report: GapReport) -> list[Card]:
    """A card a metric: that of the title first, then those with most beliefs."""
    pairs = beliefs_of(report.steps)
    found = worst(pairs)
    first = found[1].stated.metric if found else ""
    metrics = sorted(
        {pair[1].stated.metric for pair in pairs}, key=lambda one: (one != first, -_count(pairs, one), one)
    )
    return [
        _card(one, [pair for pair in pairs if pair[1].stated.metric == one], place == 0)
        for place, one in enumerate(metrics)
    ]


def _count(pairs: Sequence[Pair], metric: str) -> int:
    return sum(pair[1].stated.metric == metric for pair in pairs)


def _card(metric: str, pairs: Sequence[Pair], is_first: bool) -> Card:
    unit, phrase = unit_of(metric_of(metric).unit), phrase_of(metric)
    gap_unit = GAP_UNITS[pairs[0][1].finding.gap.unit]
    title = _finding(pairs, metric, is_first=is_first)
    rows = rows_of(pairs, money_column=is_first)
    last = "Cost a year" if is_first else "Seen"
    heads = plot.Heads(title, phrase.caption, phrase.customers, "Teams believe", f"Gap, {gap_unit}", last, unit)
    wide, narrow = (plot.belief_gaps(rows, heads, Sheet(f"gap-{metric}", form)) for form in ("wide", "narrow"))
    columns = [("Step", False), ("Team", False), ("Believed", True), ("Lived", True), ("95% interval", True)]
    columns += [("n", True), (f"Gap, {gap_unit}", True), ("Verdict", False)]
    return Card(
        f"beliefs-{metric}",
        title,
        f"{phrase.caption} {CAPTION}",
        wide,
        narrow,
        columns,
        [_numbers(step, belief, unit) for step, belief in pairs],
        phrase.caption,
    )


def more_title(report: GapReport, shown: str) -> str:
    """What the beliefs about other metrics than the first say together."""
    rest = [pair for pair in beliefs_of(report.steps) if f"beliefs-{pair[1].stated.metric}" != shown]
    worse = len(with_verdict(rest, "gap"))
    verb = "is" if worse == 1 else "are"
    return capital(
        f"{in_words(worse) if worse else 'none'} of {counted(len(rest), 'other measure')} {verb} worse than believed"
    )


def _finding(pairs: Sequence[Pair], metric: str, *, is_first: bool) -> str:
    worse = len({pair[0].step.id for pair in with_verdict(pairs, "gap")})
    steps = len({pair[0].step.id for pair in pairs})
    what = "" if is_first and metric == "completion" else f"{metric_of(metric).name}: "
    if steps == 1:
        return capital(f"{what}{pairs[0][0].step.name} {ALONE[_alone(pairs)]}")
    if worse == steps:
        return capital(f"{what}all {counted(steps, 'step')} are worse than their team believes")
    if worse:
        verb = "is worse than its team believes" if worse == 1 else "are worse than their team believes"
        return capital(f"{what}{in_words(worse)} of {counted(steps, 'step')} {verb}")
    right = len({pair[0].step.id for pair in with_verdict(pairs, "confirmed")})
    as_believed = f", {in_words(right)} {'is' if right == 1 else 'are'} as believed" if right else ""
    return capital(f"{what}none of {counted(steps, 'step')} is proven worse{as_believed}")


def _alone(pairs: Sequence[Pair]) -> str:
    """The verdict on a single step: the worst of several."""
    found = [pair[1].finding for pair in pairs if pair[1].finding.experienced.value is not None]
    verdicts = {one.judgement.verdict for one in found}
    return next((one for one in ("gap", "unproven", "delight", "confirmed") if one in verdicts), "too few")


def rows_of(pairs: Sequence[Pair], *, money_column: bool) -> list[plot.BeliefRow]:
    """The rows of a metric's chart; what a step costs stands once."""
    found, seen = [], set()
    for step, belief in pairs:
        row = plotted(step, belief, pairs, money_column=money_column)
        again = money_column and step.step.id in seen
        found.append(replace(row, cost="") if again else row)
        seen.add(step.step.id)
    return found


def plotted(step: StepRow, belief: BeliefRow, among: Sequence[Pair], *, money_column: bool) -> plot.BeliefRow:
    """A belief as the dot plot takes it."""
    finding, stated = belief.finding, belief.stated
    lived = finding.experienced
    yearly = step.debt.debt.per_year
    known = yearly is not None and yearly.value is not None and lived.value is not None
    cost = money(yearly.value, step.debt.currency) if yearly and known else NOTHING
    row = plot.BeliefRow(
        name=name_of(step, belief, among),
        believed=stated.value,
        tolerated=tolerated(belief),
        experienced=lived.value,
        low=lived.low,
        high=lived.high,
        n=lived.n,
        gap=finding.gap.value,
        verdict=finding.judgement.verdict,
        cost=cost if money_column else f"n {number(lived.n)}",
        sentence="",
        few=lived.value is None,
        cost_is_money=money_column and cost != NOTHING,
    )
    unit = unit_of(metric_of(stated.metric).unit)
    return replace(row, sentence=plot.sentence_of(row, unit, _spoken(finding.gap.unit)))


def _spoken(unit: str) -> str:
    return {"points": "points", "percent": "per cent"}.get(unit, "per cent of the scale")


def name_of(step: StepRow, belief: BeliefRow, among: Sequence[Pair]) -> str:
    """The step; where several beliefs of one metric stand at it, whose or about whom."""
    twins = [pair for pair in among if pair[0].step.id == step.step.id and pair[1].segment == belief.segment]
    about = belief.segment.partition("=")[2] or (belief.author if len(twins) > 1 else "")
    return f"{step.step.name}, {about}" if about else step.step.name


def tolerated(belief: BeliefRow) -> tuple[float, float]:
    """What the team would call right, in the metric's unit: where the gap is within its tolerance."""
    metric, value, t = metric_of(belief.stated.metric), belief.stated.value, belief.stated.tolerance
    if metric.kind == "unbounded":
        return value * (1 - t), value / (1 - t)
    scale = metric.scale()
    span = {"share": 1.0, "nps": 100.0}.get(scale.kind, scale.high - scale.low) * t
    low, high = metric.low, float("inf") if metric.high is None else metric.high
    return max(low, value - span), min(high, value + span)


def _numbers(step: StepRow, belief: BeliefRow, unit: str) -> list[Cell]:
    lived, gap = belief.finding.experienced, belief.finding.gap
    few = lived.value is None
    return [
        (name_of(step, belief, []), False),
        (belief.author, False),
        (reading(belief.stated.value, unit), True),
        (reading(lived.value, unit), True),
        (NOTHING if few else interval(lived.low, lived.high, unit), True),
        (number(lived.n), True),
        (signed(gap.value, 1), True),
        (verdict(belief.finding.judgement.verdict, lived.n, few=few), False),
    ]


def flow_card(report: GapReport) -> Card | None:
    """What follows what."""
    found = report.journey.passage.transitions
    names = [step.name for step in report.journey.steps]
    if not found or len(names) < 2:
        return None
    shares = {(one.origin, one.target): one.share for one in found if one.share >= 0.01}
    sentences = [_leaving(position, names, report) for position in range(len(names))]
    repeats = [one for one in found if one.origin == one.target and one.n >= 5]
    again = max(repeats, key=lambda one: one.share, default=None)
    title = "What people do next"
    if again is not None:
        title = f"After {names[again.origin]}, {percent(again.share)} of what follows is {names[again.origin]} again"
    wide, narrow = (flow(names, shares, sentences, title, Sheet("flow", form)) for form in ("wide", "narrow"))
    columns = [("From", False), ("To", False), ("Times", True), ("Of all who go on", True), ("Half within", True)]
    rows: list[list[Cell]] = [
        [
            (names[one.origin], False),
            (names[one.target], False),
            (number(one.n), True),
            (percent(one.share), True),
            (duration(one.p50_s), True),
        ]
        for one in found[:40]
    ]
    caption = "Rows: the step people leave. Columns: the step they open next. Darker: more of those who go on."
    return Card("flow-card", title, caption, wide, narrow, columns, rows)


def _leaving(position: int, names: Sequence[str], report: GapReport) -> str:
    found = sorted(
        (one for one in report.journey.passage.transitions if one.origin == position), key=lambda one: -one.share
    )[:4]
    if not found:
        return f"{names[position]}: nothing followed"
    parts = [f"{percent(one.share)} to {names[one.target]}, half within {duration(one.p50_s)}" for one in found]
    return f"{names[position]}: {'; '.join(parts)}"


def figures_of(report: GapReport) -> list[dict[str, Any]]:
    """The key figures of a journey: its debt, the blind spot of its teams, how many finish."""
    return [one for one in (_debt_figure(report), _blind_spot(report), _finish(report)) if one]


def _debt_figure(report: GapReport) -> dict[str, Any]:
    row = report.journey.debt
    found, unit = (row.debt.per_year, "a year") if row.debt.per_year else (row.debt.money, "in this period")
    few = found.low is None or found.high is None
    ends = (
        "from fewer than 5 people"
        if few
        else f"95% interval {money(found.low, row.currency)} to {money(found.high, row.currency)}"
    )
    return {"label": "Experience debt", "figure": money(found.value, row.currency), "unit": unit, "basis": ends}


def _blind_spot(report: GapReport) -> dict[str, Any] | None:
    foreseen = [
        (belief.finding.gap.value, belief.stated.expected_gap)
        for _, belief in beliefs_of(report.steps)
        if belief.sealed and belief.stated.expected_gap is not None and belief.finding.gap.value is not None
    ]
    expected = sum(abs(one) for _, one in foreseen if one is not None)
    if not expected:
        return None
    lived = sum(abs(one) for one, _ in foreseen if one is not None)
    count = len(foreseen)
    unit = " points" if all(one.finding.gap.unit == "points" for _, one in beliefs_of(report.steps)) else ""
    basis = f"teams expected {number(expected / count)}{unit} a belief, it is {number(lived / count)}"
    return {"label": "Blind spot", "figure": f"{lived / expected:.1f}×", "unit": "", "basis": basis}


def _finish(report: GapReport) -> dict[str, Any]:
    found = report.journey.passage.finished
    if found.value is None:
        return {"label": "Finish the journey", "figure": NOTHING, "unit": "", "basis": f"n {number(found.n)}, too few"}
    basis = f"95% interval {interval(found.low, found.high, 'share')}, n {number(found.n)}"
    return {"label": "Finish the journey", "figure": percent(found.value), "unit": "", "basis": basis}
