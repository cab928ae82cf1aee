"""Names and numbers are masked by Presidio where a pipeline is named; where that is not there, nothing is kept."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import spacy
from tests.collector.imports.conftest import Write, write  # noqa: F401  # a fixture

from nousnous.base.errors import Unavailable
from nousnous.collector import landing, names
from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.conversations import ConversationMapping
from nousnous.collector.names import without_names
from nousnous.facts.messages import MESSAGES
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pipeline of spaCy that knows two names, in a folder: no model that is trained comes from PyPI."""
    made = spacy.blank("en")
    ruler: Any = made.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": name} for name in ("Ada Ram", "Bob")])
    ruler.add_patterns([{"label": "GPE", "pattern": "Berlin"}])
    folder = tmp_path_factory.mktemp("pipeline")
    made.to_disk(folder)
    return str(folder)


def wanted(settings: Any, pipelines: str) -> None:
    settings.NOUS = replace(settings.NOUS, presidio=pipelines)


def test_a_message_is_kept_without_names_and_numbers_of_people(
    workspace: Workspace,
    settings: Any,
    pipeline: str,
    write: Write,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted(settings, pipeline)
    monkeypatch.setattr(landing, "NAMED_ROWS", 2)
    texts = {
        "a": "<p>I am <b>Ada Ram</b> and fly to Berlin with Bob. Write to ada@example.org!</p>",
        "b": "My social security number is 078-05-1121, my order 912803456",
        "c": "Ich bin Ada Ram, und wann kommt mein Geld?",
        "d": "Bob, Bob and Bob wrote to you",
        "e": "> all of it is quoted",
    }
    rows = [
        {"conversation_id": name, "time": "2026-01-05", "side": "customer", "text": text, "customer_id": name}
        for name, text in texts.items()
    ]
    path = write("rows.jsonl", "\n".join(map(json.dumps, rows)) + "\n")
    record = import_file(workspace, Upload(path, ConversationMapping()))
    assert (record.added, record.empty, record.rejected) == (4, 1, 0)
    stored = lake_of(workspace).snapshot(MESSAGES).table(MESSAGES).order_by("conversation_id").to_pyarrow()
    assert stored["text"].to_pylist() == [
        "I am [name] and fly to Berlin with [name]. Write to [email]!",
        "My social security number is [number], my order 912803456",
        "Ich bin Ada Ram, und wann kommt mein Geld?",  # no pipeline reads it
        "[name], [name] and [name] wrote to you",
    ]
    again = import_file(workspace, Upload(path, ConversationMapping()))
    assert (again.added, again.repeated) == (0, 4)


def test_nothing_is_kept_where_what_is_named_is_not_installed(
    workspace: Workspace,
    settings: Any,
    write: Write,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write("m.csv", "conversation_id,time,side,text\n1,2026-01-05,customer,I am Ada Ram\n")
    wanted(settings, "en_core_web_of_nobody")
    with pytest.raises(Unavailable, match="“en_core_web_of_nobody”, which is no pipeline"):
        import_file(workspace, Upload(path, ConversationMapping()))
    monkeypatch.setattr(names.util, "find_spec", lambda _: None)
    wanted(settings, "blank:de")
    with pytest.raises(Unavailable, match="pip install 'nousnous"):
        import_file(workspace, Upload(path, ConversationMapping()))
    assert lake_of(workspace).snapshot(MESSAGES).count(MESSAGES) == 0


def test_a_blank_pipeline_finds_numbers_and_asks_no_network(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("socket.socket.connect", refused)
    wanted(settings, "blank:en")
    texts = pa.array(
        ["Ada's NHS number is 943 476 5919, see https://shop.example/x of ada@example.org", "nothing", None]
    )
    told = without_names(texts, pa.array(["en", "en", "en"])).to_pylist()
    assert told[:2] == ["Ada's NHS number is [number], see https://shop.example/x of ada@example.org", "nothing"]


def test_the_lock_of_the_extra_holds_what_the_product_is_tested_with() -> None:
    root = Path(__file__).parents[2] / "requirements"
    locked, extra = (
        {line.split(" ")[0] for line in (root / name).read_text().splitlines() if line[:1].isalpha()}
        for name in ("lock.txt", "presidio.txt")
    )
    known = {line.partition("==")[0] for line in locked}
    assert {line for line in extra if line.partition("==")[0] in known} <= locked
