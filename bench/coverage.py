"""The soak of intervals: how often the 95 % interval of each estimator holds the truth of a simulated world.

python -m bench.coverage              every cell, 2,000 draws each, as a table; fails below what is asked
python -m bench.coverage --write      the table into docs/reference/coverage.md as well
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from nousnous.stats import contrasts, gaps, matching, means, quantiles, scores, shares, totals
from nousnous.stats.estimate import Estimate

DRAWS = 2_000
VISITS = (1, 3, 10)
FEW, PERSONS = (10, 20), (50, 100, 300)
CORRELATION = 0.3
BELIEFS = 20
MEAN_AT_LEAST, CELL_AT_LEAST = 0.94, 0.90
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "coverage.md"

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
World = Callable[[np.random.Generator, int, int], bool]


@dataclass(frozen=True, slots=True)
class Cell:
    """One world: estimator, visits a person, persons, what was varied, and how often the truth was held."""

    family: str
    visits: int
    persons: int
    world: str
    coverage: float


def visits_of(draw: np.random.Generator, visits: int, persons: int) -> Whole:
    return 1 + draw.poisson(visits - 1, persons)


def holds(found: Estimate, truth: float) -> bool:
    return (found.low is None or found.low <= truth) and (found.high is None or truth <= found.high)


def chances(draw: np.random.Generator, p: float, persons: int) -> Array:
    strength = 1 / CORRELATION - 1
    return draw.beta(p * strength, (1 - p) * strength, persons)


def levels(draw: np.random.Generator, sizes: Whole) -> tuple[Array, Whole]:
    """Standard normal values with the correlation within the person, and who gave them."""
    persons = np.repeat(np.arange(sizes.size), sizes)
    own = draw.normal(size=sizes.size)[persons]
    return np.sqrt(CORRELATION) * own + np.sqrt(1 - CORRELATION) * draw.normal(size=persons.size), persons


def weights_of(draw: np.random.Generator, persons: int) -> Array:
    return draw.lognormal(0, 0.5, persons)


def share_holds(draw: np.random.Generator, visits: int, persons: int, p: float) -> bool:
    sizes = visits_of(draw, visits, persons)
    ones = draw.binomial(sizes, chances(draw, p, persons))
    return holds(shares.share(ones, sizes), p)


def weighted_share_holds(draw: np.random.Generator, visits: int, persons: int, p: float) -> bool:
    sizes = visits_of(draw, visits, persons)
    ones = draw.binomial(sizes, chances(draw, p, persons))
    return holds(shares.share(ones, sizes, weights_of(draw, persons)), p)


def mean_holds(draw: np.random.Generator, visits: int, persons: int, cuts: Sequence[float]) -> bool:
    """Ratings 1 to 5 whose cumulative shares up to 4 are the cuts."""
    values, codes = levels(draw, visits_of(draw, visits, persons))
    return holds(means.mean(1.0 + np.searchsorted(ndtri(cuts), values), codes), 5 - sum(cuts))


def weighted_mean_holds(draw: np.random.Generator, visits: int, persons: int, cuts: Sequence[float]) -> bool:
    values, codes = levels(draw, visits_of(draw, visits, persons))
    ratings = 1.0 + np.searchsorted(ndtri(cuts), values)
    return holds(means.mean(ratings, codes, weights_of(draw, persons)[codes]), 5 - sum(cuts))


def nps_holds(draw: np.random.Generator, visits: int, persons: int, mix: tuple[float, float]) -> bool:
    """Answers of promoters (10) and detractors (0) in the shares of the mix, the rest passive (7)."""
    promoters, detractors = mix
    values, codes = levels(draw, visits_of(draw, visits, persons))
    place = ndtr(values)
    answers = np.where(place < detractors, 0, np.where(place > 1 - promoters, 10, 7))
    return holds(scores.nps(answers, codes), 100 * (promoters - detractors))


def enps_holds(draw: np.random.Generator, _visits: int, answers: int, mix: tuple[float, float]) -> bool:
    """Two thirds of a staff answer; the truth is what the whole staff would say."""
    staff = answers * 3 // 2
    everyone = draw.choice([10, 0, 7], size=staff, p=[*mix, 1 - sum(mix)])
    truth = 100 * (np.mean(everyone == 10) - np.mean(everyone == 0))
    return holds(scores.enps(everyone[:answers], staff), float(truth))


def total_holds(draw: np.random.Generator, visits: int, persons: int, sigma: float) -> bool:
    """Seconds of about so many persons with a wasted visit, log-normal for each visit."""
    sizes = visits_of(draw, visits, int(draw.poisson(persons)))
    owners = np.repeat(np.arange(sizes.size), sizes)
    seconds = np.bincount(owners, draw.lognormal(0, sigma, owners.size), minlength=sizes.size)
    return holds(totals.total(seconds, sizes.size), persons * visits * float(np.exp(sigma**2 / 2)))


def alike(
    draw: np.random.Generator, visits: int, persons: int, rises: Sequence[float], chances: Sequence[float]
) -> tuple[matching.Matched, Array, Whole, Array]:
    """Groups with rising friction, the last of so many persons: matched rows, chances, persons, and what is true.

    Strata are mixed differently in each group and have chances of their own; who is in another group than the last has
    several rows, which mostly end alike. What is true is the contrast of the chances in the mix of the last group.
    """
    groups, codes, homes, start = [], [], [], 0
    for number, share in enumerate(MIXES_OF_STRATA[-len(rises) :]):
        last = number == len(rises) - 1
        sizes = np.ones(persons, dtype=np.int64) if last else visits_of(draw, visits, 2 * persons)
        codes.append(start + np.repeat(np.arange(sizes.size), sizes))
        homes.append(draw.choice(len(share), codes[-1].size, p=share))
        groups.append(np.full(codes[-1].size, number))
        start += sizes.size
    group, home = np.concatenate(groups), np.concatenate(homes)
    found = matching.matched(group, home, len(rises))
    chance = np.asarray(chances)[home] + np.asarray(rises)[group]
    weights = (-1.0, 1.0) if len(rises) == 2 else (1.0, -2.0, 1.0)
    weighed = [(found.weights[group == one], chance[group == one]) for one in range(len(rises))]
    means = [weight @ own / max(weight.sum(), 1.0) for weight, own in weighed]
    return found, chance, np.concatenate(codes), np.array([np.dot(weights, means), *weights])


def left_holds(draw: np.random.Generator, visits: int, persons: int, rises: Sequence[float]) -> bool:
    """Who leaves, more often with friction."""
    found, chance, codes, (truth, *weights) = alike(draw, visits, persons, rises, LEAVING)
    parts = found.shares(happening(draw, codes) < chance, codes)
    return holds(contrasts.contrast(list(zip(weights, parts, strict=True))), truth)


def spent_holds(draw: np.random.Generator, visits: int, persons: int, rises: Sequence[float]) -> bool:
    """What is spent: by more people with friction, so that the difference is not 0."""
    found, chance, codes, (truth, *weights) = alike(draw, visits, persons, rises, SPENDING)
    amounts = draw.lognormal(0, 1, int(codes.max()) + 1)[codes]
    parts = found.means((happening(draw, codes) < chance) * amounts, codes)
    return holds(contrasts.contrast(list(zip(weights, parts, strict=True))), truth * float(np.exp(0.5)))


def happening(draw: np.random.Generator, codes: Whole) -> Array:
    """A number between 0 and 1 a row, which mostly is the person's own."""
    place = draw.random(int(codes.max()) + 1)[codes]
    again = draw.random(codes.size) > ALIKE
    place[again] = draw.random(int(again.sum()))
    return place


