"""The colours, light and dark, as `browser/site/tokens.css` has them; documents take the light ones as hex."""

import re
from typing import Final

TOKENS: Final[dict[str, tuple[str, str]]] = {
    "background": ("#fcfcfd", "#111113"),
    "surface": ("#ffffff", "#18191b"),
    "sunken": ("#f5f5f8", "#151618"),
    "hover": ("#ececf1", "#212327"),
    "ink": ("#1c2024", "#edeef0"),
    "muted": ("#5c6068", "#b0b4ba"),
    "line": ("#d9d9e0", "#363a3f"),
    "hairline": ("#ececf0", "#26292d"),
    "quiet": ("#c3c5cc", "#565b63"),
    "field": ("#80838d", "#7b7f88"),
    "belief": ("#0a5ea8", "#6db6ff"),
    "exp": ("#b54708", "#ff9a55"),
    "good": ("#006d77", "#2dd4bf"),
    "bad": ("#b3123a", "#ff6b8a"),
}


def in_hex(svg: str) -> str:
    """Replace the variables by their light values, for renderers that know no CSS.

    >>> in_hex('<path fill="var(--bad)"/>')
    '<path fill="#b3123a"/>'
    """
    return re.sub(r"var\(--([a-z]+)\)", lambda found: TOKENS[found[1]][0], svg)
