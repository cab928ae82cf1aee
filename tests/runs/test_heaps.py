"""Heaps of a process with many threads."""

import subprocess
import sys

import pytest

FILLED = """
import ctypes, sys, threading
from nousnous.runs.heaps import share_heaps
if "shared" in sys.argv:
    share_heaps()
take = ctypes.CDLL(None).malloc
ready = threading.Barrier(9)
def fill():
    take(100_000)
    ready.wait()
for _ in range(8):
    threading.Thread(target=fill, daemon=True).start()
ready.wait()
ctypes.CDLL(None).malloc_info(0, ctypes.c_void_p.in_dll(ctypes.CDLL(None), "stdout"))
ctypes.CDLL(None).fflush(None)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc has heaps for threads")
def test_threads_share_two_heaps() -> None:
    assert heaps("shared") <= 2 < heaps()


def heaps(*arguments: str) -> int:
    done = subprocess.run([sys.executable, "-c", FILLED, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.count("<heap nr=")