def quantile_cells(draws: int, visits: int, persons: int) -> Iterator[Cell]:
    """All seven quantiles of the same draws; where one draw in ten lacks a bound, there is no cell."""
    draw = np.random.default_rng([visits, persons])
    held, sided = dict.fromkeys(quantiles.SPREAD, 0), dict.fromkeys(quantiles.SPREAD, 0)
    for _ in range(draws):
        for name, found in quantiles.spread(*levels(draw, visits_of(draw, visits, persons))).items():
            held[name] += holds(found, float(ndtri(float(quantiles.SPREAD[name]))))
            sided[name] += found.low is not None and found.high is not None
    for name in quantiles.SPREAD:
        if sided[name] >= 0.9 * draws:
            yield Cell("Quantiles", visits, persons, name, held[name] / draws)


P = (0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95)
RATINGS = {
    "mean 3": (0.2, 0.4, 0.6, 0.8),
    "mean 4": (0.05, 0.1, 0.25, 0.6),
    "mean 4.5": (0.02, 0.05, 0.1, 0.33),
    "mean 1.6": (0.6, 0.85, 0.95, 0.99),
}
# Strata of what is known before: their mix in each group, the one that is asked about last, and their own chances.
MIXES_OF_STRATA = ((0.1, 0.2, 0.3, 0.4), (0.2, 0.25, 0.25, 0.3), (0.4, 0.3, 0.2, 0.1))
LEAVING, SPENDING = (0.16, 0.12, 0.09, 0.05), (0.6, 0.5, 0.4, 0.3)
ALIKE = 0.9
RISES = {"0": (0.0, 0.0), "+5": (0.0, 0.05), "+30": (0.0, 0.3)}
SINGLES = {"0 and 0": (0.0, 0.0, 0.0), "+5 and +10": (0.0, 0.05, 0.1), "+5 and +30": (0.0, 0.05, 0.3)}
MIXES = {"85/12/3": (0.85, 0.03), "50/30/20": (0.5, 0.2), "30/40/30": (0.3, 0.3), "10/30/60": (0.1, 0.6)}
WORLDS: dict[str, dict[str, World]] = {
    "Shares": {f"p {p:g}": partial(share_holds, p=p) for p in P},
    "Means": {name: partial(mean_holds, cuts=cuts) for name, cuts in RATINGS.items()},
    "NPS": {name: partial(nps_holds, mix=mix) for name, mix in MIXES.items()},
    "Totals": {f"sigma {sigma:g}": partial(total_holds, sigma=sigma) for sigma in (0.5, 1.0, 1.5)},
    "Weighted shares": {f"p {p:g}": partial(weighted_share_holds, p=p) for p in P},
    "Weighted means": {name: partial(weighted_mean_holds, cuts=cuts) for name, cuts in RATINGS.items()},
    "Matched shares": {name: partial(left_holds, rises=rises) for name, rises in RISES.items()},
    "Matched means": {name: partial(spent_holds, rises=rises) for name, rises in RISES.items()},
    "Two against singles": {name: partial(left_holds, rises=rises) for name, rises in SINGLES.items()},
    "eNPS": {name: partial(enps_holds, mix=mix) for name, mix in MIXES.items()},
}


