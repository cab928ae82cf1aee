"""The soak of experiments: nothing is found where nothing is, at the end, on every day, and on the worst of 20 steps.

python -m bench.experiments               10,000 A/A tests of each kind, 1,000 worlds of 20 steps
python -m bench.experiments --write       the table into docs/reference/experiments.md as well
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench.parts import trial

from nousnous.stats.lifts import Arm, Comparison, arm, compare
from nousnous.stats.panels import placebo

TESTS, WORLDS = 10_000, 1_000
DAYS, ARRIVING = 14, 60
FIXED_FROM, FIXED_TO, ALWAYS_AT_MOST, FIX_AT_MOST = 0.044, 0.056, 0.05, 0.04
KINDS = ("share", "mean", "ratio")
STEPS, CHOOSING, WEEKS, A_WEEK = 20, 4, 6, 300
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "experiments.md"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rates:
    """How often something was found where nothing is: per kind at the end, with prior behaviour, on some day."""

    fixed: dict[str, float]
    adjusted: dict[str, float]
    always: dict[str, float]
    fix: float
    fix_from_choice: float
    fix_naive: float


def people(draw: np.random.Generator, kind: str, n: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Numerator, denominator and both of before: a habit of each person shows in both."""
    habit = draw.gamma(2.0, 0.5, n)
    visits, before = draw.poisson(habit * 2) + 1.0, draw.poisson(habit * 2).astype(np.float64)
    ones = np.ones(n)
    if kind == "share":
        return (draw.random(n) < 0.1 * habit).astype(np.float64), ones, (draw.random(n) < 0.1 * habit) * 1.0, ones
    if kind == "mean":
        spent = draw.lognormal(3.0, 1.0, (2, n)) * (draw.random((2, n)) < 0.15 * habit)
        return spent[0], ones, spent[1], ones
    done = [draw.binomial(seen.astype(np.int64), np.clip(0.6 / (1 + habit), 0, 1)) * 1.0 for seen in (visits, before)]
    return done[0], visits, done[1], before


def experiment(number: int, kind: str) -> tuple[bool, bool, bool]:
    """One A/A test of two weeks: found at the end, found there with prior behaviour, found on any day."""
    draw = np.random.default_rng([number, KINDS.index(kind)])
    sizes = draw.poisson(ARRIVING, (2, DAYS)).cumsum(axis=1)
    groups = [people(draw, kind, int(size[-1])) for size in sizes]
    planned = 2 * DAYS * ARRIVING

    def until(day: int, *, prior: bool = False, sequential: bool = False) -> Comparison:
        arms: list[Arm] = []
        for size, group in zip(sizes, groups, strict=True):
            rows = [column[: size[day]] for column in group]
            arms.append(arm(*rows) if prior else arm(*rows[:2]))
        return compare(arms[0], arms[1], planned if sequential else None)

    found = [(one.p or 1.0) <= 0.05 for one in (until(DAYS - 1), until(DAYS - 1, prior=True))]
    daily = any((until(day, sequential=True).p or 1.0) <= 0.05 for day in range(DAYS))
    return found[0], found[1], daily


def world(number: int) -> Floats:
    """Share of failing visits of 20 steps by week: each has its level, and drifts on its own; nothing was fixed."""
    draw = np.random.default_rng([number, 20])
    level = draw.normal(-1.5, 0.4, (STEPS, 1))
    drift = draw.normal(0, 0.12, (STEPS, CHOOSING + 2 * WEEKS)).cumsum(axis=1) * 0.5
    noise = draw.normal(0, 0.15, drift.shape)
    return draw.binomial(A_WEEK, 1 / (1 + np.exp(-(level + drift + noise)))) / A_WEEK


