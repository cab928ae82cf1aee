"""CloudEvents over HTTP: its routes are open, its bodies wait in quarantine until somebody writes its dialect here."""

from collections.abc import Iterator

from nousnous.collector.dialects import Answer, Dialect, Faults
from nousnous.collector.entries import Arrival


def read(arrival: Arrival) -> Iterator[Faults]:
    """The body, below the `ce-` headers that carry half of an event in binary mode."""
    body = f"{arrival.note}\r\n\r\n".encode() + arrival.body if arrival.note else arrival.body
    yield Faults(body, "CloudEvents are not read yet; the body is kept as it came.")


DIALECT = Dialect(
    name="cloudevents",
    events=frozenset({"/ce", "/ce/*"}),
    read=read,
    accepted=Answer.json({"status": "accepted"}),
)
