"""A whole life of a person comes into a real installation by every way in; erased, no file tells of it any more.

Every file below the home is decoded, and each planted text has been found in its store before, so that it would be
found afterwards.
"""

import base64
import gzip
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.collector.house import NOUS, House, Server, until
from tests.people.decoding import where_they_stand
from tests.people.lives import ALIAS, ANONYMOUS, BOB, LONGER, PLANTED, SHORTER, USER
from tests.places import ROOT

from nousnous.base.mentions import NAMELESS

BAD = {"event": "x", "timestamp": "2999-01-01"}
NOWHERE: dict[str, set[str]] = {name: set() for name in PLANTED}
STORES = {
    "user": ("events", "links", "quarantine", "records.sqlite3", "rejects", "log"),
    "alias": ("events", "links", "records.sqlite3"),
    "device": ("events", "records.sqlite3"),
    "e-mail": ("events",),
    "phone": ("events",),
    "name": ("events",),
    "value": ("events",),
    "comment": ("scores",),
    "replay": ("replays",),
    "message": ("messages",),
    "rejected": ("rejects",),
    "quarantined": ("quarantine",),
    "asked": ("records.sqlite3",),
    "felt": ("records.sqlite3",),
    "left": ("records.sqlite3",),
    "fired": ("records.sqlite3",),
    "called": ("records.sqlite3",),
    "pushed": ("records.sqlite3",),
    "credited": ("records.sqlite3",),
    "spilled": ("scratch", "import-old"),
    "uploaded": ("uploads",),
}


def in_process(house: House, call: str) -> str:
    """Call a function of `lives` in a process of the installation; one that is killed answers nothing."""
    environment = {**house.environment, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    code = f"from pathlib import Path; from tests.people import lives; lives.{call}"
    command = [NOUS, "shell", "--no-imports", "--command", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in {0, -9}, done.stderr
    return done.stdout


def send(server: Server) -> None:
    """All ways of HTTP: Segment alone and in a batch, PostHog with a recording, what goes to quarantine."""
    traits = {name: PLANTED[name] for name in ("e-mail", "phone", "name")}
    who = {"userId": USER, "anonymousId": ANONYMOUS}
    server.post("/v1/identify", {**who, "traits": traits, "messageId": "m-identify"})
    seen = {"type": "page", **who, "properties": {"path": f"/of/{USER}", "value": PLANTED["value"]}}
    starts = [
        {"type": "track", "userId": one, "event": name, "messageId": f"m-{name}{place or ''}"}
        for place, one in enumerate((USER, SHORTER, LONGER, BOB))
        for name in ("shipping_details", "purchase")
    ]
    invited = {"type": "track", "userId": BOB, "event": "Invited", "properties": {"who": USER, "n": 1.10}}
    shared = {"type": "track", "userId": BOB, "anonymousId": ANONYMOUS, "event": "Borrowed", "messageId": "m-shared"}
    server.post(
        "/v1/batch", {"batch": [{**seen, "messageId": "m-page"}, *starts, {**invited, "messageId": "m-i"}, shared]}
    )
    server.post("/v1/alias", {"previousId": ALIAS, "userId": USER, "messageId": "m-alias"})
    server.post("/v1/track", {"userId": ALIAS, "event": "Seen", "messageId": "m-old"})
    hog = {"event": "seen", "distinct_id": USER, "properties": {"$device_id": ANONYMOUS}, "uuid": "h-1"}
    packed = gzip.compress(json.dumps({"api_key": "WK", "batch": [hog]}).encode())
    server.post("/batch/", packed, key=None, headers={"Content-Encoding": "gzip"})
    snapshot = {"type": 5, "timestamp": 1767607205000, "data": {"tag": "t", "payload": PLANTED["replay"]}}
    recorded = {"distinct_id": USER, "$session_id": "s-1", "$snapshot_data": [snapshot]}
    server.post("/s/", {"api_key": "WK", "event": "$snapshot", "properties": recorded, "uuid": "r-1"}, key=None)
    quarantine(server)
    server.post("/v1/track", {"userId": USER, "event": "Seen", "messageId": "n-1"}, key="NORTH")
    server.post("/v1/track", {**BAD, "note": USER}, key="NORTH")


def quarantine(server: Server) -> None:
    server.post("/v1/track", {**BAD, "userId": USER, "note": PLANTED["quarantined"]})
    server.post("/v1/track", {**BAD, "note": f"/pay?who={USER} {PLANTED['quarantined']}"})
    server.post("/v1/track", {**BAD, "note": json.dumps({"who": USER})})
    server.post("/v1/track", {**BAD, "userId": LONGER})
    server.post("/v1/track", {**BAD, "note": f"{LONGER} and {SHORTER}"})
    mixed = json.dumps({"event": "x", "properties": {"token": "MPTOKEN", "distinct_id": USER}}).encode()
    body = {"data": base64.b64encode(mixed).decode(), "token": "MPTOKEN"}
    server.post("/track", json.dumps(body).encode(), key="MPTOKEN")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """An installation in which the person lived; a segment of the log was left by a killed server."""
    house = House(tmp_path_factory.mktemp("home"))
    in_process(house, "begin()")
    with house.serving() as server:
        send(server)
        until(lambda: not house.segments())
    in_process(house, f"live(Path({str(tmp_path_factory.mktemp('files'))!r}))")
    dead = house.start("--no-load")
    dead.post("/v1/track", {"userId": USER, "event": "Late", "messageId": "m-late"})
    dead.kill()
    return house


def standing(house: House, but: list[Path]) -> dict[str, set[str]]:
    return where_they_stand(house.home, PLANTED, but, others=LONGER)


def test_an_erased_person_is_in_no_file_and_everybody_else_is_whole(house: House) -> None:
    others = json.loads(in_process(house, "others()"))
    but = [house.home / one for one in others.pop("files of north")]
    assert others.pop("fading") == {"risks": True, "signs_of_fading": True}
    assert all(len(others[f"shop {LONGER}"][name]) == 1 for name in ("risks", "signs_of_fading"))
    in_process(house, "die()")
    before = standing(house, but)
    for name, stores in STORES.items():
        for store in stores:
            assert any(store in path for path in before[name]), (name, store, before[name])
    receipt = json.loads(house.nous("person", "erase", USER, "-w", "shop", "--json"))
    assert receipt["complete"]
    assert standing(house, but) == NOWHERE
    after = json.loads(in_process(house, "others()"))
    assert after.pop("fading") == {"risks": False, "signs_of_fading": False}
    assert {**after, **without_the_person(others)} == after
    assert standing(house, but) == NOWHERE
    left = [json.loads(line) for line in house.nous("quarantine", "export", "-w", "shop").splitlines()]
    assert [json.loads(one["body"]) for one in left] == [
        {**BAD, "note": f"{LONGER} and {SHORTER}"},
        {**BAD, "userId": LONGER},
    ]


def without_the_person(others: dict[str, Any]) -> dict[str, Any]:
    """What is kept of Bob tells neither of the device that he borrowed nor of whom he invited and was merged with."""
    bob = others[f"shop {BOB}"]
    assert any(row["anonymous_id"] == ANONYMOUS for row in bob["events"])
    for row in bob["events"]:
        row["anonymous_id"] = None
        row["properties"] = row["properties"].replace(json.dumps(USER, ensure_ascii=False), json.dumps(NAMELESS))
    bob["links"] = [{**row, "known_id": ""} for row in bob["links"] if row["reason"] == "unmerge"]
    bob["anonymous_ids"] = []
    for name in ("events", "links"):
        bob[name].sort(key=str)
    return others
