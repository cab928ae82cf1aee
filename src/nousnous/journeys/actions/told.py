"""What the map keeps of one person, for their export."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.actions.visits import kept_visits
from nousnous.journeys.models import Evidence
from nousnous.workspaces.models import Workspace


def tell_of_person(
    workspace: Workspace, person_key: int, identity_keys: Iterable[int]
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Their visits of all journeys, and the fractures that are theirs."""
    visits: list[dict[str, Any]] = []
    for journey in (version.journey for version in list_journeys(workspace)):
        rows = kept_visits(workspace, journey).visits
        mine = rows.filter(rows.person_key == person_key).order_by("opened_us", "step").drop("landed_us")
        visits += [
            {"journey": journey.id} | row | {"step": journey.steps[row["step"]].id}
            for row in mine.to_pyarrow().to_pylist()
        ]
    theirs = Evidence.objects.filter(workspace=workspace, identity_key__in=list(identity_keys))
    return {"visits": visits, "evidence": [one.as_dict() for one in theirs]}
