"""Segment's HTTP API, which RudderStack speaks as well."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from nousnous.collector.dialects import Answer, Asked, Dialect, Faults
from nousnous.collector.entries import Arrival, Entry, identifier
from nousnous.collector.parsing import Faulty, entries_of, value_of

_SHORT = {"t": "track", "p": "page", "s": "screen", "i": "identify", "g": "group", "a": "alias", "b": "batch"}
_KINDS = {"track", "page", "screen", "identify", "group", "alias"}
_OWN = {
    "anonymousId", "category", "channel", "context", "event", "groupId", "messageId", "name", "originalTimestamp",
    "previousId", "properties", "receivedAt", "sentAt", "timestamp", "traits", "type", "userId", "writeKey",
    "_metadata",
}  # fmt: skip


def read(arrival: Arrival) -> Iterator[Entry | Faults]:
    """The events of a body of any of the routes."""
    around, entries = entries_of(arrival.body)
    last = arrival.path.rsplit("/", 1)[-1]
    kind = _SHORT.get(last, last)
    for raw in entries:
        try:
            yield _entry(raw, kind, around)
        except Faulty as fault:
            yield Faults(raw, fault.sentence)


def _entry(raw: bytes, route: str, around: Mapping[str, Any]) -> Entry:
    sent = value_of(raw)
    kind = route if route in _KINDS else sent.get("type")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Faulty(f"“{str(kind)[:40]}” is no type of event; it is one of {', '.join(sorted(_KINDS))}.")
    context = {**_object(around.get("context")), **_object(sent.get("context"))}
    properties = _properties(sent, kind, context)
    context |= {name: value for name, value in sent.items() if name not in _OWN and value not in ({}, None)}
    event, screen = _names(sent, kind, properties, context)
    time = sent.get("timestamp")
    sent_at = sent.get("sentAt")
    return Entry(
        type=kind,
        event=event,
        raw_event=identifier(sent.get("event")) if kind == "track" else _raw_name(sent, kind),
        raw=raw,
        sent=sent,
        properties=properties,
        message_id=identifier(sent.get("messageId")),
        time=time if time is not None else sent.get("originalTimestamp"),
        sent_at=sent_at if sent_at is not None else around.get("sentAt"),
        user_id=identifier(sent.get("userId")),
        anonymous_id=identifier(sent.get("anonymousId")),
        previous_id=identifier(sent.get("previousId")) if kind == "alias" else None,
        context=context,
        hints={"screen": screen, "platform": _platform(context), "channel": _channel(sent)},
    )


def _names(
    sent: Mapping[str, Any], kind: str, properties: Mapping[str, Any], context: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    """The event's name in our words, and its screen."""
    if kind == "track":
        return identifier(sent.get("event")), None
    name = identifier(sent.get("name")) or identifier(properties.get("name"))
    if kind == "screen":
        return "Screen Viewed", name
    if kind == "page":
        page = _object(context.get("page"))
        path = properties.get("path") or page.get("path") or _path(properties.get("url") or page.get("url"))
        return "Page Viewed", identifier(path) or name
    return None, None


def _raw_name(sent: Mapping[str, Any], kind: str) -> str:
    return identifier(sent.get("event")) or kind


def _properties(sent: Mapping[str, Any], kind: str, context: dict[str, Any]) -> dict[str, Any]:
    """Traits are what identify and group say; RudderStack's clients put them into the context."""
    properties = dict(_object(sent.get("properties")))
    if kind in {"identify", "group"}:
        traits = sent.get("traits")
        if traits is None and kind == "identify":
            traits = context.pop("traits", None)
        properties |= _object(traits)
    elif isinstance(sent.get("traits"), dict):
        context["traits"] = sent["traits"]
    named = {"category": "category", "name": "name", "groupId": "group_id", "previousId": "previous_id"}
    for name, kept in named.items():
        if sent.get(name) is not None:
            properties.setdefault(kept, sent[name])
    return properties


def _path(url: Any) -> str | None:
    if not isinstance(url, str):
        return None
    try:
        return urlsplit(url).path or None
    except ValueError:
        return None


def _platform(context: Mapping[str, Any]) -> Any:
    if isinstance(mobile := _object(context.get("userAgentData")).get("mobile"), bool):
        return "mobile" if mobile else "desktop"
    return None


def _channel(sent: Mapping[str, Any]) -> Any:
    """What a library says of itself; "server" is no channel that a customer uses."""
    return sent.get("channel") if sent.get("channel") != "server" else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _settings(asked: Asked) -> Answer:
    """What analytics.js loads first: send everything here, and nothing else."""
    host = {"apiKey": asked.key, "apiHost": f"{asked.host}/v1", "protocol": asked.scheme, "unbundledIntegrations": []}
    everything = {"__default": {"enabled": True, "integrations": {}}}
    return Answer.json(
        {
            "integrations": {"Segment.io": {**host, "addBundledMetadata": True}},
            "plan": {"track": everything, "identify": everything, "group": everything},
            "edgeFunction": {},
            "analyticsNextEnabled": True,
            "middlewareSettings": {},
            "enabledMiddleware": {},
            "metrics": {"sampleRate": 0},
            "legacyVideoPluginsEnabled": False,
            "remotePlugins": [],
        }
    )


DIALECT = Dialect(
    name="segment",
    events=frozenset(f"/v1/{word}" for word in {*_SHORT, *_SHORT.values(), "import"}),
    read=read,
    accepted=Answer.json({"success": True}),
    settings={"/v1/projects/{key}/settings": _settings},
)
