"""Reading what became of people: their visits, orders and subscriptions, as far as 90 days are over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.capabilities.gaps.actions.cases import Question
from nousnous.capabilities.gaps.actions.columns import Texts, numbers_of, whole_batches
from nousnous.capabilities.gaps.actions.parts import divided
from nousnous.capabilities.gaps.actions.reading import People, Sources, allowed_us, column_of, opened_in, told_apart
from nousnous.capabilities.gaps.measures.afterwards import references_in, with_afterwards
from nousnous.capabilities.gaps.measures.debt import Reference
from nousnous.capabilities.gaps.measures.following import (
    FOLLOWED_DAYS,
    FOLLOWED_US,
    Followed,
    Passings,
    Rows,
    followed_period,
    period_of_persons,
    rows_of_persons,
    rows_of_visits,
)
from nousnous.capabilities.gaps.measures.report import GapReport
from nousnous.capabilities.gaps.measures.trade import Moments, Trade
from nousnous.journeys.parts import Part, property_text
from nousnous.journeys.periods import Extent, Period
from nousnous.journeys.windows import written

# What makes and unmakes a customer: an order, a subscription begun, a subscription ended.
TRADED = ("Order Completed", "Subscription Started", "Subscription Cancelled")
VISITS_A_LOT = 2_000_000
NO_TRADE = "No order and no subscription is known here, so nobody can be seen to leave."


def follow_up(report: GapReport, sources: Sources, question: Question, extent: Extent, part: Part) -> GapReport:
    """A report of `report_of` with what became of the people in it."""
    followed = _follow(divided(part, sources), question, extent, references_in(report))
    if part.segment is not None:
        followed = followed.of_values(part.values(followed.segments))
    return with_afterwards(report, followed)


def _follow(sources: Sources, question: Question, extent: Extent, references: Sequence[Reference]) -> Followed:
    """What became of the people of a report's journey in the 90 days after their visits.

    Read only where these days are over for somebody, and where orders or subscriptions say who is a customer.
    `references` say by step what was wasted.
    """
    newest_us = question.period.to_us if extent.newest_us is None else extent.newest_us
    first_us = newest_us if extent.first_us is None else extent.first_us
    period, zone = followed_period(question.period, newest_us), question.timezone
    nobody = Followed(_written(period, zone), _written(period_of_persons(period), zone))
    if period.to_us <= first_us:
        day = written(first_us + FOLLOWED_US, zone)[:10]
        return replace(nobody, why_not=f"The first {FOLLOWED_DAYS} days after a visit are over on {day}.")
    events = sources.events
    names = events.event.isin(TRADED) & events.person_key.notnull()
    trading = events.filter(names & (events.ts_us <= newest_us)).select(
        "person_key",
        "ts_us",
        kind=events.event.cases(*((name, place) for place, name in enumerate(TRADED)), else_=len(TRADED)).cast("int8"),
        amount=ibis.coalesce(events.revenue, events.total),
    )
    traded = trading.to_pyarrow()
    if not traded.num_rows:
        return replace(nobody, why_not=NO_TRADE)
    reach = Period(period.from_us - FOLLOWED_US, period.to_us)
    rows = told_apart(opened_in(sources.visits, reach), [question.split])
    closed = _closed(rows, newest_us, references)
    counted = closed.group_by("person_key").agg(visits=closed.count()).to_pyarrow()
    people, count = People(np.sort(numbers_of(counted["person_key"]))), pc.sum(counted["visits"]).as_py() or 0
    trade, texts = _trade(traded, people), {name: Texts() for name in ("country", "channel", column_of(question.split))}
    visits, persons = [], []
    for lot in _lots(closed, people, count):
        passings = _passings(lot, people, texts)
        visits.append(rows_of_visits(passings, trade, period, newest_us))
        persons.append(rows_of_persons(passings, trade, period))
    followed = replace(nobody, visits=_coded(visits), persons=_coded(persons), priced=trade.priced)
    return replace(followed, segments=tuple(map(str, texts[column_of(question.split)].known)))


def _written(period: Period, zone: str) -> tuple[str, str]:
    return written(period.from_us, zone), written(period.to_us, zone)


def _closed(rows: Any, newest_us: int, references: Sequence[Reference]) -> Any:
    """Those of some visits that are closed, with whether they wasted something."""
    rows = rows.filter(rows.completed | (rows.window_us <= newest_us))
    allowed = allowed_us(rows, newest_us, references)
    rows = rows.mutate(wasted=ibis.coalesce(rows.active_us > allowed, False), step=rows.step.cast("int16"))
    return rows.mutate(country=property_text(rows, "country"), channel=property_text(rows, "channel"))


def _coded(parts: list[Rows]) -> Rows:
    """Parts as one, step after step, their strata numbered closely."""
    rows = Rows.joined(parts)
    if len(parts) > 1:
        rows = rows.only(np.argsort(rows.step, kind="stable"))
    return replace(rows, stratum=numbers_of(pc.dictionary_encode(pa.array(rows.stratum)).indices))


def _lots(rows: Any, people: People, count: int) -> Iterator[Any]:
    """The rows of some people after those of others: what people go through is large while it is sorted."""
    lots = max(1, min(-(-count // VISITS_A_LOT), people.keys.size))
    for keys in np.array_split(people.keys, lots):
        yield rows.filter(rows.person_key.between(int(keys[0]), int(keys[-1]))) if lots > 1 else rows


def _passings(rows: Any, people: People, texts: Mapping[str, Texts]) -> Passings:
    """Visits by column; the last of the `texts` tells apart."""
    names, parts = ("person_key", "step", "opened_us", "ended_us", "wasted"), []
    for batch in whole_batches(rows.select(*names, *texts)):
        columns = {name: numbers_of(batch[name]) for name in names}
        parts.append(columns | {name: known.codes(batch[name]) for name, known in texts.items()})
    found = {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}
    found["segment"] = found.pop(list(texts)[-1])
    found["person"] = people.codes(found.pop("person_key")).astype(np.int32)
    return Passings.sorted_from(found)


def _trade(rows: Any, people: People) -> Trade:
    """Orders and subscriptions by the codes of the visits' persons; strangers have codes above theirs."""
    person, moment_us = people.codes(numbers_of(rows["person_key"])), numbers_of(rows["ts_us"])
    amount, kind = numbers_of(rows["amount"]).astype(np.float64), numbers_of(rows["kind"])
    ordered, begun, ended = (np.flatnonzero(kind == place) for place in range(len(TRADED)))
    subscriptions = (Moments.sorted_from(person[mine], moment_us[mine]) for mine in (begun, ended))
    return Trade.of((person[ordered], moment_us[ordered], amount[ordered]), *subscriptions)
