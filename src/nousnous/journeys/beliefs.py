"""Beliefs of a journey file, held against the catalogue of metrics."""

from collections.abc import Mapping
from typing import Final

from nousnous.facts.beliefs import Statement
from nousnous.facts.journeys import SEGMENT_PROPERTIES, Journey, Step
from nousnous.journeys.catalogue import METRICS, Metric
from nousnous.journeys.fields import Reader, Table, is_number
from nousnous.journeys.lines import Path

FIELDS: Final = (
    "step",
    "metric",
    "value",
    "tolerance",
    "range",
    "expected_gap",
    "author",
    "segment",
    "stated_at",
)
WIDEST_TOLERANCE: Final = 0.10


def read_beliefs(reader: Reader, document: Table, journey: Journey) -> tuple[Statement, ...]:
    """The statements under `[[belief]]`; one of a team about one metric, step and segment."""
    steps = {step.id: step for step in journey.steps}
    found: dict[tuple[str, str, str, str], Statement] = {}
    for position, table in enumerate(reader.tables(document, "belief")):
        path: Path = ("belief", position)
        statement = _statement(reader, table, path, (journey, steps))
        if statement is None:
            continue
        key = (statement.step, statement.metric, statement.author, statement.segment)
        if key in found:
            reader.refuse(
                path, f"{statement.author} states {statement.metric} of {statement.step} twice; leave one of them out."
            )
        found[key] = statement
    return tuple(found.values())


def _statement(reader: Reader, table: Table, path: Path, among: tuple[Journey, Mapping[str, Step]]) -> Statement | None:
    journey, steps = among
    reader.only(table, path, FIELDS)
    before = len(reader.troubles)
    step = reader.text(table, path, "step")
    if step and step not in steps:
        reader.refuse((*path, "step"), f"There is no step “{step}” in this journey; steps are {', '.join(steps)}.")
    name = reader.text(table, path, "metric")
    metric = METRICS.get(name)
    if name and metric is None:
        reader.refuse((*path, "metric"), f"There is no metric “{name}”; choose one of {', '.join(METRICS)}.")
    value = reader.number(table, path, "value")
    if "value" not in table:
        reader.refuse((*path, "value"), "“value” is missing; write what the team believes, such as value = 0.95.")
    if metric is not None and value is not None:
        _check_value(reader, path, metric, value)
    tolerance = _tolerance(reader, table, path)
    bounds = _range(reader, table, path, metric, value)
    expected = reader.number(table, path, "expected_gap")
    owner = steps[step].owner if step in steps else None
    author = reader.text(table, path, "author", owner or journey.owner or None)
    segment = _segment(reader, table, path)
    stated_at = reader.instant(table, path, "stated_at")
    if len(reader.troubles) > before or metric is None or value is None:
        return None
    return Statement(journey.id, step, metric.id, value, author, tolerance, bounds, expected, segment, stated_at)


def _check_value(reader: Reader, path: Path, metric: Metric, value: float) -> None:
    if not metric.holds(value):
        reader.refuse((*path, "value"), metric.misfit(value))


def _tolerance(reader: Reader, table: Table, path: Path) -> float | None:
    tolerance = reader.number(table, path, "tolerance")
    if tolerance is not None and not 0 <= tolerance <= WIDEST_TOLERANCE:
        reader.refuse((*path, "tolerance"), f"A tolerance is from 0 to {WIDEST_TOLERANCE:g}, not {tolerance:g}.")
    return tolerance


def _range(
    reader: Reader, table: Table, path: Path, metric: Metric | None, value: float | None
) -> tuple[float, float] | None:
    given = table.get("range")
    if given is None:
        return None
    place = (*path, "range")
    if not isinstance(given, list) or len(given) != 2 or not all(is_number(end) for end in given):
        reader.refuse(place, "“range” is two numbers, the low and the high end: [0.62, 0.78].")
        return None
    low, high = float(given[0]), float(given[1])
    if value is not None and not low <= value <= high:
        reader.refuse(place, f"The range from {low:g} to {high:g} does not lie around the value {value:g}.")
    elif metric is not None and not (metric.holds(low) and metric.holds(high)):
        reader.refuse(place, f"The range leaves the scale of {metric.id}, which is {metric.ends}.")
    return low, high


def _segment(reader: Reader, table: Table, path: Path) -> str:
    segment = reader.text(table, path, "segment", "")
    name, _, value = segment.partition("=")
    if segment and (name not in SEGMENT_PROPERTIES or not value):
        reader.refuse(
            (*path, "segment"), f"A segment is written country=DE, with one of {', '.join(SEGMENT_PROPERTIES)}."
        )
    return segment
