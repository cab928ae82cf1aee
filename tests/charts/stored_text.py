"""Compare with a stored text; delete the file to store it again."""

from pathlib import Path

STORED = Path(__file__).parent / "stored"


def assert_stored(name: str, text: str) -> None:
    path = STORED / name
    lines = text.replace("><", ">\n<") + "\n"
    if not path.exists():
        path.write_text(lines)
    assert lines == path.read_text()
