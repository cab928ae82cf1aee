"""What happened, noted stretch by stretch, and written as the table that an import takes."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nousnous.base.clock import MINUTE_US
from nousnous_demo.company import Passage
from nousnous_demo.crowd import COUNTRIES, PLATFORMS, Crowd, Integers

# Who did something: a customer who is signed in, one who is not yet (their device is known), a stranger, nobody.
KNOWN, DEVICE, STRANGER, NOBODY = range(4)
STORE = "store"


@dataclass(frozen=True, slots=True)
class Kind:
    """What an event is, apart from who and when."""

    event: str
    screen: str = "/"
    element: str | None = None
    channel: str = "app"
    topic: str | None = None
    experiment_id: str | None = None
    variation_id: str | None = None

    @classmethod
    def of(cls, passage: Passage, event: str) -> "Kind":
        element = passage.element if passage.signal and event == passage.signal else None
        topic = passage.topic if event.startswith("Contact ") else None
        return cls(event, passage.screen, element, passage.channel, topic)


@dataclass(slots=True)
class Diary:
    """Everything that happened; a row is who, when, what, and as whom."""

    crowd: Crowd
    kinds: dict[Kind, int] = field(default_factory=dict)
    persons: list[Integers] = field(default_factory=list)
    moments: list[Integers] = field(default_factory=list)
    codes: list[Integers] = field(default_factory=list)
    guises: list[Integers] = field(default_factory=list)

    def note(self, kind: Kind, who: Integers, at_us: Integers, guise: int | Integers = KNOWN) -> None:
        code = self.kinds.setdefault(kind, len(self.kinds))
        self.persons.append(who)
        self.moments.append(at_us)
        self.codes.append(np.full(len(who), code))
        self.guises.append(np.broadcast_to(np.asarray(guise, dtype=np.int64), who.shape))

    def events(self) -> Any:
        """The events inside the world's days, in the order of time, as an Arrow table."""
        person, at_us, code, guise = (
            np.concatenate(part) for part in (self.persons, self.moments, self.codes, self.guises)
        )
        inside = np.flatnonzero((at_us >= self.crowd.from_us) & (at_us < self.crowd.until_us))
        order = inside[np.lexsort((code[inside], person[inside], at_us[inside]))]
        person, at_us, code, guise = person[order], at_us[order], code[order], guise[order]
        kinds = list(self.kinds)
        in_store = np.array([kind.channel == STORE for kind in kinds])[code]
        columns = {
            **self._ids(person, guise, in_store),
            "session_id": _sessions(person, at_us, in_store | (guise == NOBODY)),
            "event": _texts([kind.event for kind in kinds], code),
            "timestamp": pa.array(at_us, pa.timestamp("us", "UTC")),
            **{name: _texts([getattr(kind, name) for kind in kinds], code) for name in ("screen", "element")},
            **{name: _texts([getattr(kind, name) for kind in kinds], code) for name in ("channel", "topic")},
            **{
                name: _texts([getattr(kind, name) for kind in kinds], code)
                for name in ("experiment_id", "variation_id")
            },
            "country": _texts(COUNTRIES, self.crowd.country[person], guise == NOBODY),
            "platform": _texts(PLATFORMS, self.crowd.platform[person], guise == NOBODY),
        }
        return pa.table({**columns, **self._amounts(kinds, code)})

    def _ids(self, person: Integers, guise: Integers, in_store: NDArray[np.bool_]) -> dict[str, Any]:
        """Known ids, and those of devices: a phone or a laptop; a store sees none."""
        people = range(self.crowd.people)
        device = ["laptop" if kind == PLATFORMS.index("desktop") else "phone" for kind in self.crowd.platform]
        visitors = [f"{device[one]}-{one:06d}" for one in people] + [f"visitor-{one:06d}" for one in people]
        stranger = guise == STRANGER
        return {
            "user_id": _texts([f"customer-{one:06d}" for one in people], person, guise != KNOWN),
            "anonymous_id": _texts(visitors, person + stranger * self.crowd.people, in_store | (guise == NOBODY)),
        }

    def _amounts(self, kinds: list[Kind], code: Integers) -> dict[str, Any]:
        """Revenue of orders and minutes of contacts that were resolved."""
        random, size = self.crowd.random, len(code)
        names = np.array([kind.event for kind in kinds])
        ordered, resolved = (names == "Order Completed")[code], (names == "Contact Resolved")[code]
        revenue = np.where(ordered, np.round(random.lognormal(4.5, 0.6, size), 2), np.nan)
        minutes = np.where(resolved, np.round(random.lognormal(2.2, 0.4, size), 1), np.nan)
        return {
            "revenue": pa.array(revenue, from_pandas=True),
            "currency": pa.array(np.full(size, "USD", dtype=object), pa.string(), mask=~ordered),
            "customer_minutes": pa.array(minutes, from_pandas=True),
            "handling_minutes": pa.array(np.round(minutes * 0.8, 1), from_pandas=True),
        }


def _sessions(person: Integers, at_us: Integers, nowhere: NDArray[np.bool_]) -> Any:
    """What a client would call them: a session ends after half an hour of silence."""
    order = np.lexsort((at_us, person))
    new = (np.diff(person[order], prepend=-1) != 0) | (np.diff(at_us[order], prepend=0) > 30 * MINUTE_US)
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return _texts([f"session-{one:07d}" for one in range(int(new.sum()))], number, nowhere)


def _texts(words: Any, place: Integers, missing: NDArray[np.bool_] | None = None) -> Any:
    codes = pa.array(place.astype(np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string())).cast(pa.string())
