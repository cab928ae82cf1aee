"""Which wording answers a question for a phrase; the tag by which a copy is known to be fresh; articles as HTML."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

import numpy as np
from markdown_it import MarkdownIt

from nousnous.stats.estimate import Estimate
from nousnous.stats.shares import share

Served = Mapping[str, Any]


def chosen(rows: Sequence[Served], locale: str, tone: str) -> Served | None:
    """The wording that fits best: of the language asked for, else of its parent, else of the phrase's own; within
    that of the tone asked for, else of the phrase's own, else the first by name. None where nothing is served.

    >>> row = {"phrase__locale": "en", "phrase__tone": "plain"}
    >>> rows = [row | {"locale": "en", "tone": "plain"}, row | {"locale": "de", "tone": "legal"}]
    >>> chosen(rows, "de-at", "plain")["locale"], chosen(rows, "fr", "")["locale"], chosen([], "en", "")
    ('de', 'en', None)
    """
    if not rows:
        return None
    asked = locale.lower().replace("_", "-")
    own = rows[0]["phrase__locale"]
    for wanted in (asked, asked.partition("-")[0], own, rows[0]["locale"]):
        spoken = {one["tone"]: one for one in rows if one["locale"] == wanted}
        if spoken:
            return spoken.get(tone) or spoken.get(rows[0]["phrase__tone"]) or next(iter(spoken.values()))
    return None


class ServedShape(TypedDict):
    key: str
    plain: str
    locale: str
    tone: str
    version: int


def as_served(row: Served) -> ServedShape:
    """What a program is answered."""
    return {
        "key": row["phrase__key"],
        "plain": row["plain"],
        "locale": row["locale"],
        "tone": row["tone"],
        "version": row["number"],
    }


class SpokenShape(TypedDict):
    plain: str
    version: int


class BundledShape(TypedDict):
    """By language and tone, what is said."""

    locale: str
    tone: str
    wordings: dict[str, dict[str, SpokenShape]]


class BundleShape(TypedDict):
    """All phrases by their keys."""

    phrases: dict[str, BundledShape]


def as_bundle(rows: Sequence[Served]) -> BundleShape:
    """All phrases as one document: by key, language and tone, with what is said where none is asked for.

    >>> row = {"phrase__key": "hold", "phrase__locale": "en", "phrase__tone": "plain", "plain": "Wait.", "number": 1}
    >>> as_bundle([row | {"locale": "en", "tone": "plain"}])["phrases"]["hold"]["wordings"]
    {'en': {'plain': {'plain': 'Wait.', 'version': 1}}}
    """
    phrases: dict[str, Any] = {}
    for row in rows:
        kept = {"locale": row["phrase__locale"], "tone": row["phrase__tone"], "wordings": {}}
        spoken = phrases.setdefault(row["phrase__key"], kept)["wordings"].setdefault(row["locale"], {})
        spoken[row["tone"]] = {"plain": row["plain"], "version": row["number"]}
    return {"phrases": phrases}


def tag_of(answer: Mapping[str, Any]) -> str:
    """An entity tag that is the same as long as the answer is.

    >>> tag_of({"a": 1}) == tag_of({"a": 1}), tag_of({"a": 1}) == tag_of({"a": 2})
    (True, False)
    """
    text = json.dumps(answer, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return f'"{hashlib.blake2b(text, digest_size=12).hexdigest()}"'


_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def as_html(text: str) -> str:
    """Markdown as HTML that can hold no script: what looks like HTML is shown as it is written, addresses lead to
    http, https and mail alone, pictures are left out; headings begin below the title of the page.

    >>> as_html("# Late\\n<script>x</script> [a](javascript:x)")
    '<h2>Late</h2>\\n<p>&lt;script&gt;x&lt;/script&gt; [a](javascript:x)</p>\\n'
    """
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return html


def helpful_share(helpful: int, answered: int) -> Estimate:
    """The share of browsers that found an article helpful, with Wilson's interval."""
    return share(np.repeat([1, 0], [helpful, answered - helpful]), np.ones(answered, dtype=np.int64))
