"""Mixpanel: its routes are open, its bodies wait in quarantine until somebody writes its dialect here."""

from collections.abc import Iterator

from nousnous.collector.dialects import Answer, Dialect, Faults
from nousnous.collector.entries import Arrival


def read(arrival: Arrival) -> Iterator[Faults]:
    yield Faults(arrival.body, "Mixpanel's dialect is not read yet; the body is kept as it came.")


DIALECT = Dialect(
    name="mixpanel",
    events=frozenset({"/track", "/engage"}),
    read=read,
    accepted=Answer(200, b"1", b"text/plain"),
)
