"""What arrived under a valid key and could not be kept: listed and taken out again."""

from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

from nousnous.base.errors import Place, Refused
from nousnous.facts.messages import QUARANTINE
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

SHOWN = ("quarantine_id", "received_us", "dialect", "path", "reason", "body", "source")
PIECE_ROWS = 1_000


class QuarantinedShape(TypedDict):
    """One entry of quarantine."""

    quarantine_id: str
    received_us: int
    dialect: str
    path: str
    reason: str
    body: str
    source: str


def quarantined(workspace: Workspace, *, most: int = 50, after: Sequence[Any] = ()) -> list[QuarantinedShape]:
    """Entries of quarantine, the newest first, their bodies as text; `after` is the place of the last one seen."""
    rows = lake_of(workspace).snapshot(QUARANTINE).table(QUARANTINE)
    if after:
        received_us, quarantine_id = _checked(after)
        same = (rows.received_us == received_us) & (rows.quarantine_id > quarantine_id)
        rows = rows.filter((rows.received_us < received_us) | same)
    newest = rows.order_by(rows.received_us.desc(), rows.quarantine_id)[list(SHOWN)].limit(most)
    return [row | {"body": (row["body"] or b"").decode("utf-8", "replace")} for row in newest.to_pyarrow().to_pylist()]


def all_quarantined(workspace: Workspace) -> Iterator[QuarantinedShape]:
    """Every entry, read a piece at a time."""
    after: tuple[Any, ...] = ()
    while piece := quarantined(workspace, most=PIECE_ROWS, after=after):
        yield from piece
        after = (piece[-1]["received_us"], piece[-1]["quarantine_id"])


def _checked(after: Sequence[Any]) -> tuple[int, str]:
    match after:
        case [int(received_us), str(quarantine_id)]:
            return received_us, quarantine_id
    raise Refused("This is no cursor; take `next` of the page before.", Place(field="cursor"))
