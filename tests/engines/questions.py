"""Every measure that asks an engine, with what is asked of it. A new one is missed by `test_measures` until it is here.

Measures of numpy and of frozen types ask no engine; what feeds them is asked by the whole reports.
"""

import ast
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

import ibis
from tests.engines.made import DAY_US, ODD, SPAN_US, World

import nousnous
from nousnous.capabilities.cases.measures import outcomes as recoveries
from nousnous.capabilities.contacts.measures.episodes import episodes
from nousnous.capabilities.spreads.measures.low_scores import low_scores
from nousnous.experiments.definition import EventGoal
from nousnous.experiments.measures import exposed, outcomes, proofs
from nousnous.facts.events import LINKS
from nousnous.facts.journeys import Condition, Matcher
from nousnous.journeys import measures as journeys
from nousnous.journeys.segments import Did, Property, Ranked, Trait
from nousnous.people import measures as people
from nousnous.plays import measures as plays
from nousnous.plays.definition import Play, Trigger
from nousnous.warehouse.schemas import arrow_schema

MADE_BY_IBIS = {"mutate", "isin", "notnull", "semi_join", "anti_join", "left_join", "nunique"}
ALSO_ELSEWHERE = {"filter", "aggregate", "group_by", "order_by", "inner_join", "union", "distinct", "fill_null"}
"""Words of Ibis that others have, too: what asks by them takes a table without a type, which Ibis has none of."""
AS_TEXT = ("gold", "null", "1.5", "2", "1000.0", "true", '{"deep":[1,2.0]}', str(10**17 + 1))
PERIOD = (5 * DAY_US, 40 * DAY_US)
WITH_PLAN = Matcher(("Checkout", "Bought"), (Condition("a.b", AS_TEXT[:3]), Condition("plan", AS_TEXT)))
TRIGGER = Trigger((Matcher(("Checkout",)),), (Matcher(("Bought",)), WITH_PLAN), DAY_US)

Question = Callable[[World], Any]


def _exposed(world: World) -> Any:
    return exposed.assigned(world.events, "price", ["old", "new"], PERIOD)


def _goal(kind: Any, **more: Any) -> Question:
    goal = EventGoal("goal", kind, (Matcher(("Bought",)), WITH_PLAN), per=(Matcher(("Checkout",)),), **more)
    return lambda world: outcomes.of_events(world.events, _exposed(world), goal, 50 * DAY_US)


def _visits(metric: str, within_us: int | None = None) -> Question:
    def asked(world: World) -> Any:
        rows = outcomes.visits_after(world.visits, _exposed(world), 1, (within_us, 50 * DAY_US))
        return outcomes.of_visits(rows, metric, 55 * DAY_US, world.events)

    return asked


def _answers(metric: str) -> Question:
    return lambda world: outcomes.of_answers(
        world.scores, _exposed(world), (metric, "checkout"), (10 * DAY_US, 50 * DAY_US)
    )


def _asked(world: World) -> list[tuple[int, str, int]]:
    keys = world.scores.filter(world.scores.person_key.notnull()).select("person_key").distinct().to_pyarrow()
    return [(key, "survey:after", 20 * DAY_US) for key in sorted(keys["person_key"].to_pylist())[:80]]


def _identities(world: World) -> list[int]:
    keys = world.events.filter(world.events.person_key.notnull()).select("person_key").distinct().to_pyarrow()
    return sorted(keys["person_key"].to_pylist())[:20]


def _did(*events: str, **more: Any) -> Question:
    def asked(world: World) -> Any:
        persons = journeys.everybody(world.events, world.scores)
        return journeys.who_did(world.events, persons, Did(events, **more), SPAN_US)

    return asked


