"""Plays that set each other off: whoever comes into an arm of one is told as an event, which may trigger another."""

from collections.abc import Mapping, Sequence

from nousnous.facts.events import EXPERIMENT_ID, EXPOSURE
from nousnous.facts.journeys import Matcher
from nousnous.plays.definition import Play


def cycle_from(play: Play, others: Sequence[Play]) -> tuple[str, ...]:
    """The names of plays that set each other off from one on until it is set off again; empty where none do."""
    named = {one.id: one for one in (*others, play)}
    after = {one.id: [other.id for other in named.values() if _sets_off(one, other)] for one in named.values()}
    return tuple(named[one].name for one in _way(play.id, play.id, after, frozenset()))


def _way(start: str, goal: str, after: Mapping[str, Sequence[str]], seen: frozenset[str]) -> tuple[str, ...]:
    for following in after[start]:
        if following == goal:
            return (start,)
        if following not in seen:
            way = _way(following, goal, after, seen | {following})
            if way:
                return (start, *way)
    return ()


def _sets_off(one: Play, other: Play) -> bool:
    return any(EXPOSURE in matcher.events and _names(matcher, one.experiment) for matcher in other.trigger.starts)


def _names(matcher: Matcher, experiment: str) -> bool:
    asked = [condition.values for condition in matcher.where if condition.property == EXPERIMENT_ID]
    return all(experiment in values for values in asked)
