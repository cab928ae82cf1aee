"""Whose answers they are, for those who may see single people."""

from collections.abc import Iterable

import ibis
import pyarrow as pa

from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace


def people_of(workspace: Workspace, keys: Iterable[int]) -> dict[int, str]:
    """The id of each person as their timeline takes it: a known one, else an anonymous one; of several the smallest."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    rows = snapshot.resolved(SCORES)
    theirs = rows.semi_join(ibis.memtable(pa.table({"person_key": pa.array(wanted, pa.int64())})), "person_key")
    ids = theirs.group_by("person_key").agg(known=theirs.user_id.min(), device=theirs.anonymous_id.min())
    found = ids.to_pyarrow().to_pylist()
    return {one["person_key"]: one["known"] or one["device"] for one in found if one["known"] or one["device"]}
