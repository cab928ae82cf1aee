"""Contacts of a period that came back: read, measured, told."""

from dataclasses import dataclass, replace
from typing import Any, Final

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.base import clock
from nousnous.base.errors import Place, Refused
from nousnous.base.shapes import Moment, Window
from nousnous.capabilities.contacts.measures.episodes import episodes
from nousnous.capabilities.contacts.measures.returns import (
    DIMENSIONS,
    WITHIN_US,
    ContactLineShape,
    Contacts,
    Line,
    lines_of,
    returns_of,
)
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.messages import MESSAGES
from nousnous.facts.themes import TALK_THEMES
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.models import Workspace

STARTED: Final = "Contact Started"
RESOLVED: Final = "Contact Resolved"
EVENTS_SOURCE, TALKS_SOURCE = SOURCES = ("events", "conversations")
"""What contacts are read from: the events of contacts, or the messages of conversations."""
USUAL_DAYS: Final = 56
MOST_DAYS: Final = 400
_TEAM: Final = r'"(?:team|agent_group)":\s*"(?P<team>[^"\\]{1,100})"'
"""Which team an event names among what else was sent."""


class ContactReportShape(Window):
    days: int
    source: str
    maturing_since: Moment
    resolved: int
    lines: list[ContactLineShape]


@dataclass(frozen=True, slots=True)
class ContactReport:
    """Resolved contacts of the last days of data; those of the newest 7 days are maturing and count in nothing yet."""

    from_us: int
    to_us: int
    days: int
    source: str
    contacts: int
    lines: tuple[Line, ...]

    @property
    def mature_us(self) -> int:
        """Until when contacts were resolved that count: those after it have not had their 7 days."""
        return self.to_us - 1 - WITHIN_US

    @property
    def whole(self) -> Line | None:
        return self.lines[0] if self.lines else None

    def as_dict(self) -> ContactReportShape:
        return {
            "from": clock.from_us(self.from_us).isoformat(),
            "to": clock.from_us(self.to_us).isoformat(),
            "days": self.days,
            "source": self.source,
            "maturing_since": clock.from_us(self.mature_us).isoformat(),
            "resolved": self.contacts,
            "lines": [one.as_dict() for one in self.lines],
        }


def contact_report(workspace: Workspace, days: int = USUAL_DAYS, source: str = "") -> ContactReport:
    """Next-contact avoidance of the last days of data, against as many days before.

    Of the events of contacts; where there are none of the messages of conversations; or of the `source` asked for.
    """
    if not 8 <= days <= MOST_DAYS:
        raise Refused(
            f"Contacts are looked at over 8 to {MOST_DAYS} days: those of 7 days are maturing.", Place(field="days")
        )
    if source not in {"", *SOURCES}:
        raise Refused(f"Contacts are read from {' or '.join(SOURCES)}.", Place(field="source"))
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, MESSAGES, TALK_THEMES)
    return remembered(snapshot, ("contacts", days, source), lambda: _reported(snapshot, days, source))


def _reported(snapshot: Snapshot, days: int, source: str) -> ContactReport:
    chosen, to_us, contacts = EVENTS_SOURCE, 0, None
    for chosen in (source,) if source else SOURCES:
        to_us, contacts = _READERS[chosen](snapshot, days)
        if contacts.persons.size:
            break
    from_us = to_us - days * clock.DAY_US
    if contacts is None or not contacts.persons.size:
        return ContactReport(from_us, to_us, days, source or EVENTS_SOURCE, 0, ())
    found = returns_of(contacts)
    now, before = found.chosen(found.ts_us >= from_us), found.chosen(found.ts_us < from_us)
    count = int(now.persons.size)
    report = ContactReport(from_us, to_us, days, chosen, count, ())
    return replace(report, lines=lines_of(now, before, report.mature_us)) if count else report


def _of_events(snapshot: Snapshot, days: int) -> tuple[int, Contacts]:
    events = snapshot.events()
    events = events.filter(events.ts_us <= clock.now_us())
    to_us = int(events.ts_us.max().to_pyarrow().as_py() or 0) + 1
    wanted = events.filter(
        events.event.isin([STARTED, RESOLVED])
        & events.person_key.notnull()
        & (events.ts_us >= to_us - 2 * days * clock.DAY_US)
    )
    names = ("channel", "topic", "handling_minutes", "properties")
    read = wanted.select("person_key", "ts_us", "event", *names).to_pyarrow()
    team = pc.struct_field(pc.extract_regex(read["properties"].cast(pa.string()), _TEAM), "team")
    return to_us, Contacts(
        read["person_key"].to_numpy(),
        read["ts_us"].to_numpy(),
        np.asarray(read["event"].to_numpy() == RESOLVED, dtype=bool),
        read["handling_minutes"].to_numpy().astype(np.float64),
        _groups(read.append_column("team", team)),
    )


def _of_conversations(snapshot: Snapshot, days: int) -> tuple[int, Contacts]:
    """Each contact within a conversation starts, and is resolved where the company had answered it."""
    messages = snapshot.resolved(MESSAGES)
    messages = _with_topics(snapshot, messages.filter(messages.ts_us <= clock.now_us()))
    to_us = int(messages.ts_us.max().to_pyarrow().as_py() or 0) + 1
    read = episodes(messages.filter(messages.ts_us >= to_us - 2 * days * clock.DAY_US)).to_pyarrow()
    ended = read.filter(read["answered"])
    size, both = read.num_rows, pa.concat_tables([read, ended])
    return to_us, Contacts(
        both["person_key"].to_numpy(),
        np.concatenate([read["started_us"].to_numpy(), ended["ended_us"].to_numpy()]),
        np.arange(both.num_rows) >= size,
        both["minutes"].to_numpy().astype(np.float64),
        _groups(both),
    )


def _with_topics(snapshot: Snapshot, messages: Any) -> Any:
    """Messages with the theme of their conversation as its topic, where it brought none."""
    if TALK_THEMES.name not in snapshot.versions:
        return messages
    kept, told = snapshot.table(TALK_THEMES), messages.filter(messages.topic.fill_null("") != "")
    kept = kept.anti_join(told.select("conversation_key").distinct(), "conversation_key")
    named = kept.filter(kept.name.notnull()).select(named_key="conversation_key", named="name")
    joined = messages.left_join(named, messages.conversation_key == named.named_key)
    topic = ibis.coalesce(joined.topic.nullif(""), joined.named)
    return joined.mutate(topic=topic).drop("named_key", "named")


def _groups(read: Any) -> dict[str, Any]:
    return {name: np.asarray(read[name].fill_null("").to_pylist(), dtype=str) for name in DIMENSIONS}


_READERS: Final = {EVENTS_SOURCE: _of_events, TALKS_SOURCE: _of_conversations}
