"""What browsers of a workspace's customers are asked to tell: chosen by members, handed out at `/v1/config/{key}`."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from nousnous.base.errors import Refused
from nousnous.collector.scripts import paths_of_parts
from nousnous.workspaces.actions import audit
from nousnous.workspaces.browsers import tell_browsers, told_to_browsers
from nousnous.workspaces.models import Workspace, WriteKey

PARTS = {
    "capture": "Pages, clicks, forms, errors and signals of frustration",
    "vitals": "Web vitals: how fast pages load and answer",
    "replay": "Recordings of what pages showed",
    "accessibility": "Barriers: what on a page cannot be read, named or reached",
}
MOST_NAMES = 50
NAME = re.compile(r"[\w.\[\]-]{1,100}")
ALWAYS = ("utm_campaign", "utm_source", "utm_medium", "utm_term", "utm_content")
ORDERS = (
    *("order_id", "checkout_id", "cart_id", "wishlist_id", "return_id", "review_id", "product_id", "products", "sku"),
    *("category", "brand", "variant", "price", "quantity", "position", "coupon", "currency", "value", "total"),
    *("subtotal", "revenue", "tax", "shipping", "discount", "affiliation", "payment_method", "shipping_method", "step"),
    *("list_id", "promotion_id", "rating", "plan", "topic", "channel", "customer_minutes", "handling_minutes"),
    *("experiment_id", "variation_id", "survey", "question", "metric", "scale", "screen"),
)
"""Properties of a page's own events that are always told: the product reads them, and none says who somebody is."""


@dataclass(frozen=True, slots=True)
class Capture:
    """The parts that browsers load, for what share of browsers (per cent), and the names that may be told.

    Query parameters, traits, and properties of a page's own events that are not named stay in the browser, but for
    single values that a journey asks for. Recordings have a share of their own, of sessions, and so have looks for
    barriers. Text is hidden unless it is shown on purpose, and what people type in any case.
    """

    parts: tuple[str, ...] = ("capture",)
    share: int = 100
    query: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    replay_share: int = 100
    show_text: bool = False
    scan_share: int = 10
    properties: tuple[str, ...] = ()


def capture_of(workspace: Workspace) -> Capture:
    """What was chosen; the defaults where nobody did."""
    return _capture(told_to_browsers(workspace, "capture"))


def choose_capture(workspace: Workspace, chosen: Capture, actor: str) -> None:
    """Ask browsers for something else from now on."""
    unknown = sorted(set(chosen.parts) - set(PARTS))
    if unknown:
        raise Refused(f"“{unknown[0]}” is no part of the script; there are {', '.join(PARTS)}.")
    for share in (chosen.share, chosen.replay_share, chosen.scan_share):
        if not 0 <= share <= 100:  # per cent
            raise Refused(f"{share} is no share in per cent; say 0 to 100.")
    lists = (chosen.query, chosen.traits, chosen.properties)
    if max(map(len, lists)) > MOST_NAMES:
        raise Refused(f"Name at most {MOST_NAMES} query parameters, {MOST_NAMES} traits and {MOST_NAMES} properties.")
    odd = next((name for name in chain(*lists) if not NAME.fullmatch(name)), None)
    if odd is not None:
        raise Refused(f"“{odd[:40]}” is no name; use letters, digits, and any of _ . [ ] -, up to 100.")
    tell_browsers(workspace, "capture", asdict(chosen))
    audit(workspace, actor, "change what browsers tell", ", ".join(chosen.parts))


def asked_by_journeys(workspace: Workspace) -> dict[str, list[str]]:
    """By property the values that are told because a journey asks for them; what is told in any case is not named."""
    named = {*ORDERS, *capture_of(workspace).properties}
    asked: dict[str, list[str]] = told_to_browsers(workspace, "journeys") or {}
    return {name: values for name, values in asked.items() if name not in named}


def kept_query(workspace: Workspace) -> frozenset[str]:
    """The query parameters that stay in addresses."""
    return frozenset({*ALWAYS, *capture_of(workspace).query})


def first_key(workspace: Workspace) -> str:
    """A write key for the line that pages load; empty where none is valid."""
    key = WriteKey.objects.valid().filter(workspace=workspace).first()
    return key.key if key else ""


def configuration_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser reads, from all that the parts of a workspace tell."""
    capture, paths, needed = _capture(told.get("capture")), paths_of_parts(), told.get("consent", ())
    replay = {"share": capture.replay_share / 100, "consent": "replays" in needed, "text": capture.show_text}
    surveys = told.get("surveys") or {}
    found: dict[str, Any] = {
        "consent": "analytics" in needed,
        "sample": capture.share / 100,
        "parts": {name: paths[name] for name in capture.parts if name in paths},
        "query": [*ALWAYS, *capture.query],
        "traits": list(capture.traits),
        "properties": [*ORDERS, *capture.properties, *_single_values(told)],
        **({"replay": replay} if "replay" in capture.parts else {}),
        **({"shares": {"accessibility": capture.scan_share / 100}} if "accessibility" in capture.parts else {}),
    }
    if surveys.get("ask") and "surveys" in paths:
        found["surveys"], found["parts"]["surveys"] = surveys, paths["surveys"]
    for part in ("messages", "push"):
        if told.get(part) and part in paths:
            found[part], found["parts"][part] = told[part], paths[part]
    return found


def _single_values(told: Mapping[str, Any]) -> list[str]:
    """Values that journeys ask for, as browsers compare them: “name,value”."""
    asked: dict[str, list[str]] = told.get("journeys") or {}
    return [f"{name},{value}" for name, values in asked.items() if name not in ORDERS for value in values]


def _capture(stored: Mapping[str, Any] | None) -> Capture:
    plain = Capture()
    kept = stored or {}
    return Capture(
        tuple(kept.get("parts", plain.parts)),
        int(kept.get("share", plain.share)),
        tuple(kept.get("query", plain.query)),
        tuple(kept.get("traits", plain.traits)),
        int(kept.get("replay_share", plain.replay_share)),
        bool(kept.get("show_text", plain.show_text)),
        int(kept.get("scan_share", plain.scan_share)),
        tuple(kept.get("properties", plain.properties)),
    )