def cells(draws: int = DRAWS, persons: Sequence[int] = FEW + PERSONS) -> Iterator[Cell]:
    """Every cell of the grid. A cell has a seed of its own, so that a thinner grid draws the same worlds."""
    for visits in VISITS:
        for size in persons:
            for family, worlds in WORLDS.items():
                if family == "eNPS" and visits > 1:
                    continue
                for number, (name, world) in enumerate(worlds.items()):
                    draw = np.random.default_rng([visits, size, number])
                    held = sum(world(draw, visits, size) for _ in range(draws))
                    yield Cell(family, visits, size, name, held / draws)
            yield from quantile_cells(draws, visits, size)


def false_verdicts(worlds: int, visits: int, persons: int) -> tuple[float, float]:
    """Share of worlds of 20 true beliefs in shares that show a false gap, and that show a false gap or delight."""
    draw = np.random.default_rng([visits, persons])
    gap_worlds = either_worlds = 0
    for _ in range(worlds):
        verdicts = {verdict_on_the_truth(draw, visits, persons) for _ in range(BELIEFS)}
        gap_worlds += "gap" in verdicts
        either_worlds += bool(verdicts & {"gap", "delight"})
    return gap_worlds / worlds, either_worlds / worlds


def verdict_on_the_truth(draw: np.random.Generator, visits: int, persons: int) -> str:
    p, sizes = draw.uniform(0.1, 0.9), visits_of(draw, visits, persons)
    found = shares.share(draw.binomial(sizes, chances(draw, p, persons)), sizes)
    return gaps.judge(gaps.gap(p, found, gaps.Scale("share", 1)), found, 0.02).verdict


def verdicts_page(worlds: int = DRAWS) -> str:
    """False verdicts by size as Markdown."""
    parts = [
        VERDICTS,
        "| visits a person | persons a step | false gap | false gap or delight |\n| --- | --- | --- | --- |",
    ]
    for visits in VISITS:
        for persons in (50, 100, 200, 500, 1000):
            false_gap, either = false_verdicts(worlds, visits, persons)
            parts.append(f"| {visits} | {persons} | {_percent(false_gap)} | {_percent(either)} |")
    return "\n".join(parts) + "\n"


