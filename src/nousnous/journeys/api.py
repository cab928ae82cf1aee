"""Journeys, segments and evidence in the API."""

from datetime import datetime
from typing import TypedDict

from ninja import Field, Router, Schema

from nousnous.base.clock import FIRST_YEAR, LAST_YEAR, to_us
from nousnous.base.shapes import Items
from nousnous.facts.evidence import KINDS, EvidenceFound, EvidenceShape
from nousnous.journeys.actions import evidence as fractures
from nousnous.journeys.actions import segments, versions
from nousnous.journeys.actions.suggest import suggest_journey
from nousnous.journeys.models import JourneyVersion, JourneyVersionShape, SegmentShape
from nousnous.workspaces.access import WorkspaceRequest, permission

FIRST_US, LAST_US = (to_us(datetime(year, 1, 1)) for year in (FIRST_YEAR, LAST_YEAR))  # noqa: DTZ001  # means UTC
router = Router(tags=["journeys"])


class Text(Schema):
    text: str = Field(..., description="The TOML, as in the file.")


class Fracture(Schema):
    journey: str
    step: str
    kind: str = Field("note", description=", ".join(KINDS))
    reference: str = ""
    moment_us: int | None = Field(None, ge=FIRST_US, le=LAST_US)
    weight: float = 1.0
    meant: str = ""
    felt: str = ""


class JourneyShape(JourneyVersionShape):
    """A version of a journey as text and as data."""

    text: str
    steps: list[versions.StepShape]


class AppliedShape(JourneyShape):
    changed: bool
    warnings: tuple[str, ...]


class SuggestedShape(TypedDict):
    id: str
    text: str


class SegmentTextShape(SegmentShape):
    text: str


class SizedSegmentShape(SegmentTextShape):
    persons: int
    of: int


class ArchivedShape(TypedDict):
    archived: str


class RemovedShape(TypedDict):
    removed: str


@router.get("/journeys")
@permission("journeys:read")
def list_journeys(request: WorkspaceRequest, archived: bool = False) -> Items[JourneyVersionShape]:
    """The current versions of all journeys, or of those that were put away."""
    of = request.workspace
    found = versions.archived_journeys(of) if archived else versions.list_journeys(of)
    return {"items": [one.as_dict() for one in found]}


@router.get("/journey-suggestion")
@permission("journeys:read")
def suggest(request: WorkspaceRequest, journey_id: str = "") -> SuggestedShape:
    """A journey suggested from the events that came in, as a text to put; without an id it is called by its steps."""
    found = suggest_journey(request.workspace, journey_id)
    return {"id": found.id, "text": found.text}


@router.post("/journeys")
@permission("journeys:write")
def apply_journey(request: WorkspaceRequest, text: Text) -> AppliedShape:
    """Make a text the current version of the journey whose id it says."""
    applied = versions.apply_journey(request.workspace, text.text, None, request.access.actor)
    return {**_whole(applied.version), "changed": applied.changed, "warnings": applied.warnings}


@router.get("/journeys/{journey}")
@permission("journeys:read")
def get_journey(request: WorkspaceRequest, journey: str) -> JourneyShape:
    """A journey as its current text and as data."""
    return _whole(versions.journey_of(request.workspace, journey))


@router.put("/journeys/{journey}")
@permission("journeys:write")
def put_journey(request: WorkspaceRequest, journey: str, text: Text) -> AppliedShape:
    """Make a text the current version of a journey that is there."""
    applied = versions.replace_journey(request.workspace, journey, text.text, request.access.actor)
    return {**_whole(applied.version), "changed": applied.changed, "warnings": applied.warnings}


@router.delete("/journeys/{journey}")
@permission("journeys:write")
def archive_journey(request: WorkspaceRequest, journey: str) -> ArchivedShape:
    """Put a journey away; applying it again brings it back."""
    versions.archive_journey(request.workspace, journey, request.access.actor)
    return {"archived": journey}


@router.get("/journeys/{journey}/versions")
@permission("journeys:read")
def list_versions(request: WorkspaceRequest, journey: str) -> Items[JourneyVersionShape]:
    """All versions of a journey, newest first."""
    return {"items": [one.as_dict() for one in versions.list_versions(request.workspace, journey)]}


@router.get("/journeys/{journey}/versions/{number}")
@permission("journeys:read")
def get_version(request: WorkspaceRequest, journey: str, number: int) -> JourneyShape:
    """One version of a journey."""
    return _whole(versions.version_of(request.workspace, journey, number))


@router.get("/journeys/{journey}/evidence")
@permission("journeys:read")
def list_evidence(request: WorkspaceRequest, journey: str, step: str = "") -> Items[EvidenceShape]:
    """The fractures of a journey, or of one of its steps, heaviest first."""
    version = versions.journey_of(request.workspace, journey)
    found = fractures.list_evidence(request.workspace, version.journey_id, step or None)
    return {"items": [one.as_dict() for one in found]}


@router.post("/evidence")
@permission("journeys:write")
def add_evidence(request: WorkspaceRequest, fracture: Fracture) -> EvidenceShape:
    """Note a fracture under a step."""
    found = EvidenceFound(**fracture.dict())
    return fractures.record_evidence(request.workspace, found, request.access.actor).as_dict()


@router.delete("/evidence/{evidence}")
@permission("journeys:write")
def remove_evidence(request: WorkspaceRequest, evidence: str) -> RemovedShape:
    """Take a fracture away."""
    fractures.remove_evidence(request.workspace, evidence, request.access.actor)
    return {"removed": evidence}


@router.get("/segments")
@permission("segments:read")
def list_segments(request: WorkspaceRequest) -> Items[SegmentShape]:
    """The segments of the workspace."""
    return {"items": [one.as_dict() for one in segments.list_segments(request.workspace)]}


@router.post("/segments")
@permission("segments:write")
def apply_segment(request: WorkspaceRequest, text: Text) -> SegmentTextShape:
    """Keep a segment under the name that its text says."""
    kept = segments.apply_segment(request.workspace, text.text, None, request.access.actor)
    return {**kept.as_dict(), "text": kept.text}


@router.get("/segments/{segment}")
@permission("segments:read")
def get_segment(request: WorkspaceRequest, segment: str) -> SizedSegmentShape:
    """A segment with how many people are in it now."""
    found = segments.segment_of(request.workspace, segment)
    inside, everybody = segments.size_now(request.workspace, found)
    return {**found.as_dict(), "text": found.text, "persons": inside, "of": everybody}


@router.delete("/segments/{segment}")
@permission("segments:write")
def remove_segment(request: WorkspaceRequest, segment: str) -> RemovedShape:
    """Forget a segment; the people in it stay."""
    segments.remove_segment(request.workspace, segment, request.access.actor)
    return {"removed": segment}


def _whole(version: JourneyVersion) -> JourneyShape:
    return {**version.as_dict(), "text": version.text, "steps": versions.steps_as_dicts(version.journey)}
