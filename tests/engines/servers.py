"""A real Sail server and a real Spark cluster of a master and two workers, on loopback, thrown away afterwards."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.counterparts import JAVA, require

PATIENCE_S = 60
LEAN = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
DEFAULTS = f"""
spark.driver.host 127.0.0.1
spark.driver.memory 512m
spark.driver.defaultJavaOptions {LEAN}
spark.executor.memory 512m
spark.executor.defaultJavaOptions {LEAN}
spark.sql.shuffle.partitions 2
spark.sql.codegen.wholeStage false
"""


@contextmanager
def sail(folder: Path) -> Iterator[str]:
    """Run Sail; yields its address for `NOUS_ENGINE`."""
    port = free_port()
    command = [sys.executable, "-m", "pysail", "spark", "server", "--ip", "127.0.0.1", "--port", str(port)]
    with _running(command, folder / "sail.log", {"RUST_LOG": "error"}):
        _wait_for(port)
        yield f"sc://127.0.0.1:{port}"


@contextmanager
def spark(folder: Path) -> Iterator[str]:
    """Run a master and two workers of one core; yields the master's address for `NOUS_ENGINE`."""
    require(JAVA)
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    home, port = Path(found.origin).parent, free_port()
    (folder / "spark-defaults.conf").write_text(DEFAULTS)
    ours = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_CONF_DIR": str(folder)}
    daemon = {**ours, "SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": LEAN}
    start, master = [str(home / "bin/spark-class")], f"spark://127.0.0.1:{port}"
    with ExitStack() as running:
        options = ["--host", "127.0.0.1", "--webui-port", "0"]
        role = "org.apache.spark.deploy.master.Master"
        running.enter_context(_running([*start, role, *options, "--port", str(port)], folder / "master.log", daemon))
        _wait_for(port)
        for name in ("first", "second"):
            role = "org.apache.spark.deploy.worker.Worker"
            own = [*options, "--cores", "1", "--memory", "512m", "--work-dir", str(folder / name)]
            running.enter_context(_running([*start, role, *own, master], folder / f"{name}.log", daemon))
        _wait_until(lambda: (folder / "master.log").read_text().count("Registering worker") == 2)
        before = {name: os.environ.get(name) for name in ours}
        os.environ.update(ours)
        try:
            yield master
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextmanager
def _running(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[None]:
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env={**os.environ, **environment})
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    _wait_until(answers)


def _wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.1)
