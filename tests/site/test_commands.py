"""Every command, tried by machine: in one workspace it says and changes nothing of another."""

import json
import re
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from tests.capabilities.cases.planted import CALLER, ROTA
from tests.capabilities.replays.recorded import page
from tests.plays.planted import TEXT as PLAY
from tests.site.commands import CALLS, CHANGING, INSTALLATION, READING, REFUSED, commands
from tests.site.planted import (
    EARLIER_MS,
    EXPERIMENT,
    FIX,
    JOURNEY,
    MONDAY_S,
    SEGMENT,
    SURVEY,
    Planted,
    fingerprint,
    plant,
    ways_to_workspace,
    write,
)

from nousnous.base import clock
from nousnous.base.errors import NousError

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:In Typer, only the parameter:DeprecationWarning"),
]
STANDING = {"shop": "shop", "shop_step": "pay"}
"""What every call may say: there is such a journey in both workspaces."""
SPOKEN = {one.name: one for one in commands()}
MADE = re.compile(
    r"\b(?:bel|imp|key|tok|wk|ws|nous|once|erasure|run|fire|ev|lock|survey|ask|workshop|round|vote)_[0-9a-z]{20}\b(?:\.[\w-]{43})?"
    r"|\"files\": \d+"  # an erasure empties what waits, once
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:\+00:00|Z)?|\"(?:landed|begins)_us\": \d+|@\d+"
)
TEXTS = {
    "mapping.toml": 'event = "event"\n',
    "secret.txt": "hush",
    "messages.toml": '[message]\ntopic = "type"\n',
    "survey.toml": SURVEY,
    "experiment.toml": EXPERIMENT,
    "fix.toml": FIX,
    "journey.toml": JOURNEY,
    "segment.toml": SEGMENT,
    "rota.toml": ROTA.replace("{name}", "{word} callers").replace("{more}", "").replace("{email}", CALLER),
    "play.toml": PLAY.replace("{name}", "{word} play").replace("{event}", "Rage Click"),
    "survey.json": '{{"id": "{question}", "name": "x", "questions": [{{"id": "q", "kind": "ces", "text": "x"}}]}}',
    "text.md": "Words.",
    "labels.csv": "message,value\n{labelled},0.5\n",
    "workshop.json": '{{"name": "x", "key": "x", "sentence": "x", "versions": '
    '[{{"tone": "a", "text": "1"}}, {{"tone": "b", "text": "2"}}, {{"tone": "c", "text": "3"}}]}}',
    "reached.toml": '[segment]\nname = "reached"\n[[condition]]\njourney = "{journey}"\nstep = "{step}"\n',
    "themes.json": '{{"format": "nousnous-themes", "version": 1, "themes": ['
    '{{"id": "{theme}", "name": "x", "words": {{"x": 1}}, "reach": 1}}, '
    '{{"id": "{wider}", "name": "y", "words": {{"y": 1}}, "reach": 1}}]}}',
}
FILES = ("events.csv", "answers.csv", "messages.csv", "people.csv", "recording.json", *TEXTS)
IN_FILES = {
    "person",
    "device",
    "message",
    "journey",
    "step",
    "segment",
    "question",
    "theme",
    "wider",
    "play",
    "experiment",
    "fix",
    "labelled",
}


@dataclass(frozen=True)
class Answer:
    """What a command said and wrote, without what differs from run to run."""

    text: str
    failed: bool


@dataclass(frozen=True)
class Said:
    """A command as it is typed, with the places of its values."""

    name: str
    call: str
    more: str = ""

    @property
    def json(self) -> str:
        """What asks for JSON, where it is answered; that goes first, for some calls can be made but once."""
        return SPOKEN[self.name].json if "--format" not in self.call else ""

    @property
    def names(self) -> set[str]:
        """Of the values, those that it says itself or has in its files."""
        found = set(re.findall(r"{(\w+)}", self.call))
        return found | IN_FILES if found & {name.replace(".", "_") for name in FILES} else found

    def __str__(self) -> str:
        return " ".join(filter(None, ("nous", self.name, self.call, self.more)))


