"""RudderStack: events come as in Segment's dialect; its browser client asks for its settings first."""

from nousnous.collector.dialects import Answer, Asked, Dialect
from nousnous.collector.dialects.segment import read


def _source_config(asked: Asked) -> Answer:
    """A source without destinations: the client sends its events and loads nothing else."""
    quiet = {"errors": {"enabled": False}, "metrics": {"enabled": False}}
    return Answer.json(
        {
            "source": {
                "id": asked.source,
                "name": "Nous-Nous",
                "writeKey": asked.key,
                "enabled": True,
                "config": {"statsCollection": quiet},
                "connections": [],
                "destinations": [],
                "dataplanes": {},
                "workspaceId": asked.source,
            },
            "updatedAt": "2024-01-01T00:00:00.000Z",
        }
    )


DIALECT = Dialect(
    name="rudder",
    events=frozenset(),
    read=read,
    accepted=Answer.json({"success": True}),
    settings={"/sourceConfig": _source_config},
)
