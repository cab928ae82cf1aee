"""A gap report as a sheet for other programs: one row for each belief and step, numbers unrounded."""

from collections.abc import Iterator, Mapping
from typing import Any

from nousnous.capabilities.gaps.measures.report import BeliefRow, GapReport, StepRow
from nousnous.stats.estimate import Estimate


def sheet_of(report: GapReport) -> Iterator[dict[str, Any]]:
    """The rows of the whole report, then of each segment."""
    head = {
        "workspace": report.workspace,
        "journey": report.journey.id,
        "from": report.from_at,
        "to": report.to_at,
        "snapshot": report.snapshot,
    }
    parts = [(report.segment or "", report.steps)]
    parts += [(f"{report.by}={one.segment}", one.steps) for one in report.segments]
    for part, steps in parts:
        for row in steps:
            for belief in row.beliefs or (None,):
                yield {**head, "part": part, **_row(row, belief)}


def _row(row: StepRow, belief: BeliefRow | None) -> dict[str, Any]:
    step, debt = row.step, row.debt
    return {
        "step": step.id,
        "name": step.name,
        "stage": step.stage,
        "channel": step.channel,
        "owner": step.owner,
        **{f"visits_{name}": count for name, count in row.visits.as_dict().items()},
        **_belief(belief),
        **_ends("hours", debt.debt.hours),
        **_ends("per_year", debt.debt.per_year),
        "reference_s": debt.reference_s,
        "currency": debt.currency,
        "principal": debt.principal,
        "interest": debt.interest,
    }


def _belief(belief: BeliefRow | None) -> dict[str, Any]:
    names = ("metric", "believed", "tolerance", "expected_gap", "sealed", "sealed_in_time")
    more = ("verdict", "judged_on", "lean", "needed_n")
    told: Mapping[str, Any] = belief.as_dict() if belief else {}
    finding = belief.finding if belief else None
    low, high = (belief.stated.range or (None, None)) if belief else (None, None)
    spot = finding.blind_spot if finding else None
    return {
        "author": told.get("author"),
        "about": told.get("segment"),
        **{name: told.get(name) for name in names},
        "range_low": low,
        "range_high": high,
        **_ends("experienced", finding.experienced if finding else None),
        "n": finding.experienced.n if finding else None,
        "method": finding.experienced.method if finding else None,
        "gap": finding.gap.value if finding else None,
        "gap_low": finding.gap.low if finding else None,
        "gap_high": finding.gap.high if finding else None,
        "gap_unit": finding.gap.unit if finding else None,
        **{name: told.get(name) for name in more},
        "blind_spot": spot.difference if spot else None,
        "blind_spot_ratio": spot.ratio if spot else None,
    }


def _ends(name: str, found: Estimate | None) -> dict[str, float | None]:
    ends = (None, None, None) if found is None else (found.value, found.low, found.high)
    return dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