class Shell:
    """Types commands in one workspace; each set of values has a folder with files that name them."""

    def __init__(self, planted: Planted, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.planted, self._folder, self._capsys = planted, folder, capsys

    def answer(self, said: Said, values: dict[str, str]) -> Answer:
        folder = self._folder / values["folder"]
        before = set(folder.iterdir())
        words = [word.format(**values) for word in (*said.call.split(), *said.more.split())]
        self._capsys.readouterr()
        error: Exception | None = None
        with chdir(folder):
            try:
                call_command(*said.name.split(), *words, "--workspace", self.planted.workspace.slug)
            except (NousError, CommandError) as caught:
                error = caught
        written = sorted(set(folder.iterdir()) - before)
        text = "\n".join([*self._capsys.readouterr(), str(error or ""), *map(_content, written)])
        for path in written:
            path.unlink()
        for name in sorted((values[name] for name in said.names), key=len, reverse=True):
            text = re.sub(re.escape(name), "…", text, flags=re.IGNORECASE)
        return Answer(" ".join(MADE.sub("…", text).split()), error is not None)

    def values(self, name: str, names: dict[str, str]) -> dict[str, str]:
        """The values of a set with files that hold them."""
        (self._folder / name).mkdir()
        return names | {"folder": name} | _written(names, self._folder / name)


def _written(names: dict[str, str], folder: Path) -> dict[str, str]:
    """Files that name things of a set."""
    row = {"user_id": names["person"], "anonymous_id": names["device"], "message_id": names["message"]}
    write(folder / "events.csv", [row | {"event": "look", "timestamp": "2024-01-01"}])
    write(folder / "answers.csv", [{"person": names["person"], "time": "2024-01-01", "answer": 3}])
    said = {
        "id": names["message"],
        "ticket_id": f"{names['person']}-talk",
        "customer_id": names["person"],
        "sender": "Customer",
    }
    write(folder / "messages.csv", [said | {"created_at": "2024-01-01", "internal": 0, "type": "web", "body": "late"}])
    (folder / "recording.json").write_text(
        json.dumps(page(EARLIER_MS + sum(names["person"].encode()), f"/{names['person']}"))
    )
    write(folder / "people.csv", [{"person": names["person"], "email": "somebody@example.org"}])
    for name, text in TEXTS.items():
        (folder / name).write_text(text.format(**names | {"word": "word"}))
    return {name.replace(".", "_"): name for name in FILES}


def _content(path: Path) -> str:
    return str(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else path.read_bytes().decode("latin-1")


@dataclass(frozen=True)
class Both:
    """Two furnished workspaces; `alone` is what the reading commands said before the other was there."""

    shell: Shell
    other: Planted
    alone: dict[Said, Answer]
    own: dict[str, str]


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """Documents say when they were made."""
    with clock.frozen((MONDAY_S + 154 * 86_400) * clock.SECOND_US):
        yield


@pytest.fixture
def both(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Both:
    monkeypatch.setenv("COLUMNS", "1000")  # no word is broken
    shell = Shell(plant("quokka", tmp_path), tmp_path, capsys)
    own = shell.values("own", shell.planted.shared | STANDING | {"email": "new@quokka.example"})
    alone = {said: shell.answer(said, own) for said in typed(READING)}
    return Both(shell, plant("zebra", tmp_path), alone, own)


def typed(calls: dict[str, tuple[str, ...]]) -> Iterator[Said]:
    """Each call as JSON, where a command answers that, and as text."""
    for name, variants in calls.items():
        for call in variants:
            said = Said(name, call)
            yield from dict.fromkeys((replace(said, more=said.json), said))


def test_every_command_that_takes_a_workspace_is_tried_with_each_of_its_parameters() -> None:
    assert set(SPOKEN) == set(CALLS) | set(INSTALLATION)
    assert [name for name in INSTALLATION if "workspace" in SPOKEN[name].parameters] == []
    for name, variants in CALLS.items():
        given = set().union(*(SPOKEN[name].given(call) for call in variants))
        assert SPOKEN[name].parameters - given <= {"workspace", "json", "as_json"}, name


def test_every_table_that_belongs_to_a_workspace_is_watched() -> None:
    watched = {model.__name__ for model in ways_to_workspace()}
    ours = {model.__name__ for model in apps.get_models() if model.__module__.startswith("nousnous")}
    assert ours - watched == {"User", "OutboxEntry"}


def test_no_command_in_a_workspace_says_or_changes_anything_of_another(both: Both) -> None:
    before = fingerprint(both.other.workspace)
    troubles = []
    for said, alone in both.alone.items():
        answer = both.shell.answer(said, both.own)
        troubles += [f"{said} differs beside another workspace"] if answer != alone else []
        troubles += [f"{said} is refused: {answer.text}"] if answer.failed else []
    troubles += _foreign(both, before)
    for said in typed(CHANGING):
        answer = both.shell.answer(said, both.own)
        if answer.failed and said.more == said.json and said.name not in REFUSED:
            troubles.append(f"{said} is refused: {answer.text}")
        troubles += _leaks(both, said, answer, before)
    assert not troubles, "\n".join(troubles)


def _foreign(both: Both, before: dict[str, str]) -> Iterator[str]:
    """What names a thing of the other workspace is answered as what names nothing."""
    nothing = {name: f"nothing-{number}" for number, name in enumerate(both.other.own)}
    foreign = both.shell.values("foreign", both.other.own | STANDING)
    absent = both.shell.values("absent", nothing | STANDING | {"email": "nobody@nowhere.example"})
    for said in typed(CALLS):
        if "{" not in said.call or said.more != said.json:
            continue
        answer, none = both.shell.answer(said, foreign), both.shell.answer(said, absent)
        if answer != none:
            yield f"{said} tells what is there from what is not:\n{answer.text}\n{none.text}"
        yield from _leaks(both, said, answer, before)


def _leaks(both: Both, said: Said, answer: Answer, before: dict[str, str]) -> Iterator[str]:
    if both.other.word in answer.text.lower():
        yield f"{said} says something of another workspace: {answer.text}"
    after = fingerprint(both.other.workspace)
    if after != before:
        changed = [name for name in after | before if after.get(name) != before.get(name)]
        yield f"{said} changes another workspace: {changed}"
