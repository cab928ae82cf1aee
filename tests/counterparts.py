"""What tests talk to and neither PyPI nor npm brings: programs of the system's packages.

As a script, run by `make test` before the tests: as root it installs what is missing with apt, once; else it only says
what is missing. A test asks for its counterpart by `require`: where it is not there, the test is listed as "not run"
at the end, and on a CI machine it fails.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NOT_RUN = "not run: "


@dataclass(frozen=True)
class Counterpart:
    """A program that may be absent, and the Debian package that brings it."""

    name: str
    package: str
    find: Callable[[], Path | None]

    def absence(self) -> str:
        return f"{self.name} is not on this machine (Debian's package {self.package})"


def _chromium() -> Path | None:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return Path(found) if found else None


def _postgresql() -> Path | None:
    """The folder of the server's programs, which are not on the path of Debian."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def _java() -> Path | None:
    found = shutil.which("java")
    return Path(found) if found else None


def _faketime() -> Path | None:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return found[0] if found else None


def _compiler() -> Path | None:
    found = shutil.which("gcc")
    return Path(found) if found else None


def _unshare() -> Path | None:
    """Where it may be used: networks of one's own are forbidden to users on some machines."""
    found = shutil.which("unshare")
    allowed = found and subprocess.run([found, *NAMESPACES, "true"], capture_output=True, check=False).returncode == 0
    return Path(found) if found and allowed else None


NAMESPACES = ("-nm",) if os.geteuid() == 0 else ("-Urnm",)
CHROMIUM = Counterpart("Chromium", "chromium", _chromium)
POSTGRESQL = Counterpart("PostgreSQL", "postgresql", _postgresql)
JAVA = Counterpart("Java", "openjdk-17-jre-headless", _java)
FAKETIME = Counterpart("libfaketime", "libfaketime", _faketime)
COMPILER = Counterpart("A compiler of C", "gcc", _compiler)
UNSHARE = Counterpart("A network of its own", "util-linux", _unshare)
COUNTERPARTS = (CHROMIUM, POSTGRESQL, JAVA, FAKETIME, COMPILER, UNSHARE)


def require(counterpart: Counterpart) -> Path:
    """Where it is; without it the test does not run, which is a failure where CI promises that all is there."""
    import pytest

    found = counterpart.find()
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NOT_RUN + counterpart.absence())
    return found


def install() -> None:
    missing = [one for one in COUNTERPARTS if one.find() is None]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt([one.package for one in missing])
        missing = [one for one in missing if one.find() is None]
    for one in missing:
        sys.stdout.write(f"{one.absence()}: the tests that need it will not run\n")


def _apt(packages: list[str]) -> None:
    sys.stdout.write(f"installing {' and '.join(packages)} with apt\n")
    sys.stdout.flush()
    quiet = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run([*quiet, *step], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.stderr.write(done.stderr)


if __name__ == "__main__":
    install()
