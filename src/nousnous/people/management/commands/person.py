"""`nous person`: find, merge, export and erase people, and keep their consent."""

import json
from typing import Annotated

from django_typer.management import TyperCommand, command
from typer import Argument, Option

from nousnous.people.actions import consents, erasure, exports, merges
from nousnous.workspaces.models import current_workspace

WorkspaceOption = Annotated[str, Option("--workspace", "-w", help="Slug of the workspace.")]


class Command(TyperCommand):
    help = "Find, merge, export and erase people, and keep their consent."

    @command(help="Print everything that is kept of a person, as JSON.")
    def export(self, person_id: str, workspace: WorkspaceOption) -> None:
        self.stdout.write(json.dumps(exports.export_person(current_workspace(workspace), person_id), indent=2))

    @command(help="Erase a person everywhere and print a receipt. There is no way back.")
    def erase(self, person_id: str, workspace: WorkspaceOption) -> None:
        receipt = erasure.erase_person(current_workspace(workspace), person_id)
        self.stdout.write(json.dumps(receipt.as_dict(), indent=2))

    @command(help="Make two known persons one.")
    def merge(
        self,
        previous_id: Annotated[str, Argument(help="The id that is given up.")],
        known_id: Annotated[str, Argument(help="The id that stays.")],
        workspace: WorkspaceOption,
    ) -> None:
        merges.merge_persons(current_workspace(workspace), previous_id, known_id)
        self.stdout.write(json.dumps({"merged": previous_id, "into": known_id}))

    @command(help="Take an id out of the person it was merged into.")
    def unmerge(self, previous_id: str, workspace: WorkspaceOption) -> None:
        merges.unmerge_person(current_workspace(workspace), previous_id)
        self.stdout.write(json.dumps({"unmerged": previous_id}))

    @command(help="Keep what a person decided for a purpose.")
    def consent(
        self,
        person_id: str,
        workspace: WorkspaceOption,
        purpose: Annotated[str, Option(help=", ".join(consents.PURPOSES))] = "analytics",
        state: Annotated[str, Option(help=", ".join(consents.STATES))] = "granted",
    ) -> None:
        consents.decide_consent(current_workspace(workspace), person_id, purpose, state)
        self.stdout.write(json.dumps({"person_id": person_id, "purpose": purpose, "state": state}))
