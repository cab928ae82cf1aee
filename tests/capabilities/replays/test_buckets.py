"""Recordings in a bucket: written, read, swept and erased as in a folder, and told apart when nobody is there."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.browser.house import free_port
from tests.capabilities.replays.recorded import bring, page, piece

from nousnous.base.errors import Unavailable
from nousnous.capabilities.replays.actions.reading import ReplayQuery, chunk_events, list_replays
from nousnous.people.actions.erasure import erase_person
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.objects import objects_of, sweep_recordings
from nousnous.workspaces.models import Workspace

KEY, SECRET = "quokka", "secret-of-a-quokka"
ACTIONS = ["Admin", "Read", "List", "Write"]
PORTS = ("master.port", "volume.port", "filer.port", "s3.port")
PATIENCE_S = 30


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2)
    except urllib.error.HTTPError:
        return True  # it wants a key
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that speaks S3."""
    folder = tmp_path_factory.mktemp("bucket")
    members = [{"name": "nous", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ACTIONS}]
    (folder / "members.json").write_text(json.dumps({"identities": members}))
    ports = {f"{name}{suffix}": free_port() for name in PORTS for suffix in ("", ".grpc")}
    told = {"dir": folder, "ip": "127.0.0.1", "ip.bind": "127.0.0.1", "s3.config": folder / "members.json", **ports}
    told |= {"s3.port.iceberg": 0, "s3.port.lance": 0, "master.telemetry": "false", "master.volumeSizeLimitMB": 16}
    weed = [
        str(Path(sys.executable).with_name("weed")),
        "server",
        "-s3",
        *(f"-{name}={at}" for name, at in told.items()),
    ]
    address = f"http://127.0.0.1:{ports['s3.port']}"
    with subprocess.Popen(weed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder) as server:
        until_s = time.monotonic() + PATIENCE_S
        while not answers(address):
            assert server.poll() is None
            assert time.monotonic() < until_s
            time.sleep(0.1)
        yield address
        server.kill()


@pytest.fixture
def stored(workspace: Workspace, bucket: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose recordings lie in a bucket."""
    names = {"ENDPOINT": bucket, "ALLOW_HTTP": "true", "ACCESS_KEY_ID": KEY, "SECRET_ACCESS_KEY": SECRET}
    for name, value in {**names, "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
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
