"""A conversation in a workspace, as its import would bring it."""

import numpy as np
import pyarrow as pa

from nousnous.base import clock
from nousnous.capabilities.language.measures.learning import Learned
from nousnous.capabilities.language.measures.sentiment import BUCKETS
from nousnous.capabilities.language.models import Head, Label, Switch
from nousnous.collector.landing import land
from nousnous.facts.messages import MESSAGES
from nousnous.warehouse.lake import lake_of
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


def plant_scorer(workspace: Workspace, word: str = "parcel") -> str:
    """A label of a message, a head that was learned and a decision for it; answers the message's key as a text."""
    rows = lake_of(workspace).snapshot(MESSAGES).table(MESSAGES)
    first = rows.select("message_key", "identity_key").order_by("message_key").limit(1).to_pyarrow().to_pylist()[0]
    named = {"workspace": workspace, "quality": "sentiment"}
    Label.objects.create(**named, **first, value=0.5, labelled_by=f"{word} member")
    ends = {"value": 0.75, "low": 0.62, "high": 0.84, "n": 60, "method": "wilson"}
    told = {"same_class": ends, "rank_correlation": ends}
    report = [
        {"scorer": "learned now", **told, "better": {**ends, "value": 0.1, "low": 0.02, "high": 0.18}},
        {"scorer": "default-1", **told, "better": None},
    ]
    version, weights = f"{word}-head+1", Learned(np.zeros(9), np.zeros(BUCKETS)).as_bytes()
    learned = {"base": "default", "weights": weights, "learned_from": 240, "report": report}
    Head.objects.create(**named, version=version, **learned)
    decided = {"actor": f"{word} member", "reason": f"it knows our {word}s", "replaced": True}
    Switch.objects.create(**named, version_before="default-1", version=version, **decided)
    return str(first["message_key"])
