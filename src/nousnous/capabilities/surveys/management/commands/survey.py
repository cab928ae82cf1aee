"""Surveys: apply documents, publish and close them, links to answer at."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from django_typer.management import TyperCommand, command

from nousnous.base.errors import Missing, Place, Refused
from nousnous.capabilities.surveys.actions import building, links, mailing, versions
from nousnous.capabilities.surveys.actions.asking import Who
from nousnous.capabilities.surveys.actions.rates import rates_of
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows, text_of

SHELL = "shell"

SurveyArgument = Annotated[str, typer.Argument(help="Id of the survey.")]


class Command(TyperCommand):
    help = "Surveys: apply documents, publish and close them, links to answer at."

    @command(name="list", help="List the surveys of a workspace, with their state and how many answered.")
    def show_all(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        of = current_workspace(workspace)
        rates = rates_of(of)
        rows = [
            {
                "id": one.survey_id,
                "name": one.name,
                "state": one.state,
                "version": one.published.number if one.published else None,
                "asked": rates[one.survey_id].asked,
                "answered": rates[one.survey_id].answered,
            }
            for one in versions.list_surveys(of)
        ]
        show_rows(rows, json_wanted=json, empty="No surveys; `nous survey apply FILE` makes one.")

    @command(help="Print a survey's document.")
    def show(self, survey: SurveyArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = versions.survey_of(current_workspace(workspace), survey)
        typer.echo(as_json({**found.as_dict(), "text": found.text}) if json else found.text, nl=json)

    @command(
        help="Save a document as what its survey says, or take in an export of Formbricks (JSON) or LimeSurvey (.lss); "
        "nobody is asked it before it is published."
    )
    def apply(
        self,
        file: Annotated[Path, typer.Argument(help="The survey as JSON, or an export.")],
        workspace: WorkspaceOption,
        publish: Annotated[bool, typer.Option("--publish", help="Publish it, too.")] = False,
        json: JsonOption = False,
    ) -> None:
        into = current_workspace(workspace)
        saved, foreign = building.take_in(into, text_of(file), SHELL, str(file))
        if publish:
            versions.publish_survey(into, saved.survey_id, SHELL)
            saved = versions.survey_of(into, saved.survey_id)
        said = f"{saved.name}: saved, {saved.state}."
        if foreign:
            said = f"{said} {foreign.sentence}"
        left_out = {"left_out": list(foreign.left_out)} if foreign else {}
        typer.echo(as_json({**saved.as_dict(), **left_out}) if json else said)

    @command(help="Ask what a survey's document says from now on; a survey that was closed opens again.")
    def publish(self, survey: SurveyArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        version = versions.publish_survey(current_workspace(workspace), survey, SHELL)
        typer.echo(as_json({"id": survey, **version.as_dict()}) if json else f"Version {version.number} is asked now.")

    @command(help="Ask nobody any more; who has begun may finish.")
    def close(self, survey: SurveyArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = versions.close_survey(current_workspace(workspace), survey, SHELL)
        typer.echo(as_json(found.as_dict()) if json else f"{found.name} is closed.")

    @command(help="Print the address at which everybody may answer once per browser, or one for a person.")
    def link(
        self,
        survey: SurveyArgument,
        workspace: WorkspaceOption,
        person: Annotated[str, typer.Option(help="Known id of a person: an address that takes one answer.")] = "",
        json: JsonOption = False,
    ) -> None:
        of = current_workspace(workspace)
        found: Mapping[str, Any] = (
            links.make_link(of, survey, Who(user_id=person), SHELL)
            if person
            else {"survey": survey, "address": links.open_address(versions.survey_of(of, survey))}
        )
        typer.echo(as_json(found) if json else found["address"])

    @command(help="Write to the people of a CSV file (person, email, language), each with an address of their own.")
    def send(
        self,
        survey: SurveyArgument,
        file: Annotated[Path, typer.Argument(help="CSV with the columns person and email, perhaps language.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        of = current_workspace(workspace)
        found = mailing.send_survey(of, survey, recipients_in(file), SHELL)
        if json:
            typer.echo(as_json(found))
            return
        for one in found["left_out"]:
            typer.echo(f"Left out {one['person']}: {one['why']}", err=True)
        typer.echo(f"{found['sent']} written to, {len(found['left_out'])} left out.")


def recipients_in(file: Path) -> list[mailing.Recipient]:
    if not file.is_file():
        raise Missing(f"There is no file {file}.")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = csv.DictReader(opened)
        if not {"person", "email"} <= set(rows.fieldnames or ()):
            raise Refused("Name its columns in the first row: person, email, perhaps language.", Place(str(file), 1))
        return [
            mailing.Recipient(*((row.get(name) or "").strip() for name in ("person", "email", "language")))
            for row in rows
        ]
