"""On which line of a TOML text each key stands; the parsers of TOML do not tell."""

import re
from collections import Counter

Path = tuple[str | int, ...]

_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_DOTTED})[ \t]*\]")
_KEY = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_PIECE = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|' + r"'''.*?'''|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'|#[^\n]*|[\[\]{}]|\n", re.DOTALL
)


def lines_of(text: str) -> dict[Path, int]:
    """The line of each table and of each key, by path; tables of a list are told apart by their place in it.

    >>> lines_of('[a]\\nb = 1\\n\\n[[c]]\\nd = \"\"\"\\n[x]\"\"\"\\ne.f = 2')
    {('a',): 1, ('a', 'b'): 2, ('c', 0): 4, ('c', 0, 'd'): 5, ('c', 0, 'e'): 7, ('c', 0, 'e', 'f'): 7}
    """
    found: dict[Path, int] = {}
    counts: Counter[Path] = Counter()
    table: Path = ()
    for line, start in _statements(text):
        if header := _HEADER.match(text, start):
            table = _resolved(_names(header[2]), counts)
            if header[1] == "[[":
                counts[table] += 1
                table = (*table, counts[table] - 1)
            found.setdefault(table, line)
        elif key := _KEY.match(text, start):
            names = _names(key[1])
            for length in range(1, len(names) + 1):
                found.setdefault((*table, *names[:length]), line)
    return found


def _statements(text: str) -> list[tuple[int, int]]:
    """Line and offset of everything that begins outside of strings and brackets."""
    starts, depth, line = [(1, 0)], 0, 1
    for piece in _PIECE.finditer(text):
        found = piece[0]
        line += found.count("\n")
        if found in "[{":
            depth += 1
        elif found in "]}":
            depth -= 1
        elif found == "\n" and depth <= 0:
            starts.append((line, piece.end()))
    return starts


def _resolved(names: Path, counts: Counter[Path]) -> Path:
    """A header below a list of tables means its newest one."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if counts[path]:
            path = (*path, counts[path] - 1)
    return (*path, *names[-1:])


def _names(dotted: str) -> Path:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))