def failures(found: Sequence[Cell], draws: int) -> list[str]:
    """What falls below what is asked from 50 persons on: a mean of 94 %, no cell under 90 %.

    Cells of fewer draws than the soak's are given three standard errors.
    """
    asked = [cell for cell in found if cell.persons in PERSONS]
    slack = 0.0 if draws >= DRAWS else 3 * (CELL_AT_LEAST * (1 - CELL_AT_LEAST) / draws) ** 0.5
    low = [f"{cell} is too low" for cell in asked if cell.coverage < CELL_AT_LEAST - slack]
    for family in dict.fromkeys(cell.family for cell in asked):
        average = mean(cell.coverage for cell in asked if cell.family == family)
        if average < MEAN_AT_LEAST:
            low.append(f"{family} cover {average:.1%} on average")
    return low


def page(found: Sequence[Cell]) -> str:
    """The table as Markdown, one section an estimator."""
    parts = [INTRODUCTION]
    for family in dict.fromkeys(cell.family for cell in found):
        own = [cell for cell in found if cell.family == family]
        asked = [cell.coverage for cell in own if cell.persons in PERSONS]
        worlds = list(dict.fromkeys(cell.world for cell in sorted(own, key=lambda cell: -cell.persons)))
        worlds.sort(key=[*WORLDS.get(family, {}), *quantiles.SPREAD].index)
        rows = dict.fromkeys((cell.visits, cell.persons) for cell in own)
        by_place = {(cell.visits, cell.persons, cell.world): cell.coverage for cell in own}
        summary = f"mean {_percent(mean(asked))} %, lowest {_percent(min(asked))} %"
        parts.append(f"\n## {family}\n\nFrom {PERSONS[0]} persons on: {summary}.\n")
        parts.append(f"| visits a person | persons | {' | '.join(worlds)} |")
        parts.append("| --- " * (2 + len(worlds)) + "|")
        for visits, persons in rows:
            shown = (_percent(by_place.get((visits, persons, world))) for world in worlds)
            parts.append(f"| {visits} | {persons} | {' | '.join(shown)} |")
    return "\n".join(parts) + "\n"


def _percent(coverage: float | None) -> str:
    return "–" if coverage is None else f"{100 * coverage:.1f}"


INTRODUCTION = f"""# Coverage of the intervals

Generated by `python -m bench.coverage --write`; {DRAWS:,} simulated worlds a cell, per cent of worlds in which the 95 %
interval holds the truth. The standard error of a cell is half a point.

Persons differ, with a correlation of {CORRELATION} within the person: a share's person has a chance of her own (beta),
a value's person a level of her own (normal). Visits a person are 1, or 1 + Poisson with mean 3 or 10. With this
correlation Wilson's interval on visits covers 86 % at 3 visits a person and 67 % at 10. From {PERSONS[0]} persons on a
mean of {100 * MEAN_AT_LEAST:.0f} % and no cell under {100 * CELL_AT_LEAST:.0f} % are asked; the rows of {FEW[0]} and
{FEW[1]} persons show what to expect of less.

Means are of ratings 1 to 5. NPS mixes are promoters/passives/detractors. Totals are of about so many persons with
something wasted, log-normal with that sigma for each visit. Weights are log-normal with sigma 0.5, one a person. eNPS
has so many answers from two thirds of a staff. A dash: one world in ten or more lacks a bound there.

Matched shares, matched means and two against singles are differences between so many persons with friction and twice as
many in each other group, in four strata that are mixed differently. Visits a person are the others' rows, which end
alike in {100 * ALIKE:.0f} %. Friction adds so many points to 5 to 16 % who leave, or to 30 to 60 % who spend; means are
of what they spend, log-normal with sigma 1."""


VERDICTS = f"""
## False verdicts

Per cent of worlds of {BELIEFS} true beliefs in shares (tolerance 0.02, p between 0.1 and 0.9) that show a verdict which
is not so.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="How often intervals hold the truth.")
    parser.add_argument("--draws", type=int, default=DRAWS, help="worlds a cell")
    parser.add_argument("--write", action="store_true", help="write docs/reference/coverage.md")
    given = parser.parse_args()
    found = list(cells(given.draws))
    text = page(found) + verdicts_page(given.draws)
    print(text)
    if given.write:
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        TABLE.write_text(text)
    low = failures(found, given.draws)
    print("\n".join(low) or "every interval holds what is asked", file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
