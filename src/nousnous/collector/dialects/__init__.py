"""What clients speak: one file per dialect says its routes, what its bodies mean, and how it wants to be answered."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nousnous.collector.entries import Arrival, Entry


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client is told."""

    status: int
    body: bytes = b""
    content_type: bytes = b"application/json"
    headers: tuple[tuple[bytes, bytes], ...] = ()

    @classmethod
    def json(cls, value: Any, status: int = 200) -> "Answer":
        return cls(status, json.dumps(value).encode())


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for settings: the key, its source and workspace, where the client reached us, what browsers are told,
    and what the client said.
    """

    key: str
    source: str
    scheme: str
    host: str
    told: Mapping[str, Any] = field(default_factory=dict)
    workspace_id: str = ""
    sent: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Faults:
    """One entry that cannot be kept as an event, as it came, and why."""

    body: bytes
    reason: str


ReadReplays = Callable[[Arrival], Iterable[tuple[bytes, Mapping[str, Any]] | Faults]]
"""The pieces of recordings of a body: rrweb events as a JSON array, and what is known of them."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One client's language. Paths are without a slash at the end; `{key}` stands for the write key."""

    name: str
    events: frozenset[str]
    read: Callable[[Arrival], Iterable[Entry | Faults]]
    accepted: Answer
    replays: frozenset[str] = frozenset()
    read_replays: ReadReplays | None = None
    settings: Mapping[str, Callable[[Asked], Answer]] = field(default_factory=dict)
