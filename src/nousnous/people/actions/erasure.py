"""Erase a person so that nothing of them is left on the disk, and give a receipt.

An erasure is a durable run. Who asks for it performs it at once; what has to wait, or was cut off by the death of the
process, is done by the next worker. Its state holds the person's ids until the records are clean. The receipt is
completed last.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TypedDict

from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.base.shapes import Moment, shaped
from nousnous.collector.imports.erasing import erase_from_rejects, rejects_name, take_out_of_imports
from nousnous.collector.imports.uploads import empty_uploads
from nousnous.collector.loader import clear_log
from nousnous.facts.landings import PersonErased
from nousnous.facts.messages import QUARANTINE
from nousnous.people.actions.free_pages import forget_free_pages, newest_change
from nousnous.people.actions.lake import erase_from_lake, quarantine_keys
from nousnous.people.identity import Person, anonymous_key, find_person, known_key
from nousnous.people.models import Consent, Erasure, ErasureReceipt, MergeSuggestion, new_receipt
from nousnous.people.ports import erasers
from nousnous.runs import outbox
from nousnous.runs.actions import retry_run, start_run_here, take_out_of_runs
from nousnous.runs.locks import exclusive
from nousnous.runs.models import Run
from nousnous.runs.registry import Advance, Work
from nousnous.runs.scratch import sweep_scratch
from nousnous.runs.worker import perform_now
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.memory import forget
from nousnous.workspaces.actions import take_out_of_audit
from nousnous.workspaces.models import Workspace

ERASURE_RUN = "people.erasure"
SOON = timedelta(seconds=10)


class ReceiptShape(TypedDict):
    """A receipt as JSON."""

    receipt: str
    complete: bool
    asked_at: Moment
    erased_at: Moment | None
    waits_for: str | None
    identities: int
    rows: dict[str, int]
    files: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of an erasure; it names no person. `erased_at` is empty until nothing is left; `waits_for` says why."""

    receipt: str
    asked_at: str
    erased_at: str | None
    waits_for: str | None
    identities: int
    rows: dict[str, int]
    files: int

    def as_dict(self) -> ReceiptShape:
        return shaped(ReceiptShape, self, complete=self.erased_at is not None)


def erase_person(workspace: Workspace, person_id: str) -> Receipt:
    """Erase all that is kept of a person, everywhere, and refuse whatever comes late.

    Asked again for a person whose erasure is not complete, it goes on with that.
    """
    receipt = _unfinished(workspace, person_id)
    if receipt is None:
        receipt, run = _begin(workspace, _whom(workspace, person_id))
    else:
        run = _taken_up(receipt)
    perform_now(run, _runs(receipt))
    return read_receipt(workspace, receipt)


def read_receipt(workspace: Workspace, receipt: str) -> Receipt:
    """How an erasure stands."""
    found = ErasureReceipt.objects.filter(workspace=workspace, receipt=receipt).first()
    if found is None:
        raise Missing(f"There is no erasure with the receipt “{receipt}” in this workspace.")
    return Receipt(
        found.receipt,
        found.asked_at.isoformat(),
        found.erased_at.isoformat() if found.erased_at else None,
        None if found.erased_at else _waits_for(receipt),
        found.identities,
        found.rows,
        found.files,
    )


def perform_erasure(work: Work) -> Advance:
    """One stage of an erasure; each may be done again."""
    workspace = Workspace.objects.get(pk=work.workspace_id)
    return _STAGES[work.stage](workspace, work.state)


def _whom(workspace: Workspace, person_id: str) -> Person:
    """The person; also one of whom no row was kept, but an entry of quarantine, a rejected row or a consent."""
    try:
        return find_person(workspace, person_id)
    except Missing:
        keys = (known_key(workspace, person_id), anonymous_key(workspace, person_id))
        person = Person(keys[0], keys, (person_id,), ())
        if not _is_mentioned(workspace, person):
            raise
        return person


def _is_mentioned(workspace: Workspace, person: Person) -> bool:
    decided = Consent.objects.filter(workspace=workspace, identity_key__in=person.identities)
    rows = lake_of(workspace).snapshot(QUARANTINE).table(QUARANTINE)
    theirs = rows.filter(rows.identity_key.isin(list(person.identities))).count()
    return (
        decided.exists()
        or bool(theirs.to_pyarrow().as_py())
        or bool(quarantine_keys(lake_of(workspace), person.mentions))
        or rejects_name(workspace, person.mentions)
    )


def _begin(workspace: Workspace, person: Person) -> tuple[str, Run | None]:
    receipt, now = new_receipt(), clock.now()
    state = {"receipt": receipt, "person": json.dumps(asdict(person))}  # as a text it may hold what a database may not
    refused = {key(workspace, one) for one in person.ids for key in (known_key, anonymous_key)} | {*person.identities}
    with transaction.atomic():
        ErasureReceipt.objects.create(
            receipt=receipt, workspace=workspace, asked_at=now, identities=len(person.identities)
        )
        Erasure.objects.bulk_create(
            [Erasure(workspace=workspace, identity_key=key, receipt=receipt, erased_at=now) for key in refused],
            update_conflicts=True,
            update_fields=("receipt", "erased_at"),
            unique_fields=("workspace", "identity_key"),
        )
        return receipt, start_run_here(ERASURE_RUN, state, workspace_id=workspace.id, key=receipt)


