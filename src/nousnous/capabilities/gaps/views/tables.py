"""The rows of the tables that a report's page shows beside its charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nousnous.capabilities.gaps.measures.headline import beliefs_of, with_verdict
from nousnous.capabilities.gaps.measures.lines import cost_of
from nousnous.capabilities.gaps.measures.phrases import GAP_UNITS, two_readings
from nousnous.capabilities.gaps.measures.report import BeliefRow, GapReport, SegmentRow, StepRow, Trend
from nousnous.capabilities.gaps.models import Belief, StoredVerdict
from nousnous.charts.trend import spark
from nousnous.charts.words import NOTHING, in_words, interval, number, percent, reading, rounded, signed, verdict
from nousnous.journeys.catalogue import metric_of, unit_of


@dataclass(frozen=True, slots=True)
class ToDo:
    """A step with a proven gap: its debt, its last weeks, its evidence, its owner."""

    step: str
    name: str
    cost: str
    ends: str
    spark: str
    change: str
    change_is_bad: bool | None
    change_about: str
    gap: str
    evidence: str
    owner: str


def to_do(report: GapReport) -> list[ToDo]:
    """Steps with a proven gap, dearest first."""
    found = []
    for row in report.steps:
        worse = with_verdict(beliefs_of([row]), "gap")
        if worse:
            gap = worse[0][1].finding.gap
            cost, ends = cost_of(row.debt)
            change, is_bad = changed(row.trend)
            about = metric_of(row.trend.metric).name.lower() if row.trend and row.trend.metric != "completion" else ""
            line = spark([week.value for week in row.trend.weeks]) if row.trend else ""
            evidence = f"{len(row.evidence)} fracture{'s' if len(row.evidence) > 1 else ''}" if row.evidence else ""
            unit = GAP_UNITS[gap.unit]
            said = signed(gap.value) + ("" if unit == "points" else "%")
            found.append(
                ToDo(
                    row.step.id,
                    row.step.name,
                    cost,
                    ends,
                    line,
                    change,
                    is_bad,
                    about,
                    said,
                    evidence,
                    row.step.owner or "",
                )
            )
    return found


def changed(trend: Trend | None) -> tuple[str, bool | None]:
    """By how much the last week differs from the first; whether that is bad news is known for finishing alone."""
    if trend is None or trend.change is None:
        return NOTHING, None
    unit = unit_of(trend.unit)
    if unit == "share":
        points = 100 * trend.change
        return signed(points), _is_bad(trend, points)
    if unit == "seconds":
        return f"{signed(trend.change)} s", None
    return signed(trend.change, 0 if unit == "nps" else 1), None


def _is_bad(trend: Trend, points: float) -> bool | None:
    if trend.metric != "completion" or abs(points) < 1:
        return None
    first, last = (
        next((week for week in weeks if week.value is not None), None) for weeks in (trend.weeks, trend.weeks[::-1])
    )
    if first is None or last is None or None in (first.low, first.high, last.low, last.high):
        return None
    apart = (first.low or 0) > (last.high or 0) or (last.low or 0) > (first.high or 0)
    return points < 0 if apart else None


@dataclass(frozen=True, slots=True)
class Split:
    """One value of the property that splits a report."""

    segment: str
    entered: str
    finished: str
    ends: str
    cost: str
    cost_ends: str
    worse: str


def _first_of(names: Sequence[str]) -> str:
    """The dearest by name, the others by number."""
    if not names:
        return NOTHING
    return names[0] if len(names) == 1 else f"{names[0]} and {in_words(len(names) - 1)} more"


def splits(segments: Sequence[SegmentRow]) -> list[Split]:
    found = []
    for one in sorted(segments, key=lambda row: -row.journey.passage.entered):
        passage, (cost, cost_ends) = one.journey.passage, cost_of(one.journey.debt)
        finished = passage.finished
        few = finished.value is None
        worse = [step.step.name for step, _ in with_verdict(beliefs_of(one.steps), "gap")]
        found.append(
            Split(
                one.segment,
                number(passage.entered),
                "too few" if few else percent(finished.value),
                "" if few else interval(finished.low, finished.high, "share"),
                NOTHING if few else cost,
                "" if few else cost_ends,
                _first_of(list(dict.fromkeys(worse))),
            )
        )
    return found


def unbelieved(steps: Sequence[StepRow]) -> list[StepRow]:
    """Steps that cost something and that nobody wrote a belief about."""
    return [row for row in steps if not row.beliefs and row.debt.debt.money.value]


@dataclass(frozen=True, slots=True)
class Held:
    """A belief of a step as its page lists it."""

    id: str
    metric: str
    author: str
    about: str
    believed: str
    lived: str
    ends: str
    n: str
    gap: str
    verdict: str
    tone: str
    note: str
    sealed: bool


def held(row: StepRow) -> list[Held]:
    """The beliefs of one step beside what is."""
    return [_held(belief) for _, belief in beliefs_of([row])]


def _held(belief: BeliefRow) -> Held:
    finding, stated = belief.finding, belief.stated
    metric = metric_of(stated.metric)
    unit, lived = unit_of(metric.unit), finding.experienced
    few = lived.value is None
    believed, there = (
        (reading(stated.value, unit), NOTHING) if few else two_readings(stated.value, lived.value or 0.0, unit)
    )
    gap_unit = GAP_UNITS[finding.gap.unit]
    tone = "" if few else {"gap": "worse", "delight": "better"}.get(finding.judgement.verdict, "")
    return Held(
        belief.id,
        metric.name,
        belief.author,
        belief.segment.replace("=", " "),
        believed,
        there,
        "" if few else interval(lived.low, lived.high, unit),
        number(lived.n),
        NOTHING if few else signed(finding.gap.value) + ("" if gap_unit == "points" else "%"),
        verdict(finding.judgement.verdict, lived.n, few=few),
        tone,
        note_of(belief),
        belief.sealed,
    )


def note_of(belief: BeliefRow) -> str:
    """What would settle an open verdict, or when the verdict was given."""
    judgement = belief.finding.judgement
    if judgement.verdict != "unproven":
        return f"judged on {belief.judged_on}" if belief.judged_on else "judged on this period"
    if judgement.needed_n is not None:
        return f"needs about {rounded(judgement.needed_n)} seen"
    return judgement.reason or ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A belief as it is kept, with its last stored verdict."""

    id: str
    step: str
    step_id: str
    metric: str
    author: str
    about: str
    believed: str
    range: str
    lived: str
    verdict: str
    tone: str
    note: str
    sealed_on: str


def kept(belief: Belief, last: StoredVerdict | None, names: Mapping[tuple[str, str], str]) -> Kept:
    """A belief for the list of all beliefs."""
    unit = unit_of(metric_of(belief.metric).unit)
    few = last is not None and last.value is None
    said = "not judged yet" if last is None else verdict(last.verdict, last.n, few=few)
    spread = interval(*belief.range, unit) if belief.range else NOTHING
    return Kept(
        belief.id,
        names.get((belief.journey, belief.step), belief.step),
        belief.step,
        metric_of(belief.metric).name,
        belief.author,
        belief.segment.replace("=", " "),
        reading(belief.value, unit),
        spread,
        NOTHING if last is None else reading(last.value, unit),
        said,
        "" if last is None or few else {"gap": "worse", "delight": "better"}.get(last.verdict, ""),
        "" if last is None else f"{last.closed_on.day} {last.closed_on:%b}",
        f"{belief.sealed_at:%Y-%m-%d}" if belief.sealed_at else "",
    )
