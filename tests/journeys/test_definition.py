"""A journey file says one thing or is refused with file, line and field."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.journeys.texts import BELIEF, SHOP
from tests.oracle.matchers import text as oracles_text

from nousnous.base.errors import Refused
from nousnous.facts.beliefs import Statement
from nousnous.facts.journeys import SIGNALS, Condition, Matcher
from nousnous.journeys.definition import parse_journey, study_journey
from nousnous.journeys.fields import as_text

ROOT = Path(__file__).parents[2]


def refused(text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        parse_journey(text, "shop.toml")
    assert caught.value.place is not None
    assert caught.value.place.file == "shop.toml"
    return caught.value


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_file_is_read_as_it_says() -> None:
    definition = parse_journey(SHOP + BELIEF, "shop.toml")
    journey, step = definition.journey, definition.journey.steps[0]
    assert (journey.id, journey.name, journey.currency, journey.wages) == ("shop", "Web shop", "USD", {"default": 30.0})
    assert journey.frustration == (Matcher(SIGNALS),)
    assert (step.stage, step.channel, step.owner, step.within_us) == ("purchase", "web", "shop team", 1_800_000_000)
    assert [matcher.events for matcher in step.fails] == [("payment_error",), ("error_page",)]
    stated_at = datetime(2024, 1, 1, tzinfo=UTC)
    belief = Statement("shop", "checkout", "completion", 0.7, "shop team", 0.02, (0.62, 0.78), 5.0, stated_at=stated_at)
    assert definition.beliefs == (belief,)


def test_the_journey_of_the_demo_is_a_journey() -> None:
    definition = parse_journey((ROOT / "demo" / "nousnous_demo" / "journey.toml").read_text())
    assert definition.journey.by_country
    assert definition.journey.owner
    assert definition.journey.champion


def test_what_is_optional_is_read_too() -> None:
    more = """clock = "active"
