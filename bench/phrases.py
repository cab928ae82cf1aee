"""What serving a phrase costs: a thousand phrases in four tones, a real server, one question after the other.

Usage: python -m bench.phrases [--asked N]. The time is from the last byte of the question to the first of the answer on
a connection that stays open, on this machine: the server's own, and the few microseconds of a loopback. Beside it the
same server's answer to a monitor.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import psutil
from bench.parts import number, show
from tests.browser.house import environment_of, free_port, running

ASKED, PHRASES, WARM = 3_000, 1_000, 300
MOST_MS = 5.0
TONES = ("plain", "empathetic", "conversational", "legal")
FILL = f"""
from nousnous.capabilities.phrases.models import Phrase, Wording
from nousnous.base import clock
from nousnous.workspaces.actions import WorkspaceProfile, create_workspace
made = create_workspace(WorkspaceProfile("bench"))
phrases = Phrase.objects.bulk_create([
    Phrase(workspace=made.workspace, key=f"key.{{at}}", tone="plain", locale="en") for at in range({PHRASES})
])
told = dict(locale="en", status="published", proposed_by="x", due_at=clock.now(), decided_at=clock.now())
Wording.objects.bulk_create([
    Wording(phrase=one, number=at, plain="Your order is late. It arrives on Friday." * 3, tone=tone, **told)
    for one in phrases for at, tone in enumerate({TONES})
])
print(made.api_token)
"""


def main() -> int:
    asked = number("--asked", ASKED)
    with tempfile.TemporaryDirectory() as home:
        port = free_port()
        environment = environment_of(home, port)  # type: ignore[arg-type]  # a text is a path, too
        nous = os.path.join(os.path.dirname(sys.executable), "nous")
        subprocess.run([nous, "migrate", "-v", "0"], env=environment, check=True, stdout=subprocess.DEVNULL)
        made = subprocess.run(
            [nous, "shell", "--no-imports", "-c", FILL], env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        bearer = {"Authorization": f"Bearer {made.stdout.split()[-1]}"}
        with running([nous, "serve", "--port", str(port)], environment, f"http://localhost:{port}/sign-in/"):
            (server,) = (one for one in psutil.Process().children() if "serve" in one.cmdline())
            timed(port, [f"/api/v1/phrases/key.{at}" for at in range(WARM + 1)], bearer)
            before = server.cpu_times()
            served = timed(port, [f"/api/v1/phrases/key.{at % PHRASES}?tone=legal" for at in range(asked)], bearer)
            after = server.cpu_times()
            monitor = timed(port, ["/healthz"] * asked, {})
    spent_ms = (after.user + after.system - before.user - before.system) * 1_000
    return show(
        [
            ("phrases served, median ms", float(np.quantile(served, 0.5)), None),
            ("phrases served, p99 ms", float(np.quantile(served, 0.99)), None),
            ("processor ms of the server for each", spent_ms / asked, None),
            ("a monitor's question, p99 ms", float(np.quantile(monitor, 0.99)), None),
            (
                "p99 of a phrase / of a monitor's question",
                float(np.quantile(served, 0.99) / np.quantile(monitor, 0.99)),
                None,
            ),
            (f"p99 of a phrase / {MOST_MS:g} ms", float(np.quantile(served, 0.99)) / MOST_MS, 1),
        ]
    )


def timed(port: int, paths: list[str], headers: dict[str, str]) -> np.ndarray:
    """Milliseconds of each answer, without the first ones."""
    line = http.client.HTTPConnection("localhost", port)
    found = []
    for path in paths:
        line.request("GET", path, headers=headers)
        start_s = time.perf_counter()
        answer = line.getresponse()
        found.append((time.perf_counter() - start_s) * 1_000)
        answer.read()
        assert answer.status == 200, path
    return np.array(found[WARM:])


if __name__ == "__main__":
    sys.exit(main())
