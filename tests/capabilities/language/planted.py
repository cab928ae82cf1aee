"""A conversation in a workspace, as its import would bring it."""

import pyarrow as pa

from nousnous.base import clock
from nousnous.collector.landing import land
from nousnous.facts.messages import MESSAGES
from nousnous.workspaces.models import Workspace


def plant_conversation(workspace: Workspace, name: str, person: str = "ann", word: str = "parcel") -> str:
    """Two messages of a customer and a bot; answers the id of their conversation."""
    shared = {"conversation_id": name, "user_id": person, "topic": f"{word} bill", "channel": "chat", "language": "en"}
    said = (("customer", f"the {word} is late and I am angry"), ("bot", f"the {word} is great, thank you!"))
    moment_us = clock.now_us() - clock.DAY_US
    rows = [
        {**shared, "message_id": f"{name}-{side}", "side": side, "text": text, "ts_us": moment_us + place}
        for place, (side, text) in enumerate(said)
    ]
    land(workspace, MESSAGES, pa.Table.from_pylist(rows))
    return name
