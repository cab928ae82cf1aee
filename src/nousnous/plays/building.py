"""A play as the fields of a form, and back: the fields write the same TOML that members can edit, comments stay."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

import tomlkit

from nousnous.base.errors import NousError
from nousnous.journeys.catalogue import METRICS
from nousnous.journeys.fields import as_text
from nousnous.plays.definition import parse_play
from nousnous.plays.registry import Ask

KINDS: Final = {"event": "event", "fact": "fact", "schedule": "schedule", "metric": "metric"}
"""Which field of a trigger says of which kind it is."""
PLAIN: Final = {
    "trigger": ("within", "fact", "schedule", "timezone", "metric", "over"),
    "limits": ("every", "quiet", "timezone"),
}
NUMBERS: Final = {"limits": ("most_a_day", "budget", "cost")}
OF_NOBODY: Final = ("quiet", "timezone", "budget", "cost")
Asks = Mapping[str, tuple[Ask, ...]]
Values = Mapping[str, Any]


def values_of(text: str, asks: Asks) -> dict[str, Any]:
    """The fields of a form as a play's text fills them."""
    document = tomllib.loads(text)
    play, trigger, limits = (document.get(name, {}) for name in ("play", "trigger", "limits"))
    found: dict[str, Any] = {f"play.{name}": play.get(name, "") for name in ("name", "audience")}
    found["trigger.kind"] = next((kind for kind, key in KINDS.items() if key in trigger), "event")
    for table, names in (PLAIN | {name: (*PLAIN[name], *NUMBERS[name]) for name in NUMBERS}).items():
        found |= {f"{table}.{name}": document.get(table, {}).get(name, "") for name in names}
    found |= {f"trigger.{name}": _listed(trigger.get(name)) for name in ("event", "without")}
    conditions = trigger.get("where") if isinstance(trigger.get("where"), dict) else {}
    found |= {f"trigger.{kind}{name}": "" for kind in ("", "fact.") for name in ("property", "values")}
    kind = "fact." if "fact" in trigger else ""
    for name, given in list(conditions.items())[:1]:
        found |= {f"trigger.{kind}property": name, f"trigger.{kind}values": _listed(given)}
    found["trigger.place"] = f"{trigger.get('journey', '')}/{trigger.get('step', '')}"
    side = "above" if "above" in trigger else "below"
    found |= {"trigger.side": side, "trigger.value": _shown(trigger.get(side), str(trigger.get("metric", "")))}
    found["limits.once"] = {True: "yes", False: "no"}.get(limits.get("once"), "")
    share = document.get("holdout", {}).get("share", 0.1)
    found["holdout.share"] = f"{100 * share:g}" if isinstance(share, int | float) else "10"
    for step in document.get("do", []):
        name = step.get("action", "")
        found[f"do.{name}"] = True
        found |= {f"do.{name}.{ask.name}": _lines(step.get(ask.name, "")) for ask in asks.get(name, ())}
    return found


def text_of(values: Values, asks: Asks, standing: str = "") -> str:
    """A play's text with what the fields say; what a text says already keeps its place and its comments."""
    document = tomlkit.parse(standing)
    play = {"id": _id_of(str(values["play.name"])), "name": values["play.name"], "audience": values["play.audience"]}
    if "play" in document:
        play["id"] = document["play"].get("id", play["id"])
    metric = values["trigger.kind"] == "metric"
    tables = {"play": play, "trigger": _trigger(values), "limits": _limits(values)}
    tables["holdout"] = {"share": round(float(values["holdout.share"]) / 100, 6)}
    if metric:  # which concerns nobody who could be chosen, spared or held out
        tables |= {"play": play | {"audience": ""}, "holdout": {}}
        tables["limits"] = {name: value for name, value in tables["limits"].items() if name in OF_NOBODY}
    for name, fields in tables.items():
        given = {key: value for key, value in fields.items() if value not in ("", None, [], {})}
        if name not in document and given:
            document.add(name, tomlkit.table())
        if name in document:
            _change(document[name], given)
            if not given:
                document.remove(name)
    _steps(document, values, asks)
    return re.sub(r"\n{3,}", "\n\n", tomlkit.dumps(document)).strip() + "\n"


def fits(text: str, asks: Asks) -> bool:
    """Whether the fields of a form hold all that a text says."""
    try:
        return parse_play(text_of(values_of(text, asks), asks, text)) == parse_play(text)
    except (NousError, ValueError, TypeError, AttributeError):
        return False


