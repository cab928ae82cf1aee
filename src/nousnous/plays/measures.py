"""Which events pull a trigger: pure Ibis expressions over events with `person_key`."""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from typing import Any

from nousnous.facts.journeys import Matcher
from nousnous.journeys.measures import property_text
from nousnous.plays.definition import Play


def matching(events: Any, matchers: Iterable[Matcher]) -> Any:
    """The events of people that fit any of some matchers."""
    return events.filter(reduce(or_, [_fits(events, one) for one in matchers]) & events.person_key.notnull())


def would_have_fired(events: Any, play: Play, from_us: int, newest_us: int) -> Any:
    """The events between two moments that would have pulled the trigger, where the time of an absence is over."""
    starts = matching(events.filter((events.ts_us >= from_us) & (events.ts_us <= newest_us)), play.trigger.starts)
    if not play.trigger.without:
        return starts
    starts = starts.filter(starts.ts_us + play.trigger.within_us <= newest_us)
    later = matching(events, play.trigger.without).select(came_key="person_key", came_us="ts_us")
    return starts.anti_join(
        later,
        [
            starts.person_key == later.came_key,
            later.came_us > starts.ts_us,
            later.came_us <= starts.ts_us + play.trigger.within_us,
        ],
    )


def _fits(events: Any, matcher: Matcher) -> Any:
    named = [events.event.isin(matcher.events)] if matcher.events else []
    return reduce(and_, [*named, *(property_text(events, one.property).isin(one.values) for one in matcher.where)])
