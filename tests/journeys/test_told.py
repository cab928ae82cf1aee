"""An export of a person tells their visits and fractures; an erasure leaves none of them on the disk."""

import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.journeys.test_visits import landed, new_workspace
from tests.oracle.worlds import CHECKOUT, told

from nousnous.facts.evidence import EvidenceFound
from nousnous.journeys.actions.evidence import record_evidence
from nousnous.journeys.actions.versions import apply_journey
from nousnous.journeys.actions.visits import kept_visits
from nousnous.journeys.definition import journey_in
from nousnous.people.actions.erasure import erase_person
from nousnous.people.actions.exports import export_person
from nousnous.people.identity import known_key
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workspace() -> Workspace:
    made = new_workspace()
    for person in ("ann", "bob"):
        landed(made, told((0, "shipping_details"), (60, "payment_error"), (90, "purchase"), person=person))
    apply_journey(made, CHECKOUT, None, "ann")
    record_evidence(
        made, EvidenceFound("shop", "checkout", "event", "ann-1", None, 1.0, "one tap", "three", None), "me"
    )
    return made


def keys_on_disk(workspace: Workspace) -> set[int]:
    """All person keys in all Parquet files that tell something of them, those that no table names any more, too.

    Retractions and withdrawals bear keyed hashes alone: they say what has to be left out, as an erasure itself does.
    """
    found: set[int] = set()
    for path in Path(lake_of(workspace).folder).rglob("*.parquet"):
        rows = pq.read_table(io.BytesIO(path.read_bytes()))
        for name in {"person_key", "identity_key"} & set(rows.column_names):
            if not path.parent.name.startswith(("retractions", "withdrawn")):
                found.update(rows[name].to_pylist())
    return found


def test_an_export_tells_visits_and_fractures(workspace: Workspace) -> None:
    found = export_person(workspace, "ann")
    assert [(visit["journey"], visit["step"], visit["completed"]) for visit in found["visits"]] == [
        ("shop", "checkout", True)
    ]
    assert [one["felt"] for one in found["evidence"]] == ["three"]


def test_an_erased_person_is_in_no_file_of_visits(workspace: Workspace) -> None:
    kept_visits(workspace, journey_in(CHECKOUT))
    ann, bob = (known_key(workspace, name) for name in ("ann", "bob"))
    assert {ann, bob} <= keys_on_disk(workspace)
    erase_person(workspace, "ann")
    kept_visits(workspace, journey_in(CHECKOUT))
    assert bob in keys_on_disk(workspace)
    assert ann not in keys_on_disk(workspace)
