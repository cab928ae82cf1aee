"""Which persons meet the demands of a segment: pure Ibis expressions over events with `person_key`."""

from collections.abc import Mapping
from typing import Any, Final

import ibis

from nousnous.facts.events import PROMOTED
from nousnous.journeys.periods import Extent
from nousnous.journeys.segments import Did, Property, Ranked, Trait

PROMOTED_NAMES: Final = frozenset(column.name for column in PROMOTED)
TRANSACTION: Final = "Order Completed"


def property_text(events: Any, name: str) -> Any:
    """A property as text, whether it has a column or stands in the JSON of the rest; null where it is missing."""
    if name in PROMOTED_NAMES:
        return events[name].cast("string")
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")  # a bare name such as $browser is read as a path
    value = events.properties.cast("json")[pointer]
    written = value.cast("string")
    return ibis.coalesce(value.str, written.nullif("null"))


def everybody(events: Any, scores: Any) -> Any:
    """All persons who did or answered anything."""
    return events.select("person_key").union(scores.select("person_key")).filter(ibis._.person_key.notnull()).distinct()


def with_trait(events: Any, demand: Trait) -> Any:
    """Persons whose newest trait of that name is one of the values; of several in one moment the smallest counts."""
    told = events.filter((events.type == "identify") & events.person_key.notnull())
    told = told.mutate(told_text=property_text(told, demand.name))
    told = told.filter(told.told_text.notnull()).select("person_key", "ts_us", "told_text")
    newest = told.group_by("person_key").agg(newest_us=told.ts_us.max())
    last = told.join(newest, "person_key").filter(ibis._.ts_us == ibis._.newest_us)
    texts = last.group_by("person_key").agg(told_text=ibis._.told_text.min())
    return texts.filter(texts.told_text.isin(demand.values)).select("person_key")


def with_property(events: Any, demand: Property) -> Any:
    """Persons of whom some event carries the property with one of the values."""
    theirs = events.filter(events[demand.name].isin(demand.values) & events.person_key.notnull())
    return theirs.select("person_key").distinct()


def who_did(events: Any, persons: Any, demand: Did, newest_us: int) -> Any:
    """Persons who did it as often as demanded; who never did it counts as zero times."""
    done = events.filter(events.event.isin(demand.events) & events.person_key.notnull())
    if demand.within_us is not None:
        done = done.filter(done.ts_us > newest_us - demand.within_us)
    for condition in demand.where:
        done = done.filter(property_text(done, condition.property).isin(condition.values))
    counts = done.group_by("person_key").agg(times=ibis._.count())
    if demand.at_most is None:
        return counts.filter(counts.times >= (demand.at_least or 1)).select("person_key")
    joined = persons.left_join(counts, "person_key")
    joined = joined.select("person_key", times=ibis.coalesce(joined.times, 0))
    return joined.filter(joined.times.between(demand.at_least or 0, demand.at_most)).select("person_key")


def who_reached(visits: Any, positions: list[int]) -> Any:
    """Persons with a visit of one of the steps."""
    return visits.filter(visits.step.isin(positions)).select("person_key").distinct()


def who_ranks(events: Any, demand: Ranked) -> Any:
    """Persons in those quintiles of the buyers; ties share a rank."""
    bought = events.filter((events.event == TRANSACTION) & events.person_key.notnull())
    measures: Mapping[str, Any] = {
        "recency": bought.ts_us.max(),
        "frequency": bought.count(),
        "monetary": ibis.coalesce(bought.revenue, bought.total, 0.0).sum(),
    }
    buyers = bought.group_by("person_key").agg(figure=measures[demand.name])
    ranked = buyers.mutate(place=ibis.rank().over(order_by=buyers.figure), n=ibis._.count().over(ibis.window()))
    quintile = 1 + (5 * ranked.place / ranked.n).floor()
    return ranked.filter(quintile.between(demand.at_least, demand.at_most)).select("person_key")


def names_in_order(events: Any) -> Any:
    """Each event name with how often, of how many persons, and its mean place in their stories from 0 to 1."""
    named = events.filter(events.event.notnull() & events.person_key.notnull())
    firsts = named.group_by("person_key", "event").agg(first_us=named.ts_us.min(), n=ibis._.count())
    story = ibis.window(group_by="person_key")
    placed = firsts.mutate(
        before=ibis.rank().over(group_by="person_key", order_by=firsts.first_us), names=ibis._.count().over(story)
    )
    share = ibis.ifelse(placed.names > 1, placed.before / (placed.names - 1), 0.0)
    placed = placed.mutate(share=share)
    return placed.group_by("event").agg(n=placed.n.sum(), persons=ibis._.count(), place=placed.share.mean())


def done_after(events: Any, starts: list[str], ends: list[str], within_us: int) -> Any:
    """For each start the ends that the same person reached next among these names, with how often and how soon."""
    theirs = events.filter(events.event.isin([*starts, *ends]) & events.person_key.notnull())
    theirs = theirs.select("person_key", "ts_us", "event")
    order = ibis.window(group_by="person_key", order_by=[theirs.ts_us, theirs.event])
    pairs = theirs.mutate(before=theirs.event.lag().over(order), took_us=theirs.ts_us - theirs.ts_us.lag().over(order))
    pairs = pairs.filter(pairs.before.isin(starts) & pairs.event.isin(ends) & (pairs.took_us <= within_us))
    return pairs.group_by("before", "event").agg(n=ibis._.count(), took_us=pairs.took_us.quantile(0.9))


def done_before(events: Any, troubles: list[str]) -> Any:
    """For each name of trouble, what the same person did just before, with how often; trouble itself left out."""
    named = events.filter(events.event.notnull() & events.person_key.notnull())
    concerned = named.filter(named.event.isin(troubles)).select("person_key").distinct()
    theirs = named.semi_join(concerned, "person_key").select("person_key", "ts_us", "event")
    order = ibis.window(group_by="person_key", order_by=[theirs.ts_us, theirs.event])
    pairs = theirs.mutate(before=theirs.event.lag().over(order))
    pairs = pairs.filter(pairs.event.isin(troubles) & pairs.before.notnull() & ~pairs.before.isin(troubles))
    return pairs.group_by("event", "before").agg(n=ibis._.count())


def extent_of(events: Any, scores: Any, today_us: int) -> Extent:
    """What a snapshot spans; where people only answered surveys, their answers say which days are over."""
    over = (events.ts_us < today_us) & events.identity_key.notnull()
    asked = {"first": events.ts_us.min(), "newest": events.ts_us.max(), "last_day": events.ts_us.max(where=over)}
    first_us, newest_us, last_day_us = events.agg(**asked).to_pyarrow().to_pylist()[0].values()
    if last_day_us is None:
        answered = scores.filter((scores.ts_us < today_us) & scores.person_key.notnull())
        last_day_us = answered.ts_us.max().to_pyarrow().as_py()
    return Extent(first_us, newest_us, last_day_us)
