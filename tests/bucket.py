"""A real server that speaks S3 on loopback (SeaweedFS), thrown away afterwards, and a gate that fails as asked."""

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import obstore
from obstore.store import S3Store

from nousnous.warehouse import stores
from tests.browser.house import free_port

KEY, SECRET = "quokka", "secret-of-a-quokka"
ACTIONS = ["Admin", "Read", "List", "Write"]
PORTS = ("master.port", "volume.port", "filer.port", "s3.port")
PATIENCE_S = 30
BUSY = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
PIECE = 65_536


@dataclass(frozen=True)
class Bucket:
    """The address of a server; its bucket is `nous`. The filer behind it is what `mounted` speaks to."""

    address: str
    filer: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What a process is told to reach it."""
        told = {"ENDPOINT_URL": self.address, "ACCESS_KEY_ID": KEY, "SECRET_ACCESS_KEY": SECRET, "REGION": "us-east-1"}
        return {f"AWS_{name}": value for name, value in told.items()}


@contextmanager
def server() -> Iterator[Bucket]:
    """Run a server until the block ends."""
    with TemporaryDirectory(prefix="nous-bucket-") as name, _running(Path(name)) as bucket:
        stores.store_at.cache_clear()  # a store keeps the endpoint of the server before
        yield bucket


@contextmanager
def _running(folder: Path) -> Iterator[Bucket]:
    members = [{"name": "nous", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ACTIONS}]
    (folder / "members.json").write_text(json.dumps({"identities": members}))
    ports = {f"{name}{suffix}": free_port() for name in PORTS for suffix in ("", ".grpc")}
    told = {"dir": folder, "ip": "127.0.0.1", "ip.bind": "127.0.0.1", "s3.config": folder / "members.json", **ports}
    told |= {"s3.port.iceberg": 0, "s3.port.lance": 0, "master.telemetry": "false", "master.volumeSizeLimitMB": 16}
    weed = [str(Path(sys.executable).with_name("weed")), "server", "-s3", *(f"-{one}={at}" for one, at in told.items())]
    address = f"http://127.0.0.1:{ports['s3.port']}"
    with subprocess.Popen(weed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder) as process:
        try:
            until_s = time.monotonic() + PATIENCE_S
            while not _answers(address):
                assert process.poll() is None
                assert time.monotonic() < until_s
                time.sleep(0.1)
            made = {"access_key_id": KEY, "secret_access_key": SECRET, "region": "us-east-1", "endpoint": address}
            obstore.put(S3Store("nous", **made, client_options={"allow_http": True}), "made", b"")
            yield Bucket(address, f"127.0.0.1:{ports['filer.port']}.{ports['filer.port.grpc']}")
        finally:
            process.kill()


@contextmanager
def mounted(bucket: Bucket, folder: Path) -> Iterator[None]:
    """Show what lies in the bucket as a folder, which only root may."""
    weed = str(Path(sys.executable).with_name("weed"))
    asked = [weed, "mount", f"-filer={bucket.filer}", f"-dir={folder}", "-filer.path=/buckets/nous", "-readOnly"]
    with subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder.parent) as process:
        try:
            until_s = time.monotonic() + PATIENCE_S
            while not folder.is_mount():
                assert process.poll() is None
                assert time.monotonic() < until_s
                time.sleep(0.1)
            yield
        finally:
            subprocess.run(["umount", "--lazy", folder], check=False)
            process.terminate()
            process.wait(PATIENCE_S)


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2)
    except urllib.error.HTTPError:
        return True  # it wants a key
    except OSError:
        return False
    return True


class Gate:
    """Stands before a server and passes on what comes, or fails: `busy` (503), `silent`, `slow` or `refusing`."""

    def __init__(self, behind: str) -> None:
        self._behind = int(behind.rpartition(":")[2])
        self._mode = "passing"
        self._listening: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self.port = free_port()
        self.turn("passing")

    @property
    def bucket(self) -> Bucket:
        return Bucket(f"http://127.0.0.1:{self.port}")

    def turn(self, mode: str) -> None:
        """Fail in another way from now on; what is open is cut off."""
        self._mode = mode
        if mode == "refusing" or self._listening is None:
            self.close()
        if mode != "refusing" and self._listening is None:
            self._listening = socket.create_server(("127.0.0.1", self.port), backlog=128)
            threading.Thread(target=self._serve, args=(self._listening,), daemon=True).start()
        for one in list(self._open):
            _end(one)

    def close(self) -> None:
        if self._listening is not None:
            _end(self._listening)
            self._listening = None

    def seen(self, piece: bytes) -> None:
        """Look at what passes through; whoever counts does so here."""

    def _serve(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                came, _ = listening.accept()
                threading.Thread(target=self._handle, args=(came,), daemon=True).start()

    def _handle(self, came: socket.socket) -> None:
        self._open.add(came)
        with suppress(OSError), came:
            if self._mode == "busy":
                came.recv(PIECE)
                came.sendall(BUSY)
            elif self._mode == "silent":
                while came.recv(PIECE):
                    pass
            else:
                with socket.create_connection(("127.0.0.1", self._behind)) as behind:
                    back = threading.Thread(target=self._pass, args=(behind, came), daemon=True)
                    back.start()
                    self._pass(came, behind)
                    back.join()
        self._open.discard(came)

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if self._mode == "slow":
                    time.sleep(0.3)
                self.seen(piece)
                target.sendall(piece)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def gate(bucket: Bucket) -> Iterator[Gate]:
    """A gate before a server until the block ends."""
    made = Gate(bucket.address)
    try:
        yield made
    finally:
        made.turn("refusing")


def lake_settings(bucket: Bucket, path: str) -> dict[str, str]:
    """What an installation is told that keeps its lake and its recordings in a bucket."""
    return {"NOUS_LAKE": f"s3://nous/{path}/lake", "NOUS_REPLAYS": f"s3://nous/{path}/replays", **bucket.environment}
