"""What is missing before a journey can be improved, each with what to do next."""

from dataclasses import replace

from nousnous.capabilities.gaps.measures.readiness import Standing, readiness
from nousnous.facts.journeys import Journey, Step

STEP = Step("pay", "Pay", owner="shop team", designed="One page.")
READY = Journey("shop", "Shop", "USD", (STEP,), {"default": 1.0}, owner="Ann", champion="Bo", defender="Cy")
SEEN = Standing({"pay": 3}, {"pay"}, {"pay"})


def lacks(journey: Journey, standing: Standing = SEEN) -> list[tuple[str, str]]:
    return [(lack.area, lack.about) for lack in readiness(journey, standing).lacks]


def test_a_ready_journey_lacks_nothing() -> None:
    assert lacks(READY) == []
    assert readiness(READY, SEEN).ready == {"people": 4, "process": 1, "platform": 1, "participation": 1}


def test_each_thing_that_is_missing_is_one_lack_with_its_next_action_most_useful_first() -> None:
    assert lacks(replace(READY, champion="", defender="")) == [("people", "the champion"), ("people", "the defender")]
    bare = replace(READY, owner="", steps=(replace(STEP, owner=None, designed=""),))
    assert [about for _, about in lacks(bare, Standing({}, {"pay"}, set()))] == [
        "events",
        "seals",
        "the owner",
        "owners",
        "designs",
    ]
    assert lacks(READY, Standing({"pay": 1}, set(), set())) == [("participation", "beliefs")]
    assert all(one.action.endswith(".") for one in readiness(bare, Standing({}, set(), set())).lacks)


def test_the_same_lack_of_many_steps_is_told_once_with_their_number() -> None:
    steps = tuple(Step(name.lower(), name, designed="") for name in ("Find", "Choose", "Cart", "Checkout", "Pay"))
    found = readiness(replace(READY, steps=steps), Standing({}, {"pay"}, set()))
    assert [one.sentence for one in found.lacks][:2] == [
        "Nothing was seen in this period of five steps: “Find”, “Choose”, “Cart” and two more.",
        "Nobody has written a belief about four steps: “Find”, “Choose”, “Cart” and one more.",
    ]
    assert len(found.lacks) == 5
    assert found.ready == {"people": 3, "process": 0, "platform": 0, "participation": 0}
    assert found.as_dict()["participation"]["lacks"][0]["steps"] == ["find", "choose", "cart", "checkout"]
