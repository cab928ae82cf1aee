"""Erase a person so that nothing of them is left on the disk, and give a receipt."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection, transaction

from nousnous.base import clock
from nousnous.collector.imports.rejects import reject_path
from nousnous.collector.imports.uploads import empty_uploads
from nousnous.collector.loader import clear_log
from nousnous.collector.models import Import
from nousnous.facts.events import EVENTS, LINKS, RETRACTIONS
from nousnous.facts.landings import PersonErased
from nousnous.facts.messages import QUARANTINE
from nousnous.people.identity import Person, find_person
from nousnous.people.models import Consent, Erasure, MergeSuggestion, new_receipt
from nousnous.people.ports import erasers
from nousnous.runs import outbox
from nousnous.runs.locks import exclusive
from nousnous.warehouse.lake import Lake, lake_of
from nousnous.warehouse.maintenance import delete_keys, retract, tables_with, vacuum
from nousnous.workspaces.models import AuditEntry, Workspace


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of an erasure; it names no person."""

    receipt: str
    erased_at: str
    identities: int
    rows: dict[str, int]
    files: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "receipt": self.receipt,
            "erased_at": self.erased_at,
            "identities": self.identities,
            "rows": self.rows,
            "files": self.files,
        }


def erase_person(workspace: Workspace, person_id: str) -> Receipt:
    """Erase all that is kept of a person, everywhere, and refuse whatever comes late."""
    person = find_person(workspace, person_id)
    receipt = new_receipt()
    _refuse_from_now_on(workspace, person, receipt)
    clear_log()
    with exclusive(f"visits-{workspace.id}"), exclusive(f"lake-{workspace.id}"):  # no visits that were read before
        rows = _erase_lake(lake_of(workspace), person)
    files = _erase_rejects(workspace, person) + empty_uploads(workspace)
    with transaction.atomic():
        rows["records"] = _erase_records(workspace, person)
        outbox.record(PersonErased(workspace.id, receipt))
    _forget_free_pages()
    return Receipt(receipt, clock.now().isoformat(), len(person.identities), rows, files)


def _refuse_from_now_on(workspace: Workspace, person: Person, receipt: str) -> None:
    Erasure.objects.bulk_create(
        [
            Erasure(workspace=workspace, identity_key=key, receipt=receipt, erased_at=clock.now())
            for key in person.identities
        ],
        ignore_conflicts=True,
    )


def _erase_lake(lake: Lake, person: Person) -> dict[str, int]:
    keys = person.identities
    retract(lake, _spans(lake, keys))
    rows: dict[str, int] = {}
    for column in ("identity_key", "person_key", "target_key"):
        for table in tables_with(lake, column):
            if table.name == RETRACTIONS.name:
                continue
            rows[table.name] = rows.get(table.name, 0) + delete_keys(lake, table, column, (*keys, person.key))
    rows[QUARANTINE.name] = rows.get(QUARANTINE.name, 0) + _erase_quarantine(lake, person)
    for name in rows:
        if (Path(lake.folder) / name).is_dir():
            vacuum(lake, name, hours=0)
    return {name: count for name, count in rows.items() if count}


def _spans(lake: Lake, keys: tuple[int, ...]) -> Any:
    """Where the events of some identities lie, also for the persons they ever belonged to: the log forgets that."""
    snapshot = lake.snapshot(EVENTS, LINKS)
    events, log = snapshot.table(EVENTS), snapshot.table(LINKS)
    mine = events.filter(events.identity_key.isin(list(keys)))
    own = mine.group_by("identity_key").agg(from_us=mine.ts_us.min(), to_us=mine.ts_us.max())
    owners = log.filter(log.identity_key.isin(list(keys))).select("identity_key", "person_key").distinct()
    of_owners = own.inner_join(owners, "identity_key").select("from_us", "to_us", identity_key="person_key")
    return own.union(of_owners.select(*own.columns), distinct=True).to_pyarrow()


def _erase_quarantine(lake: Lake, person: Person) -> int:
    rows = lake.snapshot(QUARANTINE).table(QUARANTINE).select("quarantine_key", "body").to_pyarrow()
    pattern = _pattern(person).encode("utf-8", "surrogatepass")
    mentions = [
        key
        for key, body in zip(rows["quarantine_key"].to_pylist(), rows["body"].to_pylist(), strict=True)
        if body is not None and re.search(pattern, body)
    ]
    return delete_keys(lake, QUARANTINE, "quarantine_key", mentions)


def _erase_rejects(workspace: Workspace, person: Person) -> int:
    """Take the person's rows out of the reject files of this workspace; another's may hold the same id."""
    pattern = re.compile(_pattern(person).encode("utf-8", "surrogatepass"))
    changed = 0
    for import_id in Import.objects.filter(workspace=workspace).values_list("id", flat=True):
        path = reject_path(import_id)
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
        kept = [line for line in lines if not pattern.search(line)]
        if len(kept) < len(lines):
            path.write_bytes(b"".join(kept))
            changed += 1
    return changed


def _erase_records(workspace: Workspace, person: Person) -> int:
    keys = person.identities
    consents = Consent.objects.filter(workspace=workspace, identity_key__in=keys).delete()[0]
    suggested = MergeSuggestion.objects.filter(workspace=workspace)
    named = AuditEntry.objects.filter(workspace=workspace, object__in=[*person.user_ids, *person.anonymous_ids])
    ids = (*person.user_ids, *person.anonymous_ids)
    return (
        consents
        + sum(erase(workspace, keys, ids) for erase in erasers())
        + named.update(object="an erased person")
        + suggested.filter(previous_key__in=keys).delete()[0]
        + suggested.filter(known_key__in=keys).delete()[0]
    )


def _pattern(person: Person) -> str:
    """The person's ids as they may stand in what a client sent: plain, escaped as JSON, or as part of an address."""
    spelled: set[str] = set()
    for one in (*person.user_ids, *person.anonymous_ids):
        escaped = json.dumps(one)[1:-1]
        capitals = re.sub(r"\\u[0-9a-f]{4}", lambda found: "\\u" + found[0][2:].upper(), escaped)
        address = quote(one.encode("utf-8", "surrogatepass"), safe="")
        spelled |= {one, escaped, capitals, json.dumps(one, ensure_ascii=False)[1:-1], address}
    ids = "|".join(re.escape(one) for one in sorted(spelled, key=len, reverse=True))
    return rf"(?<![\w-])(?:{ids})(?![\w-])"


def _forget_free_pages() -> None:
    """Leave no deleted row readable in the database's files.

    SQLite overwrites them (`secure_delete`), and what its log still holds goes with a checkpoint; PostgreSQL writes
    the few tables anew.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for model in (Consent, MergeSuggestion, AuditEntry):
                cursor.execute(f"VACUUM FULL {connection.ops.quote_name(model._meta.db_table)}")  # noqa: SLF001
