"""Our own script on customers' pages: it sends what Segment's clients send, and asks what it should tell."""

from nousnous.collector.capture import configuration_of
from nousnous.collector.dialects import Answer, Asked, Dialect
from nousnous.collector.dialects.segment import read


def _configuration(asked: Asked) -> Answer:
    return Answer.json(configuration_of(asked.told))


DIALECT = Dialect(
    name="nous",
    events=frozenset(),
    read=read,
    accepted=Answer.json({"success": True}),
    settings={"/v1/config/{key}": _configuration},
)
