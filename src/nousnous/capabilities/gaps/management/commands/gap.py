"""`nous gap`: the gap report in the terminal, and as JSON, CSV or PDF."""

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from django_typer.management import TyperCommand
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from nousnous.base.errors import Place, Refused
from nousnous.base.sheets import as_csv
from nousnous.capabilities.gaps.actions.documents import names_of_metrics
from nousnous.capabilities.gaps.actions.reports import gap_report
from nousnous.capabilities.gaps.measures.headline import headline
from nousnous.capabilities.gaps.measures.lines import Line, lines_of, notes_of, summary_of
from nousnous.capabilities.gaps.measures.report import GapReport, StepRow
from nousnous.capabilities.gaps.measures.sheet import sheet_of
from nousnous.capabilities.gaps.views.printing import report_as_pdf
from nousnous.journeys.catalogue import unit_of
from nousnous.journeys.windows import Asked
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, printable

STYLES = {"gap": "bold red", "delight": "bold cyan", "confirmed": "", "unproven": "dim"}
ROOMY, WIDE = 110, 120


class Format(StrEnum):
    """How the report is written."""

    table = "table"
    json = "json"
    csv = "csv"
    pdf = "pdf"


class Command(TyperCommand):
    help = "What teams believe of a journey, what its customers go through, and what the difference costs."

    def handle(
        self,
        workspace: WorkspaceOption,
        journey: Annotated[str, typer.Option(help="Id of the journey; not needed where there is one.")] = "",
        from_: Annotated[str, typer.Option("--from", help="First day or instant, in the workspace's zone.")] = "",
        to: Annotated[str, typer.Option(help="Day before which it ends; one in the past is judged by itself.")] = "",
        by: Annotated[str, typer.Option(help="Split by country, channel or platform.")] = "",
        segment: Annotated[str, typer.Option(help="Only a part: country=DE, or the name of a saved segment.")] = "",
        format: Annotated[Format, typer.Option(help="How it is written.")] = Format.table,
        output: Annotated[Path | None, typer.Option(help="File to write to; standard output if none.")] = None,
        json: JsonOption = False,
    ) -> None:
        wanted = Format.json if json else format
        if wanted is Format.pdf and output is None and sys.stdout.isatty():
            raise Refused("A PDF is not for a terminal; name a file with --output.", Place(field="output"))
        asked = Asked(journey or None, from_ or None, to or None, by or None, segment or None)
        with _progress_bar() as progress:
            report = gap_report(current_workspace(workspace), asked, progress)
        _write(report, wanted, output)


@contextmanager
def _progress_bar() -> Iterator[Any]:
    """Shown while visits are computed, on the first report of a journey and after much has landed."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("Finding visits", total=1.0)

    def show(share: float) -> None:
        if bar.console.is_terminal and not bar.live.is_started:
            bar.start()
        bar.update(task, completed=share)

    try:
        yield show
    finally:
        if bar.live.is_started:
            bar.stop()


def _write(report: GapReport, wanted: Format, output: Path | None) -> None:
    if wanted is Format.pdf:
        content = report_as_pdf(report)
        if output is None:
            sys.stdout.buffer.write(content)
        else:
            output.write_bytes(content)
            typer.echo(f"Written to {output}.", err=True)
        return
    if wanted is Format.table and output is None:
        _show(report, Console())
        return
    text = _as_text(report, wanted)
    if output is None:
        typer.echo(text, nl=not text.endswith("\n"))
    else:
        output.write_text(text, "utf-8")
        typer.echo(f"Written to {output}.", err=True)


def _as_text(report: GapReport, wanted: Format) -> str:
    if wanted is Format.json:
        return as_json(report.as_dict()) + "\n"
    if wanted is Format.table:
        return shown(report, WIDE)
    return as_csv(sheet_of(report))


def shown(report: GapReport, width: int) -> str:
    """The table as plain text of a width."""
    written = io.StringIO()
    _show(report, Console(file=written, width=width))
    return written.getvalue()


def _show(report: GapReport, console: Console) -> None:
    if report.empty:
        console.print(report.empty, markup=False, highlight=False)
        return
    told = headline(report, {name: unit_of(unit) for name, (_, unit) in names_of_metrics().items()})
    part = f", {report.segment}" if report.segment else ""
    console.print(told.title, style="bold", markup=False, highlight=False)
    console.print(told.lead, markup=False, highlight=False)
    period = f"{report.journey.name}{part}, {report.from_at[:10]} to {report.to_at[:10]}"
    console.print(f"{period}: {summary_of(report)}\n", markup=False, highlight=False)
    console.print(_table(report, report.steps, console.width))
    for one in report.segments:
        console.print(printable(f"\n{report.by} {one.segment}"), style="bold", markup=False, highlight=False)
        console.print(_table(report, one.steps, console.width))
    console.print("\n" + " ".join(notes_of(report)), style="dim", markup=False, highlight=False)


def _table(report: GapReport, steps: Sequence[StepRow], width: int) -> Table:
    yearly = "Cost a year" if report.journey.debt.debt.per_year else "Cost"
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim", highlight=False)
    lines = lines_of(steps, names_of_metrics())
    if width >= ROOMY:
        _one_line_each(table, lines, yearly)
    else:
        _two_lines_each(table, lines, yearly)
    return table


def _one_line_each(table: Table, lines: Sequence[Line], yearly: str) -> None:
    table.add_column("Step", min_width=16)
    table.add_column("Metric", min_width=13)
    table.add_column("Believed", justify="right", no_wrap=True)
    table.add_column("Lived", justify="right", max_width=23)
    for name in ("n", "Gap"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Verdict", no_wrap=True)
    table.add_column(yearly, justify="right", no_wrap=True)
    for line in lines:
        style = STYLES.get(line.verdict or "", "dim")
        lived = f"{line.lived} ({line.ends})" if line.ends else line.lived
        cost = f"{line.cost} ({line.cost_ends})" if line.cost_ends else line.cost
        cells = (line.step, line.metric, line.believed, lived, line.n)
        table.add_row(*map(_plain, cells), _styled(line.gap, style), _styled(line.word, style), _plain(cost))


def _two_lines_each(table: Table, lines: Sequence[Line], yearly: str) -> None:
    table.add_column("Step", min_width=20)
    table.add_column("Believed", justify="right", max_width=9)
    table.add_column("Lived", justify="right", max_width=20)
    table.add_column("Gap", justify="right", max_width=13)
    table.add_column(yearly, justify="right", no_wrap=True)
    for line in lines:
        style = STYLES.get(line.verdict or "", "dim")
        lived = f"{_plain(line.lived)}\n[dim]{_plain(line.ends)}[/]" if line.ends else _plain(line.lived)
        gap = _styled(line.gap, style) + "\n" if line.gap else ""
        cost = f"{_plain(line.cost)}\n[dim]{_plain(line.cost_ends)}[/]"
        step = f"{_plain(line.step)}\n[dim]{_plain(line.metric)}[/]"
        table.add_row(step, _plain(line.believed), lived, gap + _styled(line.word, style), cost, end_section=True)


def _styled(text: str, style: str) -> str:
    return f"[{style}]{_plain(text)}[/]" if style and text else _plain(text)


def _plain(text: str) -> str:
    return escape(printable(text))
