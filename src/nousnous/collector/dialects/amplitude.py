"""Amplitude: its route is open, its bodies wait in quarantine until somebody writes its dialect here."""

from collections.abc import Iterator

from nousnous.collector.dialects import Answer, Dialect, Faults
from nousnous.collector.entries import Arrival


def read(arrival: Arrival) -> Iterator[Faults]:
    yield Faults(arrival.body, "Amplitude's dialect is not read yet; the body is kept as it came.")


DIALECT = Dialect(
    name="amplitude",
    events=frozenset({"/2/httpapi"}),
    read=read,
    accepted=Answer.json({"code": 200}),
)
