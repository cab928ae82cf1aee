"""Recordings in a bucket: written, read, swept and erased as in a folder, and told apart when nobody is there."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.bucket import Bucket, server
from tests.capabilities.replays.recorded import bring, page, piece

from nousnous.base.errors import Unavailable
from nousnous.capabilities.replays.actions.reading import ReplayQuery, chunk_events, list_replays
from nousnous.people.actions.erasure import erase_person
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.objects import objects_of, sweep_recordings
from nousnous.workspaces.models import Workspace


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with server() as running:
        yield running


@pytest.fixture
def stored(workspace: Workspace, bucket: Bucket, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose recordings lie in a bucket."""
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    settings.NOUS = replace(settings.NOUS, replays="s3://nous/recordings")
    return workspace


def test_recordings_are_written_read_swept_and_erased_in_a_bucket(stored: Workspace) -> None:
    bring(stored, piece("c-1", page()), piece("c-2", page(), sessionId="s-2", userId="bob"))
    objects = objects_of(lake_of(stored))
    assert json.loads(chunk_events(stored, "s-1", 0)) == page()
    assert len(list(objects.standing())) == 2
    objects.put("abandoned/piece.json.zst", b"[]")
    assert sweep_recordings(lake_of(stored)) == 1
    erase_person(stored, "ada")
    assert [one.session_id for one in list_replays(stored, ReplayQuery())] == ["s-2"]
    assert len(list(objects.standing())) == 1


def test_a_bucket_that_refuses_the_key_is_told_apart_from_a_piece_that_is_gone(
    stored: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(stored, piece("c-1", page()))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    settings.NOUS = replace(settings.NOUS, replays="s3://nous/recordings/")
    with pytest.raises(Unavailable, match="cannot be reached"):
        chunk_events(stored, "s-1", 0)
