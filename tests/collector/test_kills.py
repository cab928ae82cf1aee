"""A server that dies at any moment loses no event that it accepted, and counts none twice."""

import json
import random
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
from tests.collector.conftest import NewHouse, Survived
from tests.collector.house import House, Server, until

from nousnous.facts.events import EVENTS

KILLS = 10
CLIENTS = 4


class Client(threading.Thread):
    """Sends batches for ever, each again until it is accepted, as the libraries do."""

    def __init__(self, number: int, url: str) -> None:
        super().__init__(daemon=True)
        self.number, self.url = number, url
        self.accepted: list[bytes] = []
        self.sent: set[str] = set()
        self.stopping = threading.Event()

    def run(self) -> None:
        with httpx.Client(base_url=self.url, auth=("WK", ""), timeout=5) as client:
            while not self.stopping.is_set():
                ids = [f"{self.number}-{len(self.sent) + place}" for place in range(7)]
                batch = [{"type": "track", "event": "E", "userId": f"u{self.number}", "messageId": one} for one in ids]
                self.sent |= set(ids)
                self.send(client, json.dumps({"batch": batch}).encode())

    def send(self, client: httpx.Client, body: bytes) -> None:
        while True:
            try:
                if client.post("/v1/batch", content=body).status_code == 200:
                    self.accepted.append(body)
                    return
            except httpx.HTTPError:
                time.sleep(0.05)


def test_ten_kills_under_load_lose_nothing_and_repeat_nothing(
    new_house: NewHouse, tmp_path: Path, survived: Survived
) -> None:
    house = new_house(tmp_path / "home")
    server = house.start()
    port = int(server.url.rpartition(":")[2])
    clients = [Client(number, server.url) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    moments = random.Random(7)
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.1, 2.5))
        server.kill()
        server = house.start(port=port)
        send_again(server, [body for client in clients for body in client.accepted[-50:]])
    for client in clients:
        client.stopping.set()
        client.join(30)
    expected = Counter(one for client in clients for one in client.sent)
    until(lambda: not house.segments(), 40)
    stop(server)
    found = [row["message_id"] for row in house.rows(EVENTS)]
    survived(f"SIGKILL under load, {KILLS} times", "the connection breaks", expected, found)
    assert Counter(found) == expected
    assert len(expected) > 1000


def send_again(server: Server, bodies: list[bytes]) -> None:
    with httpx.Client(base_url=server.url, auth=("WK", ""), timeout=30) as client:
        for body in bodies:
            assert client.post("/v1/batch", content=body).status_code == 200


def stop(server: Server) -> None:
    server.process.terminate()
    server.process.communicate(timeout=30)


def test_a_dead_servers_log_is_taken_up_by_the_next(new_house: NewHouse, tmp_path: Path) -> None:
    house: House = new_house(tmp_path / "home")
    dead = house.start("--no-load")
    assert dead.post("/v1/track", {"event": "E", "userId": "u", "messageId": "m1"}).status_code == 200
    dead.kill()
    assert house.rows(EVENTS) == []
    with house.serving():
        assert [row["message_id"] for row in house.wait_for(EVENTS, 1)] == ["m1"]
        until(lambda: not house.segments())
