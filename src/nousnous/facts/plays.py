"""What a play tells an action, and what the action answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Firing:
    """One action of one play, due for one person.

    `key` is the same however often the action is tried: the other side, or our records, act once on it. `details` is
    what pulled the trigger: the properties of the event; `parameters` are the action's own lines in the play's file.
    """

    workspace_id: str
    play: str
    key: str
    identity_keys: tuple[int, ...]
    person: str
    moment_us: int
    details: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    arm: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a capability found about one person, as a play can be triggered by it.

    `key` names it within the workspace: told again, it pulls a trigger no second time. `details` are what a play's
    conditions name, and what its texts can be filled with.
    """

    key: str
    identity_key: int
    moment_us: int
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watched:
    """A metric of the catalogue at a step, over so many days that are over; an empty journey is the only one."""

    journey: str
    step: str
    metric: str
    days: int

    @property
    def words(self) -> str:
        return f"{self.metric.replace('_', ' ')} at {self.step} over {self.days} days"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action did, in a sentence for members; `reference` names it on the other side (a message, an issue)."""

    said: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """Somebody pressed a button of a message: which, what it stands for, and who, as the other side knows them."""

    workspace_id: str
    button: str
    value: str
    member: str
    channel: str
    reference: str
