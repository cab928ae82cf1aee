"""A made-up company whose customers leave, brought into a workspace by its ways in."""

import numpy as np
import pyarrow as pa
from bench.leaving import World

from nousnous.capabilities.attrition.measures.leaving import LIFE_CODES
from nousnous.capabilities.attrition.measures.signals import OTHER
from nousnous.collector.landing import land
from nousnous.facts.events import EVENTS
from nousnous.facts.scores import SCORES
from nousnous.workspaces.models import Workspace


def bring_world(workspace: Workspace, made: World) -> None:
    """People are `customer-` and their number."""
    line, history = made.history.timeline, made.history
    names = {OTHER: "Page Viewed"} | {code: name for name, code in LIFE_CODES.items()}
    said = pa.array([names[code] for code in range(len(names))]).take(pa.array(line.code))
    events = {"type": pa.array(["track"] * line.code.size), "event": said, "ts_us": pa.array(line.ts_us)}
    events["message_id"] = pa.array([f"m-{place}" for place in range(line.code.size)])
    land(workspace, EVENTS, pa.table({**events, "user_id": _ids(line.person)}))
    size = history.score.size
    scale = {"scale_low": np.ones(size), "scale_high": np.full(size, 5.0), "value": 2 * history.score + 3}
    answers = {"metric": ["csat"] * size, "ts_us": history.score_us, "user_id": _ids(history.score_person), **scale}
    land(workspace, SCORES, pa.table({"score_id": [f"s-{place}" for place in range(size)], **answers}))


def _ids(person: np.ndarray) -> pa.Array:
    return pa.array([f"customer-{one}" for one in range(int(person.max()) + 1)]).take(pa.array(person))
