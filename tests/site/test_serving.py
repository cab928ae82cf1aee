"""`nous serve`: people, programs, clients and monitors at one port, and an end in good order."""

import fcntl
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client
from tests.collector.house import House, Server, until

from nousnous.facts.events import EVENTS
from nousnous.runs.actions import start_run
from nousnous.runs.models import Run
from nousnous.site.health import look

MOMENTS = ("before", "meanwhile", "last")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("one-port"))


@pytest.fixture(scope="module")
def server(house: House) -> Iterator[Server]:
    with house.serving(command_name="serve") as server:
        yield server


def test_one_port_serves_people_programs_and_clients(house: House, server: Server) -> None:
    assert server.post("/v1/track", {"userId": "ada", "event": "Paid", "messageId": "1"}).json() == {"success": True}
    assert server.post("/v1/track", {"userId": "ada"}, key="wrong").status_code == 401
    assert "Sign in" in httpx.get(server.url + "/sign-in/", timeout=30).text
    assert httpx.get(server.url + "/api/openapi.json", timeout=30).json()["info"]["title"] == "Nous-Nous"
    assert [row["event"] for row in house.wait_for(EVENTS, 1)] == ["Paid"]


def test_a_monitor_is_answered_whatever_host_it_names(server: Server) -> None:
    answer = httpx.get(server.url + "/healthz", headers={"Host": "10.1.2.3"})
    assert (answer.status_code, answer.json()["status"], answer.json()["records"]) == (200, "ok", "ok")
    assert httpx.get(server.url + "/sign-in/", headers={"Host": "evil.example"}).status_code == 400


def test_kept_threads_see_an_approval_and_a_revoked_token_at_the_next_request(house: House, server: Server) -> None:
    made = json.loads(house.nous("token", "create", "--workspace", "shop", "--json"))
    bearer = {"Authorization": f"Bearer {made['api_token']}"}
    with httpx.Client(base_url=server.url + "/api/v1", headers=bearer, timeout=30) as api:
        for number, text in enumerate(("Please wait.", "One moment."), 1):
            assert api.post("/phrases/hold", json={"plain": text}).json()["version"] == number
            house.nous("phrase", "approve", "hold", str(number), "--workspace", "shop")
            with ThreadPoolExecutor(4) as asking:  # as many threads of the server, each with its own connection
                said = [*asking.map(lambda _: api.get("/phrases/hold").json()["plain"], range(12))]
            assert set(said) == {text}
        quick, whole = (api.get("/phrases/hold", params=asked) for asked in ({"tone": "plain"}, {"workspace": "shop"}))
        assert quick.json() == whole.json()  # naming the workspace goes the way of every other endpoint
        differing = {name for name, value in whole.headers.items() if quick.headers.get(name) != value}
        assert differing <= {"date", "vary", "content-language"}
        assert api.get("/phrases/hold", headers={"If-None-Match": quick.headers["etag"]}).status_code == 304
        assert api.get("/phrases/nothing").status_code == 404
        assert api.get("/phrases/hold", headers={"Host": "evil.example"}).status_code == 400
        house.nous("token", "revoke", made["id"], "--workspace", "shop")
        with ThreadPoolExecutor(4) as asking:
            assert {*asking.map(lambda _: api.get("/phrases/hold").status_code, range(12))} == {401}


def test_a_server_that_is_told_to_stop_hands_back_its_work_and_loses_nothing(tmp_path: Path) -> None:
    house = House(tmp_path / "home")
    with house.serving(command_name="serve") as server:
        track(server, "before")
        house.wait_for(EVENTS, 20, 60)
        apply_journey(house)
        (lake,) = (house.home / "lake").iterdir()
        with locked(house.home / "locks" / f"visits-{lake.name}"):
            track(server, "meanwhile")
            until(lambda: (Run.WAITING, True, 0) in visits_runs(house), 60)
            track(server, "last")
            server.process.terminate()
            assert server.process.wait(60) == 0
    assert Run.WAITING in {status for status, *_ in visits_runs(house)}
    assert not any(leased or failures for _, leased, failures in visits_runs(house))
    with house.serving(command_name="serve"):
        stored = Counter(row["message_id"] for row in house.wait_for(EVENTS, 60, 60))
        until(lambda: {status for status, *_ in visits_runs(house)} == {Run.DONE}, 60)
    assert stored == Counter(f"{moment} {number}" for moment in MOMENTS for number in range(20))


def track(server: Server, moment: str) -> None:
    named = {"type": "track", "event": "Paid", "userId": "eve"}
    batch = [{**named, "messageId": f"{moment} {number}"} for number in range(20)]
    assert server.post("/v1/batch", {"batch": batch}).status_code == 200


def apply_journey(house: House) -> None:
    text = '[journey]\nid = "j"\nname = "J"\ncurrency = "USD"\nhourly_wage = 30.0\n[[step]]\nid = "s"\nname = "S"\n'
    text += 'within = "30m"\nstarts = { event = "Paid" }\ncompletes = { event = "Left" }\n'
    (house.home / "journey.toml").write_text(text)
    house.nous("journey", "apply", str(house.home / "journey.toml"), "--workspace", "shop")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """What visits are computed under is held by another process: this run takes as long as the block does."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def visits_runs(house: House) -> list[tuple[str, bool, int]]:
    """Status, whether a worker has it, and failures."""
    with closing(sqlite3.connect(house.home / "records.sqlite3")) as records:
        asked = "SELECT status, leased_until IS NOT NULL, failures FROM runs_run WHERE kind = 'journeys.visits'"
        return [(status, bool(leased), failures) for status, leased, failures in records.execute(asked)]


def test_the_collector_alone_answers_monitors(house: House) -> None:
    with house.serving() as collector:
        assert httpx.get(collector.url + "/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_dead_run_is_a_warning_and_a_full_disk_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    start_run("broken")
    Run.objects.update(status=Run.DEAD)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    states = {finding.name: finding.state for finding in look()}
    assert states == {"records": "ok", "disk": "failed", "lake": "ok", "log": "ok", "runs": "warning"}


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


def test_large_uploads_lie_below_the_home_while_they_come() -> None:
    from nousnous.site import asgi

    assert asgi.application
    with TemporaryUploadedFile("people.csv", "text/csv", 1, None) as file:
        assert Path(file.temporary_file_path()).is_relative_to(settings.NOUS.home / "scratch")
