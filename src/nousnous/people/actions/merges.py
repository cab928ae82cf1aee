"""Who belongs to whom: noticed while events land, or decided by a member; logged and reversible."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.landings import PersonsMerged
from nousnous.people.identity import Link, anonymous_key, find_person, known_key, links_of, write_links
from nousnous.people.models import MergeSuggestion
from nousnous.runs import outbox
from nousnous.runs.locks import exclusive
from nousnous.warehouse.lake import Lake, Snapshot, lake_of
from nousnous.workspaces.models import Workspace

DECIDED = ("person", "unmerge")
NEVER_US = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two ids that one event carried; `alias` says that a client called them one person."""

    previous_id: str
    known_id: str
    moment_us: int
    alias: bool = False


def observe_meetings(workspace: Workspace, meetings: Iterable[Meeting]) -> None:
    """Link each anonymous id to the first known id it met; the caller holds the lake's lock.

    "First" is by event time, ties by the smallest id, so that the order of arrival changes nothing. What a member
    decided stays. An alias of an id that came as a user id waits as a suggestion.
    """
    lake = lake_of(workspace)
    snapshot = lake.snapshot(EVENTS, LINKS)
    ordered = sorted(set(meetings), key=lambda meeting: (meeting.moment_us, meeting.known_id))
    suggested = _known_aliases(workspace, snapshot, ordered)
    first: dict[int, Meeting] = {}
    for meeting in ordered:
        if meeting not in suggested:
            first.setdefault(anonymous_key(workspace, meeting.previous_id), meeting)
    _link(workspace, lake, snapshot, first)
    for meeting in suggested:
        _suggest(workspace, meeting)


def withdraw_meetings(workspace: Workspace, previous_ids: Any, source: str) -> None:
    """Judge anonymous ids (Arrow) anew as if nothing had come from a source; the caller holds the lake's lock.

    Each belongs to the first known id that it meets in the rest; one that meets none is a person of its own, until an
    event says otherwise. What a member decided stays. The source's events are deleted afterwards: a process killed in
    between finds them again.
    """
    lake = lake_of(workspace)
    snapshot = lake.snapshot(EVENTS, LINKS)
    ids = {anonymous_key(workspace, one): one for one in previous_ids.unique().to_pylist()}
    left = snapshot.matching(EVENTS, "anonymous_id", previous_ids)
    left = left.filter(left.user_id.notnull() & (left.source.isnull() | (left.source != source)))
    left = left.group_by("anonymous_id", "user_id").agg(moment_us=left.ts_us.min())
    first: dict[str, tuple[int, str]] = {}
    for row in left.to_pyarrow().to_pylist():
        met = (row["moment_us"], row["user_id"])
        first[row["anonymous_id"]] = min(met, first.get(row["anonymous_id"], met))
    new = []
    for key, link in links_of(snapshot, ids).items():
        moment_us, known_id = first.get(ids[key], (NEVER_US, ""))
        if link.reason in DECIDED or (link.moment_us, link.known_id) == (moment_us, known_id):
            continue
        target = known_key(workspace, known_id) if known_id else key
        reason = "event" if known_id else "undone"
        new.append(Link(key, target, target, link.previous_id, known_id, moment_us, reason))
    ends = links_of(snapshot, [link.target_key for link in new if link.target_key != link.identity_key])
    persons = {key: link.person_key for key, link in ends.items()}
    followed = [replace(link, person_key=persons.get(link.target_key, link.person_key)) for link in new]
    _write(workspace, lake, followed)


def merge_persons(workspace: Workspace, previous_id: str, known_id: str) -> None:
    """Make two known persons one, because a member says so."""
    with exclusive(f"lake-{workspace.id}"):
        previous, known = find_person(workspace, previous_id), find_person(workspace, known_id)
        if previous.key == known.key:
            raise Refused(f"{previous_id} and {known_id} are one person already.")
        lake = lake_of(workspace)
        links = links_of(lake.snapshot(EVENTS, LINKS), [previous.key], "person_key")
        moment_us = clock.now_us()
        own = Link(previous.key, known.key, known.key, previous_id, known_id, moment_us, "person")
        moved = [replace(link, person_key=known.key) for link in links.values() if link.identity_key != previous.key]
        _write(workspace, lake, [own, *moved])


