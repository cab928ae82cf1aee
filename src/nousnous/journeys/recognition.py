"""From events as they are kept to the timelines of a journey, and from its visits to the rows that are kept.

The engine turns texts into small numbers, for the few events that a journey is about; numbers are all that is sorted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.facts.journeys import SEGMENT_PROPERTIES, Condition, Journey, Matcher
from nousnous.facts.visits import visits_table
from nousnous.journeys.measures import property_text
from nousnous.journeys.visits import NONE, Found, Moments, Roles, Timeline, distinct, visits_of
from nousnous.warehouse.fold import numbers

Columns = Mapping[str, npt.NDArray[Any]]
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The texts of some events by code, each list in the order of its texts."""

    names: Names
    elements: Names
    segments: tuple[Names, ...]


def vocabulary(events: Any, journey: Journey) -> Vocabulary:
    """The texts that the visits of a journey may need; one scan of the events."""
    starting, troubling = _names(_all_starts(journey)), _names(_all_troubles(journey))
    told = _distinct(events, starting, {name: events[name] for name in SEGMENT_PROPERTIES})
    elements = _distinct(events, troubling, {"element": events.element.nullif("")})["element"]
    names = (
        _known_names(journey) if troubling is not None else _distinct(events, None, {"event": events.event})["event"]
    )
    return Vocabulary(names, elements, tuple(told[name] for name in SEGMENT_PROPERTIES))


def _distinct(events: Any, names: Names | None, texts: Mapping[str, Any]) -> dict[str, Names]:
    """The texts that events of some names have; of several columns their combinations are few, too."""
    named = events if names is None else events.filter(events.event.isin(names))
    rows = named.select(**texts).distinct().to_pyarrow()
    return {name: tuple(sorted(set(rows[name].drop_null().to_pylist()))) for name in texts}


def projection(events: Any, journey: Journey, words: Vocabulary) -> Any:
    """Person, time and codes of every event: what `found_in` reads."""
    texts = {
        "event": words.names,
        "element": words.elements,
        **dict(zip(SEGMENT_PROPERTIES, words.segments, strict=True)),
    }
    rows = reduce(lambda rows, column: _coded(rows, column, texts[column]), texts, events)
    return _with_conditions(rows, journey, [f"{name}_code" for name in texts])


def columns_coded(events: Any, journey: Journey, *more: str) -> Any:
    """What `coded` reads of events, whose texts the engine leaves as they are, and some columns beside it."""
    texts = ("event", "element", *SEGMENT_PROPERTIES)
    return _with_conditions(events, journey, (*texts, *more))


def coded(rows: Any) -> tuple[Columns, Vocabulary]:
    """Arrow rows of a few persons as `projection` makes them of all, and their texts."""
    found = {
        name: pc.dictionary_encode(rows[name]).combine_chunks() for name in ("event", "element", *SEGMENT_PROPERTIES)
    }
    ordered = {name: _in_text_order(column) for name, column in found.items()}
    columns = numbers(rows.drop_columns(list(found)))
    words = {name: texts for name, (texts, _) in ordered.items()}
    segments = tuple(words[name] for name in SEGMENT_PROPERTIES)
    columns |= {f"{name}_code": codes for name, (_, codes) in ordered.items()}
    return columns, Vocabulary(words["event"], words["element"], segments)


def _in_text_order(column: Any) -> tuple[Names, npt.NDArray[np.int32]]:
    texts = [text or "" for text in column.dictionary.to_pylist()]
    known = tuple(sorted({text for text in texts if text}))
    places = np.array([known.index(text) if text else NONE for text in texts] + [NONE], dtype=np.int32)
    return known, places[np.asarray(pc.fill_null(column.indices, len(texts)).to_numpy())]


def _with_conditions(events: Any, journey: Journey, names: Iterable[str]) -> Any:
    holding = {f"condition_{place}": _holds(events, *one) for place, one in enumerate(_conditions(journey))}
    return events.mutate(**holding).select("person_key", "ts_us", *holding, *names)


def found_in(columns: Columns, journey: Journey, words: Vocabulary) -> list[Found]:
    """The visits of each step of some persons, whose events come sorted by person and time."""
    named, places = _Matching(columns, journey, words), range(len(journey.steps))
    cause = np.where(
        columns["event_code"] >= 0,
        columns["event_code"].astype(np.int64) * (len(words.elements) + 1) + columns["element_code"] + 1,
        NONE,
    )
    segments = [columns[f"{name}_code"].astype(np.int64) for name in SEGMENT_PROPERTIES]
    timeline = Timeline(columns["person_key"], columns["ts_us"], named.any_of(journey.frustration), cause, segments)
    moments = Moments.of(timeline)
    return [visits_of(timeline, moments, named.roles(place)) for place in places]


def rows_of_visits(steps: Iterable[Found], journey: Journey, words: Vocabulary, landed_us: int) -> Any:
    """Visits as Arrow rows of the table in which they are kept."""
    return pa.concat_tables([_rows_of_step(found, journey, words, landed_us) for found in steps])


