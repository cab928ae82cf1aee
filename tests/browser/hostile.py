"""A recording that tries whatever a page can try: to run, to load, to lead away, to send."""

import gzip
import json
from typing import Any

EVIL = "http://evil.example"
RUN = "window.top.ran = (window.top.ran || 0) + 1"


def element(tag: str, attributes: dict[str, Any] | None = None, *children: Any, svg: bool = False) -> dict[str, Any]:
    given = {"type": 2, "tagName": tag, "attributes": attributes or {}, "childNodes": list(children)}
    return {**given, "isSVG": True} if svg else given


def text(words: str, *, style: bool = False) -> dict[str, Any]:
    return {"type": 3, "textContent": words, **({"isStyle": True} if style else {})}


def _tries() -> list[dict[str, Any]]:
    page = f"<script>{RUN}</script><img src={EVIL}/srcdoc.png>"
    return [
        element("p", {}, text("A harmless sentence")),
        element("script", {}, text(RUN)),
        element("script", {"src": f"{EVIL}/script.js"}),
        element("noscript", {}, element("img", {"src": f"{EVIL}/noscript.png"})),
        element("button", {"onclick": RUN, "onfocus": RUN, "autofocus": True, "formaction": f"{EVIL}/go"}, text("Go")),
        element("img", {"src": f"{EVIL}/picture.png", "onerror": RUN, "onload": RUN}),
        element("img", {"src": "data:image/png;base64,broken", "OnError": RUN}),
        element("img", {"srcset": f"{EVIL}/set.png 2x", "rr_dataURL": f"{EVIL}/data.png"}),
        element("picture", {}, element("source", {"srcset": f"{EVIL}/source.png"}), element("img", {})),
        element("a", {"href": f"javascript:{RUN}", "ping": f"{EVIL}/ping"}, text("A link")),
        element("iframe", {"src": f"{EVIL}/frame.html"}),
        element("iframe", {"srcdoc": page}),
        element("iframe", {"src": f"javascript:{RUN}"}),
        element("iframe", {"rr_src": f"{EVIL}/rr.html"}),
        element("object", {"data": f"{EVIL}/object.swf"}),
        element("embed", {"src": f"{EVIL}/embed.swf"}),
        element("video", {"src": f"{EVIL}/film.mp4", "poster": f"{EVIL}/poster.png", "autoplay": True}),
        element("audio", {"src": f"{EVIL}/sound.mp3", "autoplay": True}),
        element("input", {"type": "image", "src": f"{EVIL}/input.png"}),
        element("form", {"action": f"{EVIL}/form", "method": "post"}, element("button", {}, text("Send"))),
        element("div", {"style": f"background: url({EVIL}/inline.png)"}, text("Styled")),
        element("div", {"style": f'background: u\\72l("{EVIL}/escaped.png")'}, text("Styled in secret")),
        element("body-of-old", {"background": f"{EVIL}/background.png"}),
        element("svg", {"onload": RUN}, element("script", {}, text(RUN), svg=True), svg=True),
        element("svg", {}, element("image", {"xlink:href": f"{EVIL}/svg.png"}, svg=True), svg=True),
        element("svg", {}, element("use", {"href": f"{EVIL}/sprite.svg#x"}, svg=True), svg=True),
        element("svg", {}, element("a", {"xlink:href": f"javascript:{RUN}"}, text("go"), svg=True), svg=True),
        element(
            "svg",
            {},
            element(
                "a",
                {"href": "#"},
                element("set", {"attributeName": "href", "to": f"javascript:{RUN}", "onbegin": RUN}, svg=True),
                element("animate", {"attributeName": "xlink:href", "values": f"{EVIL}/animated"}, svg=True),
                svg=True,
            ),
            element("feImage", {"href": f"{EVIL}/filter.png"}, svg=True),
            element("rect", {"fill": f"url({EVIL}/paint.svg#a)", "filter": f"url({EVIL}/f.svg#b)"}, svg=True),
            svg=True,
        ),
        element("div", {}, {**element("p", {"style": f"cursor: url({EVIL}/shadow.cur), auto"}), "isShadow": True}),
        element("x-planted", {"is": "x-planted", "onclick": RUN}),
        element("math", {"href": f"javascript:{RUN}"}, text("1")),
        element("meta", {"http-equiv": "refresh", "content": f"0;url=javascript:{RUN}"}),
        element("track", {"src": f"{EVIL}/track.vtt"}),
        element(
            "svg", {}, element("foreignObject", {}, element("iframe", {"src": f"{EVIL}/foreign"}), svg=True), svg=True
        ),
    ]


