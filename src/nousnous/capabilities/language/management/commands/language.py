"""`nous language`: how far apart company and customers sound."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django_typer.management import TyperCommand, command

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.language.actions.auditing import USUAL_DAYS, LanguageAudit, audit_language
from nousnous.capabilities.language.actions.bringing import keep_hook
from nousnous.capabilities.language.actions.labelling import count_labels, keep_labels, labels_in, next_messages
from nousnous.capabilities.language.actions.posting import post_audit
from nousnous.capabilities.language.actions.scoring import score_messages
from nousnous.capabilities.language.actions.switching import decision_as_dict, list_scorers, switch_scorer
from nousnous.capabilities.language.actions.training import train_heads
from nousnous.capabilities.language.measures.deliveries import TOOLS
from nousnous.capabilities.language.measures.headline import NAMES, name_of, readability_of, title_of, verdict_of
from nousnous.capabilities.language.measures.qualities import QUALITIES, SENTIMENT, quality_of
from nousnous.capabilities.language.views import cards
from nousnous.capabilities.language.views.printing import audit_as_pdf
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows, text_of

OfOption = Annotated[str, typer.Option(help=f"What is judged: {', '.join(QUALITIES)}.")]


class Format(StrEnum):
    """How the audit is written."""

    table = "table"
    json = "json"
    pdf = "pdf"


class Command(TyperCommand):
    help = "How far apart company and customers sound, and which words do it."

    @command(help="The gap of the last days by channel, topic, bot version, group and language; sentences; jargon.")
    def audit(
        self,
        workspace: WorkspaceOption,
        days: Annotated[int, typer.Option(help="How many days before the newest message.")] = USUAL_DAYS,
        format: Annotated[Format, typer.Option(help="How it is written.")] = Format.table,
        output: Annotated[Path | None, typer.Option(help="File to write to; standard output if none.")] = None,
        json: JsonOption = False,
    ) -> None:
        chosen, wanted = current_workspace(workspace), Format.json if json else format
        if wanted is Format.pdf and output is None and sys.stdout.isatty():
            raise Refused("A PDF is not for a terminal; name a file with --output.", Place(field="output"))
        score_messages(chosen)
        report = audit_language(chosen, days)
        if wanted is Format.pdf:
            _write(audit_as_pdf(report, chosen.name, named=True), output)
        elif wanted is Format.json:
            _write((as_json(report.as_dict()) + "\n").encode(), output)
        elif output is not None:
            raise Refused("A table is shown; write --format json or pdf to a file.", Place(field="output"))
        else:
            show(report)

    @command(help="Post the audit in Slack; the same audit stands there once a day, so a timetable may call it.")
    def post(
        self,
        workspace: WorkspaceOption,
        days: Annotated[int, typer.Option(help="How many days before the newest message.")] = USUAL_DAYS,
        json: JsonOption = False,
    ) -> None:
        chosen = current_workspace(workspace)
        score_messages(chosen)
        channel = post_audit(chosen, days, SHELL)
        typer.echo(as_json({"channel": channel}) if json else f"It stands in Slack, {channel}.")

    @command(help="Let Zendesk or Intercom deliver messages live, by the secret that it signs them with.")
    def hook(
        self,
        tool: Annotated[str, typer.Argument(metavar="TOOL", help=f"{' or '.join(TOOLS)}.")],
        workspace: WorkspaceOption,
        secret: Annotated[Path, typer.Option(help="File with the secret, so that no list of processes shows it.")],
        json: JsonOption = False,
    ) -> None:
        kept = keep_hook(current_workspace(workspace), tool, text_of(secret), SHELL)
        address = f"{settings.NOUS.address.rstrip('/')}{kept.path}"
        typer.echo(as_json({"tool": tool, "address": address}) if json else f"{tool} may deliver to {address}")

    @command(help="Score messages that have no sentiment yet; a run does it by itself after messages came in.")
    def score(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        count = score_messages(current_workspace(workspace))
        typer.echo(as_json({"scored": count}) if json else f"{count:,} messages were scored.")

    @command(help="The next 20 messages to judge, most uncertain first; or take in labels from a file.")
    def labels(
        self,
        workspace: WorkspaceOption,
        of: OfOption = SENTIMENT.name,
        file: Annotated[Path | None, typer.Option(help="CSV with message and value; empty: cannot tell.")] = None,
        json: JsonOption = False,
    ) -> None:
        chosen = current_workspace(workspace)
        if file is not None:
            kept = keep_labels(chosen, of, labels_in(text_of(file)), SHELL)
            counts = {"kept": kept, **count_labels(chosen, quality_of(of)).as_dict()}
            typer.echo(as_json(counts) if json else f"{kept} labels were kept; {counts['needed']} more are needed.")
            return
        rows = [one.as_dict() for one in next_messages(chosen, of, SHELL)]
        show_rows(rows, json_wanted=json, empty="There is no message left to judge.")

    @command(help="What judges sentiment and each part of empathy, how well by your own labels, and what was decided.")
    def scorers(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        standing = [one.as_dict() for one in list_scorers(current_workspace(workspace))]
        if json:
            typer.echo(as_json({"scorers": standing}))
            return
        rows = [
            {
                "of": one["of"],
                "scorer": one["scorer"] or "none yet",
                "labels": one["labels"],
                "held_out": one["held_out"],
                "needed": one["needed"],
                "choices": ", ".join(one["choices"]),
            }
            for one in standing
        ]
        show_rows(rows, json_wanted=False, empty="Nothing is judged.")

    @command(help="Decide for another scorer; all history is scored by it, then it takes over.")
    def switch(
        self,
        scorer: Annotated[str, typer.Argument(metavar="SCORER", help="The version, as `nous language scorers` says.")],
        workspace: WorkspaceOption,
        why: Annotated[str, typer.Option(help="The reason; it stands with the decision.")],
        of: OfOption = SENTIMENT.name,
        json: JsonOption = False,
    ) -> None:
        chosen = current_workspace(workspace)
        made = switch_scorer(chosen, of, scorer, why, SHELL)
        score_messages(chosen)
        made.refresh_from_db()
        said = f"{made.version} judges {of} from now on; all history is scored by it."
        typer.echo(as_json(decision_as_dict(made)) if json else said)

    @command(help="Learn scorers from the labels now; a run does it by itself after labels were kept.")
    def train(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        made = [one.version for one in train_heads(current_workspace(workspace))]
        said = f"Learned: {', '.join(made)}." if made else "Nothing new was learned; `nous language scorers` says why."
        typer.echo(as_json({"learned": made}) if json else said)


def show(report: LanguageAudit) -> None:
    """The audit in a terminal."""
    if not report.messages:
        typer.echo("No conversation has come in yet; `nous import conversations FILE` brings them.")
        return
    typer.echo(title_of(report.conversations, report.named, report.groups))
    typer.echo(cards.lead_of(report) + "\n")
    rows = [
        {
            "group": name_of(one),
            "of": NAMES[one.dimension].lower(),
            "gap": "" if one.verdict == "few" else cards.scale_text(one.gap.value),
            "interval": "" if one.verdict == "few" else cards.ends(one.gap),
            "conversations": one.gap.n,
            "verdict": verdict_of(one),
        }
        for one in report.groups
    ]
    show_rows(rows, json_wanted=False, empty="No group is known.")
    dear = [
        {"sentence": one.text, "worse": cards.scale_text(one.worse.value), "interval": cards.ends(one.worse),
         "conversation": talk}
        for one, talk in report.sentences
    ]  # fmt: skip
    typer.echo("\nThe sentences that cost most:")
    show_rows(dear, json_wanted=False, empty="None stands out.")
    terms = report.jargon.terms if report.jargon else ()
    typer.echo("\nWords after which customers are lost:")
    told = [
        {
            "word": one.term + (" (acronym)" if one.acronym else ""),
            "said_to": one.said_to,
            "bad_after": one.bad_after,
            "example": one.example,
        }
        for one in terms
    ]
    show_rows(told, json_wanted=False, empty="None is proven.")
    if readable := readability_of(report.jargon):
        typer.echo("\n" + readable)
    typer.echo(f"\nScorer {report.scorer}, {cards.period_of(report)}.")


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    output.write_bytes(content)
    typer.echo(f"Written to {output}.", err=True)
