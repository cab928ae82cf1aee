"""No other server is called and no sheet is written but where one place says how: what lies around is forbidden."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.places import ROOT

SOURCE = ROOT / "src" / "nousnous"
MARK = "noqa: TID251"
# Who may use what the rules forbid, and need not ask: what they reach is for the settings to say, or is Slack's
KNOWN = {
    "base/sheets.py",
    "collector/serving.py",
    "plays/channels/email.py",
    "plays/channels/slack.py",
    "site/entrance.py",
    "warehouse/objects.py",
    "warehouse/spark.py",
    "warehouse/stores.py",
}
FORBIDDEN = (
    "import socket",
    "import http.client",
    "from http import client",
    "from urllib import request",
    "from urllib.request import urlopen",
    "import requests",
    "import httpx",
    "import smtplib",
    "from slack_sdk import WebClient",
    "from slack_sdk.webhook import WebhookClient",
    "from asyncio import open_connection",
    "import obstore",
    "from csv import writer",
    "from csv import DictWriter",
    "from pyarrow.csv import write_csv",
)


def test_what_calls_out_or_writes_sheets_around_the_door_is_refused() -> None:
    text = "".join(f"{line}  # noqa: F401, E402, I001\n" for line in FORBIDDEN)
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--output-format", "concise"]
    asked = [*command, "--stdin-filename", str(SOURCE / "capabilities/gaps/planted.py"), "-"]
    answer = subprocess.run(asked, input=text, capture_output=True, text=True, cwd=ROOT, check=False)
    found = {int(line.split(":")[1]) for line in answer.stdout.splitlines() if "TID251" in line}
    assert [line for at, line in enumerate(FORBIDDEN, 1) if at not in found] == []


def test_who_may_is_known() -> None:
    marked = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if MARK in path.read_text()}
    assert marked == KNOWN
    ignored = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]["per-file-ignores"]
    whole = {name for name, rules in ignored.items() if "TID251" in rules and name.startswith("src/")}
    assert {Path(name).name for name in whole} == {
        "clock.py",
        "outward.py",
        "{asgi,command,secrets}.py",
        "configuration.py",
    }


@pytest.mark.parametrize("word", [".to_csv(", ".write_csv(", "FORMAT CSV", "httpfs"])
def test_no_engine_writes_a_sheet_or_fetches_an_address(word: str) -> None:
    assert [path for path in SOURCE.rglob("*.py") if word.lower() in path.read_text().lower()] == []


def test_no_engine_fetches_what_it_lacks() -> None:
    """DuckDB would install extensions from the network, unless it is told not to."""
    opening = re.compile(r"duckdb\.connect\(|\(\)\.connect\(\)")
    texts = {path: path.read_text() for path in SOURCE.rglob("*.py")}
    opens = {path: len(opening.findall(text)) for path, text in texts.items() if opening.search(text)}
    assert len(opens) == 3
    assert [path for path, count in opens.items() if texts[path].count("autoinstall_known_extensions") < count] == []


SINKS = re.compile(
    r"(inner|outer)HTML\s*=(?!=)|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|new Function"
    r"|setTimeout\(\s*[\"'`]|\.srcdoc\s*=|setAttribute\(\s*[\"'`](on|srcdoc)|setHTMLUnsafe|javascript:"
)


def test_no_script_of_ours_makes_elements_or_scripts_of_a_text() -> None:
    scripts = [path for path in (ROOT / "browser").rglob("*.ts") if "node_modules" not in path.parts]
    assert len(scripts) > 40
    assert [(path.name, found[0]) for path in scripts if (found := SINKS.search(path.read_text()))] == []