def fixes(number: int) -> tuple[bool, bool, bool]:
    """A null fix on the step that looked worst: proven, proven with the weeks of the choice as baseline, naively so."""
    weeks = world(number)
    worst = int(weeks[:, :CHOOSING].mean(axis=1).argmax())
    after = weeks[:, CHOOSING:]
    chosen = np.concatenate([weeks[:, :CHOOSING], weeks[:, CHOOSING + WEEKS :]], axis=1)
    naive = [after[worst, :WEEKS].mean(), after[worst, WEEKS:].mean()]
    error = np.sqrt(sum(share * (1 - share) for share in naive) / (A_WEEK * WEEKS))
    return (
        placebo(after, worst, WEEKS, "lower").proof,
        placebo(chosen, worst, CHOOSING, "lower").proof,
        bool((naive[0] - naive[1]) / error > 1.96),
    )


def rates(tests: int = TESTS, worlds: int = WORLDS) -> Rates:
    """Every test and world has a seed of its own, so that a thinner soak draws the same ones."""
    shares = {kind: np.mean([experiment(number, kind) for number in range(tests)], axis=0).tolist() for kind in KINDS}
    fix = np.mean([fixes(number) for number in range(worlds)], axis=0).tolist()
    fixed, adjusted, always = ({kind: shares[kind][place] for kind in KINDS} for place in range(3))
    return Rates(fixed, adjusted, always, *fix)


def failures(found: Rates, slack: float = 0.0) -> list[str]:
    """What is not as asked; a thinner soak is given some slack."""
    wrong = [
        f"{kind}: {100 * share:.1f} % of A/A tests are found at the end"
        for group in (found.fixed, found.adjusted)
        for kind, share in group.items()
        if not FIXED_FROM - slack <= share <= FIXED_TO + slack
    ]
    wrong += [
        f"{kind}: {100 * share:.1f} % of A/A tests are found on some day"
        for kind, share in found.always.items()
        if share > ALWAYS_AT_MOST + slack
    ]
    return wrong + ([f"{100 * found.fix:.1f} % of null fixes are proven"] if found.fix > FIX_AT_MOST + slack else [])


def page(found: Rates) -> str:
    """The table as Markdown."""
    fixed = f"{100 * FIXED_FROM:.1f} to {100 * FIXED_TO:.1f}"
    rows = [("Found at the end", kind, found.fixed[kind], fixed) for kind in KINDS]
    rows += [("Found at the end, prior behaviour taken out", kind, found.adjusted[kind], fixed) for kind in KINDS]
    always = f"at most {100 * ALWAYS_AT_MOST:.0f}"
    rows += [("Found on any of 14 days, always-valid", kind, found.always[kind], always) for kind in KINDS]
    rows += [
        ("Null fix of the worst step “proven”", "placebo", found.fix, f"at most {100 * FIX_AT_MOST:.0f}"),
        ("The same, with the weeks of the choice as baseline", "placebo", found.fix_from_choice, "–"),
        ("The same, by standard errors of its visits alone", "naive", found.fix_naive, "–"),
    ]
    lines = [f"| {what} | {kind} | {100 * share:.1f} | {asked} |" for what, kind, share, asked in rows]
    return "\n".join([INTRODUCTION, *lines]) + "\n"


INTRODUCTION = f"""# Experiments that find nothing where nothing is

Generated by `python -m bench.experiments --write`; seeds are fixed.

{TESTS:,} A/A tests of each kind: {DAYS} days, {ARRIVING} persons a day and arm, each with a habit that shows before and
after. The share is of about 10 % of persons, the mean is revenue (most spend nothing, the rest log-normal), the ratio
completions of visits.

{WORLDS:,} worlds of {STEPS} steps whose failing shares drift week by week: the worst of {CHOOSING} weeks is
chosen, {WEEKS} weeks are its baseline, nothing is done, and {WEEKS} weeks are read out.

| what | of | per cent | asked |
| --- | --- | --- | --- |"""


def main() -> int:
    found = rates()
    return trial(TABLE, page(found), failures(found))


if __name__ == "__main__":
    sys.exit(main())
