"""A page changes one thing of a text and leaves the rest as it stands."""

from tests.journeys.texts import BELIEF, SHOP

from nousnous.journeys.definition import parse_journey
from nousnous.journeys.rewriting import with_fields, with_people, with_step

STEP = {"id": "pay", "name": "Pay “now”", "starts": {"event": ["a", "b"]}, "within": "1h", "service": True, "owner": ""}


def steps_of(text: str) -> list[str]:
    return [step.id for step in parse_journey(text).journey.steps]


def test_a_step_is_put_after_another_and_all_other_lines_stay() -> None:
    text = SHOP + "\n# What we believe" + BELIEF
    changed = with_step(text, STEP, "checkout")
    assert steps_of(changed) == ["checkout", "pay"]
    added = changed.splitlines()[18:25]
    assert added[0] == "[[step]]"
    assert changed.splitlines()[:18] + changed.splitlines()[25:] == text.splitlines()
    assert parse_journey(changed).beliefs == parse_journey(text).beliefs
    assert changed.index("# What we believe") > changed.index('id = "pay"')


def test_a_step_is_put_before_all_others() -> None:
    text = SHOP.replace("[[step]]", "# The checkout\n[[step]]")
    changed = with_step(text, STEP, None)
    assert steps_of(changed) == ["pay", "checkout"]
    assert '# The checkout\n[[step]]\nid = "checkout"' in changed


def test_a_step_is_read_as_it_was_given() -> None:
    step = parse_journey(with_step(SHOP, STEP, "checkout")).journey.steps[1]
    assert (step.name, step.service, step.owner) == ("Pay “now”", True, None)
    assert step.starts[0].events == ("a", "b")
    assert step.within_us == 3_600_000_000


def test_a_changed_field_keeps_the_comments_around_it() -> None:
    text = SHOP.replace('owner = "shop team"', 'owner = "shop team"   # ask Ada') + BELIEF
    changed = with_fields(
        text, "checkout", {"owner": "web team", "designed": "One page", "channel": "", "name": "Checkout"}
    )
    step = parse_journey(changed).journey.steps[0]
    assert (step.owner, step.designed, step.channel) == ("web team", "One page", None)
    assert 'owner = "web team"   # ask Ada' in changed
    assert changed.startswith("# The web shop\n")
    assert "\n\n[[belief]]" in changed


def test_fields_that_stay_the_same_change_nothing() -> None:
    assert with_fields(SHOP + BELIEF, "checkout", {"owner": "shop team", "backstage": ""}) == SHOP + BELIEF


def test_people_are_written_into_the_head() -> None:
    changed = with_people(SHOP, {"owner": "Ada", "champion": "Grace", "defender": ""})
    journey = parse_journey(changed).journey
    assert (journey.owner, journey.champion, journey.defender) == ("Ada", "Grace", "")
    assert 'champion = "Grace"\n\n[[step]]' in changed
