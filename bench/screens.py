"""The soak of guilty screens and of turning points: what is planted is found, and nothing where nothing is.

python -m bench.screens               200 planted and 1,000 null worlds, 1,000 sessions of each kind
python -m bench.screens --write       the table into docs/reference/screens.md as well
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench.parts import trial

from nousnous.stats.screens import Guilt, guilty_screens
from nousnous.stats.turning import turning_point

SCREENS, LOW, HIGH = 30, 200, 800
GUILTY_IN_LOW, GUILTY_IN_HIGH = 0.6, 0.3
PLANTED, NULL, SESSIONS = 200, 1_000, 1_000
FIRST_AT_LEAST, NAMED_AT_MOST = 195 / 200, 0.07
CALM_A_MINUTE, HOT_A_MINUTE, HOT_S, WITHIN_S = 0.1, 6.0, 120.0, 30.0
TURNS_AT_LEAST, CLAIMED_AT_MOST = 0.75, 0.02
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "screens.md"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rates:
    """How often: the guilty screen first, any screen named, and of sessions the turn found, misplaced, claimed."""

    first: float
    named: float
    found: float
    misplaced: float
    claimed_in_quiet: float
    claimed_in_even: float


def world(number: int, *, planted: bool) -> Guilt:
    """Sessions of people who see more or less of everything; each screen has a popularity of its own."""
    draw = np.random.default_rng([number, planted])
    popularity = draw.uniform(0.03, 0.7, SCREENS)
    appetite = draw.beta(4, 4, (LOW + HIGH, 1)) * 2
    seen = draw.random((LOW + HIGH, SCREENS)) < np.clip(popularity * appetite, 0, 1)
    if planted:
        share = np.where(np.arange(LOW + HIGH) < LOW, GUILTY_IN_LOW, GUILTY_IN_HIGH)
        seen[:, 0] = draw.random(LOW + HIGH) < share
    return guilty_screens(seen[:LOW].sum(axis=0), seen[LOW:].sum(axis=0), LOW, HIGH)


def session(number: int, kind: str) -> tuple[Floats, float]:
    """Seconds of signals, and the second at which it turned: calm up to there, then two minutes of trouble."""
    draw = np.random.default_rng([number, len(kind)])
    lasted = draw.uniform(180, 900)
    rate = 1.0 if kind == "even" else CALM_A_MINUTE
    calm = draw.uniform(0, lasted, draw.poisson(rate / 60 * lasted))
    turned = lasted * draw.uniform(0.3, 0.9)
    if kind != "turned":
        return calm, turned
    hot_s = min(lasted - turned, HOT_S)
    return np.concatenate([calm, turned + draw.uniform(0, hot_s, draw.poisson(HOT_A_MINUTE / 60 * hot_s))]), turned


def rates(planted: int = PLANTED, null: int = NULL, sessions: int = SESSIONS) -> Rates:
    """Every world and session has a seed of its own, so that a thinner soak draws the same ones."""
    first = sum(world(number, planted=True).ranked[:1] == (0,) for number in range(planted))
    named = sum(bool(world(number, planted=False).ranked) for number in range(null))
    found = misplaced = 0
    for number in range(sessions):
        signals, turned = session(number, "turned")
        at_s = turning_point(signals).at_s
        near = at_s is not None and abs(at_s - turned) <= WITHIN_S
        found, misplaced = found + near, misplaced + (at_s is not None and not near)
    claimed = [
        sum(turning_point(session(number, kind)[0]).at_s is not None for number in range(sessions)) / sessions
        for kind in ("quiet", "even")
    ]
    return Rates(first / planted, named / null, found / sessions, misplaced / sessions, *claimed)


def failures(found: Rates, slack: float = 0.0) -> list[str]:
    """What is not as asked; a thinner soak is given some slack."""
    asked = (
        ("the guilty screen is first", found.first >= FIRST_AT_LEAST - slack),
        ("a screen of a null world is named", found.named <= NAMED_AT_MOST + slack),
        ("the turn is found", found.found >= TURNS_AT_LEAST - slack),
        ("a turn is claimed in quiet sessions", found.claimed_in_quiet <= CLAIMED_AT_MOST + slack),
        ("a turn is claimed in even sessions", found.claimed_in_even <= CLAIMED_AT_MOST + slack),
    )
    return [f"{what}: not as often as asked" for what, held in asked if not held]


def page(found: Rates) -> str:
    """The table as Markdown."""
    rows = (
        ("Guilty screen first", f"{PLANTED} planted worlds", found.first, f"at least {100 * FIRST_AT_LEAST:.1f}"),
        ("Any screen named", f"{NULL:,} null worlds", found.named, f"at most {100 * NAMED_AT_MOST:.0f}"),
        (
            f"Turn found within {WITHIN_S:.0f} s",
            f"{SESSIONS:,} sessions that turn",
            found.found,
            f"at least {100 * TURNS_AT_LEAST:.0f}",
        ),
        ("Turn claimed elsewhere", f"{SESSIONS:,} sessions that turn", found.misplaced, "–"),
        (
            "Turn claimed",
            f"{SESSIONS:,} quiet sessions",
            found.claimed_in_quiet,
            f"at most {100 * CLAIMED_AT_MOST:.0f}",
        ),
        (
            "Turn claimed",
            f"{SESSIONS:,} evenly troubled ones",
            found.claimed_in_even,
            f"at most {100 * CLAIMED_AT_MOST:.0f}",
        ),
    )
    lines = [f"| {what} | {where} | {100 * share:.1f} | {asked} |" for what, where, share, asked in rows]
    return "\n".join([INTRODUCTION, *lines]) + "\n"


INTRODUCTION = f"""# Guilty screens and turning points

Generated by `python -m bench.screens --write`; seeds are fixed.

A world has {SCREENS} screens, {LOW} low and {HIGH} high sessions. Screens are seen by 3 to 70 %, and some people
see more of everything. In planted worlds {100 * GUILTY_IN_LOW:.0f} % of low and {100 * GUILTY_IN_HIGH:.0f} % of high
sessions saw the guilty one; in null worlds an answer has nothing to do with what was seen.

Sessions last 3 to 15 minutes. Quiet ones have a signal of frustration every 10 minutes, even ones every minute; those
that turn are quiet up to a second, and have one every {60 / HOT_A_MINUTE:.0f} seconds in the {HOT_S / 60:.0f} minutes
after it.

| what | of | per cent | asked |
| --- | --- | --- | --- |"""


def main() -> int:
    found = rates()
    return trial(TABLE, page(found), failures(found))


if __name__ == "__main__":
    sys.exit(main())
