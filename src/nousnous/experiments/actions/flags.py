"""Answering flags: which arm of each running experiment somebody is in, and telling that it was seen."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nousnous.base import clock
from nousnous.base.errors import Missing, Refused
from nousnous.base.ids import keyed_hash
from nousnous.collector.accepting import accept_events
from nousnous.collector.landing import identity_keys
from nousnous.experiments.actions.keeping import Standing, list_experiments
from nousnous.experiments.assigning import arm_for, flag_value
from nousnous.facts.events import EVENTS, EXPERIMENT_ID, EXPOSURE, LINKS, VARIATION_ID
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.segments import People, persons_in, segment_of
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

FRESH_S, SEGMENT_FRESH_S = 5.0, 600.0
MOST_REMEMBERED = 200
SOURCE = "experiments"


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who asks for flags: the id that clients know them by, whether it is a known one, and their country."""

    unit: str
    known: bool = True
    country: str | None = None


def asking_of(user_id: str, anonymous_id: str, country: str) -> Asking:
    """Somebody by one of both ids; Refused without any."""
    if not (user_id or anonymous_id):
        raise Refused("Say who asks: a user_id, or an anonymous_id.")
    return Asking(user_id or anonymous_id, bool(user_id), country or None)


class _Remembered:
    """What was found lately, by workspace and name: no request waits for what another has just looked up."""

    def __init__(self, fresh_s: float) -> None:
        self._fresh_s, self._lock = fresh_s, Lock()
        self._kept: dict[tuple[str, str], tuple[float, Any]] = {}

    def get(self, key: tuple[str, str], find: Any) -> Any:
        moment = time.monotonic()
        with self._lock:
            since, value = self._kept.get(key, (-self._fresh_s - 1, None))
            if moment - since <= self._fresh_s:
                return value
            found = find()
            if len(self._kept) >= MOST_REMEMBERED:
                self._kept.clear()
            self._kept[key] = (moment, found)
            return found

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


_running, _members = _Remembered(FRESH_S), _Remembered(SEGMENT_FRESH_S)


def forget_remembered() -> None:
    """Look everything up anew from now on."""
    _running.forget()
    _members.forget()


def arms_of(workspace_id: str, asking: Asking) -> dict[str, str]:
    """The arm of each running experiment that somebody takes part in."""
    found = {}
    for one in _running_in(workspace_id):
        if one.definition.segment and not _is_member(one, asking):
            continue
        arm = arm_for(one.definition, one.part, asking.unit, asking.country)
        if arm is not None:
            found[one.definition.id] = arm
    return found


class ExperimentFlags:
    """What the collector may ask of experiments."""

    def of(self, workspace_id: str, unit: str, properties: Mapping[str, Any], *, known: bool) -> dict[str, str | bool]:
        """The flags of somebody; the country is told by the properties of the person."""
        told = (properties.get(name) for name in ("country", "$geoip_country_code"))
        country = next((one for one in told if isinstance(one, str) and one), None)
        return {name: flag_value(arm) for name, arm in arms_of(workspace_id, Asking(unit, known, country)).items()}

    def names(self, workspace_id: str) -> list[str]:
        """The experiments that are running and assigned here."""
        return [one.definition.id for one in _running_in(workspace_id)]


def expose(workspace: Workspace, asking: Asking, only: str = "") -> dict[str, str]:
    """Assign somebody, and note in the log that they were; asking again changes nothing."""
    arms = arms_of(workspace.id, asking)
    if only and only not in ExperimentFlags().names(workspace.id):
        raise Missing(f"No experiment “{only}” is running here.")
    arms = {name: arm for name, arm in arms.items() if not only or name == only}
    if arms:
        accept_events(workspace, [exposure(workspace, asking, *pair) for pair in arms.items()], SOURCE)
    return arms


def exposure(workspace: Workspace, asking: Asking, experiment: str, arm: str) -> dict[str, Any]:
    """The event of an assignment; its id is made of experiment, arm and person, so that a retry adds nothing."""
    made = keyed_hash(bytes(workspace.salt), "exposure", experiment, arm, str(asking.known), asking.unit)
    properties = {EXPERIMENT_ID: experiment, VARIATION_ID: arm}
    return {
        "type": "track",
        "event": EXPOSURE,
        "messageId": f"exposure-{made & (2**64 - 1):016x}",
        "timestamp": clock.now().isoformat(),
        "userId" if asking.known else "anonymousId": asking.unit,
        "properties": {**properties, **({"country": asking.country} if asking.country else {})},
    }


def _running_in(workspace_id: str) -> list[Standing]:
    def find() -> list[Standing]:
        workspace = Workspace.objects.filter(pk=workspace_id).first()
        return [] if workspace is None else [one for one in list_experiments(workspace) if one.definition.assigned_here]

    found: list[Standing] = _running.get((workspace_id, ""), find)
    return [one for one in found if one.status == "running"]


def _is_member(one: Standing, asking: Asking) -> bool:
    workspace = one.version.workspace
    given, none = pa.array([asking.unit]), pa.nulls(1, pa.string())
    pair = (given, none) if asking.known else (none, given)
    key = identity_keys(workspace, *pair)[0].as_py()
    members = _members.get((workspace.id, one.definition.segment), lambda: _identities(workspace, one))
    place = int(np.searchsorted(members, key))
    return bool(place < members.size and int(members[place]) == key)


def _identities(workspace: Workspace, one: Standing) -> npt.NDArray[np.int64]:
    """The sorted keys of all ids of the people of a segment; held in memory alone."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    kept = People(snapshot.events(), snapshot.resolved(SCORES))
    inside = persons_in(workspace, segment_of(workspace, one.definition.segment), kept)
    events = kept.events.filter(kept.events.person_key.notnull()).select("person_key", "identity_key").distinct()
    keys = events.semi_join(inside, "person_key").select("identity_key").to_pyarrow()["identity_key"]
    return np.sort(keys.to_numpy().astype(np.int64))
