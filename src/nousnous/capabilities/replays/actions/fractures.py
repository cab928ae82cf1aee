"""A moment of a replay becomes a fracture: evidence of a step, with a link to the second."""

from dataclasses import dataclass

from nousnous.capabilities.replays.actions.reading import Replay
from nousnous.facts.evidence import EvidenceFound
from nousnous.facts.replays import address_of
from nousnous.journeys.actions.evidence import record_evidence
from nousnous.journeys.models import Evidence
from nousnous.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Noted:
    """What a member says of a moment: `at_us` since the session began, the step, and both sides of it."""

    at_us: int
    journey: str
    step: str
    meant: str
    felt: str
    weight: float


def note_fracture(workspace: Workspace, replay: Replay, noted: Noted, actor: str) -> Evidence:
    """Keep a moment under its step; it is erased with the person whose replay it is."""
    summary = replay.summary
    return record_evidence(
        workspace,
        EvidenceFound(
            noted.journey,
            noted.step,
            "replay",
            address_of(workspace.slug, summary.session_id, noted.at_us),
            summary.started_us + noted.at_us,
            noted.weight,
            noted.meant,
            noted.felt,
            summary.person_key,
        ),
        actor,
    )


def fractures_of(workspace: Workspace, session_id: str) -> list[Evidence]:
    """The fractures that were made from a replay, the earliest first."""
    address = address_of(workspace.slug, session_id)
    found = Evidence.objects.filter(workspace=workspace, kind="replay", reference__startswith=address)
    return list(found.order_by("moment_us", "id"))
