"""What serving a phrase costs: a thousand phrases in four tones, a real server, one question after the other.

Usage: python -m bench.phrases [--asked N]. The time is from the last byte of the question to the first of the answer on
a connection that stays open, on this machine: the server's own, and the few microseconds of a loopback. Every second
question is the floor: the same token at an endpoint that does nothing else than look at it, so that a busy machine
delays both alike. Processor time is that of the whole server, work in the background with it.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import psutil
from bench.parts import number, show
from tests.browser.house import environment_of, free_port, running

ASKED, PHRASES, WARM = 3_000, 1_000, 300
MOST_MS = 5.0
FLOOR = "/api/v1/workspace"
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
            ask = partial(timed, port, headers=bearer)
            ask([FLOOR, *(f"/api/v1/phrases/key.{at}" for at in range(WARM))])
            floor_ms, phrase_ms = (
                spent_ms(server, partial(ask, paths)) / asked for paths in ([FLOOR] * asked, questions(asked))
            )
            both = ask([path for question in questions(asked) for path in (FLOOR, question)])
    floor, served = both[::2], both[1::2]
    p99 = float(np.quantile(served, 0.99))
    return show(
        [
            ("processor ms of the server for each phrase", phrase_ms, None),
            ("processor ms of the server for each look at the token", floor_ms, None),
            ("phrases served, median ms", float(np.quantile(served, 0.5)), None),
            ("looks at the token, p99 ms", float(np.quantile(floor, 0.99)), None),
            ("p99 of a phrase / of a look at the token", p99 / float(np.quantile(floor, 0.99)), None),
            ("phrases served, p99 ms", p99, MOST_MS),
        ]
    )


def questions(asked: int) -> list[str]:
    return [f"/api/v1/phrases/key.{at % PHRASES}?tone=legal" for at in range(asked)]


def spent_ms(server: psutil.Process, work: Callable[[], object]) -> float:
    """Milliseconds of processor time that a server spends while something goes on."""
    before = server.cpu_times()
    work()
    after = server.cpu_times()
    return (after.user + after.system - before.user - before.system) * 1_000


def timed(port: int, paths: Sequence[str], headers: dict[str, str]) -> np.ndarray:
    """Milliseconds of each answer."""
    line = http.client.HTTPConnection("localhost", port)
    found = []
    for path in paths:
        line.request("GET", path, headers=headers)
        start_s = time.perf_counter()
        answer = line.getresponse()
        found.append((time.perf_counter() - start_s) * 1_000)
        answer.read()
        assert answer.status == 200, path
    return np.array(found)


if __name__ == "__main__":
    sys.exit(main())
