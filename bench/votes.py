"""How often the interval of a vote's lead holds the truth, and how often equal tones have a winner.

Usage: python -m bench.votes [--write]. Worlds of three tones with known shares; the lead is that of the first tone over
the second, whoever leads in the draw; a false winner is one that won although the two best are liked equally.
"""

import sys
from pathlib import Path

import numpy as np
from bench.parts import trial

from nousnous.stats.votes import lead, poll

DRAWS, SEED = 20_000, 7
VOTERS = (5, 8, 12, 20, 40, 100, 300, 1_000)
WORLDS = ((0.34, 0.33, 0.33), (0.4, 0.35, 0.25), (0.6, 0.3, 0.1), (0.8, 0.15, 0.05), (0.95, 0.04, 0.01))
EQUAL = ((1 / 3, 1 / 3, 1 / 3), (0.4, 0.4, 0.2), (0.5, 0.5, 0.0))
LEAST, MOST = 0.93, 0.075
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "votes.md"
HEAD = f"""# Votes in simulated workshops

{DRAWS:,} draws a cell. Written by `make soak-votes`.

How often the 95 % interval of a lead holds the true one (at least {LEAST}):

| true shares | {" | ".join(f"{one:,} voters" for one in VOTERS)} |
| --- |{" ---: |" * len(VOTERS)}
"""
EQUALS = f"""
How often two tones that are liked equally have a winner (at most {MOST}; with few
voters the chances go in steps):

| true shares | {" | ".join(f"{one:,} voters" for one in VOTERS)} |
| --- |{" ---: |" * len(VOTERS)}
"""


def coverage_of(shares: tuple[float, ...], voters: int, draws: int) -> float:
    """The part of draws in which the interval of first less second holds the true difference."""
    truth, held = shares[0] - shares[1], 0
    for counts, times in _drawn(shares, voters, draws):
        found = lead(counts[0], counts[1], voters)
        held += times * bool(found.low is not None and found.high is not None and found.low <= truth <= found.high)
    return held / draws


def false_winners(shares: tuple[float, ...], voters: int, draws: int) -> float:
    """The part of draws in which somebody wins."""
    return sum(times * poll(counts).won for counts, times in _drawn(shares, voters, draws)) / draws


def main() -> int:
    wrong = []
    page = HEAD
    for family, worlds, measure in (("", WORLDS, coverage_of), (EQUALS, EQUAL, false_winners)):
        page += family
        for shares in worlds:
            cells = [measure(shares, voters, DRAWS) for voters in VOTERS]
            said = ", ".join(f"{share:.2f}" for share in shares)
            page += f"| {said} | {' | '.join(f'{cell:.3f}' for cell in cells)} |\n"
            bad = [cell for cell in cells if (cell > MOST if family else cell < LEAST)]
            wrong += [f"{said}: {cell:.3f}" for cell in bad]
    return trial(TABLE, page, wrong)


def _drawn(shares: tuple[float, ...], voters: int, draws: int) -> list[tuple[list[int], int]]:
    random = np.random.default_rng([SEED, voters])
    counts, times = np.unique(random.multinomial(voters, shares, draws), axis=0, return_counts=True)
    return [(list(map(int, one)), int(many)) for one, many in zip(counts, times, strict=True)]


if __name__ == "__main__":
    sys.exit(main())
