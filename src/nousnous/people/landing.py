"""People as landing sees them: the port of `collector.ports`."""

from collections.abc import Iterable
from typing import Any

from nousnous.people.actions.consents import refused_keys
from nousnous.people.actions.merges import Meeting, observe_meetings, withdraw_meetings
from nousnous.workspaces.models import Workspace


class LandingPeople:
    """Answers what may be kept, and notes who meets whom."""

    def refused(self, workspace_id: str, table_name: str, identity_keys: Iterable[int]) -> frozenset[int]:
        return refused_keys(workspace_id, table_name, identity_keys)

    def observe(self, workspace: Workspace, meetings: Any) -> None:
        observe_meetings(workspace, [Meeting(**row) for row in meetings.to_pylist()])

    def withdraw(self, workspace: Workspace, anonymous_ids: Any, source: str) -> None:
        withdraw_meetings(workspace, anonymous_ids, source)
