"""Heaps of a process with many threads."""

import subprocess
import sys

import pytest

FILLED = """
import ctypes, sys, threading
from nousnous.runs.heaps import tidy_heaps
if "shared" in sys.argv:
    tidy_heaps()
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

LEFT = """
import ctypes, resource, sys, time
from pathlib import Path
from nousnous.runs import heaps
def held_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
free = lambda address: library.free(ctypes.c_void_p(address))
heaps.TIDIED_EVERY_S = 0.05
if "shared" in sys.argv:
    heaps.tidy_heaps()
before = held_mb()
free(library.malloc(16 << 20))  # glibc takes it that such sizes come and go, and keeps the next ones
large = [library.malloc(8 << 20) for _ in range(8)]
for address in large:
    ctypes.memset(address, 1, 8 << 20)
library.malloc(1_000)
for address in large:
    free(address)
small = [library.malloc(1_000) for _ in range(60_000)]
for address in small:
    ctypes.memset(address, 1, 1_000)
last = library.malloc(1_000)
for address in small:
    free(address)
deadline = time.monotonic() + ("shared" in sys.argv) * 10
while held_mb() > before + 20 and time.monotonic() < deadline:
    time.sleep(0.05)
print(held_mb() - before)
"""
COMMAND = """
import contextlib, os, sys
from nousnous.site.command import main
with contextlib.suppress(SystemExit):
    sys.argv = ["nous", sys.argv[1], "--help"]
    main()
import pyarrow
print(pyarrow.default_memory_pool().backend_name, os.environ.get("_RJEM_MALLOC_CONF"))
"""
glibc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc has heaps for threads")


@glibc
def test_threads_share_two_heaps() -> None:
    assert heaps("shared") <= 2 < heaps()


@glibc
def test_what_lies_free_between_pieces_in_use_is_given_back() -> None:
    assert float(said(LEFT, "shared")) < 20 < float(said(LEFT))


def test_commands_that_last_tell_libraries_to_keep_little_where_nobody_told_them_otherwise(tmp_path, monkeypatch):
    monkeypatch.setenv("NOUS_HOME", str(tmp_path))
    monkeypatch.delenv("ARROW_DEFAULT_MEMORY_POOL", raising=False)
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "narenas:4")
    assert said(COMMAND, "worker").splitlines()[-1] == "system narenas:4"
    assert said(COMMAND, "gap").split()[-2] != "system"


def heaps(*arguments: str) -> int:
    return said(FILLED, *arguments).count("<heap nr=")


def said(script: str, *arguments: str) -> str:
    return subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True).stdout
