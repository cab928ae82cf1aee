"""Which path belongs to which dialect."""

from collections.abc import Callable
from dataclasses import dataclass

from nousnous.collector.dialects import (
    Answer,
    Asked,
    Dialect,
    amplitude,
    cloudevents,
    mixpanel,
    nous,
    posthog,
    rudder,
    segment,
)

DIALECTS: dict[str, Dialect] = {
    part.DIALECT.name: part.DIALECT for part in (nous, segment, rudder, posthog, mixpanel, amplitude, cloudevents)
}


@dataclass(frozen=True, slots=True)
class Route:
    """What a path is for: events or replays (`settings` None), or an answer; `key` is what the path names."""

    dialect: Dialect
    settings: Callable[[Asked], Answer] | None = None
    key: str | None = None


_EXACT: dict[str, Route] = {}
_UNDER: dict[str, Route] = {}
_KEYED: list[tuple[str, str, Route]] = []
for _dialect in DIALECTS.values():
    for _path in _dialect.events | _dialect.replays:
        (_UNDER if _path.endswith("/*") else _EXACT)[_path.removesuffix("*")] = Route(_dialect)
    for _path, _settings in _dialect.settings.items():
        if "{key}" in _path:
            _KEYED.append((*_path.split("{key}", 1), Route(_dialect, _settings)))  # type: ignore[arg-type]  # two parts
        else:
            _EXACT[_path] = Route(_dialect, _settings)


def route_of(path: str) -> Route | None:
    """The route of a path, with or without a slash at its end; None where the collector has nothing to say.

    >>> route_of("/array/phc_1/config").key
    'phc_1'
    """
    plain = path.rstrip("/")
    if (exact := _EXACT.get(plain)) is not None:
        return exact
    for before, after, route in _KEYED:
        key = plain[len(before) : len(plain) - len(after)]
        if plain.startswith(before) and plain.endswith(after) and key and "/" not in key:
            return Route(route.dialect, route.settings, key)
    return next((route for start, route in _UNDER.items() if plain.startswith(start)), None)