ASKED: Mapping[Callable[..., Any], tuple[Question, ...]] = {
    recoveries.recovery_rate: (lambda world: recoveries.recovery_rate(world.scores, _asked(world)).as_dict(),),
    episodes: (lambda world: episodes(world.messages),),
    low_scores: (lambda world: low_scores(world.scores).select("score_key", "value"),),
    exposed.assigned: (_exposed,),
    exposed.seen_in: (lambda world: exposed.seen_in(world.events),),
    outcomes.of_events: (_goal("did"), _goal("mean", within_us=DAY_US), _goal("sum", amount="revenue"), _goal("ratio")),
    outcomes.matches: (
        lambda world: world.events.select("message_key", hit=outcomes.matches(world.events, [WITH_PLAN])),
        lambda world: world.events.select("message_key", hit=outcomes.matches(world.events, [])),
    ),
    outcomes.visits_after: (
        lambda world: outcomes.visits_after(world.visits, _exposed(world), 1, (DAY_US, 50 * DAY_US)),
    ),
    outcomes.of_visits: (
        *map(_visits, ("completion", "failure_rate", "frustration_rate")),
        _visits("contact_rate", 10 * DAY_US),
    ),
    outcomes.of_answers: tuple(map(_answers, ("nps", "csat", "ces", "rating", "low_tail"))),
    proofs.by_week: (
        lambda world: proofs.by_week(
            world.visits, "completion", lambda rows: rows.country.fill_null("unknown"), (DAY_US, 50 * DAY_US, SPAN_US)
        ),
    ),
    journeys.property_text: tuple(
        lambda world, name=name: world.events.select("message_key", told=journeys.property_text(world.events, name))
        for name in (*ODD, "country", "revenue")
    ),
    journeys.everybody: (
        lambda world: journeys.everybody(world.events, ibis.memtable(arrow_schema(LINKS).empty_table())),
        lambda world: journeys.everybody(world.events, world.scores),
    ),
    journeys.with_trait: tuple(
        lambda world, name=name: journeys.with_trait(world.events, Trait(name, AS_TEXT[:4])) for name in ODD[:5]
    ),
    journeys.with_property: (lambda world: journeys.with_property(world.events, Property("country", ("Ö",))),),
    journeys.who_did: (
        _did("Bought", at_least=3, within_us=20 * DAY_US),
        _did("Bought", at_least=None, at_most=1, where=(Condition("plan", AS_TEXT),)),
    ),
    journeys.who_reached: (lambda world: journeys.who_reached(world.visits, [0, 2]),),
    journeys.who_ranks: tuple(
        lambda world, name=name: journeys.who_ranks(world.events, Ranked(name, 2, 4))
        for name in ("recency", "frequency", "monetary")
    ),
    journeys.names_in_order: (lambda world: journeys.names_in_order(world.events),),
    journeys.done_after: (
        lambda world: journeys.done_after(world.events, ["Checkout"], ["Bought", "Payment Error"], 20 * DAY_US),
    ),
    journeys.done_before: (lambda world: journeys.done_before(world.events, ["Payment Error"]),),
    journeys.extent_of: (
        lambda world: _plain(journeys.extent_of(world.events, world.scores, SPAN_US // 2)),
        lambda world: _plain(journeys.extent_of(world.events.limit(0), world.scores, SPAN_US // 2)),
    ),
    people.matches: (
        lambda world: people.matches(world.events, "user-1"),
        lambda world: people.matches(world.events, ""),
        lambda world: people.matches(world.events, "GERÄT"),
        lambda world: people.matches(world.events, "%_'"),
    ),
    people.timeline: (lambda world: people.timeline(world.events, _identities(world), SPAN_US // 2, 100),),
    plays.matching: (lambda world: plays.matching(world.events, [WITH_PLAN, Matcher(("Bought",))]),),
    plays.would_have_fired: (
        lambda world: plays.would_have_fired(world.events, Play("p", "P", TRIGGER, ()), DAY_US, 50 * DAY_US),
    ),
}


def measures() -> Iterator[Callable[..., Any]]:
    """The public functions of all `measures` of the product that ask an engine, by their source."""
    for found in pkgutil.walk_packages(nousnous.__path__, "nousnous."):
        if "measures" not in found.name.split(".") or found.ispkg:
            continue
        module = import_module(found.name)
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and asks(node):
                yield getattr(module, node.name)


def answer(question: Question, world: World) -> Any:
    """What an engine answers: rows in an order that is the same on each, or a plain result."""
    found = question(world)
    if isinstance(found, dict):
        return [found]
    rows = found.to_pyarrow().to_pylist()
    return sorted(rows, key=lambda row: repr([value for value in row.values() if not isinstance(value, float)]))


def asks(function: ast.FunctionDef) -> bool:
    """Whether a function builds an expression of Ibis, by its words."""
    given = [one.annotation for one in function.args.args + function.args.kwonlyargs]
    untyped = any(one is not None and ast.unparse(one) == "Any" for one in given)
    words = MADE_BY_IBIS | (ALSO_ELSEWHERE if untyped else set())
    return any(
        (isinstance(node, ast.Name) and node.id == "ibis")
        or (isinstance(node, ast.Attribute) and node.attr in words and ast.unparse(node.value) not in {"np", "pc"})
        for node in ast.walk(function)
    )


def _plain(extent: Any) -> dict[str, Any]:
    return {name: getattr(extent, name) for name in extent.__slots__}
