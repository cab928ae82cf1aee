"""People as landing sees them: the port of `collector.ports`."""

from collections.abc import Iterable
from typing import Any

from nousnous.base import clock
from nousnous.people.actions.consents import Choice, note_choices, refused_keys
from nousnous.people.actions.merges import Meeting, observe_meetings, withdraw_meetings
from nousnous.workspaces.models import Workspace


class LandingPeople:
    """Answers what may be kept, and notes who meets whom."""

    def refused(self, workspace_id: str, table_name: str, identity_keys: Iterable[int]) -> frozenset[int]:
        return refused_keys(workspace_id, table_name, identity_keys)

    def observe(self, workspace: Workspace, meetings: Any) -> None:
        observe_meetings(workspace, [Meeting(**row) for row in meetings.to_pylist()])

    def note_choices(self, workspace: Workspace, choices: Any) -> None:
        note_choices(
            workspace,
            [
                Choice(row["identity_key"], row["purpose"], row["granted"], clock.from_us(row["ts_us"]))
                for row in choices.to_pylist()
            ],
        )

    def withdraw(self, workspace: Workspace, anonymous_ids: Any, source: str) -> None:
        withdraw_meetings(workspace, anonymous_ids, source)
