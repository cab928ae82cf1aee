"""A gap report as lines of words, for the shell and for documents: a line a belief, dearest step first."""

from collections.abc import Iterable
from dataclasses import dataclass

from nousnous.capabilities.gaps.measures.phrases import GAP_UNITS, two_readings
from nousnous.capabilities.gaps.measures.report import BeliefRow, DebtRow, GapReport, StepRow
from nousnous.charts.words import NOTHING, interval, money, money_interval, number, percent, reading, signed, verdict
from nousnous.journeys.catalogue import unit_of
from nousnous.stats.estimate import Estimate
from nousnous.stats.gaps import Gap, Verdict


@dataclass(frozen=True, slots=True)
class Line:
    """One belief, or a step that nobody wrote one about. `verdict` None: there is nothing to judge."""

    step: str
    metric: str
    author: str
    believed: str
    lived: str
    ends: str
    n: str
    gap: str
    word: str
    verdict: Verdict | None
    cost: str
    cost_ends: str


def lines_of(steps: Iterable[StepRow], names: dict[str, tuple[str, str]]) -> list[Line]:
    """The lines of some steps; `names` are the name and the unit of each metric. A step's cost stands once."""
    found = []
    for row in steps:
        cost, ends = cost_of(row.debt)
        if not row.beliefs:
            found.append(_without_belief(row, cost, ends))
        for place, belief in enumerate(row.beliefs):
            found.append(_line(row, belief, names, (cost, ends) if place == 0 else ("", "")))
    return found


def cost_of(row: DebtRow) -> tuple[str, str]:
    """A debt a year with its interval; of the period where fewer than 28 days were observed."""
    found = row.debt.per_year or row.debt.money
    ends = "" if found.low is None or not found.value else money_interval(found.low, found.high, row.currency)
    return money(found.value, row.currency), ends


def summary_of(report: GapReport) -> str:
    """Who entered, how many finished, what the journey costs, in one sentence."""
    journey, finished = report.journey, report.journey.passage.finished
    if finished.value is None:
        done = f"{number(finished.n)} entered, too few to say how many finish"
    else:
        ends = interval(finished.low, finished.high, "share")
        done = f"{number(journey.passage.entered)} entered, {percent(finished.value)} finished ({ends})"
    cost, ends = cost_of(journey.debt)
    often = "a year" if journey.debt.debt.per_year else "in this period"
    return f"{done}; experience debt {cost} {often}{f' ({ends})' if ends else ''}."


def notes_of(report: GapReport) -> list[str]:
    """What a reader must know to read the lines."""
    found = ["Plus is bad news. In brackets: 95% interval."]
    judged = sorted({one.judged_on for row in report.steps for one in row.beliefs if one.judged_on})
    if judged:
        found.append(f"Verdicts were judged when the week closed on {judged[-1]}; intervals are of this period.")
    if report.journey.debt.debt.per_year is None:
        found.append("Fewer than 28 days were observed: costs are of this period, not of a year.")
    unweighted = [one for one in report.journey.scores if one.metric == "nps"]
    found += [_relationship(one.estimate, one.unweighted) for one in unweighted]
    return found


def _relationship(nps: Estimate, unweighted: Estimate | None) -> str:
    if nps.value is None:
        return f"NPS of the relationship: n {number(nps.n)}, too few."
    raw = f", {number(unweighted.value, 1)} without weights" if unweighted and unweighted.value is not None else ""
    ends = f"{number(nps.low, 1)} to {number(nps.high, 1)}"
    return f"NPS of the relationship {number(nps.value, 1)} ({ends}){raw}, n {number(nps.n)}."


def gap_of(gap: Gap) -> str:
    """A gap with its unit.

    >>> gap_of(Gap(1.2, 0.1, 2.0, "points")), gap_of(Gap(-10.0, -20.0, -5.0, "percent"))
    ('+1 point', '−10%')
    """
    unit, figure = GAP_UNITS[gap.unit], signed(gap.value)
    if unit.startswith("%"):
        return f"{figure}{unit}"
    return f"{figure} {'point' if figure[1:] == '1' else unit}"


def _line(row: StepRow, belief: BeliefRow, names: dict[str, tuple[str, str]], cost: tuple[str, str]) -> Line:
    stated, finding = belief.stated, belief.finding
    name, unit = names.get(stated.metric, (stated.metric, "answer"))
    lived, gap = finding.experienced, finding.gap
    few = lived.value is None
    measure = unit_of(unit)
    pair = (reading(stated.value, measure), NOTHING)
    if lived.value is not None:
        pair = two_readings(stated.value, lived.value, measure)
    about = f"{row.step.name} ({belief.segment.partition('=')[2]})" if belief.segment else row.step.name
    return Line(
        about,
        name,
        belief.author,
        pair[0],
        pair[1],
        "" if few else interval(lived.low, lived.high, measure),
        number(lived.n),
        "" if few else gap_of(gap),
        verdict(finding.judgement.verdict, lived.n, few=few),
        None if few else finding.judgement.verdict,
        *cost,
    )


def _without_belief(row: StepRow, cost: str, ends: str) -> Line:
    n = number(row.visits.n)
    return Line(row.step.name, "", "", NOTHING, NOTHING, "", n, "", "no belief", None, cost, ends)
