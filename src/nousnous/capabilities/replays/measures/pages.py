"""The page that a recording shows, as far as clicks need it: which element a node is, and where it stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

ELEMENT, TEXT = 2, 3
MOST_PARTS = 5
MOST_LETTERS = 80
CLICKABLE = frozenset({"button", "summary", "label", "select", "input", "textarea"})
ROLES = frozenset({"button", "link", "menuitem", "tab", "option", "checkbox", "radio", "switch"})
FIELDS = frozenset({"select", "textarea", "input"})
BUTTONS = frozenset({"button", "submit", "reset", "image", "checkbox", "radio"})
"""Types of inputs that take no caret and open nothing that a page does not see."""
UNNAMED = frozenset({"input", "textarea", "select", "body", "html", "main", "form"})
"""Their words are what somebody typed, or those of the whole page."""
NEVER_ROLES = frozenset({"spinbutton", "slider", "grid"})
NEVER_TYPES = frozenset({"number", "range"})
NEVER_CLASSES = re.compile("carousel|slick|swiper|stepper|calendar|datepicker|quantity", re.IGNORECASE)
MADE = re.compile(r"\d{2,}|^:r|^radix-|^ember\d|^react-")
"""What made ids look different on each page: numbers, and what frameworks count up."""


@dataclass(slots=True)
class _Node:
    tag: str
    attributes: dict[str, Any]
    parent: int | None
    text: str = ""
    children: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """The nodes of a page by their ids in the recording, kept up with what changes."""

    nodes: dict[int, _Node] = field(default_factory=dict)

    def begin(self, tree: Any) -> None:
        """A whole picture of the page."""
        self.nodes.clear()
        self._add(tree, None)

    def change(self, data: Mapping[str, Any]) -> None:
        """One mutation: what was added, and attributes that are others now."""
        for one in _objects(data.get("adds")):
            self._add(one.get("node"), parent if isinstance(parent := one.get("parentId"), int) else None)
        for one in _objects(data.get("attributes")):
            node = self.nodes.get(one["id"]) if isinstance(one.get("id"), int) else None
            if node is not None and isinstance(one.get("attributes"), dict):
                node.attributes |= one["attributes"]

    def clickable(self, node_id: int) -> int | None:
        """The nearest element that looks clickable, if any."""
        return next((one for one in self._upwards(node_id) if self._looks_clickable(one)), None)

    def is_field(self, node_id: int) -> bool:
        """Whether it takes a caret or opens a list that no recording shows: it answers clicks in its own way."""
        node = self.nodes[node_id]
        return node.tag in FIELDS and str(node.attributes.get("type")).lower() not in BUTTONS

    def never_counts(self, node_id: int) -> bool:
        """Whether clicks on it are no sign of anything: steppers, carousels, calendars, what is to be ignored."""
        return any(self._never(self.nodes[one]) for one in self._upwards(node_id))

    def selector(self, node_id: int) -> str:
        """A selector as our own script makes it; empty for a node that the recording does not show."""
        parts: list[str] = []
        for one in self._upwards(node_id):
            if self.nodes[one].tag == "html" or len(parts) == MOST_PARTS:
                break
            known = self._marked(self.nodes[one])
            parts.insert(0, known or self._placed(one))
            if known:
                break
        return " > ".join(parts)

    def name(self, node_id: int) -> str:
        """What people call it: its label, else its words; empty where those are many or hidden."""
        node = self.nodes.get(node_id)
        if node is None:
            return ""
        label = node.attributes.get("aria-label")
        said = label if isinstance(label, str) else "" if node.tag in UNNAMED else self._words(node_id)
        found = " ".join(said.split())
        return found if len(found) <= MOST_LETTERS and found.strip("* ") else ""

    def _words(self, node_id: int) -> str:
        waiting, seen, found = [node_id], set[int](), list[str]()
        while waiting and len(found) < MOST_LETTERS:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                found.append(self.nodes[at].text)
                waiting += reversed(self.nodes[at].children)
        return " ".join(found)

    def _add(self, tree: Any, parent: int | None) -> None:
        waiting = [(tree, parent)]
        while waiting:
            node, above = waiting.pop()
            if not isinstance(node, dict) or not isinstance(node.get("id"), int):
                continue
            is_element = node.get("type") == ELEMENT
            attributes = node.get("attributes") if is_element else None
            tag = str(node.get("tagName", "")).lower() if is_element else ""
            text = node.get("textContent") if node.get("type") == TEXT else None
            told = dict(attributes) if isinstance(attributes, dict) else {}
            self.nodes[node["id"]] = _Node(tag, told, above, text if isinstance(text, str) else "")
            if above in self.nodes:
                self.nodes[above].children.append(node["id"])
            children = node.get("childNodes")
            waiting += [(one, node["id"]) for one in reversed(children if isinstance(children, list) else [])]

    def _upwards(self, node_id: int) -> Iterator[int]:
        seen: set[int] = set()
        at: int | None = node_id
        while at in self.nodes and at not in seen:
            seen.add(at)
            if self.nodes[at].tag:
                yield at
            at = self.nodes[at].parent

    def _looks_clickable(self, node_id: int) -> bool:
        node = self.nodes[node_id]
        is_link = node.tag == "a" and "href" in node.attributes
        return is_link or node.tag in CLICKABLE or node.attributes.get("role") in ROLES

    def _never(self, node: _Node) -> bool:
        told = node.attributes
        if "data-nous-ignore" in told or told.get("role") in NEVER_ROLES:
            return True
        if node.tag == "input" and told.get("type") in NEVER_TYPES:
            return True
        is_carousel = told.get("aria-roledescription") == "carousel"
        return is_carousel or bool(NEVER_CLASSES.search(str(told.get("class") or "")))

    def _marked(self, node: _Node) -> str | None:
        for name in ("data-testid", "data-test", "data-nous"):
            if told := node.attributes.get(name):
                return f'[{name}="{told}"]'
        named = node.attributes.get("id")
        return f"#{named}" if isinstance(named, str) and named and not MADE.search(named) else None

    def _placed(self, node_id: int) -> str:
        node = self.nodes[node_id]
        beside = self.nodes[node.parent].children if node.parent in self.nodes else []
        alike = [one for one in beside if self.nodes[one].tag == node.tag]
        return f"{node.tag}:nth-of-type({alike.index(node_id) + 1})" if len(alike) > 1 else node.tag


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
