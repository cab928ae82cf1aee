"""Looking people up."""

from dataclasses import dataclass
from typing import Any

from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.people.identity import Person, find_person, links_of
from nousnous.people.measures import matches, timeline
from nousnous.people.models import Consent, MergeSuggestion
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.workspaces.models import Workspace

PAGE = 100


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What is shown of one person: ids, merges, consents, and a page of their events, newest first."""

    person: Person
    merges: list[dict[str, Any]]
    consents: list[Consent]
    events: list[dict[str, Any]]
    older_before_us: int | None
    recorded: frozenset[str]
    """Their sessions of which there is a recording."""


def search_people(workspace: Workspace, text: str) -> list[dict[str, Any]]:
    """People one of whose ids holds the text, at most fifty, last seen first."""
    events = lake_of(workspace).snapshot(EVENTS, LINKS).events()
    found: list[dict[str, Any]] = matches(events, text.strip()).to_pyarrow().to_pylist()
    return found


def read_person(workspace: Workspace, person_id: str, before_us: int | None = None) -> PersonPage:
    """One person with their newest events before a moment."""
    person = find_person(workspace, person_id)
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, REPLAY_CHUNKS)
    links = links_of(snapshot, person.identities)
    rows = timeline(snapshot.table(EVENTS), list(person.identities), before_us, PAGE + 1).to_pyarrow().to_pylist()
    return PersonPage(
        person,
        [
            {"previous_id": link.previous_id, "known_id": link.known_id, "reason": link.reason}
            for link in links.values()
            if link.target_key != link.identity_key
        ],
        list(Consent.objects.filter(workspace=workspace, identity_key__in=person.identities)),
        rows[:PAGE],
        rows[PAGE - 1]["ts_us"] if len(rows) > PAGE else None,
        _recorded(snapshot, person),
    )


def _recorded(snapshot: Snapshot, person: Person) -> frozenset[str]:
    chunks = snapshot.table(REPLAY_CHUNKS)
    mine = chunks.filter(chunks.identity_key.isin(list(person.identities))).select("session_id").distinct()
    return frozenset(mine.to_pyarrow().column("session_id").to_pylist())


def waiting_suggestions(workspace: Workspace) -> list[MergeSuggestion]:
    """Merges that clients suggested and no member decided yet."""
    return list(MergeSuggestion.objects.filter(workspace=workspace, decided_at=None).order_by("suggested_at"))
