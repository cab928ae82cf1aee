"""The daily housekeeping: what is long over is forgotten, and schedules that are missing are written."""

from django.core.management import call_command

from nousnous.runs.actions import forget_finished
from nousnous.runs.registry import Advance, Work
from nousnous.runs.schedules import keep_planned
from nousnous.workspaces.actions import forget_spent_addresses

HOUSEKEEPING_RUN = "runs.housekeeping"


def perform_housekeeping(_: Work) -> Advance:
    """Delete what nobody will look at again: runs, delivered facts, sessions, one-time addresses."""
    keep_planned()
    forget_finished()
    forget_spent_addresses()
    call_command("clearsessions")
    return Advance()
