"""The check-in screen of the made-up company's app, as rrweb records a page: nodes by number, and what changes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

WIDTH, HEIGHT = 390, 844
ADDRESS = "https://app.northwind.example/check-in"
STYLE = """
* { box-sizing: border-box; margin: 0 }
body { font: 16px/1.4 system-ui, sans-serif; background: #f2f4f7; color: #16202c }
header { background: #0b3954; color: #fff; padding: 18px 20px; font-size: 18px; font-weight: 600 }
section { background: #fff; margin: 16px; padding: 20px; border-radius: 14px }
h1 { font-size: 22px; margin: 0 0 12px }
p { margin: 0 0 10px }
dl { display: grid; grid-template-columns: 1fr 1fr; gap: 14px }
dt { font-size: 13px; color: #5c6773 }
dd { margin: 0; font-weight: 600 }
.seats { display: grid; grid-template-columns: repeat(6, 1fr); gap: 8px }
.seats button { height: 42px; padding: 0 }
button { font: inherit; width: 100%; height: 54px; border: 1px solid #c7ced6; border-radius: 10px; background: #fff }
button, a { color: #16202c }
button.main { border: 0; background: #d1495b; color: #fff; font-weight: 600 }
button[aria-pressed=true] { background: #0b3954; color: #fff }
.done { background: #dff3e4 }
"""
# Where a finger meets what, in the layout that the style makes.
BUTTON_AT, HELP_AT, SEATS_AT = (195, 449), (105, 496), (59, 345)


@dataclass(slots=True)
class Screen:
    """The page as one tree; `ids` are the numbers of what customers touch."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    ids: dict[str, int] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        head = self.element("head", self.element("style", self.text(STYLE, style=True)))
        seats = [self.element("button", self.text(f"14{row}"), id=f"seat-14{row}") for row in "ABCDEF"]
        flight = self.element(
            "section",
            self.element("h1", self.text("Your flight to Lisbon")),
            self.element(
                "dl",
                *(
                    self.element(tag, self.text(words))
                    for name, value in (("Passenger", "••••• ••••••"), ("Booking", "••••••"), ("Leaves", "07:45"))
                    for tag, words in (("dt", name), ("dd", value))
                ),
            ),
        )
        choice = self.element(
            "section",
            self.element("p", self.text("Choose a seat")),
            self.element("div", *seats, **{"class": "seats"}),
            id="choice",
        )
        button = self.element("button", self.text("Check in now"), id="check-in-button", **{"class": "main"})
        link = self.element(
            "a", self.text("Trouble? Read our help"), id="help", href="https://app.northwind.example/help"
        )
        action = self.element("section", button, self.element("p"), link, id="action")
        header = self.element("header", self.text("Northwind"))
        body = self.element("body", header, flight, choice, action, id="page")
        kind = {"type": 1, "name": "html", "publicId": "", "systemId": "", "id": next(self.numbers)}
        return {"type": 0, "childNodes": [kind, self.element("html", head, body, lang="en")], "id": next(self.numbers)}

    def element(self, tag: str, *inside: dict[str, Any], **attributes: str) -> dict[str, Any]:
        number = next(self.numbers)
        if "id" in attributes:
            self.ids[attributes["id"]] = number
        return {"type": 2, "tagName": tag, "attributes": attributes, "childNodes": list(inside), "id": number}

    def text(self, words: str, *, style: bool = False) -> dict[str, Any]:
        made = {"type": 3, "textContent": words, "id": next(self.numbers)}
        return {**made, "isStyle": True} if style else made

    def boarding_pass(self) -> dict[str, Any]:
        """What stands in place of the button when somebody is checked in."""
        title = self.element("h1", self.text("You are checked in"))
        words = self.element("p", self.text("Your boarding pass is in your wallet."))
        return self.element("section", title, words, **{"class": "done"})
