"""`nous belief`: what teams believe about the steps of their journeys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer
from django_typer.management import TyperCommand, command

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.gaps.actions.beliefs import list_beliefs, seal_belief, withdraw_belief, write_belief
from nousnous.capabilities.gaps.actions.calibration import calibrations
from nousnous.capabilities.gaps.actions.judging import judge_weeks
from nousnous.capabilities.gaps.measures.examples import position_of
from nousnous.facts.beliefs import Statement
from nousnous.journeys.actions.versions import journey_of
from nousnous.workspaces.actions import SHELL, audit
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows

BeliefArgument = Annotated[str, typer.Argument(metavar="ID", help="The belief, as `nous belief list` shows it.")]
JourneyOption = Annotated[str, typer.Option(help="Id of the journey; not needed where there is one.")]
LISTED = ("id", "step", "metric", "value", "author", "segment", "sealed_at")


class Command(TyperCommand):
    help = "What teams believe about the steps of their journeys: write it down, seal it, see how well they knew."

    @command(help="Write a belief down; the same team's belief of that metric, step and segment is replaced.")
    def write(
        self,
        workspace: WorkspaceOption,
        step: Annotated[str, typer.Option(help="Id of the step.")],
        metric: Annotated[str, typer.Option(help="Id of the metric, such as completion or duration_p50.")],
        value: Annotated[float, typer.Option(help="In the metric's unit; shares from 0 to 1, durations in seconds.")],
        author: Annotated[str, typer.Option(help="The team that believes it.")],
        journey: JourneyOption = "",
        tolerance: Annotated[float | None, typer.Option(help="0.02 is 2 points; at most 0.1.")] = None,
        range: Annotated[str, typer.Option(metavar="LOW,HIGH", help="80 % range around the value.")] = "",
        expected_gap: Annotated[float | None, typer.Option(help="In points, or per cent for durations.")] = None,
        segment: Annotated[str, typer.Option(help="As in country=DE; everybody if none.")] = "",
        stated_at: Annotated[datetime | None, typer.Option(help="When it was stated; only the seal proves it.")] = None,
        seal: Annotated[bool, typer.Option("--seal", help="Seal it at once.")] = False,
        json: JsonOption = False,
    ) -> None:
        owner = current_workspace(workspace)
        found = journey_of(owner, journey or None).journey
        position_of(tuple(one.id for one in found.steps), step)
        statement = Statement(
            found.id, step, metric, value, author, tolerance, _range(range), expected_gap, segment, stated_at
        )
        belief = write_belief(owner, statement)
        audit(owner, SHELL, "write belief", belief.id)
        if seal:
            belief = seal_belief(owner, belief.id)
            audit(owner, SHELL, "seal belief", belief.id)
        after = "It is sealed." if seal else f"`nous belief seal {belief.id}` proves that it stood before the numbers."
        typer.echo(as_json(belief.as_dict()) if json else f"{belief.id}: {belief}. {after}")

    @command(help="Set the seal, once and for good: from now on the belief is proven to have stood.")
    def seal(self, belief: BeliefArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        owner = current_workspace(workspace)
        sealed = seal_belief(owner, belief)
        audit(owner, SHELL, "seal belief", sealed.id)
        typer.echo(as_json(sealed.as_dict()) if json else f"{sealed.id} is sealed since {sealed.sealed_at}.")

    @command(name="list", help="List the beliefs of a workspace.")
    def show(
        self,
        workspace: WorkspaceOption,
        journey: JourneyOption = "",
        history: Annotated[bool, typer.Option("--history", help="Those that were replaced, too.")] = False,
        json: JsonOption = False,
    ) -> None:
        found = list_beliefs(current_workspace(workspace), journey or None, history=history)
        rows: list[Mapping[str, Any]] = [belief.as_dict() for belief in found]
        if not json:
            rows = [{name: row[name] for name in LISTED} for row in rows]
        show_rows(rows, json_wanted=json, empty="No beliefs yet; `nous belief write` keeps one.")

    @command(help="Withdraw a belief that was never sealed.")
    def withdraw(self, belief: BeliefArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        owner = current_workspace(workspace)
        withdraw_belief(owner, belief)
        audit(owner, SHELL, "withdraw belief", belief)
        typer.echo(as_json({"withdrawn": belief}) if json else f"{belief} is withdrawn.")

    @command(help="How often the 80 % ranges held the truth, and how large the blind spots are, by team.")
    def calibration(self, workspace: WorkspaceOption, journey: JourneyOption = "", json: JsonOption = False) -> None:
        rows = [one.as_dict() for one in calibrations(current_workspace(workspace), journey or None)]
        if json:
            typer.echo(as_json({"teams": rows}))
            return
        shown = [
            {
                "team": row["author"] or "everybody",
                "sealed": row["sealed"],
                "ranges": row["held"]["n"],
                "held": "too few" if row["held"]["value"] is None else f"{row['held']['value']:.0%}",
                "interval score": None if row["score"] is None else f"{row['score']:.1f}",
                "blind spot": None if row["blind_spot"] is None else f"{row['blind_spot']:.1f}×",
            }
            for row in rows
        ]
        show_rows(shown, json_wanted=False, empty="")

    @command(help="Store the verdicts of all weeks that closed and have none yet; those that stand stay.")
    def judge(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        stored = judge_weeks(current_workspace(workspace))
        typer.echo(as_json({"stored": stored}) if json else f"{stored:,} verdicts stored.")


def _range(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        low, high = (float(end) for end in text.split(","))
    except ValueError:
        raise Refused(f"“{text}” is no range; write 0.62,0.78.", Place(field="range")) from None
    return low, high
