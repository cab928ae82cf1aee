"""A bucket that fails in front of an installation: clients are told 200, members why, and all of it is loaded later."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from tests import bucket as buckets
from tests.bucket import Gate, gate, lake_settings
from tests.collector.conftest import NewHouse, Survived
from tests.collector.house import House, Server, until
from tests.collector.test_faults import accept, doctor, said
from tests.collector.test_several import stored

FAULTS = {"busy": "answers 503", "silent": "does not answer", "refusing": "refuses connections"}
PATIENCE_S = 120
AWAY = (
    "The lake at s3://nous/away/lake cannot be reached; what arrives waits in the log. Try again in a minute; "
    "`nous doctor` says more."
)


@pytest.fixture(scope="module")
def before() -> Iterator[Gate]:
    with ExitStack() as running:
        bucket = running.enter_context(buckets.server())
        environment = running.enter_context(pytest.MonkeyPatch.context())
        for name, value in bucket.environment.items():
            environment.setenv(name, value)
        yield running.enter_context(gate(bucket))


def test_a_bucket_that_fails(before: Gate, new_house: NewHouse, tmp_path: Path, survived: Survived) -> None:
    house = new_house(tmp_path / "home", **lake_settings(before.bucket, "away"))
    with house.serving(command_name="serve") as server:
        accepted = accept(server, "m0")
        loaded(house, 1)
        before.turn("slow")
        accepted += accept(server, "m1")
        loaded(house, 2)
        told = {}
        for mode in FAULTS:
            before.turn(mode)
            accepted += accept(server, f"{mode}-1", f"{mode}-2")
            told[mode] = health(server), verdict(house), said("events", "export", "--workspace", "shop", house=house)
            before.turn("passing")
            loaded(house, len(accepted))
        assert health(server) == (200, "ok")
    assert set(told.values()) == {((200, "warning"), "s3://nous/away/lake does not answer.", AWAY)}
    told_all = "200, as always; `/healthz`: lake warning; `nous doctor`, pages, API (503) and commands say so"
    survived(f"bucket of the lake is slow, {', '.join(FAULTS.values())}", told_all, accepted, stored(house))


def loaded(house: House, count: int) -> None:
    until(lambda: not house.segments() and len(stored(house)) >= count, PATIENCE_S)


def health(server: Server) -> tuple[int, str]:
    answer = httpx.get(f"{server.url}/healthz", timeout=30)
    return answer.status_code, answer.json()["lake"]


def verdict(house: House) -> str:
    (found,) = [one["detail"] for one in doctor(house) if one["state"] == "failed"]
    return found
