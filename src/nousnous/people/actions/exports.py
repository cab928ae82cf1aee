"""Everything that is kept of one person, as one JSON document."""

import base64
from typing import Any, TypedDict, cast

from nousnous.base import clock
from nousnous.base.shapes import Moment
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.messages import MESSAGES, QUARANTINE
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.facts.scores import SCORES
from nousnous.people.identity import Person, find_person
from nousnous.people.models import Consent, MergeSuggestion
from nousnous.people.ports import tellers
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.workspaces.models import Workspace

TABLES = (EVENTS, SCORES, MESSAGES, REPLAY_CHUNKS, QUARANTINE, LINKS)


class ConsentShape(TypedDict):
    purpose: str
    state: str
    decided_at: Moment


class SuggestionShape(TypedDict):
    previous_id: str
    known_id: str
    accepted: bool | None


class ExportShape(TypedDict):
    """Everything that is kept of a person; beside these fields a list of rows for each table and part that has some."""

    workspace: str
    person_id: str
    user_ids: list[str]
    anonymous_ids: list[str]
    exported_at: Moment
    snapshot: str
    consents: list[ConsentShape]
    merge_suggestions: list[SuggestionShape]


def export_person(workspace: Workspace, person_id: str) -> ExportShape:
    """All rows of all tables that are about a person, their ids, consents and merges, and what other parts keep."""
    person = find_person(workspace, person_id)
    snapshot = lake_of(workspace).snapshot()
    consents = Consent.objects.filter(workspace=workspace, identity_key__in=person.identities)
    told = {
        "workspace": workspace.slug,
        "person_id": person.id,
        "user_ids": list(person.user_ids),
        "anonymous_ids": list(person.anonymous_ids),
        "exported_at": clock.now().isoformat(),
        "snapshot": str(snapshot),
        **{table.name: _rows(snapshot, table, person) for table in TABLES},
        **{name: rows for tell in tellers() for name, rows in tell(workspace, person.key, person.identities).items()},
        "consents": [
            {"purpose": one.purpose, "state": one.state, "decided_at": one.decided_at.isoformat()} for one in consents
        ],
        "merge_suggestions": list(
            MergeSuggestion.objects.filter(workspace=workspace, previous_key__in=person.identities).values(
                "previous_id", "known_id", "accepted"
            )
        ),
    }
    return cast("ExportShape", told)


def _rows(snapshot: Snapshot, table: Table, person: Person) -> list[dict[str, Any]]:
    rows = snapshot.table(table)
    found = rows.filter(rows.identity_key.isin(list(person.identities)))
    ordered = found.order_by(table.time) if table.time else found
    return [{name: _plain(value) for name, value in row.items()} for row in ordered.to_pyarrow().to_pylist()]


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
