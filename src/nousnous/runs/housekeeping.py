"""The daily forgetting: runs, delivered facts, sessions and one-time addresses that are long over."""

from django.core.management import call_command

from nousnous.runs.actions import forget_finished
from nousnous.runs.registry import Advance, Work
from nousnous.workspaces.actions import forget_spent_addresses

HOUSEKEEPING_RUN = "runs.housekeeping"


def perform_housekeeping(_: Work) -> Advance:
    """Delete what nobody will look at again."""
    forget_finished()
    forget_spent_addresses()
    call_command("clearsessions")
    return Advance()
