"""A gap report of the made-up company of the model pages, made by hand."""

from collections.abc import Sequence
from dataclasses import replace

from nousnous.capabilities.gaps.measures.beliefs import Stated, finding
from nousnous.capabilities.gaps.measures.debt import Cause, Debt
from nousnous.capabilities.gaps.measures.outcomes import Counts
from nousnous.capabilities.gaps.measures.passage import Passage, Transition
from nousnous.capabilities.gaps.measures.report import (
    BeliefRow,
    ContactCosts,
    DebtRow,
    GapReport,
    JourneyRow,
    StepRow,
    Trend,
)
from nousnous.capabilities.gaps.metrics import METRICS
from nousnous.facts.journeys import Step
from nousnous.journeys.scores import Score
from nousnous.stats.estimate import Estimate, too_few
from nousnous.stats.scores import low_answers_to

YEAR_SCALE = 4.06


def estimate(value: float, low: float, high: float, n: int, method: str = "wilson") -> Estimate:
    return Estimate(value, low, high, n, method)


def belief(metric: str, value: float, tolerance: float, lived: Estimate, expected: float | None = None) -> BeliefRow:
    stated = Stated(metric, value, tolerance, None, expected)
    found = finding(stated, lived, METRICS[metric].scale())
    return BeliefRow(
        f"bel_{metric}_{value}",
        "shop team",
        "",
        stated,
        sealed=True,
        sealed_in_time=True,
        finding=found,
        judged_on=None,
    )


def debt(a_year: float, *causes: tuple[str, float]) -> DebtRow:
    hours = a_year / 30 / YEAR_SCALE
    spans = (estimate(hours, 0.86 * hours, 1.16 * hours, 420, "gamma"), None)
    money = spans[0].times(30)
    found = Debt(spans[0], money, money.times(YEAR_SCALE), tuple(Cause(name, share * hours) for name, share in causes))
    factors = {
        "hourly_wage": {"default": 30.0},
        "amplification": {"share": 0.0, "reach": 0.0, "carry": 0.01, "factor": 1.0},
        "year_scale": YEAR_SCALE,
    }
    return DebtRow(found, 64.0, "USD", factors, a_year / 2, a_year / 52, ContactCosts())


def step(name: str, a_year: float, n: int, beliefs: Sequence[BeliefRow], weeks: Sequence[float] = ()) -> StepRow:
    row = Step(
        name.lower().replace(" ", "-"), name, stage="purchase", channel="app", owner="shop team", designed="One tap."
    )
    done = round(0.7 * n)
    counts = Counts(n, done, n // 5, n - done - n // 5, 3)
    elapsed = {
        f"p{one}": estimate(seconds, 0.9 * seconds, 1.1 * seconds, done, "order statistics")
        for one, seconds in ((5, 21), (10, 30), (25, 58), (50, 124), (75, 260), (90, 540), (95, 790))
    }
    histogram = dict(
        zip(
            ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
            (9, 3, 5, 9, 8, 140, 130, 300, 690, 580, 872),
            strict=True,
        )
    )
    tail = estimate(0.125, 0.113, 0.138, 2_746)
    score = Score("nps", (0, 10), estimate(39.8, 37.1, 42.5, 2_746, "adjusted wald"), {}, histogram, tail)
    trend = Trend("completion", "share", tuple(estimate(one, one - 0.03, one + 0.03, 150) for one in weeks))
    causes = (("Check-in Error on button#check-in", 0.8), ("Rage Click on button#check-in", 0.15), ("Quick Back", 0.05))
    ended = {"completed": done, "failed": n // 5, "abandoned": n - done - n // 5, "open": 3}
    shares = {
        name: estimate(count / (n or 1), 0.9 * count / (n or 1), 1.1 * count / (n or 1), n)
        for name, count in ended.items()
    }
    return StepRow(
        row,
        counts,
        shares,
        elapsed,
        (score,),
        tuple(beliefs),
        debt(a_year, *causes),
        trend if weeks else None,
        ({"kind": "fracture", "reference": "fra_1"},) * (n % 4),
    )


def completion(value: float, tolerance: float, lived: tuple[float, float, float], n: int) -> BeliefRow:
    return belief("completion", value, tolerance, estimate(*lived, n), 12.0)


STEPS = (
    step(
        "Mobile check-in",
        412_000,
        1_204,
        [
            completion(0.95, 0.02, (0.61, 0.58, 0.64), 1_204),
            belief("duration_p50", 60, 0.05, estimate(124, 112, 140, 734, "order statistics")),
        ],
        (0.78, 0.77, 0.79, 0.76, 0.75, 0.69, 0.64, 0.61),
    ),
    step(
        "Refund",
        186_000,
        1_094,
        [
            completion(0.88, 0.03, (0.57, 0.52, 0.62), 1_094),
            belief("nps", 35, 0.02, estimate(12, 6, 18, 902, "adjusted wald")),
            belief("duration_p90", 600, 0.05, estimate(540, 500, 590, 623, "order statistics")),
        ],
        (0.60, 0.62, 0.58, 0.56, 0.59, 0.55, 0.55, 0.57),
    ),
    step("Support chat", 121_000, 902, [completion(0.90, 0.04, (0.71, 0.68, 0.74), 902)], (0.64, 0.64, 0.66, 0.71)),
    step("Change a booking", 64_000, 640, [completion(0.80, 0.03, (0.69, 0.65, 0.73), 640)], (0.70, 0.69, 0.70, 0.69)),
    step("Onboarding", 23_000, 512, [completion(0.72, 0.04, (0.68, 0.64, 0.72), 512)]),
    step("Search and book", 9_000, 9_204, [completion(0.84, 0.03, (0.83, 0.82, 0.835), 9_204)]),
    step("Store pick-up", 4_000, 188, [completion(0.70, 0.04, (0.86, 0.80, 0.90), 188)]),
    step("Airport lounge", 0, 14, [belief("completion", 0.92, 0.03, too_few(4))]),
)
PASSAGE = Passage(
    21_083,
    estimate(0.42, 0.413, 0.427, 21_083),
    STEPS[0].elapsed,
    tuple(
        Transition(a, b, 900 - 90 * a - 11 * b, 0.6 if b == a + 1 else 0.2, 340.0)
        for a in range(8)
        for b in (a, a + 1)
        if b < 8
    ),
)
JOURNEY = JourneyRow("travel", "Travel app", tuple(row.step for row in STEPS), PASSAGE, debt(819_000), ContactCosts())
REPORT = GapReport(
    "northwind", "2026-08-01T00:00:00+00:00", "2026-10-30T00:00:00+00:00", "duckdb", "4f2a", JOURNEY, STEPS
)


def with_steps(*steps: StepRow) -> GapReport:
    return replace(REPORT, steps=steps)


LOW_TO = low_answers_to(0, 10)
