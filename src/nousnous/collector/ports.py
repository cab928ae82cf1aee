"""What landing must know of people, handed in by `site`: whom nothing may be kept of, and who meets whom; what imports
must know of recordings: which signals they show; and which flags clients are told.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from nousnous.facts.replays import SignalFound
from nousnous.workspaces.models import Workspace

Detector = Callable[[Iterable[Any]], Iterable[SignalFound]]
"""Finds signals of frustration in the rrweb events of one window, in order of time."""


class People(Protocol):
    """The floor of people, as landing sees it."""

    def refused(self, workspace_id: str, table_name: str, identity_keys: Iterable[int]) -> frozenset[int]:
        """Of some identities, those of which nothing may be kept in a table."""

    def observe(self, workspace: Workspace, meetings: Any) -> None:
        """Note which ids came together (Arrow: previous_id, known_id, moment_us, alias); the lake's lock is held."""

    def note_choices(self, workspace: Workspace, choices: Any) -> None:
        """Keep what people chose on a page (Arrow: identity_key, purpose, granted, ts_us)."""

    def withdraw(self, workspace: Workspace, anonymous_ids: Any, source: str) -> None:
        """Judge anonymous ids (Arrow) anew as if nothing had come from a source; the lake's lock is held."""


_people: list[People] = []


def bind_people(people: People) -> None:
    """Say who knows about people; called once, by `site`."""
    _people[:] = [people]


def people() -> People:
    return _people[0]


_detectors: list[Detector] = []


def bind_detector(detector: Detector) -> None:
    """Say who finds signals in recordings; called once, by `site`."""
    _detectors[:] = [detector]


def detect(events: Iterable[Any]) -> tuple[SignalFound, ...]:
    return tuple(_detectors[0](events))


class Flags(Protocol):
    """The floor of experiments, as clients that ask for flags see it."""

    def of(
        self, workspace_id: str, unit: str, properties: Mapping[str, Any], *, known: bool
    ) -> Mapping[str, str | bool]:
        """The flags of somebody, named by the id that a client uses: `known`, or anonymous."""

    def names(self, workspace_id: str) -> Iterable[str]:
        """Which flags there are."""


_flags: list[Flags] = []


def bind_flags(flags: Flags) -> None:
    """Say who knows the flags; called once, by `site`."""
    _flags[:] = [flags]


def flags() -> Flags:
    return _flags[0]
