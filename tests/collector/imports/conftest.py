"""A workspace to import into, and files to import."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.mapping import EventMapping, event_mapping
from nousnous.collector.models import Import
from nousnous.facts.events import EVENTS
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


def bring(workspace: Workspace, path: Path, mapping: EventMapping | str = "") -> Import:
    asked = event_mapping(mapping) if isinstance(mapping, str) else mapping
    return import_file(workspace, Upload(path, asked))


def events_of(workspace: Workspace) -> list[dict[str, Any]]:
    rows = lake_of(workspace).snapshot(EVENTS).table(EVENTS)
    stored: list[dict[str, Any]] = rows.order_by("ts_us", "message_id").to_pyarrow().to_pylist()
    return stored
