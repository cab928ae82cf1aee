"""PostHog's capture API, session recordings, and the settings that its clients ask for."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from nousnous.collector.capture import configuration_of
from nousnous.collector.dialects import Answer, Asked, Dialect, Faults
from nousnous.collector.dialects.snapshots import rrweb_events
from nousnous.collector.entries import Arrival, Entry, identifier
from nousnous.collector.parsing import Faulty, entries_of, object_of, value_of
from nousnous.collector.ports import flags
from nousnous.facts.events import EXPOSURE

_NAMES = {
    "$pageview": ("page", "Page Viewed"),
    "$screen": ("screen", "Screen Viewed"),
    "$identify": ("identify", None),
    "$set": ("identify", None),
    "$create_alias": ("alias", None),
    "$merge_dangerously": ("alias", None),
    "$groupidentify": ("group", None),
    "$rageclick": ("track", "Rage Click"),
    "$dead_click": ("track", "Dead Click"),
    "$feature_flag_called": ("track", EXPOSURE),
}
_TRAITS = ("$set_once", "$set")
_ATTRIBUTE = re.compile(r'attr__([\w-]+)="((?:[^"\\]|\\.)*)"')
_TEXT = re.compile(r'(?<![\w-])text="((?:[^"\\]|\\.)*)"')


def read(arrival: Arrival) -> Iterator[Entry | Faults]:
    """The events of a body: a batch, a list, or one alone."""
    around, entries = entries_of(arrival.body)
    for raw in entries:
        try:
            yield _entry(raw, around)
        except Faulty as fault:
            yield Faults(raw, fault.sentence)


def read_replays(arrival: Arrival) -> Iterator[tuple[bytes, Mapping[str, Any]] | Faults]:
    """The recorded pieces of a body: rrweb events, and what is known of them."""
    around, entries = entries_of(arrival.body)
    for raw in entries:
        sent = object_of(raw)
        properties = _object(sent.get("properties"))
        known, anonymous = _ids(sent, properties)
        try:
            events = rrweb_events(properties.get("$snapshot_data"))
        except Faulty as fault:
            yield Faults(raw, fault.sentence)
            continue
        sent_at = sent.get("sent_at")
        yield (
            events,
            {
                "chunk_id": identifier(sent.get("uuid")),
                "session_id": identifier(properties.get("$session_id")),
                "window_id": identifier(properties.get("$window_id")),
                "sent_at": sent_at if sent_at is not None else around.get("sent_at"),
                "user_id": known,
                "anonymous_id": anonymous,
            },
        )


def _entry(raw: bytes, around: Mapping[str, Any]) -> Entry:
    sent = value_of(raw)
    raw_name = identifier(sent.get("event"))
    if raw_name is None:
        raise Faulty("The event has no name.")
    properties = {name: value for name, value in _object(sent.get("properties")).items() if name != "token"}
    kind, event = _NAMES.get(raw_name, ("track", raw_name))
    if raw_name == "$autocapture" and properties.get("$event_type") == "click":
        event = "Element Clicked"
    known, anonymous = _ids(sent, properties)
    previous = None
    if kind == "alias":
        known, previous = _alias(properties, known or anonymous, is_known=known is not None)
        anonymous = None if anonymous in {known, previous} else anonymous
    time = sent.get("timestamp")
    sent_at = sent.get("sent_at")
    traits = _said(kind, sent, properties)
    return Entry(
        type=kind,
        event=event,
        raw_event=raw_name,
        raw=raw,
        sent=sent,
        properties=_whole(sent, properties) if traits is None else traits,
        message_id=identifier(sent.get("uuid")),
        time=time if time is not None else properties.get("$time"),
        sent_at=sent_at if sent_at is not None else around.get("sent_at"),
        late_ms=sent.get("offset"),
        user_id=known,
        anonymous_id=anonymous,
        previous_id=previous,
        context={} if traits is None else properties,
        hints=_hints(raw_name, properties),
    )


def _ids(sent: Mapping[str, Any], properties: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The known and the anonymous id: one that equals the device's, or is not identified, is anonymous."""
    distinct = identifier(sent.get("distinct_id")) or identifier(properties.get("distinct_id"))
    device = identifier(properties.get("$device_id"))
    before = identifier(properties.get("$anon_distinct_id"))
    if distinct is None:
        return None, before or device
    if distinct == device or properties.get("$is_identified") is False:
        return None, distinct
    return distinct, before or device


