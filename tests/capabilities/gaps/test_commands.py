"""`nous gap` and `nous belief`: once as the real command in a home of its own, else in this process."""

import csv
import io
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from tests.capabilities.gaps.house import SHOP, apply, people, write_rows
from tests.records import ready

from nousnous.base.errors import Refused
from nousnous.workspaces.models import Workspace

Nous = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def nous(tmp_path: Path) -> Nous:
    """A home with a shop in it, made by commands."""
    folder = tmp_path
    ready(folder / "home")
    command = Path(sys.executable).with_name("nous")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NOUS_")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *arguments, "--workspace", "north"],
            env=environment | {"NOUS_HOME": str(folder / "home"), "COLUMNS": "120"},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )

    made = [command, "workspace", "create", "north"]
    subprocess.run(made, env=environment | {"NOUS_HOME": str(folder / "home")}, capture_output=True, check=True)
    write_rows(people(300), folder / "events.csv")
    (folder / "shop.toml").write_text(SHOP, "utf-8")
    assert run("import", "events", "events.csv").returncode == 0
    assert run("journey", "apply", "shop.toml").returncode == 0
    return run


Printed = pytest.CaptureFixture[str]


def printed(capsys: Printed, *words: str) -> str:
    """What a command prints."""
    capsys.readouterr()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "In Typer, only the parameter", DeprecationWarning)
        call_command(*words, "--workspace", "north")
    return capsys.readouterr().out


def told(capsys: Printed, *words: str) -> Any:
    return json.loads(printed(capsys, *words, "--json"))


def test_a_csv_and_a_journey_become_the_gap_table(nous: Nous) -> None:
    done = nous("gap")
    assert done.stdout.startswith("Checkout costs most: teams believe 95% finish, 67% do")
    assert "+28 points worse" in done.stdout
    missing = nous("gap", "--journey", "nothing")
    assert (missing.returncode, missing.stderr) == (
        1,
        "There is no journey “nothing” in this workspace; `nous journey list` shows those that are.\n",
    )


def test_json_is_the_report_by_either_name_of_the_option(shop: Workspace, capsys: Printed) -> None:
    report = told(capsys, "gap", "--by", "country")
    assert [one["segment"] for one in report["segments"]] == ["DE", "FR"]
    assert json.loads(printed(capsys, "gap", "--by", "country", "--format", "json")) == report


def test_the_table_says_what_is_missing(empty: Workspace, capsys: Printed) -> None:
    apply(empty, SHOP)
    assert printed(capsys, "gap").startswith("There are no events in this workspace yet")


def test_the_sheet_has_a_row_for_each_belief_and_step(shop: Workspace, capsys: Printed) -> None:
    rows = list(csv.DictReader(io.StringIO(printed(capsys, "gap", "--format", "csv"))))
    assert [(row["step"], row["verdict"]) for row in rows] == [("checkout", "gap"), ("delivery", "")]
    assert float(rows[0]["experienced_low"]) < float(rows[0]["experienced"]) < float(rows[0]["believed"])


def test_the_document_is_a_tagged_pdf(shop: Workspace, capsys: Printed, tmp_path: Path) -> None:
    printed(capsys, "gap", "--format", "pdf", "--output", str(tmp_path / "gap.pdf"))
    content = (tmp_path / "gap.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in content


def test_beliefs_are_written_sealed_judged_and_withdrawn(shop: Workspace, capsys: Printed) -> None:
    words = ("--step", "delivery", "--metric", "duration_p50", "--value", "900", "--author", "store staff")
    made = told(capsys, "belief", "write", *words, "--range", "600,1200")
    assert (made["range"], made["sealed_at"]) == ([600, 1200], None)
    assert told(capsys, "belief", "withdraw", made["id"]) == {"withdrawn": made["id"]}
    again = told(capsys, "belief", "write", *words, "--seal")
    assert told(capsys, "belief", "seal", again["id"])["sealed_at"] == again["sealed_at"]
    assert told(capsys, "belief", "judge")["stored"] == 30
    assert [one["author"] for one in told(capsys, "belief", "calibration")["teams"]] == [None, "store staff"]
    assert {one["id"] for one in told(capsys, "belief", "list")} >= {again["id"]}
    verbs = set(shop.audit_entries.values_list("verb", flat=True))
    assert {"write belief", "seal belief", "withdraw belief"} <= verbs


def test_a_step_that_is_not_there_is_refused_with_those_that_are(shop: Workspace, capsys: Printed) -> None:
    words = ("--step", "x", "--metric", "completion", "--value", "0.5", "--author", "y")
    with pytest.raises(Refused, match="its steps are checkout, delivery"):
        printed(capsys, "belief", "write", *words)
