"""Who shows signs of fading now, for members."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import ibis
import pyarrow as pa

from nousnous.base import clock
from nousnous.base.shapes import Moment
from nousnous.capabilities.attrition.measures.signals import SIGNALS, sentence
from nousnous.facts.attrition import SIGNS_OF_FADING
from nousnous.facts.events import EVENTS, LINKS
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

RECENT_DAYS: Final = 30
NEW_DAYS: Final = 7
MOST_PEOPLE: Final = 200


class FadingCountsShape(TypedDict):
    people: int
    new: int
    days: int
    signals: dict[str, int]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people have signs of the last 30 days of data, and of the last 7; `looked`: signs were sought."""

    looked: bool
    people: int
    new: int
    signals: dict[str, int]

    def as_dict(self) -> FadingCountsShape:
        return {"people": self.people, "new": self.new, "days": RECENT_DAYS, "signals": self.signals}


class SignShape(TypedDict):
    signal: str
    said: str
    began_at: Moment
    evidence_at: list[Moment]
    days: float
    baseline: float | None
    chance: float | None


class FadingShape(TypedDict):
    person: str
    signals: list[SignShape]


@dataclass(frozen=True, slots=True)
class Fading:
    """One person with their signs of the last 30 days, the newest first."""

    person: str
    signals: tuple[SignShape, ...]

    def as_dict(self) -> FadingShape:
        return {"person": self.person, "signals": list(self.signals)}


def count_signals(workspace: Workspace) -> Counts:
    """How many people show signs, and which."""
    snapshot = lake_of(workspace).snapshot(SIGNS_OF_FADING, EVENTS)
    return remembered(snapshot, "signs of fading", lambda: _counted(snapshot))


def _counted(snapshot: Snapshot) -> Counts:
    signs = _recent(snapshot, RECENT_DAYS)
    by_signal = signs.group_by("signal").agg(people=signs.person_key.nunique()).to_pyarrow().to_pylist()
    found = {row["signal"]: row["people"] for row in by_signal}
    return Counts(
        SIGNS_OF_FADING.name in snapshot.versions,
        signs.person_key.nunique().to_pyarrow().as_py(),
        _recent(snapshot, NEW_DAYS).person_key.nunique().to_pyarrow().as_py(),
        {name: found.get(name, 0) for name in SIGNALS},
    )


def list_fading(workspace: Workspace, actor: str) -> list[Fading]:
    """Those with most kinds of signs first, then the newest; at most 200. Looking is noted."""
    snapshot = lake_of(workspace).snapshot(SIGNS_OF_FADING, EVENTS, LINKS)
    people, found = remembered(snapshot, "who fades", lambda: _who(snapshot))
    audit(workspace, actor, "looked at who fades", f"{people} people")
    return found


def _who(snapshot: Snapshot) -> tuple[int, list[Fading]]:
    signs = _recent(snapshot, RECENT_DAYS)
    ranked = signs.group_by("person_key").agg(kinds=signs.signal.nunique(), newest=signs.moment_us.max())
    first = ranked.order_by(ibis.desc("kinds"), ibis.desc("newest"), "person_key").limit(MOST_PEOPLE).to_pyarrow()
    keys = first["person_key"].to_pylist()
    wanted = ibis.memtable(pa.table({"person_key": pa.array(keys, pa.int64())}))
    rows = signs.semi_join(wanted, "person_key").order_by(ibis.desc("moment_us"), "signal").to_pyarrow().to_pylist()
    names = names_of(snapshot, wanted)
    return len(keys), [Fading(names[key], tuple(_told(rows, key))) for key in keys if key in names]


def _recent(snapshot: Snapshot, days: int) -> Any:
    """The signs of so many days before the newest event."""
    signs, events = snapshot.table(SIGNS_OF_FADING), snapshot.table(EVENTS)
    newest_us = events.filter(events.ts_us <= clock.now_us()).ts_us.max().to_pyarrow().as_py() or 0
    return signs.filter(signs.moment_us >= newest_us - days * clock.DAY_US)


def names_of(snapshot: Snapshot, wanted: Any) -> dict[int, str]:
    """The ids by which people are shown, of those whose keys are in a table."""
    theirs = snapshot.events().semi_join(wanted, "person_key")
    ids = theirs.group_by("person_key").agg(known=theirs.user_id.min(), device=theirs.anonymous_id.min())
    found = ((row["person_key"], row["known"] or row["device"]) for row in ids.to_pyarrow().to_pylist())
    return {key: name for key, name in found if name}


def _told(rows: Iterable[dict[str, Any]], key: int) -> Iterable[SignShape]:
    for row in rows:
        if row["person_key"] == key:
            moments = [clock.from_us(moment).isoformat() for moment in row["evidence_us"]]
            yield {
                "signal": row["signal"],
                "said": sentence(row["signal"], len(moments), row["days"], row["baseline"]),
                "began_at": clock.from_us(row["moment_us"]).isoformat(),
                "evidence_at": moments,
                "days": row["days"],
                "baseline": row["baseline"],
                "chance": row["chance"],
            }
