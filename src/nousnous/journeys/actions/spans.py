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
from nousnous.journeys.recognition import columns_needed
from nousnous.warehouse.lake import Snapshot

FIRST_REACH_US = clock.DAY_US
FURTHER = 30

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_SPAN = pa.schema([(name, pa.int64()) for name in ("identity_key", "from_us", "to_us")])


@dataclass(frozen=True, slots=True)
class Touched:
    """The events of the touched pieces, whole pieces each, and the spans in which kept visits do not count any more."""

    events: Any
    withdrawn: dict[str, list[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """One span of each touched person, sorted by person; `moved`: events came from or went to elsewhere."""

    person: Integers
    from_us: Integers
    to_us: Integers
    moved: Flags

    def only(self, chosen: Flags) -> "Spans":
        return Spans(self.person[chosen], self.from_us[chosen], self.to_us[chosen], self.moved[chosen])


def touched_spans(source: Snapshot, journey: Journey, since_us: int) -> Touched | None:
    """All that the commits after a number touched; None if nothing of a person."""
    spans = _spans(source, since_us)
    if not spans.person.size:
        return None
    gap_us = max([PAUSE_US, *(step.within_us for step in journey.steps)])
    reach_us = max(FIRST_REACH_US, 2 * gap_us)
    pieces, withdrawn = [], []
    while spans.person.size:
        rows = _events_near(source, journey, spans, reach_us)
        whole, from_us, to_us = _pieces(rows, spans, gap_us, reach_us)
        whose, ts_us = np.searchsorted(spans.person, rows["person_key"].to_numpy()), rows["ts_us"].to_numpy()
        inside = whole[whose] & (ts_us >= from_us[whose]) & (ts_us <= to_us[whose])
        pieces.append(rows.filter(pa.array(inside)))
        known = inside & (rows["landed_us"].to_numpy() <= since_us)
        kept = whole & (spans.moved | (np.bincount(whose[known], minlength=whole.size) > 0))
        withdrawn.append((spans.person[kept], from_us[kept], to_us[kept]))
        spans, reach_us = spans.only(~whole), reach_us * FURTHER
    person, from_us, to_us = (np.concatenate(column).tolist() for column in zip(*withdrawn, strict=True))
    return Touched(pa.concat_tables(pieces), {"person_key": person, "from_us": from_us, "to_us": to_us})


def _spans(source: Snapshot, since_us: int) -> Spans:
    parts = [_of_new_events(source, since_us), *_of_moved(source, since_us)]
    person, from_us, to_us, moved = (np.concatenate([part[place] for part in parts]) for place in range(4))
    order = np.argsort(person, kind="stable")
    person = person[order]
    firsts = np.flatnonzero(np.concatenate([[True], person[1:] != person[:-1]])) if person.size else person
    if not person.size:
        return Spans(person, from_us, to_us, moved.astype(bool))
    return Spans(
        person[firsts],
        np.minimum.reduceat(from_us[order], firsts),
        np.maximum.reduceat(to_us[order], firsts),
        np.logical_or.reduceat(moved[order].astype(bool), firsts),
    )


def _of_new_events(source: Snapshot, since_us: int) -> tuple[Integers, ...]:
    events = source.resolved(EVENTS, since_us)
    found = events.filter(events.person_key.notnull()).group_by("person_key")
    return _columns(found.agg(from_us=_.ts_us.min(), to_us=_.ts_us.max()).to_pyarrow(), "person_key", moved=False)


def _of_moved(source: Snapshot, since_us: int) -> list[tuple[Integers, ...]]:
    """Spans of identities that changed person, and of those whose events were taken away, for each such person."""
    tables = [table for table in (LINKS, RETRACTIONS) if table.name in source.versions]
    if all(source.lake.newest_landed_us(table, source.versions[table.name]) <= since_us for table in tables):
        return []
    log, gone = source.table(LINKS), source.table(RETRACTIONS)
    changed = log.filter(log.landed_us > since_us).select("identity_key").distinct()
    events = source.matching(EVENTS, "identity_key", changed.to_pyarrow()["identity_key"])
    moved = events.group_by("identity_key").agg(from_us=events.ts_us.min(), to_us=events.ts_us.max())
    taken = gone.filter(gone.landed_us > since_us).select("identity_key", "from_us", "to_us")
    spans = pa.concat_tables([one.to_pyarrow().cast(_SPAN) for one in (moved, taken)])
    if not spans.num_rows:
        return []
    identity, from_us, to_us = _columns(spans, "identity_key", moved=True)[:3]
    owners = [identity, *(_owners(source, identity, until_us) for until_us in (since_us, None))]
    return [(owner, from_us, to_us, np.ones(owner.size, dtype=np.int64)) for owner in owners]


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


def _events_near(source: Snapshot, journey: Journey, spans: Spans, reach_us: int) -> Any:
    near = ibis.memtable(
        pa.table({"near_key": spans.person, "low_us": spans.from_us - reach_us, "high_us": spans.to_us + reach_us})
    )
    events = source.events()
    events = events.filter(events.ts_us.between(int(spans.from_us.min()) - reach_us, int(spans.to_us.max()) + reach_us))
    joined = events.inner_join(
        near, [events.person_key == near.near_key, events.ts_us >= near.low_us, events.ts_us <= near.high_us]
    )
    return joined.select("person_key", "ts_us", "landed_us", *columns_needed(journey)).to_pyarrow()


def _pieces(rows: Any, spans: Spans, gap_us: int, reach_us: int) -> tuple[Flags, Integers, Integers]:
    """The piece of each person that holds their span, and whether it ends before what was read ends."""
    whose = np.searchsorted(spans.person, rows["person_key"].to_numpy())
    everybody = np.arange(spans.person.size)
    person = np.concatenate([everybody, everybody, whose])
    ts_us = np.concatenate([spans.from_us, spans.to_us, rows["ts_us"].to_numpy()])
    order = np.lexsort((ts_us, person))
    person, ts_us = person[order], ts_us[order]
    near = np.diff(ts_us) <= gap_us
    within = (ts_us[:-1] >= spans.from_us[person[:-1]]) & (ts_us[1:] <= spans.to_us[person[:-1]])
    piece = np.concatenate([[0], np.cumsum(~((person[1:] == person[:-1]) & (near | within)))])
    firsts = np.flatnonzero(np.diff(piece, prepend=-1))
    lasts = np.append(firsts[1:], piece.size) - 1
    place = np.empty(order.size, dtype=np.int64)
    place[order] = piece
    mine = place[everybody]
    from_us, to_us = ts_us[firsts[mine]], ts_us[lasts[mine]]
    whole = (from_us > spans.from_us - reach_us + gap_us) & (to_us < spans.to_us + reach_us - gap_us)
    return whole, from_us, to_us
