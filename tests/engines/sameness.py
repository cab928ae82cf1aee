"""Whether two engines answer the same: counts and texts exactly, fractions within 1e-9 of each other."""

from math import isclose, isnan
from typing import Any

NEAR = 1e-9


def difference(one: Any, other: Any, where: str = "") -> str | None:
    """The first place where two answers differ, in a sentence; None where they are the same."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        parts = [(one[name], other[name], f"{where}.{name}") for name in one]
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        parts = [(*pair, f"{where}[{place}]") for place, pair in enumerate(zip(one, other, strict=True))]
    else:
        return None if _same(one, other) else f"{where}: {_short(one)} is not {_short(other)}"
    return next((found for part in parts if (found := difference(*part))), None)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=NEAR) or (isnan(one) and isnan(other))
    return type(one) is type(other) and bool(one == other)


def _short(value: Any) -> str:
    text = f"{len(value)} things" if isinstance(value, dict | list | tuple) else repr(value)
    return text[:200]
