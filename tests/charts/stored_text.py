"""Compare with a stored text. Delete the file to store it again; a text that is new must be looked at first."""

from pathlib import Path

import pytest

STORED = Path(__file__).parent / "stored"


def assert_stored(name: str, text: str) -> None:
    path = STORED / name
    lines = text.replace("><", ">\n<") + "\n"
    if not path.exists():
        path.write_text(lines)
        pytest.fail(f"{path.name} is stored now; look at it and run the test again")
    assert lines == path.read_text()
