"""The commands of tenancy, as the real `nous` in a home of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nousnous.workspaces.shell import show_rows

Nous = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def nous(tmp_path: Path) -> Nous:
    command = Path(sys.executable).with_name("nous")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NOUS_")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *arguments],
            env=environment | {"NOUS_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_fresh_home_needs_no_step_before_its_first_workspace(nous: Nous) -> None:
    made = nous("workspace", "create", "acme", "--write-key", "wk-1")
    assert "Next: nous import events FILE --workspace acme" in made.stderr
    answer = json.loads(made.stdout)
    assert list(answer) == ["slug", "write_key", "api_token"]
    assert (answer["slug"], answer["write_key"]) == ("acme", "wk-1")
    assert json.loads(nous("key", "list", "-w", "acme", "--json").stdout)[0]["key"] == "wk-1"


def test_expected_trouble_is_one_sentence_without_a_traceback(nous: Nous) -> None:
    missing = nous("member", "list", "-w", "nowhere")
    assert missing.returncode == 1
    assert missing.stderr == "There is no workspace “nowhere”; `nous workspace list` shows them.\n"
    as_json = nous("member", "list", "-w", "nowhere", "--json")
    assert json.loads(as_json.stderr)["error"].startswith("There is no workspace")


def test_two_first_commands_at_once_prepare_one_home(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("nous")
    environment = os.environ | {"NOUS_HOME": str(tmp_path / "home")}
    started = [
        subprocess.Popen([command, "workspace", "create", slug], env=environment, stdout=subprocess.DEVNULL)
        for slug in ("one", "two")
    ]
    assert [process.wait() for process in started] == [0, 0]


def test_what_people_sent_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows([{"value": "[/tmp/a.csv] [bold]x :smile:"}], json_wanted=False, empty="")
    assert "[/tmp/a.csv] [bold]x :smile:" in capsys.readouterr().out


def test_the_command_alone_tells_what_to_begin_with_and_only_our_commands(nous: Nous) -> None:
    told = nous().stdout
    assert told == nous("--help").stdout
    assert "nous workspace create acme" in told
    assert "  gap         What teams believe" in told
    assert "sqlflush" not in told
