"""Who is who: surrogate keys of ids, and the log of links read back as the state of all merges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from nousnous.base.errors import Missing
from nousnous.base.ids import keyed_hash
from nousnous.base.mentions import Mentions
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.messages import MESSAGES
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.facts.scores import SCORES
from nousnous.warehouse.lake import Lake, Snapshot, lake_of, rows_of
from nousnous.workspaces.models import Workspace

OF_PEOPLE = (EVENTS, SCORES, MESSAGES, REPLAY_CHUNKS)
"""The tables that may know a person: one who only answered a survey is as much a person as one who bought."""


@dataclass(frozen=True, slots=True)
class Link:
    """One row of the log: an identity is tied to a target and thereby belongs to a person."""

    identity_key: int
    target_key: int
    person_key: int
    previous_id: str
    known_id: str
    moment_us: int
    reason: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person as found by one of their ids: all identities that belong to them, with the ids as texts."""

    key: int
    identities: tuple[int, ...]
    user_ids: tuple[str, ...]
    anonymous_ids: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return (*self.user_ids, *self.anonymous_ids)

    @property
    def mentions(self) -> Mentions:
        return Mentions(self.ids)

    @property
    def id(self) -> str:
        """The id shown: the smallest known one, else the smallest anonymous one."""
        return min(self.user_ids) if self.user_ids else min(self.anonymous_ids)


_OF_A_LINK: Final = tuple(field.name for field in fields(Link))


def known_key(workspace: Workspace, user_id: str) -> int:
    return keyed_hash(bytes(workspace.salt), "known", user_id)


def anonymous_key(workspace: Workspace, anonymous_id: str) -> int:
    return keyed_hash(bytes(workspace.salt), "anonymous", anonymous_id)


def links_of(snapshot: Snapshot, keys: Iterable[int], column: str = "identity_key") -> dict[int, Link]:
    """The links in force, by identity, whose identity (or person) is one of some."""
    if column == "person_key":  # an identity that was theirs once may have been linked elsewhere since
        wanted = set(keys)
        once = {row["identity_key"] for row in snapshot.keyed(LINKS, column, wanted, "identity_key")}
        return {key: link for key, link in links_of(snapshot, once).items() if link.person_key in wanted}
    rows = snapshot.keyed(LINKS, "identity_key", keys, *LINKS.names)
    rows.sort(key=lambda row: row["landed_us"])
    return {row["identity_key"]: Link(**{name: row[name] for name in _OF_A_LINK}) for row in rows}


def write_links(lake: Lake, links: Iterable[Link]) -> int:
    """Append links to the log; returns their `landed_us`."""
    landed_us = lake.next_landed_us()
    rows = list(links)
    columns: Mapping[str, list[Any]] = {
        name: [getattr(link, name) for link in rows] for name in LINKS.names if name != "landed_us"
    }
    lake.append(LINKS, rows_of(LINKS, {**columns, "landed_us": [landed_us] * len(rows)}))
    return landed_us


def find_person(workspace: Workspace, person_id: str) -> Person:
    """The person with a known or an anonymous id; refuses an id that never came."""
    snapshot = lake_of(workspace).snapshot(*OF_PEOPLE, LINKS)
    candidates = (known_key(workspace, person_id), anonymous_key(workspace, person_id))
    links = links_of(snapshot, candidates)
    for candidate in candidates:
        person_key = links[candidate].person_key if candidate in links else candidate
        person = _person(workspace, snapshot, person_key)
        if person is not None and candidate in person.identities:
            return person
    raise Missing(f"Nobody with the id {person_id} is known here; ids are written exactly as they were sent.")


def person_with(workspace: Workspace, identity_key: int, snapshot: Snapshot | None = None) -> Person | None:
    """The person to whom an identity belongs now; None where nothing is known of them any more.

    A snapshot that is given holds links and the tables of people.
    """
    snapshot = snapshot or lake_of(workspace).snapshot(*OF_PEOPLE, LINKS)
    links = links_of(snapshot, [identity_key])
    return _person(workspace, snapshot, links[identity_key].person_key if links else identity_key)


def _person(workspace: Workspace, snapshot: Snapshot, person_key: int) -> Person | None:
    links = links_of(snapshot, [person_key], "person_key")
    members = set(links) | {person_key}
    moved = links_of(snapshot, [person_key])
    if person_key in moved and moved[person_key].person_key != person_key:
        members.discard(person_key)
    ids = [row for table in OF_PEOPLE if table.name in snapshot.versions for row in _ids(snapshot, table, members)]
    if not ids:
        return None
    user_ids = {row["user_id"] for row in ids if row["user_id"]}
    anonymous_ids = {row["anonymous_id"] for row in ids if row["anonymous_id"]}
    for link in links.values():  # an id may have been tied that no row bears
        known = link.identity_key == known_key(workspace, link.previous_id)
        (user_ids if known else anonymous_ids).add(link.previous_id)
    return Person(person_key, tuple(sorted(members)), tuple(sorted(user_ids)), tuple(sorted(anonymous_ids)))


def _ids(snapshot: Snapshot, table: Table, members: Iterable[int]) -> list[dict[str, Any]]:
    return snapshot.keyed(table, "identity_key", members, "user_id", "anonymous_id")
