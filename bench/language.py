"""The soak of the language audit: the planted gap is found, and without one hardly a group is named.

python -m bench.language              10 planted worlds, 200 of the demo without a gap, 200 at the very edge
python -m bench.language --write      the table into docs/reference/language.md as well
"""

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from bench.parts import trial

from nousnous.base.clock import DAY_US
from nousnous.capabilities.language.measures.audit import DIMENSIONS, Conversations, Group, audit
from nousnous.capabilities.language.measures.sentiment import sentiments
from nousnous_demo.talks import PLANTED, RECENT_DAYS, draw_talks

PEOPLE, UNTIL_US = 300, 1_767_225_600_000_000
PLANTED_WORLDS, NULL_WORLDS = 10, 200
FOUND_AT_LEAST, NAMED_AT_MOST = 0.9, 0.07
EDGE_TALKS, EDGE_PERSONS = 300, 200
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "language.md"


@dataclass(frozen=True, slots=True)
class Rates:
    """How often: the planted gap found, any group named without one, any named where every gap is exactly 0.4."""

    found: float
    named: float
    named_at_edge: float


def world(seed: int, *, planted: bool) -> tuple[Group, ...]:
    """The audit of the demo's talks of the last 30 days."""
    rows = draw_talks(PEOPLE, seed, UNTIL_US, planted=planted)
    told = np.array([_sentiment(text, language) for text, language in _pairs(rows)])
    talks, codes = np.unique(np.asarray(rows["conversation_id"].to_pylist()), return_inverse=True)
    first = np.unique(codes, return_index=True)[1]
    of_customer = np.asarray(pc.equal(rows["side"], "customer"))
    company, customer = (_means(codes[mask], told[mask], talks.size) for mask in (~of_customer, of_customer))
    persons = np.unique(np.asarray(rows["customer_id"].to_pylist())[first], return_inverse=True)[1]
    groups = {name: rows[name].take(pa.array(first)) for name in DIMENSIONS}
    began_us = np.asarray(rows["created_at"])[first] * 1_000
    made = Conversations(persons, began_us, company, customer, groups)
    return audit(made.chosen(began_us >= UNTIL_US - RECENT_DAYS * DAY_US), made.chosen(began_us < 0))[1]


def edge_world(seed: int) -> tuple[Group, ...]:
    """Every group has a gap of exactly 0.4; people come again and sound alike each time."""
    draw = np.random.default_rng([seed, 106])
    persons = draw.integers(0, EDGE_PERSONS, EDGE_TALKS)
    gaps = 0.4 + draw.normal(0, 0.3, EDGE_PERSONS)[persons] + draw.normal(0, 0.5, EDGE_TALKS)
    groups = {name: pa.array(draw.choice([f"{name} {at}" for at in range(5)], EDGE_TALKS)) for name in DIMENSIONS}
    nothing = np.zeros(EDGE_TALKS, dtype=np.int64)
    made = Conversations(persons, nothing, gaps, np.zeros(EDGE_TALKS), groups)
    return audit(made, made.chosen(persons < 0))[1]


def rates(planted: int = PLANTED_WORLDS, null: int = NULL_WORLDS) -> Rates:
    """Every world has a seed of its own, so that a thinner soak draws the same ones."""
    wanted = " × ".join(PLANTED)
    found = [{one.name for one in world(seed, planted=True) if one.verdict == "gap"} for seed in range(planted)]
    named = [_names_any(world(seed, planted=False)) for seed in range(null)]
    edge = [_names_any(edge_world(seed)) for seed in range(null)]
    return Rates(sum(wanted in names for names in found) / planted, sum(named) / null, sum(edge) / null)


def failures(found: Rates, slack: float = 0.0) -> list[str]:
    """What is not as asked; a thinner soak is given some slack."""
    asked = (
        ("the planted gap is found", found.found >= FOUND_AT_LEAST - slack),
        ("a group is named where there is no gap", found.named <= NAMED_AT_MOST + slack),
        ("a group is named at the edge", found.named_at_edge <= NAMED_AT_MOST + slack),
    )
    return [f"{what}: not as often as asked" for what, held in asked if not held]


def page(found: Rates) -> str:
    """The table as Markdown."""
    rows = (
        ("Planted gap found (topic billing, bot version 2)", f"{PLANTED_WORLDS} demos", found.found, "at least 90"),
        ("Any group named", f"{NULL_WORLDS} demos without a gap", found.named, "at most 7"),
        ("Any group named", f"{NULL_WORLDS} worlds of gaps of exactly 0.4", found.named_at_edge, "at most 7"),
    )
    lines = [f"| {what} | {worlds} | {100 * share:.1f} | {asked} |" for what, worlds, share, asked in rows]
    head = (
        "# The language audit under trial\n\n"
        f"Worlds of {PEOPLE} people and some 330 conversations in 30 days, by `make soak-language`.\n\n"
        "| what | of | per cent | asked |\n| --- | --- | --: | --: |\n"
    )
    return head + "\n".join(lines) + "\n"


def main() -> int:
    found = rates()
    return trial(TABLE, page(found), failures(found))


@cache
def _sentiment(text: str, language: str) -> float:
    return float(sentiments([text], [language])[0])


def _pairs(rows: Any) -> list[tuple[str, str]]:
    return list(zip(rows["text"].to_pylist(), rows["language"].to_pylist(), strict=True))


def _means(codes: Any, told: Any, size: int) -> Any:
    known = ~np.isnan(told)
    counts = np.bincount(codes[known], minlength=size)
    sums = np.bincount(codes[known], told[known], minlength=size)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _names_any(groups: tuple[Group, ...]) -> bool:
    return any(one.verdict == "gap" for one in groups)


if __name__ == "__main__":
    sys.exit(main())
