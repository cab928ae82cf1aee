"""A world of the demo company is drawn from its seed and holds what was planted."""

import numpy as np
import pyarrow.compute as pc

from nousnous_demo.company import NORTHWIND, without_gaps
from nousnous_demo.simulate import World, simulate

UNTIL_US = 1_795_000_000_000_000


def share(world: World, done: str, begun: str) -> float:
    names = world.events["event"]
    return float(pc.sum(pc.equal(names, done)).as_py() / pc.sum(pc.equal(names, begun)).as_py())


def test_a_seed_draws_the_same_world_again() -> None:
    first, again = (simulate(NORTHWIND, 50, 3, UNTIL_US, days=30) for _ in range(2))
    assert first.events.equals(again.events)
    assert not first.events.equals(simulate(NORTHWIND, 50, 4, UNTIL_US, days=30).events)


def test_the_planted_shares_are_in_the_world() -> None:
    world = simulate(NORTHWIND, 1_000, 1, UNTIL_US)
    for step in ("check-in", "change-booking", "store-pick-up", "search-and-book", "payment"):
        passage = NORTHWIND.passage(step)
        assert np.isclose(share(world, passage.completes, passage.starts), passage.completion, atol=0.04), step


def test_nothing_happens_after_the_end_of_the_world() -> None:
    world = simulate(NORTHWIND, 100, 1, UNTIL_US, days=30)
    assert pc.max(world.events["timestamp"]).value <= UNTIL_US


def test_in_a_world_without_gaps_every_team_is_right() -> None:
    company = without_gaps(NORTHWIND)
    assert all(one.value == company.passage(one.step).completion for one in company.convictions)
