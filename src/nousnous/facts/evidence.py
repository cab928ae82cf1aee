"""Evidence of a step: one moment with both sides of it, told by whoever noticed it."""

from dataclasses import dataclass
from typing import Final, TypedDict

from nousnous.base.shapes import Moment

KINDS: Final = {
    "note": "something seen or heard, without a record of it here",
    "event": "an event; the reference is its message id",
    "score": "an answer; the reference is its score id",
    "replay": "a moment of a replay; the reference is its address",
    "screen": "a screen that stands behind low answers; the reference is the screen",
    "conversation": "a ticket, chat or call; the reference is its id or address",
}
RESOLVED_KINDS: Final = ("event", "score")


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """A fracture: what we meant, what the customer felt, at one moment of a step.

    `identity_key` is whose moment it was, where known: with that person the evidence is erased.
    """

    journey: str
    step: str
    kind: str
    reference: str = ""
    moment_us: int | None = None
    weight: float = 1.0
    meant: str = ""
    felt: str = ""
    identity_key: int | None = None


class EvidenceShape(TypedDict):
    """Evidence as it was noted."""

    id: str
    journey: str
    step: str
    kind: str
    reference: str
    moment_us: int | None
    weight: float
    meant: str
    felt: str
    noted_by: str
    noted_at: Moment