def unmerge_person(workspace: Workspace, previous_id: str) -> None:
    """Take an id out of the person it was merged into, with all that came with it."""
    with exclusive(f"lake-{workspace.id}"):
        lake = lake_of(workspace)
        snapshot = lake.snapshot(EVENTS, LINKS)
        keys = (known_key(workspace, previous_id), anonymous_key(workspace, previous_id))
        found = next((link for link in links_of(snapshot, keys).values() if link.target_key != link.identity_key), None)
        if found is None:
            raise Conflict(f"{previous_id} is not merged into another person.")
        cluster = links_of(snapshot, [found.person_key], "person_key")
        freed = replace(
            found,
            target_key=found.identity_key,
            person_key=found.identity_key,
            moment_us=clock.now_us(),
            reason="unmerge",
        )
        cluster[found.identity_key] = freed
        followed = (replace(link, person_key=_end(cluster, link.identity_key)) for link in cluster.values())
        changed = [link for link in followed if link.person_key != found.person_key]
        _write(workspace, lake, changed)


def decide_suggestion(workspace: Workspace, suggestion_id: int, *, accepted: bool) -> None:
    """Answer a suggested merge of two known persons."""
    suggestion = MergeSuggestion.objects.filter(workspace=workspace, pk=suggestion_id, decided_at=None).first()
    if suggestion is None:
        raise Missing("There is no such suggestion, or somebody decided it already.")
    if accepted:
        merge_persons(workspace, suggestion.previous_id, suggestion.known_id)
    suggestion.decided_at, suggestion.accepted = clock.now(), accepted
    suggestion.save(update_fields=["decided_at", "accepted"])


def _link(workspace: Workspace, lake: Lake, snapshot: Snapshot, first: dict[int, Meeting]) -> None:
    targets = {key: known_key(workspace, meeting.known_id) for key, meeting in first.items()}
    current = links_of(snapshot, [*first, *targets.values()])
    new = []
    for key, meeting in first.items():
        before = current.get(key)
        if before is not None and (
            before.reason in DECIDED or (before.moment_us, before.known_id) <= (meeting.moment_us, meeting.known_id)
        ):
            continue
        target = targets[key]
        person_key = current[target].person_key if target in current else target
        reason = "alias" if meeting.alias else "event"
        new.append(Link(key, target, person_key, meeting.previous_id, meeting.known_id, meeting.moment_us, reason))
    _write(workspace, lake, new)


def _write(workspace: Workspace, lake: Lake, links: list[Link]) -> None:
    if links:
        landed_us = write_links(lake, links)
        outbox.record(PersonsMerged(workspace.id, landed_us))


def _end(cluster: dict[int, Link], key: int) -> int:
    seen = {key}
    while key in cluster and cluster[key].target_key not in seen:
        key = cluster[key].target_key
        seen.add(key)
    return key


def _known_aliases(workspace: Workspace, snapshot: Snapshot, meetings: list[Meeting]) -> set[Meeting]:
    aliases = {known_key(workspace, meeting.previous_id): meeting for meeting in meetings if meeting.alias}
    if not aliases:
        return set()
    events = snapshot.table(EVENTS)
    came = events.filter(events.identity_key.isin(sorted(aliases))).select("identity_key").distinct()
    return {aliases[key] for key in came.to_pyarrow()["identity_key"].to_pylist()}


def _suggest(workspace: Workspace, meeting: Meeting) -> None:
    MergeSuggestion.objects.get_or_create(
        workspace=workspace,
        previous_key=known_key(workspace, meeting.previous_id),
        known_key=known_key(workspace, meeting.known_id),
        defaults={
            "previous_id": meeting.previous_id,
            "known_id": meeting.known_id,
            "moment_us": meeting.moment_us,
            "suggested_at": clock.now(),
        },
    )
