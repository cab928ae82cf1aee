"""What `--by` and `--segment` mean in a workspace."""

from nousnous.facts.journeys import SEGMENT_PROPERTIES
from nousnous.journeys.actions.segments import Tables, persons_in, segment_of
from nousnous.journeys.parts import Part, property_and_value, refuse_split
from nousnous.workspaces.models import Workspace


def part_of(workspace: Workspace, tables: Tables, by: str | None, segment: str | None) -> Part:
    """What `--by` and `--segment` say: a segment with “=” is a property's value, else the name of a saved one."""
    if by and by not in SEGMENT_PROPERTIES:
        refuse_split(by)
    if not segment:
        return Part(by or None)
    if "=" in segment:
        property_and_value(segment)
        return Part(by or None, segment)
    return Part(by or None, segment, persons_in(workspace, segment_of(workspace, segment), tables))
