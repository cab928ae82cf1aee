"""The image and the compose file name commands, settings, ports and files that there are; nobody runs them here."""

import json
import re
import shlex
from dataclasses import fields

import pytest
from django.core.management import get_commands
from tests.places import ROOT

from nousnous.base.configuration import Configuration

IMAGE, COMPOSE = (ROOT / "Dockerfile").read_text(), (ROOT / "compose.yaml").read_text()


def commands() -> list[list[str]]:
    """Every line of words that begins with `nous`."""
    (command,) = re.findall(r"^CMD (.*)", IMAGE, re.MULTILINE)
    (shell,) = re.findall(r'command: \["sh", "-c", "(.*)"\]', COMPOSE)
    words = [shlex.split(part.strip().removeprefix("exec ")) for part in shell.split("&&")]
    return [json.loads(command), *words]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_a_container_runs_a_command_of_ours(words: list[str]) -> None:
    assert words[0] == "nous"
    assert words[1] in get_commands()


def test_one_port_is_served_exposed_published_and_asked_for_health() -> None:
    named = r"(?:--port\W+|EXPOSE |127\.0\.0\.1:|localhost:|ports: \W+)(\d+(?::\d+)?)"
    assert sorted(re.findall(named, IMAGE + COMPOSE)) == [*["8000"] * 5, "8000:8000"]


def test_the_settings_of_containers_are_settings() -> None:
    names = set(re.findall(r"NOUS_[A-Z_]+", IMAGE + COMPOSE))
    assert names <= {f"NOUS_{item.name.upper()}" for item in fields(Configuration)}
    assert "NOUS_HOME=/var/lib/nous" in IMAGE
    assert '"home:/var/lib/nous"' in COMPOSE


def test_what_the_image_copies_is_there() -> None:
    for source in re.findall(r"^COPY (?!--from)(\S+)", IMAGE, re.MULTILINE):
        assert (ROOT / source).exists(), source