def _unfinished(workspace: Workspace, person_id: str) -> str | None:
    keys = (known_key(workspace, person_id), anonymous_key(workspace, person_id))
    asked = Erasure.objects.filter(workspace=workspace, identity_key__in=keys).values("receipt")
    return ErasureReceipt.objects.filter(receipt__in=asked, erased_at=None).values_list("receipt", flat=True).first()


def _runs(receipt: str) -> Any:
    return Run.objects.filter(kind=ERASURE_RUN, key=receipt)


def _taken_up(receipt: str) -> Run | None:
    """The run, now, though it gave up or waits for later; none while somebody performs it."""
    dead = _runs(receipt).filter(status=Run.DEAD).first()
    if dead is not None:
        retry_run(dead.pk)
    _runs(receipt).filter(status=Run.WAITING, leased_until=None).update(due_at=clock.now())
    run: Run | None = _runs(receipt).lease()
    return run


def _waits_for(receipt: str) -> str:
    run = _runs(receipt).first()
    if run is None or run.leased_until is not None:
        return "a worker that is at it"
    trouble = f"another try after trouble ({run.last_words})" if run.trouble else ""
    return trouble or run.state.get("waits_for") or "the next worker"


def _person(state: Mapping[str, Any]) -> Person:
    told = json.loads(state["person"])
    return Person(told["key"], *(tuple(told[name]) for name in ("identities", "user_ids", "anonymous_ids")))


def _count(receipt: str, rows: Mapping[str, int], files: int = 0) -> None:
    found = ErasureReceipt.objects.get(receipt=receipt)
    found.rows |= {name: found.rows.get(name, 0) + count for name, count in rows.items() if count}
    found.files += files
    found.save(update_fields=["rows", "files"])


def _erase_signals(workspace: Workspace, state: Mapping[str, Any]) -> Advance:
    clear_log()
    with exclusive(f"visits-{workspace.id}"), exclusive(f"lake-{workspace.id}"):  # no visits that were read before
        rows = erase_from_lake(lake_of(workspace), _person(state))
    forget(lake_of(workspace))
    return Advance("files", state=state, effect=lambda: _count(state["receipt"], rows))


def _erase_files(workspace: Workspace, state: Mapping[str, Any]) -> Advance:
    rejects = erase_from_rejects(workspace, _person(state).mentions)
    files = rejects.files + empty_uploads(workspace)
    sweep_scratch()
    note = {"waits_for": "an import that is at work and may reject a row"} if rejects.at_work else {}
    return Advance(
        "files" if rejects.at_work else "records",
        due_at=clock.now() + SOON if rejects.at_work else None,
        state={"receipt": state["receipt"], "person": state["person"], **note},
        effect=lambda: _count(state["receipt"], {}, files),
    )


def _erase_records(workspace: Workspace, state: Mapping[str, Any]) -> Advance:
    """All in one transaction with the advance, which forgets the ids, too."""

    def effect() -> None:
        person = _person(state)
        keys, mentions = person.identities, person.mentions
        suggested = MergeSuggestion.objects.filter(workspace=workspace)
        count = (
            Consent.objects.filter(workspace=workspace, identity_key__in=keys).delete()[0]
            + suggested.filter(previous_key__in=keys).delete()[0]
            + suggested.filter(known_key__in=keys).delete()[0]
            + sum(erase(workspace, keys, mentions) for erase in erasers())
            + take_out_of_imports(workspace, mentions)
            + take_out_of_audit(workspace, mentions)
            + take_out_of_runs(workspace.id, mentions, besides=ERASURE_RUN)
        )
        _count(state["receipt"], {"records": count})
        outbox.record(PersonErased(workspace.id, state["receipt"]))

    return Advance("pages", state={"receipt": state["receipt"]}, effect=effect)


def _erase_pages(_: Workspace, state: Mapping[str, Any]) -> Advance:
    receipt, until = state["receipt"], state.get("until") or newest_change()
    if forget_free_pages(until):
        return Advance(state={"receipt": receipt}, effect=lambda: _complete(receipt))
    note = "somebody who reads the records as they were, such as a backup"
    return Advance("pages", due_at=clock.now() + SOON, state={"receipt": receipt, "until": until, "waits_for": note})


def _complete(receipt: str) -> None:
    ErasureReceipt.objects.filter(receipt=receipt).update(erased_at=clock.now())


_STAGES = {"start": _erase_signals, "files": _erase_files, "records": _erase_records, "pages": _erase_pages}
