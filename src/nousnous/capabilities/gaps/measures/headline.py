"""What a gap report says in one title and one sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nousnous.capabilities.gaps.measures.phrases import PHRASES, claim
from nousnous.capabilities.gaps.measures.report import BeliefRow, GapReport, StepRow
from nousnous.charts.words import capital, counted, in_words, number, rounded

NOT_JUDGED = "no week has been judged yet"


@dataclass(frozen=True, slots=True)
class Headline:
    """A page's title and the sentence under it."""

    title: str
    lead: str


Pair = tuple[StepRow, BeliefRow]


def headline(report: GapReport, units: Mapping[str, str]) -> Headline:
    """The answer of the gap page; `units` are those of `charts.words` by metric."""
    seen = sum(row.visits.n + row.visits.open for row in report.steps)
    if not seen:
        return Headline("Nobody came by in this period", "No visit of any step opened; choose a longer period.")
    pairs = beliefs_of(report.steps)
    if not pairs:
        where = counted(len(report.steps), "step")
        return Headline(
            "No gap yet: nobody has written down a belief",
            f"{number(seen)} {'visit' if seen == 1 else 'visits'} seen at {where}, waiting for the first belief.",
        )
    return Headline(_title(report, pairs, units), _lead(report, pairs))


def beliefs_of(steps: Iterable[StepRow]) -> list[Pair]:
    """Beliefs with their steps, of each step those about everybody first."""
    return [(step, belief) for step in steps for belief in sorted(step.beliefs, key=lambda one: bool(one.segment))]


def with_verdict(pairs: Sequence[Pair], verdict: str) -> list[Pair]:
    return [pair for pair in pairs if pair[1].finding.judgement.verdict == verdict]


def worst(pairs: Sequence[Pair]) -> Pair | None:
    """The proven gap of the dearest step, of several at it that of the first metric of the catalogue."""
    worse = with_verdict(pairs, "gap")
    dearest = [pair for pair in worse if pair[0] is worse[0][0]]
    return min(dearest, key=_by_metric_and_gap, default=None)


def _by_metric_and_gap(pair: Pair) -> tuple[int, bool, float]:
    metric, order = pair[1].stated.metric, list(PHRASES)
    place = order.index(metric) if metric in order else len(order)
    return place, bool(pair[1].segment), -(pair[1].finding.gap.value or 0.0)


def said(pair: Pair, units: Mapping[str, str]) -> str:
    """A belief beside what is, as a clause."""
    stated, lived = pair[1].stated, pair[1].finding.experienced.value
    return claim(stated.metric, stated.value, lived or 0.0, units.get(stated.metric, "score"))


def _title(report: GapReport, pairs: Sequence[Pair], units: Mapping[str, str]) -> str:
    found = worst(pairs)
    if found is not None:
        dearest = found[0] is report.steps[0] and bool(found[0].debt.debt.money.value)
        return f"{_name(found)} {'costs most' if dearest else 'falls short'}: {said(found, units)}"
    better = with_verdict(pairs, "delight")
    if better:
        best = min(better, key=lambda pair: pair[1].finding.gap.value or 0.0)
        return f"{_name(best)} is better than believed: {said(best, units)}"
    right, judged = len(with_verdict(pairs, "confirmed")), len(pairs)
    if right == judged:
        if judged == 1:
            return "The team is right: its belief holds"
        return f"Teams are right: {'both' if judged == 2 else f'all {in_words(judged)}'} beliefs hold"
    if right:
        waiting = in_words(judged - right)
        return f"Nothing is proven worse: {counted(right, 'belief holds', 'beliefs hold')}, {waiting} open"
    return f"No verdict yet: {counted(judged, 'belief waits', 'beliefs wait')} for more evidence"


def _name(pair: Pair) -> str:
    """The step, and whose experience the belief is about where it is not everybody's."""
    segment = pair[1].segment.partition("=")[2]
    return capital(pair[0].step.name) + (f" ({segment})" if segment else "")


def _lead(report: GapReport, pairs: Sequence[Pair]) -> str:
    worse = {pair[0].step.id for pair in with_verdict(pairs, "gap")}
    steps = [row for row in report.steps if row.step.id in worse] or list(report.steps)
    hours = sum(row.debt.debt.hours.value or 0.0 for row in steps)
    scale = _year_scale(report)
    often = "a year" if scale else "in this period"
    lost = f"Customers lose {rounded(hours * (scale or 1.0))} hours {often}"
    if not worse:
        ends = "Nobody lost time that we know of." if not hours else f"{lost} on this journey."
        waiting = any(pair[1].finding.judgement.reason == NOT_JUDGED for pair in pairs)
        return f"{ends} The first verdicts come when the week closes." if waiting else ends
    if not hours:
        return "No time was lost there that we know of: people who just leave cost no hours, but do not come through."
    if len(worse) == 1:
        return f"{lost} at the one step that is worse than its team believes."
    return f"{lost} at the {counted(len(worse), 'step')} that are worse than their team believes."


def _year_scale(report: GapReport) -> float | None:
    scale = report.journey.debt.factors.get("year_scale")
    return None if scale is None else float(scale)
