"""Contacts of a period that came back: read, measured, told."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from nousnous.base import clock
from nousnous.base.errors import Place, Refused
from nousnous.capabilities.contacts.measures.returns import DIMENSIONS, WITHIN_US, Contacts, Line, lines_of, returns_of
from nousnous.facts.events import EVENTS, LINKS
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

STARTED: Final = "Contact Started"
RESOLVED: Final = "Contact Resolved"
USUAL_DAYS: Final = 56
MOST_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class ContactReport:
    """Resolved contacts of the last days of data; those of the newest 7 days are maturing and count in nothing yet."""

    from_us: int
    to_us: int
    days: int
    contacts: int
    lines: tuple[Line, ...]

    @property
    def whole(self) -> Line | None:
        return self.lines[0] if self.lines else None

    def as_dict(self) -> dict[str, Any]:
        return {
            "from": clock.from_us(self.from_us).isoformat(),
            "to": clock.from_us(self.to_us).isoformat(),
            "days": self.days,
            "resolved": self.contacts,
            "lines": [one.as_dict() for one in self.lines],
        }


def contact_report(workspace: Workspace, days: int = USUAL_DAYS) -> ContactReport:
    """Next-contact avoidance of the last days of data, against as many days before."""
    if not 8 <= days <= MOST_DAYS:
        raise Refused(
            f"Contacts are looked at over 8 to {MOST_DAYS} days: those of 7 days are maturing.", Place(field="days")
        )
    events = lake_of(workspace).snapshot(EVENTS, LINKS).events()
    events = events.filter(events.ts_us <= clock.now_us())
    to_us = int(events.ts_us.max().to_pyarrow().as_py() or 0) + 1
    from_us = to_us - days * clock.DAY_US
    wanted = events.filter(
        events.event.isin([STARTED, RESOLVED])
        & events.person_key.notnull()
        & (events.ts_us >= from_us - days * clock.DAY_US)
    )
    read = wanted.select("person_key", "ts_us", "event", "handling_minutes", *DIMENSIONS).to_pyarrow()
    contacts = Contacts(
        read["person_key"].to_numpy(),
        read["ts_us"].to_numpy(),
        np.asarray(read["event"].to_numpy() == RESOLVED, dtype=bool),
        read["handling_minutes"].to_numpy().astype(np.float64),
        {name: np.asarray(read[name].fill_null("").to_pylist(), dtype=str) for name in DIMENSIONS},
    )
    found = returns_of(contacts)
    now, before = found.chosen(found.ts_us >= from_us), found.chosen(found.ts_us < from_us)
    count = int(now.persons.size)
    lines = lines_of(now, before, to_us - 1 - WITHIN_US) if count else ()
    return ContactReport(from_us, to_us, days, count, lines)
