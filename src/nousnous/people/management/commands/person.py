"""`nous person`: merge, export and erase people, and keep their consent. Each use stands in the audit log."""

from collections.abc import Mapping
from typing import Annotated, Any

from django_typer.management import TyperCommand, command
from typer import Argument, Option, echo

from nousnous.people.actions import consents, erasure, exports, merges
from nousnous.workspaces.actions import SHELL, audit
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json

PersonArgument = Annotated[str, Argument(help="A known or an anonymous id, exactly as it was sent.")]


class Command(TyperCommand):
    help = "Merge, export and erase people, and keep their consent."

    @command(help="Print everything that is kept of a person, as JSON.")
    def export(self, person_id: PersonArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = current_workspace(workspace)
        document = exports.export_person(found, person_id)
        audit(found, SHELL, "export person", person_id)
        _answer(document, json_wanted=json)

    @command(help="Erase a person everywhere and print a receipt; what has to wait is done by a worker. No way back.")
    def erase(self, person_id: PersonArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = current_workspace(workspace)
        receipt = erasure.erase_person(found, person_id)
        audit(found, SHELL, "erase person", receipt.receipt)
        _answer(receipt.as_dict(), json_wanted=json)

    @command(help="Show how an erasure stands: whether something of the person is still on the disk, and why.")
    def receipt(
        self,
        receipt: Annotated[str, Argument(help="The receipt that the erasure gave.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        _answer(erasure.read_receipt(current_workspace(workspace), receipt).as_dict(), json_wanted=json)

    @command(help="Make two known persons one.")
    def merge(
        self,
        previous_id: Annotated[str, Argument(help="The id that is given up.")],
        known_id: Annotated[str, Argument(help="The id that stays.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        found = current_workspace(workspace)
        merges.merge_persons(found, previous_id, known_id)
        audit(found, SHELL, "merge people", previous_id)
        _answer({"merged": previous_id, "into": known_id}, json_wanted=json)

    @command(help="Take an id out of the person it was merged into.")
    def unmerge(self, previous_id: PersonArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = current_workspace(workspace)
        merges.unmerge_person(found, previous_id)
        audit(found, SHELL, "undo merge", previous_id)
        _answer({"unmerged": previous_id}, json_wanted=json)

    @command(help="Keep what a person decided for a purpose.")
    def consent(
        self,
        person_id: PersonArgument,
        workspace: WorkspaceOption,
        purpose: Annotated[str, Option(help=", ".join(consents.PURPOSES))] = "analytics",
        state: Annotated[str, Option(help=", ".join(consents.STATES))] = "granted",
        json: JsonOption = False,
    ) -> None:
        found = current_workspace(workspace)
        consents.decide_consent(found, person_id, purpose, state)
        audit(found, SHELL, "change consent", person_id)
        _answer({"person_id": person_id, "purpose": purpose, "state": state}, json_wanted=json)

    @command(name="need-consent", help="Keep nothing for a purpose without a granted consent.")
    def need_consent(
        self,
        purpose: Annotated[str, Argument(help=", ".join(consents.PURPOSES))],
        workspace: WorkspaceOption,
        needed: Annotated[bool, Option(help="--no-needed keeps what is not denied.")] = True,
        json: JsonOption = False,
    ) -> None:
        found = current_workspace(workspace)
        consents.need_consent(found, purpose, needed=needed)
        audit(found, SHELL, "need consent" if needed else "need no consent", purpose)
        _answer({"purpose": purpose, "needed": needed}, json_wanted=json)


def _answer(document: Mapping[str, Any], *, json_wanted: bool) -> None:
    """JSON in both cases: on one line for programs, indented for people."""
    echo(as_json(document) if json_wanted else as_json(document, indent=2))