reference_s = 90
service = true
designed = "One page"
backstage = "Payment provider"
"""
    head = 'amplification = { share = 0.1, reach = 200 }\nfrustration = { event = "Rage Click" }\n'
    text = SHOP.replace("hourly_wage = 30.0", f"hourly_wage = {{ default = 20, DE = 25.5 }}\n{head}") + more
    journey = parse_journey(text).journey
    step = journey.steps[0]
    assert journey.wages == {"default": 20.0, "DE": 25.5}
    assert round(journey.amplification.factor, 6) == 1.2
    assert journey.frustration == (Matcher(("Rage Click",)),)
    assert (step.active_clock, step.owners_us, step.service) == (True, 90_000_000, True)
    assert (step.designed, step.backstage) == ("One page", "Payment provider")


def test_conditions_are_texts_as_the_oracle_compares_them() -> None:
    where = '{ event = ["a", "b"], where = { new = true, size = 5, ratio = 1.0, country = ["DE", "AT"] } }'
    step = parse_journey(SHOP.replace('{ event = "shipping_details" }', where)).journey.steps[0]
    conditions = (
        Condition("new", ("true",)),
        Condition("size", ("5",)),
        Condition("ratio", ("1.0",)),
        Condition("country", ("DE", "AT")),
    )
    assert step.starts == (Matcher(("a", "b"), conditions),)


@given(some.one_of(some.booleans(), some.integers(), some.floats(allow_nan=False, allow_infinity=False), some.text()))
def test_any_value_becomes_the_oracles_text(value: object) -> None:
    assert as_text(value) == oracles_text(value)


WRONG = [
    ("hourly_wage = 30.0", "hourly_wage = { DE = 30.0 }", "journey.hourly_wage"),
    ("hourly_wage = 30.0", "", "journey.hourly_wage"),
    ("hourly_wage = 30.0", "hourly_wage = -1", "journey.hourly_wage"),
    ("hourly_wage = 30.0", "hourly_wage = true", "journey.hourly_wage"),
    ('currency = "USD"', 'currency = "dollars"', "journey.currency"),
    ('currency = "USD"', 'currency = "USD"\ncolour = "red"', "journey.colour"),
    ('currency = "USD"', 'currency = "USD"\ntimezone = "Mars"', "journey.timezone"),
    ('currency = "USD"', 'currency = "USD"\namplification = { share = 2 }', "journey.amplification.share"),
    ('stage = "purchase"', 'stage = "shopping"', "step.stage"),
    ('id = "checkout"', 'id = "check out"', "step.id"),
    ('within = "30m"', 'within = "0m"', "step.within"),
    ('within = "30m"', 'within = "-5m"', "step.within"),
    ('within = "30m"', "within = 30", "step.within"),
    ('within = "30m"', 'within = "half an hour"', "step.within"),
    ('completes = { event = "purchase" }', 'completes = [{ event = ["shipping_details"] }]', "step.completes"),
    ('starts = { event = "shipping_details" }', 'starts = "shipping_details"', "step.starts"),
    ('starts = { event = "shipping_details" }', "starts = { event = 3 }", "step.starts.event"),
    ('starts = { event = "shipping_details" }', 'starts = { name = "x" }', "step.starts.name"),
    ('starts = { event = "shipping_details" }', "", "step.starts"),
    ('owner = "shop team"', "owner = 7", "step.owner"),
    ('owner = "shop team"', 'owner = "a"\nservice = "yes"', "step.service"),
    ('owner = "shop team"', 'owner = "a"\nclock = "wall"', "step.clock"),
    ('metric = "completion"', 'metric = "happiness"', "belief.metric"),
    ('step = "checkout"', 'step = "pay"', "belief.step"),
    ("value = 0.70", "value = 70", "belief.value"),
    ("value = 0.70", 'value = "high"', "belief.value"),
    ("value = 0.70", "", "belief.value"),
    ("range = [0.62, 0.78]", "range = [0.72, 0.78]", "belief.range"),
    ("range = [0.62, 0.78]", "range = [0.62]", "belief.range"),
    ("range = [0.62, 0.78]", "range = [0.62, 1.2]", "belief.range"),
    ("tolerance = 0.02", "tolerance = 0.2", "belief.tolerance"),
    ('author = "shop team"', 'author = "shop team"\nsegment = "weather=bad"', "belief.segment"),
    ("stated_at = 2024-01-01T00:00:00Z", 'stated_at = "yesterday"', "belief.stated_at"),
]


@pytest.mark.parametrize(("right", "wrong", "field"), WRONG)
def test_what_is_wrong_is_refused_where_it_stands(right: str, wrong: str, field: str) -> None:
    before, _, after = (SHOP + BELIEF).rpartition(right)
    text = before + wrong + after
    place = refused(text).place
    assert place is not None
    assert place.field == field
    key = wrong.splitlines()[-1].split(" = ")[0] if wrong else ""
    if key:
        assert place.line == text[: len(before)].count("\n") + len(wrong.splitlines())
    else:
        assert place.line in {line_of(text, "[journey]"), line_of(text, "[[step]]"), line_of(text, "[[belief]]")}


def test_two_steps_of_one_id_are_refused_at_the_second() -> None:
    text = SHOP + '\n[[step]]\nname = "Again"\nid = "checkout"\nstarts = { event = "x" }\n'
    assert (
        str(refused(text))
        == "shop.toml, line 21, step.id: There are two steps with the id “checkout”; give one of them another."
    )


def test_a_belief_stated_twice_by_one_team_is_refused() -> None:
    assert "twice" in refused(SHOP + BELIEF + BELIEF).sentence


def test_broken_toml_names_its_line() -> None:
    assert str(refused(SHOP.replace("hourly_wage = 30.0", "hourly_wage ="))).startswith("shop.toml, line 6: ")
    assert str(refused(SHOP + "\n[[step]")).startswith("shop.toml, line ")


def test_a_file_without_anything_is_refused() -> None:
    assert refused("").place is not None


def test_all_troubles_are_told_in_the_order_of_their_lines() -> None:
    text = (SHOP + BELIEF).replace("30.0", '"x"').replace('"30m"', '"0s"').replace("0.70", "7")
    lines = [trouble.place.line for trouble in study_journey(text).troubles if trouble.place]
    assert lines == [6, 17, 22, 24]


def test_lines_are_right_below_texts_of_many_lines() -> None:
    text = SHOP.replace('owner = "shop team"', 'designed = """\n[[step]]\nid = 3\n"""\nowner = 3')
    place = refused(text).place
    assert place is not None
    assert place.line == line_of(text, "owner = 3")


@pytest.mark.parametrize("quoted", [json.dumps("a # b"), "'[c]'", '"x \\" ["'])
def test_brackets_and_marks_in_texts_confuse_no_line(quoted: str) -> None:
    text = SHOP.replace('owner = "shop team"', f"owner = {quoted}").replace('"30m"', '"0m"')
    place = refused(text).place
    assert place is not None
    assert place.line == line_of(text, '"0m"')


def test_a_step_that_only_answers_tell_of_is_allowed_and_said() -> None:
    text = SHOP.split("starts")[0]
    definition = parse_journey(text)
    assert definition.journey.steps[0].starts == ()
    assert "no start" in definition.warnings[0]
