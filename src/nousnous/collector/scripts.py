"""The scripts that pages of customers load, as the build made them: read once, handed out packed.

`nous.js` keeps its name and is asked for again each hour; its parts carry a hash of their content and stay for ever.
`nous.tgz` is the same script as a package for npm.
"""

import gzip
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nousnous.collector.dialects import Answer

FOLDER = Path(__file__).parent / "sdk"
BEFORE = "/sdk/"
_HASHED = re.compile(r"(\w+)-[A-Z0-9]{8}\.js")
_JAVASCRIPT = b"text/javascript; charset=utf-8"
_HOUR, _FOR_EVER = b"public, max-age=3600", b"public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Script:
    """A script as it was built, packed where it is not by itself, and how long it may be kept."""

    plain: bytes
    packed: bytes | None
    keep: bytes
    kind: bytes


def script_at(path: str, *, packed: bool) -> Answer | None:
    """The script of a path such as `/sdk/nous.js`; None where there is none."""
    script = _scripts().get(path.removeprefix(BEFORE)) if path.startswith(BEFORE) else None
    if script is None:
        return None
    headers = [
        (b"cache-control", script.keep),
        (b"cross-origin-resource-policy", b"cross-origin"),
        (b"vary", b"Accept-Encoding"),
    ]
    if not packed or script.packed is None:
        return Answer(200, script.plain, script.kind, tuple(headers))
    return Answer(200, script.packed, script.kind, (*headers, (b"content-encoding", b"gzip")))


def paths_of_parts() -> dict[str, str]:
    """Where each part lies below the host: `{"capture": "/sdk/capture-5RKQZ3XA.js"}`."""
    return {found[1]: BEFORE + name for name in _scripts() if (found := _HASHED.fullmatch(name))}


@cache
def _scripts() -> dict[str, Script]:
    scripts = {
        path.name: Script(plain := path.read_bytes(), gzip.compress(plain, 9), _keep(path.name), _JAVASCRIPT)
        for path in sorted(FOLDER.glob("*.js"))
    }
    for path in FOLDER.glob("*.tgz"):
        scripts[path.name] = Script(path.read_bytes(), None, _HOUR, b"application/gzip")
    return scripts


def _keep(name: str) -> bytes:
    return _FOR_EVER if _HASHED.fullmatch(name) else _HOUR