def _trigger(values: Values) -> dict[str, Any]:
    kind = values["trigger.kind"]
    told = {name: str(values[f"trigger.{name}"]).strip() for name in PLAIN["trigger"]}
    if kind == "schedule":
        return {name: told[name] for name in ("schedule", "timezone")}
    if kind == "fact":
        return {"fact": told["fact"], "where": _where(values, "fact.")}
    if kind == "metric":
        journey, _, step = str(values["trigger.place"]).rpartition("/")
        named = {"metric": told["metric"], "journey": journey, "step": step, "over": told["over"]}
        return named | {values["trigger.side"]: _stored(values["trigger.value"], told["metric"])}
    names = {name: _one_or_more(values[f"trigger.{name}"]) for name in ("event", "without")}
    return {"event": names["event"], "where": _where(values, ""), "without": names["without"], "within": told["within"]}


def _where(values: Values, kind: str) -> dict[str, Any]:
    name = str(values[f"trigger.{kind}property"]).strip()
    return {name: _one_or_more(values[f"trigger.{kind}values"])} if name else {}


def _limits(values: Values) -> dict[str, Any]:
    found = {name: str(values[f"limits.{name}"]).strip() for name in PLAIN["limits"]}
    numbers = {name: _number(values[f"limits.{name}"]) for name in NUMBERS["limits"]}
    once = {"yes": True, "no": False}.get(str(values["limits.once"]))
    return found | numbers | ({} if once is None else {"once": once})


def _steps(document: tomlkit.TOMLDocument, values: Values, asks: Asks) -> None:
    """Actions keep their places; those that are no longer wanted go, new ones come last."""
    standing = document.get("do") or []
    tables = {str(table.get("action")): table for table in standing}
    wanted = [name for name in (*tables, *(one for one in asks if one not in tables)) if values.get(f"do.{name}")]
    steps = tomlkit.aot()
    for name in wanted:
        table = tables.get(name) or tomlkit.table()
        known = {ask.name: _asked(ask, values.get(f"do.{name}.{ask.name}", "")) for ask in asks.get(name, ())}
        kept = {key: value for key, value in table.items() if key not in known and key != "action"}
        told = {key: value for key, value in known.items() if value not in ("", None, [])}
        _change(table, {"action": name, **told, **kept})
        steps.append(table)
    if "do" in document:
        document.remove("do")
    if wanted:
        document.append("do", steps)


def _change(table: Any, given: Mapping[str, Any]) -> None:
    for key in [key for key in table if key not in given]:
        table.remove(key)
    for key, value in given.items():
        if table.get(key) != value:
            comment = table[key].trivia.comment if key in table else ""
            item = _inline(value)
            table[key] = item
            if comment:
                table[key].comment(comment.lstrip("# "))


def _inline(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return tomlkit.item(value)
    table = tomlkit.inline_table()
    for key, inner in value.items():
        table.append(key, inner)
    return table


def _asked(ask: Ask, value: Any) -> Any:
    text = str(value).replace("\r\n", "\n").strip()
    if ask.kind == "number":
        return _number(text)
    return [line.strip() for line in text.split("\n") if line.strip()] if ask.kind == "lines" else text


def _number(value: Any) -> int | float | None:
    text = "" if value is None else str(value).strip()
    number = float(text) if text else None
    return int(number) if number is not None and number.is_integer() else number


def _one_or_more(text: Any) -> Any:
    names = [name.strip() for name in str(text).split(",") if name.strip()]
    return names[0] if len(names) == 1 else names


def _listed(value: Any) -> str:
    given = value if isinstance(value, list) else [value]
    return ", ".join(as_text(one) or "" for one in given if one is not None)


def _lines(value: Any) -> Any:
    return "\n".join(map(str, value)) if isinstance(value, list) else value


def _is_share(metric: str) -> bool:
    return metric in METRICS and METRICS[metric].unit == "share"


def _shown(value: Any, metric: str) -> str:
    """A value as the form shows it: shares in per cent."""
    if not isinstance(value, int | float):
        return ""
    return f"{value * 100:g}" if _is_share(metric) else f"{value:g}"


def _stored(value: Any, metric: str) -> float | None:
    number = _number(value)
    return None if number is None else round(number / 100, 6) if _is_share(metric) else number


def _id_of(name: str) -> str:
    """An id made of a name.

    >>> _id_of("Bring back: who came once!")
    'bring-back-who-came-once'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].strip("-") or "play"
