"""`nous serve`: people, programs, clients and monitors at one port, and an end in good order."""

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.core.cache import cache
from django.test import Client
from tests.collector.house import House, Server, until

from nousnous.facts.events import EVENTS
from nousnous.runs.actions import start_run
from nousnous.runs.models import Run
from nousnous.site.health import look


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("one-port"))


@pytest.fixture(scope="module")
def server(house: House) -> Iterator[Server]:
    server = house.start(command_name="serve")
    yield server
    server.process.terminate()
    server.process.communicate(timeout=30)


def test_one_port_serves_people_programs_and_clients(house: House, server: Server) -> None:
    assert server.post("/v1/track", {"userId": "ada", "event": "Paid", "messageId": "1"}).json() == {"success": True}
    assert server.post("/v1/track", {"userId": "ada"}, key="wrong").status_code == 401
    assert "Sign in" in httpx.get(server.url + "/sign-in/").text
    assert httpx.get(server.url + "/api/openapi.json").json()["info"]["title"] == "Nous-Nous"
    assert [row["event"] for row in house.wait_for(EVENTS, 1)] == ["Paid"]


def test_a_monitor_is_answered_whatever_host_it_names(server: Server) -> None:
    answer = httpx.get(server.url + "/healthz", headers={"Host": "10.1.2.3"})
    assert (answer.status_code, answer.json()["status"], answer.json()["records"]) == (200, "ok", "ok")
    assert httpx.get(server.url + "/sign-in/", headers={"Host": "evil.example"}).status_code == 400


def test_a_server_that_is_told_to_stop_ends_soon_and_loses_nothing(house: House) -> None:
    server = house.start(command_name="serve")
    for number in range(20):
        server.post("/v1/track", {"userId": "eve", "event": "Left", "messageId": f"left {number}"})
    begun = time.monotonic()
    server.process.terminate()
    server.process.communicate(timeout=30)
    assert time.monotonic() - begun < 15, "5 s by its own limits; machines that test may be busy"
    assert server.process.returncode in {0, -signal.SIGTERM}
    with house.serving():
        until(lambda: sum(row["event"] == "Left" for row in house.rows(EVENTS)) == 20, 60)


def test_the_collector_alone_answers_monitors(house: House) -> None:
    with house.serving() as collector:
        assert httpx.get(collector.url + "/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_dead_run_is_a_warning_and_a_full_disk_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    start_run("broken")
    Run.objects.update(status=Run.DEAD)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    states = {finding.name: finding.state for finding in look()}
    assert states == {"records": "ok", "disk": "failed", "log": "ok", "runs": "warning"}


@pytest.mark.django_db
def test_a_sign_in_leads_to_no_other_site() -> None:
    from nousnous.workspaces.models import User

    cache.clear()  # other tests' sign-ins count against the limit of this address, too
    user = User.objects.of_email("ann@acme.example")
    user.set_password("long enough for all")
    user.save()
    good = {"login": user.email, "password": "long enough for all", "next": "https://evil.example/"}
    for there in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = Client().post(f"/sign-in/?next={there}", good | {"next": there})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/"), there


def test_a_home_can_be_made_where_there_is_none(tmp_path: Path) -> None:
    fresh = House(tmp_path / "deep" / "home")
    assert '"state": "ok"' in fresh.nous("status", "--json")
