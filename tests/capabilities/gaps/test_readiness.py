"""What is missing before a journey can be improved, each with what to do next."""

from dataclasses import replace

from nousnous.capabilities.gaps.measures.readiness import Standing, readiness
from nousnous.facts.journeys import Journey, Step

STEP = Step("pay", "Pay", owner="shop team", designed="One page.")
READY = Journey("shop", "Shop", "USD", (STEP,), {"default": 1.0}, owner="Ann", champion="Bo", defender="Cy")
SEEN = Standing({"pay": 3}, {"pay"}, {"pay"})


def lacks(journey: Journey, standing: Standing = SEEN) -> list[tuple[str, str | None]]:
    return [(lack.area, lack.step) for lack in readiness(journey, standing).lacks]


def test_a_ready_journey_lacks_nothing() -> None:
    assert lacks(READY) == []
    assert readiness(READY, SEEN).ready == {"people": 4, "process": 1, "platform": 1, "participation": 2}


def test_each_thing_that_is_missing_is_one_lack_with_its_next_action() -> None:
    assert lacks(replace(READY, champion="", defender="")) == [("people", None), ("people", None)]
    assert lacks(replace(READY, steps=(replace(STEP, owner=None, designed=""),))) == [
        ("people", "pay"),
        ("process", "pay"),
    ]
    assert lacks(READY, Standing({}, {"pay"}, set())) == [("platform", "pay"), ("participation", "pay")]
    assert all(
        one.action.endswith(".") for one in readiness(replace(READY, owner=""), Standing({}, set(), set())).lacks
    )