def _head() -> list[dict[str, Any]]:
    return [
        element("base", {"href": f"{EVIL}/"}),
        element("meta", {"http-equiv": "refresh", "content": f"0;url={EVIL}/refresh"}),
        element("link", {"rel": "stylesheet", "href": f"{EVIL}/style.css"}),
        *(element("link", {"rel": rel, "href": f"{EVIL}/{rel}"}) for rel in ("preload", "prefetch", "preconnect")),
        element("link", {"rel": "dns-prefetch", "href": EVIL}),
        element("link", {"rel": "icon", "href": f"{EVIL}/icon.png"}),
        element("link", {"rel": "stylesheet", "_cssText": f"@import '{EVIL}/in-link.css'; p {{ color: red }}"}),
        element("style", {"_cssText": f"@import url({EVIL}/import.css); p {{ background: url('{EVIL}/p.png') }}"}),
        element(
            "style",
            {},
            text(f"@font-face {{ font-family: e; src: url({EVIL}/f.woff2) }} p {{ font: 9px e }}", style=True),
        ),
        element("style", {}, text(f"p {{ background: image-set('{EVIL}/set.png' 1x) }}", style=True)),
    ]


def _numbered(node: dict[str, Any], numbers: Any) -> dict[str, Any]:
    node["id"] = next(numbers)
    for child in node.get("childNodes", []):
        _numbered(child, numbers)
    return node


def small_page() -> dict[str, Any]:
    """A page with a button, as rrweb tells it."""
    body = element("body", {}, element("h1", {}, text("Cart")), element("button", {"id": "pay"}, text("Pay")))
    html = element("html", {"lang": "en"}, element("head"), body)
    return _numbered({"type": 0, "childNodes": [html]}, iter(range(1, 100)))


def packed_as_posthog(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Snapshots as PostHog's script packs them: whole pages, and parts of changes, gzipped into texts."""

    def packed(value: Any) -> str:
        return gzip.compress(json.dumps(value).encode()).decode("latin-1")

    def changed(data: dict[str, Any]) -> dict[str, Any]:
        parts = {"texts", "attributes", "removes", "adds"}
        return {name: packed(one) if name in parts else one for name, one in data.items()}

    whole = {2: packed, 3: lambda data: changed(data) if data["source"] == 0 else data}
    versions = {2: {"cv": "2024-10"}, 3: {"cv": "2024-10"}}
    return [
        {**one, "data": whole.get(one["type"], dict)(one["data"]), **versions.get(one["type"], {})} for one in events
    ]


def hostile_recording(start_ms: int) -> list[dict[str, Any]]:
    """Events of rrweb: a page full of tries, and the same again as changes of it."""
    numbers = iter(range(1, 10_000))
    html = element("html", {"onclick": RUN}, element("head", {}, *_head()), element("body", {"onload": RUN}, *_tries()))
    page = _numbered(
        {"type": 0, "childNodes": [{"type": 1, "name": "html", "publicId": "", "systemId": ""}, html]}, numbers
    )
    body, paragraph = html["childNodes"][1], html["childNodes"][1]["childNodes"][0]
    adds = [{"parentId": body["id"], "nextId": None, "node": _numbered(one, numbers)} for one in [*_head(), *_tries()]]
    changed = {"src": f"{EVIL}/late.png", "onclick": RUN, "style": {"background": f"url({EVIL}/late-style.png)"}}
    mutation = {"source": 0, "texts": [], "attributes": [{"id": paragraph["id"], "attributes": changed}], "removes": []}
    sheet = {"source": 8, "id": html["childNodes"][0]["childNodes"][8]["id"]}
    rule = {"rule": f"p {{ background: url({EVIL}/rule.png) }}", "index": 0}
    font = {"source": 10, "family": "late", "fontSource": f"url({EVIL}/late.woff2)", "buffer": False, "descriptors": {}}
    canvas = {
        "source": 9,
        "id": paragraph["id"],
        "type": 0,
        "property": "drawImage",
        "args": [{"rr_type": "HTMLImageElement", "src": f"{EVIL}/canvas.png"}],
    }
    declared = {"source": 13, "id": sheet["id"], "index": [0]}
    declared["set"] = {"property": "background", "value": f"url({EVIL}/declared.png)", "priority": "important"}
    styles = [{"styleId": 1, "rules": [{"rule": f"p {{ background: url({EVIL}/adopted.png) }}", "index": 0}]}]
    told = [
        (4, {"href": f"{EVIL}/page", "width": 800, "height": 600}),
        (2, {"node": page, "initialOffset": {"left": 0, "top": 0}}),
        (3, {**mutation, "adds": adds}),
        (3, {**sheet, "adds": [rule]}),
        (3, declared),
        (3, {"source": 15, "id": 1, "styles": styles, "styleIds": [1]}),
        (3, font),
        (3, canvas),
        (3, {"source": 2, "type": 2, "id": body["id"], "x": 10, "y": 10}),
        (3, {"source": 1, "positions": [{"x": 20, "y": 20, "id": body["id"], "timeOffset": 0}]}),
    ]
    return [{"type": kind, "data": data, "timestamp": start_ms + 250 * step} for step, (kind, data) in enumerate(told)]