def _rows_of_step(found: Found, journey: Journey, words: Vocabulary, landed_us: int) -> Any:
    none = found.cause < 0
    name, element = np.divmod(found.cause, len(words.elements) + 1)
    offsets = np.concatenate([[0], np.cumsum(found.stretches)])
    columns = {
        "person_key": found.person,
        "step": found.step,
        "opened_us": found.opened_us,
        "ended_us": found.ended_us,
        "window_us": found.window_us,
        "completed": found.completed,
        "failed": found.failed,
        "frustrated": found.frustrated,
        "troubled": found.troubled,
        "cause": _texts(words.names, np.where(none, NONE, name)),
        "cause_element": _texts(words.elements, np.where(none, NONE, element - 1)),
        "active_us": found.active_us,
        "activity_us": pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), pa.array(found.activity)),
        **{
            key: _texts(texts, ranks)
            for key, texts, ranks in zip(SEGMENT_PROPERTIES, words.segments, found.segments, strict=True)
        },
        "landed_us": np.full(found.person.size, landed_us),
    }
    return pa.table({key: columns[key] for key in visits_table(journey.visits_key).names})


class _Matching:
    """The places of the events that match, by the codes of their names and their conditions.

    Places are grouped by name once, so that a matcher costs what it matches.
    """

    def __init__(self, columns: Columns, journey: Journey, words: Vocabulary) -> None:
        self._columns, self._journey = columns, journey
        self._codes = {name: code for code, name in enumerate(words.names)}
        self._numbers = {one[0]: place for place, one in enumerate(_conditions(journey))}
        codes = columns["event_code"] + 1
        self._places = np.argsort(codes.astype(np.uint16) if len(words.names) < 1 << 16 else codes, kind="stable")
        self._bounds = np.searchsorted(codes[self._places], np.arange(len(words.names) + 2))

    def roles(self, place: int) -> Roles:
        step = self._journey.steps[place]
        completes = self.any_of(step.completes) if step.completes else None
        return Roles(place, self.any_of(step.starts), completes, self.any_of(step.fails), step.within_us)

    def any_of(self, matchers: Iterable[Matcher]) -> npt.NDArray[np.int64]:
        """Places of the events that one of the matchers takes, in order."""
        found = [part for matcher in matchers for part in self._one(matcher)]
        if len(found) == 1:
            return found[0]
        return distinct(np.sort(np.concatenate(found), kind="stable")) if found else np.zeros(0, dtype=np.int64)

    def _one(self, matcher: Matcher) -> list[npt.NDArray[np.int64]]:
        if matcher.events:
            codes = [self._codes[name] + 1 for name in matcher.events if name in self._codes]
            found = [self._places[self._bounds[code] : self._bounds[code + 1]] for code in codes]
        else:
            found = [np.arange(self._places.size)]
        for condition in matcher.where:
            holds = self._columns[f"condition_{self._numbers[condition]}"]
            found = [places[holds[places] > 0] for places in found]
        return found


def _all_matchers(journey: Journey) -> list[Matcher]:
    return [*_all_starts(journey), *(one for step in journey.steps for one in step.completes), *_all_troubles(journey)]


def _all_starts(journey: Journey) -> list[Matcher]:
    return [one for step in journey.steps for one in step.starts]


def _all_troubles(journey: Journey) -> list[Matcher]:
    return [*journey.frustration, *(one for step in journey.steps for one in step.fails)]


def _names(matchers: Iterable[Matcher]) -> Names | None:
    """The names that some matchers know; None where one of them takes any."""
    found: set[str] = set()
    for matcher in matchers:
        if not matcher.events:
            return None
        found.update(matcher.events)
    return tuple(sorted(found))


def _known_names(journey: Journey) -> Names:
    return tuple(sorted({name for matcher in _all_matchers(journey) for name in matcher.events}))


def _conditions(journey: Journey) -> list[tuple[Condition, Names | None]]:
    """Each condition once, with the names of the events that it is asked of."""
    asked: dict[Condition, list[Matcher]] = {}
    for matcher in _all_matchers(journey):
        for condition in matcher.where:
            asked.setdefault(condition, []).append(matcher)
    return [(condition, _names(matchers)) for condition, matchers in asked.items()]


def _where_named(events: Any, names: Names | None, value: Any) -> Any:
    """A value of events of some names; null for the others, of which it is not even read."""
    return value if names is None else ibis.cases((events.event.isin(names), value))


def _holds(events: Any, condition: Condition, names: Names | None) -> Any:
    text = property_text(events, condition.property)
    return _where_named(events, names, text.isin(condition.values).ifelse(1, 0)).fill_null(0).cast("int8")


def _coded(events: Any, column: str, texts: Names) -> Any:
    """The place of each event's text among some, as a column; null for a text that is not among them."""
    code = f"{column}_code"
    if not texts:
        return events.mutate(**{code: ibis.literal(-1, "int32")})
    known = ibis.memtable(pa.table({f"{code}_text": list(texts), code: np.arange(len(texts), dtype=np.int32)}))
    return events.left_join(known, events[column] == known[f"{code}_text"]).drop(f"{code}_text")


def _texts(texts: Names, codes: npt.NDArray[np.int64]) -> Any:
    return pa.array(texts, pa.string()).take(pa.array(codes, mask=codes < 0))
