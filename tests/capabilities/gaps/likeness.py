"""Whether two reports say the same: counts equal, estimates to 1e-9; how methods are named does not matter."""

import math
from typing import Any

# What the oracle leaves empty, or what has a form of its own.
APART = {"workspace", "engine", "snapshot", "as_of", "trend", "evidence", "method", "factors"}


def differences(ours: Any, oracle: Any, place: str = "") -> list[str]:
    """The places where they differ; what only ours has is not looked at."""
    if isinstance(oracle, dict):
        if not isinstance(ours, dict):
            return [f"{place}: {ours!r} is not {oracle!r}"]
        if place.endswith(".histogram"):
            ours = {answer: count for answer, count in ours.items() if count}
        return [one for name in oracle if name not in APART for one in _of_key(ours, oracle, name, place)]
    if isinstance(oracle, list | tuple):
        if not isinstance(ours, list | tuple) or len(ours) != len(oracle):
            return [f"{place}: {ours!r} is not {oracle!r}"]
        pairs = enumerate(zip(ours, oracle, strict=True))
        return [one for number, (left, right) in pairs for one in differences(left, right, f"{place}[{number}]")]
    return [] if _same(ours, oracle) else [f"{place}: {ours!r} is not {oracle!r}"]


def _of_key(ours: dict[str, Any], oracle: dict[str, Any], name: str, place: str) -> list[str]:
    if name not in ours:
        return [f"{place}.{name} is missing"]
    if name == "steps":
        ours_by, oracle_by = ({step["step"]: step for step in found[name]} for found in (ours, oracle))
        return differences(ours_by, oracle_by, f"{place}.steps")
    if name == "causes":
        ours_by, oracle_by = ({one["cause"]: one["hours"] for one in found[name]} for found in (ours, oracle))
        return differences(ours_by, oracle_by, f"{place}.causes")
    if name == "low_tail" and oracle[name] is None:
        return []  # the oracle leaves out scales that the definitions do not name
    if name == "reason":
        return [] if (ours[name] is None) == (oracle[name] is None) else [f"{place}.reason"]
    return differences(ours[name], oracle[name], f"{place}.{name}")


def _same(ours: Any, oracle: Any) -> bool:
    if isinstance(oracle, bool | str) or None in (ours, oracle):
        return bool(ours == oracle)
    return math.isclose(ours, oracle, rel_tol=1e-9, abs_tol=1e-9)