def _alias(properties: Mapping[str, Any], distinct: str | None, *, is_known: bool) -> tuple[str | None, str | None]:
    """The id that stays and the one before it. The Python library says it the other way round than all others."""
    other = identifier(properties.get("alias"))
    if properties.get("$lib") == "posthog-python" or not is_known:
        return other, distinct
    return distinct, other


def _said(kind: str, sent: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is said of a person or a group, None for other events; what only holds if nothing was said gives way."""
    if kind == "group":
        return {**_object(properties.get("$group_set")), "group_id": properties.get("$group_key")}
    if kind != "identify":
        return None
    return {
        name: value
        for group in _TRAITS
        for part in (properties, sent)
        for name, value in _object(part.get(group)).items()
    }


def _whole(sent: Mapping[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    beside = {name: sent[name] for name in _TRAITS if name in sent}
    return {**properties, **beside} if beside else properties


def _hints(raw_name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    screen = properties.get("$pathname") or _path(properties.get("$current_url"))
    device, response = properties.get("$device_type"), properties.get("$feature_flag_response")
    return {
        "screen": properties.get("$screen_name") if raw_name == "$screen" else screen,
        "element": _element(properties),
        "country": properties.get("$geoip_country_code"),
        "platform": device.lower() if isinstance(device, str) else None,
        "session_id": properties.get("$session_id"),
        "experiment": properties.get("$feature_flag"),
        "variant": _ARMS[response] if isinstance(response, bool) else response,
    }


def _element(properties: Mapping[str, Any]) -> str | None:
    """The innermost element of a click as a selector, or by its text.

    >>> _element({"$elements_chain": 'button:attr__id="b"text="Buy";body:nth-child="2"'})
    'button#b'
    """
    chain = properties.get("$elements_chain")
    if isinstance(chain, str) and chain:
        tag = re.split(r"[:.;]", chain, maxsplit=1)[0]
        innermost = re.match(r'(?:[^";]|"(?:[^"\\]|\\.)*")*', chain)
        described = innermost[0] if innermost else chain
        text = _TEXT.search(described)
        return _selector(tag, dict(_ATTRIBUTE.findall(described)), text[1] if text else None)
    elements = properties.get("$elements")
    if isinstance(elements, list) and elements and isinstance(elements[0], dict):
        first = elements[0]
        attributes = {name.removeprefix("attr__"): str(value) for name, value in first.items()}
        return _selector(str(first.get("tag_name", "")), attributes, identifier(first.get("$el_text")))
    return identifier(properties.get("$el_text"))


def _selector(tag: str, attributes: Mapping[str, str], text: str | None) -> str | None:
    if attributes.get("id"):
        return f"{tag}#{attributes['id']}"
    for name in ("data-testid", "data-attr", "name", "aria-label"):
        if attributes.get(name):
            return f'{tag}[{name}="{attributes[name]}"]'
    if text:
        return f'{tag} "{text[:80]}"'
    if attributes.get("class"):
        return ".".join([tag, *attributes["class"].split()])
    return tag or None


def _path(url: Any) -> str | None:
    try:
        return urlsplit(url).path or None if isinstance(url, str) else None
    except ValueError:
        return None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _flags(asked: Asked) -> Answer:
    """The flags of a person, in the form of today's clients and in that of older ones."""
    person = _object(asked.sent.get("person_properties"))
    known, anonymous = _ids(asked.sent, {**person, "$device_id": asked.sent.get("$device_id")})
    unit = known or anonymous
    found = flags().of(asked.workspace_id, unit, person, known=known is not None) if unit else {}
    values = {name: value for name, value in found.items() if value is not False}
    told = {
        "flags": {name: _flag(name, value) for name, value in found.items()},
        "featureFlags": {**dict.fromkeys(found, False), **values},
        "featureFlagPayloads": {},
        "errorsWhileComputingFlags": False,
        "requestId": "none",
    }
    return Answer.json({**_settings(asked), **told})


def _flag(name: str, value: str | bool) -> dict[str, Any]:
    return {
        "key": name,
        "enabled": value is not False,
        "variant": value if isinstance(value, str) else None,
        "reason": {"code": "condition_match", "condition_index": 0, "description": "Assigned by an experiment"},
        "metadata": {"id": 0, "version": 1, "payload": None, "description": None},
    }


def _definitions(asked: Asked) -> Answer:
    """Flags without a rule that clients could follow themselves: they ask for each person, and hear our assignment."""
    names = flags().names(asked.workspace_id)
    rule: dict[str, Any] = {"groups": [{"properties": [], "rollout_percentage": 100}], "payloads": {}}
    found = [
        {"id": number, "key": name, "name": name, "active": True, "deleted": False, "filters": rule, **_ASKED_EACH_TIME}
        for number, name in enumerate(names, 1)
    ]
    return Answer.json({"flags": found, "group_type_mapping": {}, "cohorts": {}})


def _config(asked: Asked) -> Answer:
    return Answer.json({"token": asked.key, **_settings(asked)})


def _config_script(asked: Asked) -> Answer:
    token, config = json.dumps(asked.key), json.dumps({"token": asked.key, **_settings(asked)})
    known = "window._POSTHOG_REMOTE_CONFIG"
    script = f"(function(){{{known}={known}||{{}};{known}[{token}]={{config:{config},siteApps:[]}}}})();"
    return Answer(200, script.replace("</", "<\\/").encode(), b"application/javascript")


def _settings(asked: Asked) -> dict[str, Any]:
    """What is the same for everybody, whether there are flags, and whether sessions are recorded: as our own script is
    told.
    """
    settings = {**_CONFIG, "hasFeatureFlags": any(flags().names(asked.workspace_id))}
    replay = configuration_of(asked.told).get("replay")
    if not replay:
        return settings
    recording = {
        "endpoint": "/s/",
        "sampleRate": f"{replay['share']:.2f}",
        "consoleLogRecordingEnabled": False,
        "masking": {"maskAllInputs": True, **({} if replay["text"] else {"maskTextSelector": "*"})},
    }
    return {**settings, "sessionRecording": recording}


_ARMS = {True: "on", False: "off"}
_ASKED_EACH_TIME = {"ensure_experience_continuity": True}

# No flags but those of a person, and nothing that would have to be loaded from here
_CONFIG: dict[str, Any] = {
    "supportedCompression": ["gzip", "gzip-js"],
    "captureDeadClicks": False,
    "capturePerformance": False,
    "autocapture_opt_out": False,
    "autocaptureExceptions": False,
    "analytics": {"endpoint": "/i/v0/e/"},
    "elementsChainAsString": True,
    "errorTracking": {"autocaptureExceptions": False, "suppressionRules": []},
    "sessionRecording": False,
    "heatmaps": False,
    "surveys": False,
    "productTours": False,
    "conversations": False,
    "siteApps": [],
    "isAuthenticated": False,
    "toolbarParams": {},
    "defaultIdentifiedOnly": True,
}

DIALECT = Dialect(
    name="posthog",
    events=frozenset({"/batch", "/e", "/i/v0/e", "/capture"}),
    replays=frozenset({"/s"}),
    read=read,
    read_replays=read_replays,
    accepted=Answer.json({"status": "Ok"}),
    settings={
        "/flags": _flags,
        "/decide": _flags,
        "/flags/definitions": _definitions,
        "/array/{key}/config": _config,
        "/array/{key}/config.js": _config_script,
    },
)
