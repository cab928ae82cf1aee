"""Looking people up."""

from dataclasses import dataclass, replace
from typing import Any, TypedDict

from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.people.identity import OF_PEOPLE, Person, find_person, links_of
from nousnous.people.measures import matches, timeline
from nousnous.people.models import Consent, MergeSuggestion
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
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


class FoundShape(TypedDict):
    """A person that a search found."""

    person_key: int
    person_id: str
    n: int
    first_us: int
    last_us: int
    country: str | None


def search_people(workspace: Workspace, text: str) -> list[FoundShape]:
    """People one of whose ids holds the text, at most fifty, last seen first."""
    snapshot, wanted = lake_of(workspace).snapshot(EVENTS, LINKS), text.strip()
    found: list[FoundShape] = remembered(
        snapshot, ("people", wanted), lambda: matches(snapshot.events(), wanted).to_pyarrow().to_pylist()
    )
    return found


def read_person(workspace: Workspace, person_id: str, before_us: int | None = None) -> PersonPage:
    """One person with their newest events before a moment."""
    snapshot = lake_of(workspace).snapshot(*OF_PEOPLE, LINKS)
    asked = ("person", person_id, before_us)
    found = remembered(snapshot, asked, lambda: _read(workspace, snapshot, person_id, before_us))
    consents = Consent.objects.filter(workspace=workspace, identity_key__in=found.person.identities)
    return replace(found, consents=list(consents))


def _read(workspace: Workspace, snapshot: Snapshot, person_id: str, before_us: int | None) -> PersonPage:
    person = find_person(workspace, person_id)
    links = links_of(snapshot, person.identities)
    rows = timeline(snapshot.table(EVENTS), list(person.identities), before_us, PAGE + 1).to_pyarrow().to_pylist()
    return PersonPage(
        person,
        [
            {"previous_id": link.previous_id, "known_id": link.known_id, "reason": link.reason}
            for link in links.values()
            if link.target_key != link.identity_key
        ],
        [],
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
