"""Verdicts: computed when a week closes, for the 90 days before, and stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nousnous.base import clock
from nousnous.capabilities.gaps.actions.reading import Sources, read_evidence
from nousnous.capabilities.gaps.measures.assembly import NEVER_JUDGED, HeldBelief, belief_row
from nousnous.capabilities.gaps.measures.evidence import Evidence
from nousnous.capabilities.gaps.measures.report import BeliefRow
from nousnous.capabilities.gaps.models import Belief, StoredVerdict
from nousnous.facts.journeys import Journey
from nousnous.journeys.catalogue import METRICS
from nousnous.journeys.parts import property_and_value
from nousnous.journeys.periods import Extent, Period
from nousnous.journeys.windows import last_monday, window_before
from nousnous.stats.gaps import Judgement


def held(
    belief: Belief, stored: tuple[Judgement, str | None] | None = None, first_sealed_us: int | None = None
) -> HeldBelief:
    """A kept belief as the measures see it; the earliest seal of its versions counts for the principal alone."""
    metric = METRICS[belief.metric]
    return HeldBelief(
        belief.id,
        belief.step,
        belief.author,
        belief.segment,
        belief.stated,
        belief.sealed_us,
        metric.scale(),
        metric.unit,
        metric.own_scale,
        stored,
        first_sealed_us,
    )


def last_stored(beliefs: Sequence[Belief]) -> dict[str, tuple[Judgement, str | None]]:
    """The last stored verdict of each belief by its id; unproven where no week has been judged."""
    found: dict[str, tuple[Judgement, str | None]] = {belief.id: (NEVER_JUDGED, None) for belief in beliefs}
    for stored in StoredVerdict.objects.last_of(beliefs).values():
        judgement = Judgement(stored.verdict, stored.lean or None, stored.needed_n, stored.reason or None)  # type: ignore[arg-type]  # stored words
        found[stored.belief_id] = (judgement, stored.closed_on.isoformat())
    return found


@dataclass(frozen=True, slots=True)
class Weeks:
    """Mondays on which weeks closed, in the workspace's time zone, and the newest event of the snapshot."""

    mondays: Sequence[date]
    timezone: str
    newest_us: int


def closed_weeks(extent: Extent, timezone: str) -> list[date]:
    """The Mondays on which a week with events closed, up to now, oldest first."""
    if extent.first_us is None or extent.newest_us is None:
        return []
    first = last_monday(extent.first_us, timezone) + timedelta(days=7)
    last = min(last_monday(extent.newest_us, timezone) + timedelta(days=7), last_monday(clock.now_us(), timezone))
    return [first + timedelta(days=7 * week) for week in range((last - first).days // 7 + 1)]


def judge(sources: Sources, journey: Journey, beliefs: Sequence[Belief], weeks: Weeks) -> int:
    """Store the verdict of each belief for each week that has none yet; returns how many were stored."""
    known = {step.id for step in journey.steps}
    missing = _missing([belief for belief in beliefs if belief.step in known], weeks.mondays)
    if not missing:
        return 0
    wanted = sorted({monday for mondays in missing.values() for monday in mondays})
    periods = {monday: window_before(monday, weeks.timezone) for monday in wanted}
    whole = Period(min(one.from_us for one in periods.values()), max(one.to_us for one in periods.values()))
    fresh: list[StoredVerdict] = []
    splits = sorted({_property(belief) for belief in missing})
    read = read_evidence(sources, journey, whole, weeks.newest_us, [split or None for split in splits])
    for split, (evidence, _) in zip(splits, read, strict=True):
        concerned = {belief: mondays for belief, mondays in missing.items() if _property(belief) == split}
        fresh += _judged(evidence, concerned, periods, sources.name)
    StoredVerdict.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _property(belief: Belief) -> str:
    return property_and_value(belief.segment)[0] or ""


def _missing(beliefs: Sequence[Belief], mondays: Sequence[date]) -> dict[Belief, list[date]]:
    judged = set(StoredVerdict.objects.filter(belief__in=beliefs).values_list("belief_id", "closed_on"))
    weeks = {belief: [monday for monday in mondays if (belief.id, monday) not in judged] for belief in beliefs}
    return {belief: missing for belief, missing in weeks.items() if missing}


def _judged(
    evidence: Evidence, missing: dict[Belief, list[date]], periods: dict[date, Period], snapshot: str
) -> list[StoredVerdict]:
    positions = {step.id: position for position, step in enumerate(evidence.journey.steps)}
    fresh = []
    for monday, period in periods.items():
        inside = evidence.during(period)
        for belief, mondays in missing.items():
            if monday in mondays:
                value = property_and_value(belief.segment)[1]
                part = inside.of_segment(value) if value else inside
                row = belief_row(held(belief), part, positions[belief.step])
                fresh.append(_stored(belief, row, monday, period, snapshot))
    return fresh


def _stored(belief: Belief, row: BeliefRow, monday: date, period: Period, snapshot: str) -> StoredVerdict:
    judgement, gap, estimate = row.finding.judgement, row.finding.gap, row.finding.experienced
    metric = METRICS[belief.metric]
    scale = row.scale if metric.own_scale else None
    return StoredVerdict(
        belief=belief,
        closed_on=monday,
        from_us=period.from_us,
        to_us=period.to_us,
        verdict=judgement.verdict,
        lean=judgement.lean or "",
        needed_n=judgement.needed_n,
        reason=judgement.reason or "",
        value=estimate.value,
        gap_value=gap.value,
        gap_low=gap.low,
        gap_high=gap.high,
        unit=gap.unit,
        n=estimate.n,
        method=estimate.method,
        denominator=metric.needs,
        sealed_in_time=row.sealed_in_time,
        scale_low=scale.low if scale else None,
        scale_high=scale.high if scale else None,
        snapshot=snapshot,
        definition=metric.definition,
    )
