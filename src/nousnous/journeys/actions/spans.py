"""What new events, merges and retractions touch: the pieces of persons' timelines that have to be computed anew.

A person's timeline is cut where neighbours are more than max(`within`, 30 minutes) apart; visits depend only on their
piece. What was taken away may have held pieces together: the span it covered is one piece with what lies near its ends.
"""

from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ibis import _

from nousnous.base import clock
from nousnous.facts.events import EVENTS, LINKS, RETRACTIONS
from nousnous.facts.journeys import PAUSE_US, Journey
from nousnous.journeys.recognition import Columns, Vocabulary, coded, columns_coded
from nousnous.warehouse.fold import in_order
from nousnous.warehouse.lake import Snapshot

FIRST_REACH_US = 6 * clock.HOUR_US
FURTHER = 30

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
SPAN = ("person_key", "from_us", "to_us")
_SPAN_OF_IDENTITY = pa.schema([(name, pa.int64()) for name in ("identity_key", "from_us", "to_us")])


@dataclass(frozen=True, slots=True)
class Touched:
    """The events of the touched pieces, whole pieces each, as columns by person and time, with their texts.

    `withdrawn` are the spans (person_key, from_us, to_us) in which kept visits do not count any more.
    """

    events: Columns
    words: Vocabulary
    withdrawn: dict[str, list[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """One span of each of some persons, sorted by person."""

    person: Integers
    from_us: Integers
    to_us: Integers

    @classmethod
    def joined(cls, rows: Any) -> "Spans":
        """From Arrow rows: what belongs to one person is one span."""
        spans = rows.group_by("person_key").aggregate([("from_us", "min"), ("to_us", "max")]).sort_by("person_key")
        return cls(*(spans[name].to_numpy() for name in ("person_key", "from_us_min", "to_us_max")))

    def as_rows(self) -> Any:
        return pa.table([self.person, self.from_us, self.to_us], names=SPAN)


def touched_since(source: Snapshot, journey: Journey, since_us: int) -> list[Touched]:
    """All that the commits after a number touched."""
    gap_us = max([PAUSE_US, *(step.within_us for step in journey.steps)])
    reach_us = max(FIRST_REACH_US, 2 * gap_us)
    events = source.resolved(EVENTS, since_us)
    spans = events.filter(events.person_key.notnull()).group_by("person_key")
    spans = spans.agg(from_us=_.ts_us.min(), to_us=_.ts_us.max())
    from_us = source.first_us(EVENTS, since_us)
    moved = _moved(source, since_us)
    if moved.num_rows:
        own = Spans.joined(pa.concat_tables([spans.to_pyarrow().cast(moved.schema), moved]))
        spans, marked = ibis.memtable(own.as_rows()), np.isin(own.person, moved["person_key"].to_numpy())
        marks = Spans(own.person[marked], own.from_us[marked], own.to_us[marked])
        from_us = min(from_us, int(own.from_us.min()))
    else:
        marks = Spans.joined(moved)
    found = []
    while True:
        pieces = _Pieces(_events_near(source, journey, spans, from_us, reach_us), marks, gap_us, since_us)
        whole = pieces.ends_within(reach_us - gap_us)
        found.append(pieces.touched(whole))
        if whole.all():
            return found
        rest = pieces.spans_of(~whole)
        marked = np.isin(marks.person, rest.person)
        marks = Spans(marks.person[marked], marks.from_us[marked], marks.to_us[marked])
        spans, reach_us = ibis.memtable(rest.as_rows()), reach_us * FURTHER


class _Pieces:
    """The rows near touched spans, by person and time, and the piece of each person that holds their span.

    A moved span may begin and end where no event is left: marks stand there instead, and a span is one piece always.
    """

    def __init__(self, rows: Any, marks: Spans, gap_us: int, since_us: int) -> None:
        columns, self._words = coded(rows)
        self._columns = columns = in_order(_with_marks(columns, marks))
        self._since_us = since_us
        person, ts_us = columns["person_key"], columns["ts_us"]
        same = person[1:] == person[:-1]
        self._firsts = np.flatnonzero(np.concatenate([[True], ~same])[: person.size])
        self._marked = np.isin(person[self._firsts], marks.person)
        within = (ts_us[:-1] >= columns["from_us"][:-1]) & (ts_us[1:] <= columns["to_us"][1:])
        joins = same & ((np.diff(ts_us) <= gap_us) | within)
        begins = np.flatnonzero(np.concatenate([[True], ~joins])[: person.size])
        ends = np.append(begins[1:], person.size) - 1
        inside = np.flatnonzero(ts_us >= columns["from_us"])
        mine = np.searchsorted(begins, inside[np.searchsorted(inside, self._firsts)], "right") - 1
        self.from_us, self.to_us = ts_us[begins[mine]], ts_us[ends[mine]]

    def ends_within(self, most_us: int) -> Flags:
        """Whose piece ends, on both sides, before what was read does."""
        spans = self.spans_of(np.ones(self._firsts.size, dtype=bool))
        return np.asarray((self.from_us > spans.from_us - most_us) & (self.to_us < spans.to_us + most_us))

    def spans_of(self, chosen: Flags) -> Spans:
        return Spans(*(self._columns[name][self._firsts[chosen]] for name in SPAN))

    def touched(self, whole: Flags) -> Touched:
        """The events of whole pieces; where old events are among them, or some were moved, visits had been kept."""
        ts_us, landed_us = self._columns["ts_us"], self._columns["landed_us"]
        counts = np.diff(np.append(self._firsts, ts_us.size))
        from_us, to_us = np.repeat(self.from_us, counts), np.repeat(self.to_us, counts)
        inside = np.repeat(whole, counts) & (landed_us >= 0) & (ts_us >= from_us) & (ts_us <= to_us)
        known = np.repeat(np.arange(counts.size), counts)[inside & (landed_us <= self._since_us)]
        gone = whole & (self._marked | (np.bincount(known, minlength=counts.size) > 0))
        spans = (self._columns["person_key"][self._firsts[gone]], self.from_us[gone], self.to_us[gone])
        withdrawn = {name: numbers.tolist() for name, numbers in zip(SPAN, spans, strict=True)}
        return Touched({name: column[inside] for name, column in self._columns.items()}, self._words, withdrawn)


def _with_marks(columns: Columns, marks: Spans) -> Columns:
    """The rows, and two more at the ends of each marked span, which no commit brought."""
    if not marks.person.size:
        return columns
    own = {"person_key": marks.person, "from_us": marks.from_us, "to_us": marks.to_us}
    twice = {name: np.tile(own.get(name, np.full(marks.person.size, -1)), 2) for name in columns}
    twice["ts_us"] = np.concatenate([marks.from_us, marks.to_us])
    return {name: np.concatenate([column, twice[name]]) for name, column in columns.items()}


def _moved(source: Snapshot, since_us: int) -> Any:
    """Spans of identities that changed person, and of those whose events were taken away, for each such person."""
    if all(source.newest_landed_us(table) <= since_us for table in (LINKS, RETRACTIONS)):
        return pa.table([pa.array([], pa.int64())] * 3, names=SPAN)
    log, gone = source.table(LINKS), source.table(RETRACTIONS)
    changed = log.filter(log.landed_us > since_us).select("identity_key").distinct()
    events = source.matching(EVENTS, "identity_key", changed.to_pyarrow()["identity_key"])
    moved = events.group_by("identity_key").agg(from_us=events.ts_us.min(), to_us=events.ts_us.max())
    taken = gone.filter(gone.landed_us > since_us).select("identity_key", "from_us", "to_us")
    spans = pa.concat_tables([one.to_pyarrow().cast(_SPAN_OF_IDENTITY) for one in (moved, taken)])
    identity = spans["identity_key"].to_numpy()
    owners = [identity, *(_owners(source, identity, until_us) for until_us in (since_us, None))]
    return pa.concat_tables([pa.table([owner, spans["from_us"], spans["to_us"]], names=SPAN) for owner in owners])


def _owners(source: Snapshot, identity: Integers, until_us: int | None) -> Integers:
    """The person to whom each identity belonged at a number of the lake's commits; now without one."""
    log = source.table(LINKS)
    log = log if until_us is None else log.filter(log.landed_us <= until_us)
    mine = log.semi_join(ibis.memtable(pa.table({"identity_key": np.unique(identity)})), "identity_key")
    newest = mine.group_by("identity_key").agg(person_key=_.person_key.argmax(_.landed_us)).to_pyarrow()
    owner = dict(zip(newest["identity_key"].to_pylist(), newest["person_key"].to_pylist(), strict=True))
    return np.array([owner.get(one, one) for one in identity.tolist()], dtype=np.int64)


def _columns(rows: Any, key: str, *, moved: bool) -> tuple[Integers, ...]:
    numbers = [rows[name].to_numpy().astype(np.int64) for name in (key, "from_us", "to_us")]
    return (*numbers, np.full(rows.num_rows, int(moved)))


def _events_near(source: Snapshot, journey: Journey, spans: Any, from_us: int, reach_us: int) -> Any:
    """What happened to the persons of some spans, in and near them, with the span of each."""
    near = spans.mutate(near_key=spans.person_key).drop("person_key")
    events = source.events()
    events = events.filter(events.ts_us >= from_us - reach_us)  # lets the engine pass over old files
    joined = events.inner_join(
        near,
        [
            events.person_key == near.near_key,
            events.ts_us >= near.from_us - reach_us,
            events.ts_us <= near.to_us + reach_us,
        ],
    )
    return columns_coded(joined, journey, "landed_us", "from_us", "to_us").to_pyarrow()
