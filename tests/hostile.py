"""What strangers write where a name is asked for: markup, marks of templates, ends of headers and of attributes."""

from html.parser import HTMLParser

ELEMENT, ATTRIBUTE, RAN = "nous-planted", "nous-given", "ran"
EVIL = "evil.example"
MARKUP = (
    f"\"'> {ATTRIBUTE}=1 <{ELEMENT}><svg/onload=top.{RAN}=1><img src=//{EVIL}/a onerror=top.{RAN}=1>nous{{{{7*7}}}}"
    f"[go](javascript:top.{RAN}=1)"
)
SHORT = f"\"'><{ELEMENT}>"
HEADERS = f"x\r\nBcc: all@{EVIL}\r\n\r\n<p>"
SCRIPT = f"javascript:top.{RAN}=1"


class _Reader(HTMLParser):
    """Reads a page as browsers do, and keeps what came of what was planted in it."""

    def __init__(self) -> None:
        super().__init__()
        self.grown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        leads = [value or "" for name, value in attrs if name in {"href", "src", "action", "formaction"}]
        followed = [one for one in leads if "".join(one.split()).lower().startswith(("javascript:", f"//{EVIL}"))]
        if tag == ELEMENT or ATTRIBUTE in names or any(name.startswith("on") for name in names) or followed:
            self.grown.append(self.get_starttag_text() or tag)

    handle_startendtag = handle_starttag


def grown(page: str) -> list[str]:
    """The elements that a page has because somebody wrote markup into a text of it."""
    reader = _Reader()
    reader.feed(page)
    marks = ["a mark of templates was computed"] if "nous49" in page else []
    return reader.grown + marks
